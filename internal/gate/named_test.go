package gate

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/report"
)

// told shows a report's lockfiles, and its gaps about them and about settings.
func told(r *report.Report) string {
	var lines []string
	for _, l := range r.Lockfiles {
		lines = append(lines, l.Path+" "+l.Status)
	}
	for _, g := range r.Gaps {
		if g.Location == nil {
			continue // of a package
		}
		lines = append(lines, fmt.Sprintf("%s %s:%d", g.Check, g.Location.Path, g.Location.Line))
	}
	return strings.Join(lines, "; ")
}

const (
	emptyDeno  = `{"version": "5"}`
	emptyBerry = "__metadata:\n  version: 6\n"
)

// What settings name is read on both sides, whichever says so; what can't be
// read is told.
func TestNamedLockfiles(t *testing.T) {
	many := map[string]string{}
	for i := range maxNamed + 1 {
		many[fmt.Sprintf("m%03d/deno.json", i)] = `{"lock": "a.lock"}`
	}
	for _, c := range []struct {
		name       string
		base, head map[string]string
		want       string
	}{
		{"the head alone names it", map[string]string{"deno.json": "{}", "a.lock": emptyDeno}, map[string]string{"deno.json": `{"lock": "a.lock"}`, "a.lock": emptyDeno + "\n"}, "a.lock changed"},
		{"the base alone names it", map[string]string{"deno.json": `{"lock": "a.lock"}`, "a.lock": emptyDeno}, map[string]string{"deno.json": `{}`, "a.lock": emptyDeno + "\n"}, "a.lock changed"},
		{"nobody names it", map[string]string{"deno.json": "{}"}, map[string]string{"deno.json": "{}", "a.lock": emptyDeno}, ""},
		{"it isn't there", map[string]string{"deno.json": `{"lock": "a.lock"}`}, map[string]string{"deno.json": `{"lock": "a.lock"} `}, ""},
		{"above its settings", map[string]string{"a/b/deno.json": `{"lock": "../x.lock"}`}, map[string]string{"a/b/deno.json": `{"lock": "../x.lock"}`, "a/x.lock": emptyDeno}, "a/x.lock added"},
		{"outside", map[string]string{}, map[string]string{"a/deno.json": `{"lock": "../../x.lock"}`, "x.lock": emptyDeno}, ""},
		{"a folder of that name", map[string]string{}, map[string]string{"deno.json": `{"lock": "a"}`, "a/b.lock": emptyDeno}, "a unread; lockfile a:0"},
		{"a foreign lockfile's name", map[string]string{}, map[string]string{"deno.json": `{"lock": "Cargo.lock"}`, "Cargo.lock": emptyDeno}, "Cargo.lock added"},
		{"another format's name", map[string]string{}, map[string]string{"deno.json": `{"lock": "package-lock.json"}`, "package-lock.json": lockOf("")}, "package-lock.json added; lockfile deno.json:1"},
		{"one file of two formats", map[string]string{}, map[string]string{"deno.json": `{"lock": "a"}`, ".yarnrc.yml": "lockfileFilename: a", "a": emptyDeno}, "a added; lockfile .yarnrc.yml:1"},
		{"yarn's, in a project below", map[string]string{}, map[string]string{".yarnrc.yml": "lockfileFilename: a.lock", "b/package.json": "{}", "b/a.lock": emptyBerry, "c/a.lock": emptyBerry}, "b/a.lock added"},
		{"pnpm's folder", map[string]string{}, map[string]string{"a/pnpm-workspace.yaml": "lockfileDir: ../b", "b/pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, "b/pnpm-lock.yaml added"},
		{"pnpm's, of a branch", map[string]string{}, map[string]string{"pnpm-workspace.yaml": "gitBranchLockfile: true", "pnpm-lock.a!b.yaml": "lockfileVersion: '9.0'\n"}, "pnpm-lock.a!b.yaml added"},
		{"a policy ignores it", map[string]string{".github/lockkeeper.yml": "version: 1\nlockfiles: {ignore: [a.lock]}\n"}, map[string]string{"deno.json": `{"lock": "a.lock"}`, "a.lock": emptyDeno}, ""},
		{"too many", map[string]string{}, many, "lockfile m100/deno.json:1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := told(check(t, folder(t, c.base), folder(t, c.head), Options{Offline: true})); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// Neither a link at that place nor one on the way there is followed.
func TestNamedLinks(t *testing.T) {
	for _, c := range []struct{ named, link, target, want string }{
		{"a.lock", "a.lock", "real/b.lock", "a.lock unread; lockfile a.lock:0"},
		{"a/b.lock", "a", "real", "unpinned deno.json:1"},
	} {
		head := folder(t, map[string]string{"deno.json": `{"lock": "` + c.named + `"}`, "real/b.lock": emptyDeno})
		if err := os.Symlink(c.target, filepath.Join(head, c.link)); err != nil {
			t.Skip("this system lets a test make no symbolic link, which the case is about: ", err)
		}
		if got := told(check(t, folder(t, nil), head, Options{Offline: true})); got != c.want {
			t.Errorf("%s: %s, want %s", c.link, got, c.want)
		}
	}
}

// What a lockfile pins is quiet wherever the lockfile stands.
func TestUnpinned(t *testing.T) {
	asks := `{"dependencies": {"a": "1"}}`
	lock := lockOf("")
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"beside it", map[string]string{"package-lock.json": lock}, ""},
		{"unreadable", map[string]string{"broken/package.json": `{"dependencies": `}, "unpinned broken/package.json:0; unpinned package.json:1"},
		{"nothing", nil, "unpinned package.json:1"},
		{"a lockfile that nobody reads", map[string]string{"bun.lockb": "x"}, "lockfile bun.lockb:0"},
		{"switched off", map[string]string{".npmrc": "a=b\npackage-lock=false", "package-lock.json": lock}, "unpinned .npmrc:2"},
		{"switched off for another", map[string]string{".npmrc": "package-lock=false", "yarn.lock": "# yarn lockfile v1\n"}, ""},
		{"switched off in a place that this version doesn't read", map[string]string{".yarnrc": "--no-lockfile true", "yarn.lock": emptyBerry}, ""},
		{"yarn 1's", map[string]string{".yarnrc": "--no-lockfile true", "yarn.lock": "# yarn lockfile v1\n"}, "unpinned .yarnrc:1"},
		{"pnpm's", map[string]string{"pnpm-workspace.yaml": "lockfile: false", "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, "unpinned pnpm-workspace.yaml:1"},
		{"bun's", map[string]string{"bunfig.toml": "[install.lockfile]\nsave = false", "bun.lock": `{"lockfileVersion": 1}`}, "unpinned bunfig.toml:2"},
		{"no lockfile, on purpose", map[string]string{".npmrc": "package-lock=false"}, "unpinned .npmrc:1"},
		{"one that counts beside one that doesn't", map[string]string{".npmrc": "package-lock=false", "package-lock.json": lock, "bun.lock": `{"lockfileVersion": 1}`}, ""},
		{"pnpm's folder", map[string]string{"pnpm-workspace.yaml": "lockfileDir: b", "b/pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, ""},
		{"a workspace of a lockfile that is not above it", map[string]string{"package.json": "{}", "c/package.json": asks, "b/pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters:\n  ../c:\n    dependencies: {}\n"}, ""},
		{"Deno's imports beside npm's lockfile", map[string]string{"package-lock.json": lock, "deno.json": `{"imports": {"a": "npm:a@1"}}`}, "unpinned deno.json:1"},
		{"Deno's lockfile pins both", map[string]string{"deno.lock": emptyDeno, "deno.json": `{"imports": {"a": "npm:a@1"}}`}, ""},
		{"a named one", map[string]string{"c.lock": emptyDeno, "deno.json": `{"lock": "c.lock", "imports": {"a": "npm:a@1"}}`}, ""},
		{"one that is named and not there", map[string]string{"deno.lock": emptyDeno, "deno.json": `{"lock": "c.lock"}`}, "unpinned deno.json:1"},
		{"a policy ignores it", map[string]string{".github/lockkeeper.yml": "version: 1\nlockfiles: {ignore: [package.json]}\n"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{"package.json": asks}
			maps.Copy(files, c.files)
			r := check(t, "", folder(t, files), Options{Offline: true})
			r.Lockfiles = nil
			if got := told(r); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
