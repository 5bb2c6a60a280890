package gate

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/report"
)

// findings shows a report's findings about the repository.
func findings(r *report.Report) string {
	var lines []string
	for _, f := range r.Findings {
		place := ""
		if f.Location != nil {
			place = fmt.Sprintf(" %s:%d", f.Location.Path, f.Location.Line)
		}
		lines = append(lines, fmt.Sprintf("%s%s %d", f.Signal, place, f.Points))
	}
	return strings.Join(lines, "; ")
}

func TestLoosenedSettings(t *testing.T) {
	lock := lockOf("")
	for _, c := range []struct {
		name       string
		base, head map[string]string
		want       string
	}{
		{"nothing changes", map[string]string{".npmrc": "ignore-scripts=true"}, map[string]string{".npmrc": "ignore-scripts=true"}, ""},
		{"two in one file", map[string]string{".npmrc": "ignore-scripts=true\n"}, map[string]string{".npmrc": "strict-ssl=false\n"},
			"guardrail-loosened .npmrc:0 40; guardrail-loosened .npmrc:1 0"},
		{"what an untouched file covers already", map[string]string{"package.json": `{"allowScripts": {"a": true}}`},
			map[string]string{"package.json": `{"allowScripts": {"a": true}}`, ".npmrc": "allow-scripts=a\n"}, ""},
		{"a nested project", map[string]string{"web/package-lock.json": lock, "web/package.json": "{}"},
			map[string]string{"web/package-lock.json": lock, "web/package.json": "{\n\"allowScripts\": {\"a\": true}}"}, "guardrail-loosened web/package.json:2 40"},
		{"a package.json that installs nothing", map[string]string{"fixtures/package.json": "{}"}, map[string]string{"fixtures/package.json": "{ broken"}, ""},
		{"a folder that the policy ignores", map[string]string{".github/lockkeeper.yml": "version: 1\nlockfiles: {ignore: [\"examples/**\"]}\n", "examples/package.json": "{}"},
			map[string]string{".github/lockkeeper.yml": "version: 1\nlockfiles: {ignore: [\"examples/**\"]}\n", "examples/package.json": "{}", "examples/.npmrc": "strict-ssl=false"}, ""},
		{"a lockfile that goes away and is switched off", map[string]string{"a/package.json": "{}", "a/package-lock.json": lock},
			map[string]string{"a/package.json": "{}", "a/.npmrc": "package-lock=false"}, "lockfile-removed a/package-lock.json:0 40; lockfile-removed a/.npmrc:1 0"},
		{"a lockfile that is switched off", nil, map[string]string{".npmrc": "package-lock=false"}, "lockfile-removed .npmrc:1 40"},
		{"a project becomes a workspace of the one above",
			map[string]string{"package.json": `{"workspaces": ["a"]}`, "a/package.json": "{}", "a/package-lock.json": `{"lockfileVersion": 3, "packages": {}}`},
			map[string]string{"package.json": `{"workspaces": ["a"]}`, "a/package.json": "{}",
				"package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"workspaces": ["a"]}, "a": {}, "node_modules/a": {"resolved": "a", "link": true}}}`}, ""},
		{"Deno's lockfile goes away", map[string]string{"a/deno.jsonc": "{}", "a/deno.lock": `{"version": "5"}`}, map[string]string{"a/deno.jsonc": "{}"}, "lockfile-removed a/deno.lock:0 40"},
		{"patches, changed and new, and one that stays", map[string]string{"patches/a+1.0.0.patch": "a", "patches/b+1.0.0.patch": "b"},
			map[string]string{"patches/a+1.0.0.patch": "a", "patches/b+1.0.0.patch": "b2", "patches/c+1.0.0.patch": "c"},
			"guardrail-loosened patches/b+1.0.0.patch:0 40; guardrail-loosened patches/c+1.0.0.patch:0 0"},
		{"a patch that goes away", map[string]string{"patches/a+1.0.0.patch": "a"}, nil, ""},
		{"patches that the policy ignores", map[string]string{".github/lockkeeper.yml": "version: 1\nlockfiles: {ignore: [\"patches/**\"]}\n"},
			map[string]string{".github/lockkeeper.yml": "version: 1\nlockfiles: {ignore: [\"patches/**\"]}\n", "patches/a+1.0.0.patch": "a"}, ""},
		{"packages that an install left in a folder", nil, map[string]string{"node_modules/a/package.json": "{}"}, ""},
		{"the way to pnpm", nil, map[string]string{"pnpm-workspace.yaml": "allowBuilds: {a: true}\n"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, side := range []*map[string]string{&c.base, &c.head} {
				if *side == nil {
					*side = map[string]string{}
				}
				for name, text := range map[string]string{"package.json": "{}", "package-lock.json": lock} {
					if _, ok := (*side)[name]; !ok {
						(*side)[name] = text
					}
				}
			}
			r := check(t, folder(t, c.base), folder(t, c.head), Options{Offline: true})
			if got := findings(r); got != c.want {
				t.Errorf("findings %s, want %s", got, c.want)
			}
			for _, gap := range r.Gaps {
				if gap.Check == "settings" {
					t.Errorf("gap %+v", gap)
				}
			}
		})
	}
}

// A file of settings that can't be compared is a gap of its own check, with its
// place and the reason; unless it is the same on both sides.
func TestUnreadableSettings(t *testing.T) {
	lock := map[string]string{"package-lock.json": lockOf("")}
	with := func(name, text string) map[string]string {
		return map[string]string{"package-lock.json": lock["package-lock.json"], name: text}
	}
	for _, c := range []struct {
		name       string
		base, head map[string]string
		want       string
	}{
		{"broken", with(".yarnrc.yml", "enableScripts: false"), with(".yarnrc.yml", "\nenableScripts: ["), ".yarnrc.yml:3 not YAML"},
		{"an alias", lock, with("pnpm-workspace.yaml", "a: 1\nallowBuilds: &x {}"), "pnpm-workspace.yaml:2 it has an anchor or alias"},
		{"of the base", with("bunfig.toml", "[install"), with("bunfig.toml", "[install]"), "bunfig.toml:0 of the base: line 1: not TOML"},
		{"too large", lock, with("deno.json", strings.Repeat(" ", maxManifest+1)), "deno.json:0 it has 8388609 bytes"},
		{"a doubt", lock, with("package.json", "{\"allowScripts\": {},\n\"allowScripts\": {}}"), `package.json:2 "allowScripts" stands twice`},
		{"the same doubt", with("package.json", `{"allowScripts": {}, "allowScripts": {}}`), with("package.json", `{ "allowScripts": {}, "allowScripts": {}}`), ""},
		{"the same bytes", with(".yarnrc.yml", "["), with(".yarnrc.yml", "["), ""},
		{"a folder", lock, with("web/.npmrc/x", ""), "web/.npmrc:0 it is a folder"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := check(t, folder(t, c.base), folder(t, c.head), Options{Offline: true})
			got := ""
			for _, gap := range r.Gaps {
				if gap.Check == "settings" {
					got += fmt.Sprintf("%s:%d %s", gap.Location.Path, gap.Location.Line, gap.Reason)
				}
			}
			if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
				t.Errorf("gaps %q, want %q", got, c.want)
			}
			if len(r.Findings) > 0 {
				t.Errorf("findings %s", findings(r))
			}
		})
	}
}

// A link in a settings file's place is said, and not followed.
func TestLinkedSettings(t *testing.T) {
	base := folder(t, map[string]string{"package-lock.json": lockOf(""), "pnpm-lock.yaml": "", "pnpm-workspace.yaml": "trustPolicy: no-downgrade"})
	head := folder(t, map[string]string{"package-lock.json": lockOf(""), "pnpm-lock.yaml": "", "elsewhere": "trustPolicy: no-downgrade"})
	if err := os.Symlink(filepath.Join(head, "elsewhere"), filepath.Join(head, "pnpm-workspace.yaml")); err != nil {
		t.Skip("this system makes no symbolic links: ", err)
	}
	r := check(t, base, head, Options{Offline: true})
	if len(r.Gaps) == 0 || r.Gaps[0].Check != "settings" || !strings.Contains(r.Gaps[0].Reason, "symbolic link") {
		t.Errorf("gaps %+v", r.Gaps)
	}
}

// More files with settings than are compared are a gap.
func TestManySettings(t *testing.T) {
	files := map[string]string{"package-lock.json": lockOf("")}
	for i := range maxSettingsFiles + 5 {
		files[fmt.Sprintf("p%d/.npmrc", i)] = ""
	}
	r := check(t, folder(t, map[string]string{"package-lock.json": lockOf("")}), folder(t, files), Options{Offline: true})
	if len(r.Gaps) != 1 || !strings.HasPrefix(r.Gaps[0].Reason, "5005 files with settings are more than the 5000") {
		t.Errorf("gaps %+v", r.Gaps)
	}
}
