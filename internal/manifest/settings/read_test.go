package settings

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// shown reads a file and gives its settings as "line name[subject] = values",
// managers and doubts after them.
func shown(t *testing.T, file, text string) []string {
	t.Helper()
	f, err := Read(file, []byte(text))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var lines []string
	for _, s := range f.Settings {
		name := string(s.Tool) + " " + s.Spelling
		if s.Subject != "" {
			name += "[" + s.Subject + "]"
		}
		var values []string
		for _, v := range s.Values {
			text := fmt.Sprintf("%s:%d", v.Text, v.Line)
			if v.Deny {
				text = "!" + text
			}
			values = append(values, text)
		}
		lines = append(lines, fmt.Sprintf("%d %s = %s", s.Line, name, strings.Join(values, " ")))
	}
	for _, m := range f.Managers {
		lines = append(lines, fmt.Sprintf("%d %s@%s", m.Line, m.Tool, m.Version))
	}
	for _, d := range f.Doubts {
		lines = append(lines, fmt.Sprintf("%d doubt: %s", d.Line, d.Message))
	}
	return lines
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, file, text string
		want             []string
	}{
		{"package.json", "web/package.json", `{
  "packageManager": "pnpm@10.34.9+sha512.f00",
  "devEngines": {"packageManager": [{"name": "yarn", "version": "^4.1"}, {"name": "npm"}, 7]},
  "allowScripts": {"a": true, "b@1": false, "c": "later", "d": null},
  "trustedDependencies": [
    "x",
    "y", null, 7
  ],
  "dependenciesMeta": {"z": {"built": true, "optional": true}, "w": {"unplugged": true}},
  "pnpm": {"overrides": {"a": "1"}, "allowBuilds": {"esbuild": true}}
}`, []string{
			"4 npm allowScripts = a:4 !b@1:4",
			"10 pnpm pnpm.allowBuilds = esbuild:10",
			"9 yarn dependenciesMeta.z.built = z:9",
			"5 bun trustedDependencies = x:6 y:7 7:7",
			"2 pnpm@10.34.9+sha512.f00", "3 yarn@4.1",
		}},
		{"what stands twice, in a BOM and CRLF", "package.json", "\ufeff{\r\n\"trustedDependencies\": [\"a\"],\r\n\"trustedDependencies\": [\"b\"]}\r\n", []string{
			"3 bun trustedDependencies = b:3", `3 doubt: "trustedDependencies" stands twice`,
		}},
		{"a name that is escaped", "package.json", `{"trusted\u0044ependencies": ["a"]}`, []string{"1 bun trustedDependencies = a:1"}},
		{"a look-alike is no setting", "package.json", `{"TrustedDependencies": ["a"], "trustedDependencies ": ["a"], "allowЅcripts": {"a": true}}`, nil},
		{"of another shape", "package.json", `{"trustedDependencies": {"a": 1}, "allowScripts": ["a"], "pnpm": [1], "packageManager": "pnpm@next"}`, []string{
			`1 doubt: "allowScripts" is not what the setting may be`, `1 doubt: "trustedDependencies" is not what the setting may be`,
		}},
		{".npmrc", ".npmrc", strings.Join([]string{
			"; comment", "ignore-scripts", "registry = https://npm.acme.example/", "@acme:registry=https://a.example",
			"min-release-age-exclude=a", "min-release-age-exclude[]=b,c", "min-release-age=7", "min-release-age=8",
			"[section]", "strict-ssl=false", "",
		}, "\n"), []string{
			"2 npm ignore-scripts = true:2",
			"8 npm min-release-age = 8:8",
			"5 npm min-release-age-exclude = a:5 b:6 c:6",
			"3 npm registry = https://npm.acme.example/:3",
			"4 npm @acme:registry[@acme] = https://a.example:4",
			"2 pnpm ignore-scripts = true:2",
			"3 pnpm registry = https://npm.acme.example/:3",
			"4 pnpm @acme:registry[@acme] = https://a.example:4",
			"2 yarn ignore-scripts = ",
			"3 yarn registry = https://npm.acme.example/:3",
			"4 yarn @acme:registry[@acme] = https://a.example:4",
			"2 bun ignore-scripts = true:2",
			"3 bun registry = https://npm.acme.example/:3",
			"4 bun @acme:registry[@acme] = https://a.example:4",
			"3 deno registry = https://npm.acme.example/:3",
			"4 deno @acme:registry[@acme] = https://a.example:4",
		}},
		{"pnpm-workspace.yaml", "pnpm-workspace.yaml", `# settings
packages: [a, b]
allowBuilds: {esbuild: true, 'core-js': false}
minimumReleaseAge: 1440
minimumReleaseAgeExclude:
  - "@acme/*"

  - |
    odd
minimum-release-age: 3
trustPolicyExclude: ~
strictDepBuilds: {a: 1}
registries:
  default: https://npm.acme.example/
  '@acme': https://a.example
`, []string{
			"3 pnpm allowBuilds = esbuild:3 !core-js:3",
			"4 pnpm minimumReleaseAge = 1440:4",
			"5 pnpm minimumReleaseAgeExclude = @acme/*:6 odd:8",
			"14 pnpm registries.default = https://npm.acme.example/:14",
			"15 pnpm registries.@acme[@acme] = https://a.example:15",
			`12 doubt: "strictDepBuilds" is not what the setting may be`,
		}},
		{"registries by address", "pnpm-workspace.yaml", "registries:\n  https://npm.acme.example/:\n    scopes:\n      - '@'\n      - '@acme'\n  https://x.example: https://y.example\n", []string{
			"4 pnpm registries.https://npm.acme.example/.scopes = https://npm.acme.example/:4",
			"5 pnpm registries.https://npm.acme.example/.scopes[@acme] = https://npm.acme.example/:5",
		}},
		{"an empty file", "pnpm-workspace.yaml", "# nothing\n", nil},
		{"two documents", "pnpm-workspace.yaml", "trustLockfile: true\n---\ntrustLockfile: false\n", []string{
			"1 pnpm trustLockfile = true:1", "1 doubt: a second document begins, of which a package manager reads nothing",
		}},
		{".yarnrc.yml", ".yarnrc.yml", "yarnPath: .yarn/releases/yarn-4.17.0.cjs\nenableScripts: \"0\"\nnpmScopes:\n  acme:\n    npmRegistryServer: \"https://npm.acme.example\"\nnpmPreapprovedPackages: a, b\napprovedGitRepositories: null\n", []string{
			"2 yarn enableScripts = ",
			"6 yarn npmPreapprovedPackages = a:6 b:6",
			"5 yarn npmScopes.acme.npmRegistryServer[@acme] = https://npm.acme.example:5",
			"1 yarn@4.17.0",
		}},
		{".yarnrc", ".yarnrc", "# yarn lockfile v1\n\nlastUpdateCheck 1\nyarn-path \".yarn/releases/yarn-1.22.22.js\"\n\"@acme:registry\" \"https://a.example/\"\nregistry: https://npm.acme.example\nstrict-ssl \"false\"\nignore-scripts true\n  registry x\n", []string{
			"8 yarn ignore-scripts = ",
			"6 yarn registry = https://npm.acme.example:6",
			"5 yarn @acme:registry[@acme] = https://a.example/:5",
			`7 yarn strict-ssl = "false":7`,
			"4 yarn@1.22.22",
		}},
		{"bunfig.toml", "bunfig.toml", "\ufeff# bun\ninstall.ignoreScripts = true\r\n[install]\nminimumReleaseAge = 259_200 # three days\nminimumReleaseAgeExcludes = [\n  'a',\n  \"b\", # two\n]\n[install.scopes]\n\"@acme\" = \"https://a.example\"\nother = { url = \"https://b.example\", token = \"$T\" }\n[[ignored]]\na = 1\n[[ignored]]\na = 1\n", []string{
			"2 bun install.ignoreScripts = true:2",
			"4 bun install.minimumReleaseAge = 259200:4",
			"5 bun install.minimumReleaseAgeExcludes = a:6 b:7",
			"10 bun install.scopes.@acme[@acme] = https://a.example:10",
			"11 bun install.scopes.other.url[@other] = https://b.example:11",
		}},
		{"bunfig.toml twice", "bunfig.toml", "[install]\nminimumReleaseAge = 9\n[install]\nminimumReleaseAge = 1\n[install.minimumReleaseAge.x]\n", []string{
			`4 doubt: "minimumReleaseAge" stands twice`, `5 doubt: "minimumReleaseAge" stands twice`, `5 doubt: "install.minimumReleaseAge" is not what the setting may be`,
		}},
		{"deno.json", "deno.json", "{\n// a \"quoted\" comment, and one that ends in a comma,\n\"tasks\": {\"x\": \"echo // no comment ,]\"}, /* and\nmore */ \"lock\": {\"frozen\": true,},\n\"allowScripts\": {\"allow\": [\"npm:a\",], \"deny\": [\"npm:b\"]}\n, }", []string{
			"5 deno allowScripts.allow = npm:a:5", "5 deno allowScripts.deny = !npm:b:5", "4 deno lock.frozen = true:4", "4 deno lock = true:4",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, shown(t, c.file, c.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadFails(t *testing.T) {
	deep := strings.Repeat("[", 200)
	many := strings.Repeat(`"a",`, maxNodes)
	for _, c := range []struct{ file, text, want string }{
		{"package.json", `{"allowScripts": {"a": true}`, "line 1: the file ends in the middle of the document"},
		{"package.json", "[]", "line 1: an object was expected"},
		{"package.json", "{}\n{}", "line 2: more follows the end of the document"},
		{"package.json", "{\n// no comments here\n}", "line 2: not JSON: invalid character '/' at start of value"},
		{"package.json", `{"trustedDependencies": ` + deep, "line 1: nesting is deeper than 128 levels"},
		{"package.json", `{"trustedDependencies": [` + many + `"a"]}`, "10001 names and values of settings are more than the 10000 that are read"},
		{"package.json", strings.Repeat(" ", maxSize+1), "8388609 bytes are more than the 8388608 that are read"},
		{"deno.json", "{ /* no end", "line 1: not JSON with comments: \"/* no end\" doesn't belong here"},
		{"deno.json", "{\"a\": 1\n/x/}", "line 2: not JSON with comments: \"/x/}\" doesn't belong here"},
		{"pnpm-workspace.yaml", "allowBuilds: &a {x: true}\n", "line 1: it has an anchor or alias, which no package manager writes"},
		{"pnpm-workspace.yaml", "- a\n", "line 1: a mapping was expected"},
		{"pnpm-workspace.yaml", "just text", "line 1: a mapping was expected"},
		{"pnpm-workspace.yaml", "a: [\n", "line 2: not YAML"},
		{".npmrc", "registry=\xff", "not in UTF-8"},
		{".npmrc", strings.Repeat("x", 1<<20+1), "1048577 bytes are more than the 1048576 that are read"},
		{".npmrc", strings.Repeat("min-release-age-exclude[]=a\n", maxNodes+1), "10001 names and values of settings are more than the 10000 that are read"},
		{".yarnrc", "registry \xff", "not in UTF-8"},
		{".yarnrc", strings.Repeat("registry x\n", maxNodes+1), "10001 names and values of settings are more than the 10000 that are read"},
		{"bunfig.toml", "[install]\nregistry = \n", "line 2: not TOML: "},
		{"bunfig.toml", "a = \xff", "line 1: not TOML: "},
		{"bunfig.toml", "a = " + deep, "line 1: not TOML: "},
		{"bunfig.toml", "a = " + deep + strings.Repeat("]", 200), "line 1: its values are nested too deeply"},
		{"bunfig.toml", strings.Repeat("a.", 100) + "a = 1", "line 1: its keys are too deep"},
		{"bunfig.toml", "a = [" + strings.Repeat("1,", maxNodes) + "]", "10001 names and values of settings are more than the 10000 that are read"},
		{"other.json", "{}", "no settings are known to stand in such a file"},
	} {
		_, err := Read(c.file, []byte(c.text))
		var u *Unread
		if !errors.As(err, &u) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s %.40q: %v\nwant %s", c.file, c.text, err, c.want)
		}
	}
}

func TestKnown(t *testing.T) {
	for file, want := range map[string]bool{
		".npmrc": true, "a/b/package.json": true, "pnpm-workspace.yaml": true, "x/.yarnrc": true, "deno.jsonc": true,
		"npmrc": false, "pnpm-workspace.yml": false, "package.json/x": false, "": false,
	} {
		if Known(file) != want {
			t.Errorf("Known(%q) is not %v", file, want)
		}
	}
}

// The longest lists that are read, made of patterns, cost little.
func TestLongListsAreCompared(t *testing.T) {
	lists := func(letter string) Side {
		var b strings.Builder
		b.WriteString("minimumReleaseAge: 1440\nminimumReleaseAgeExclude:\n")
		for i := range maxNodes - 100 {
			fmt.Fprintf(&b, "  - '%s*%d'\n", strings.Repeat(letter, 100), i)
		}
		return side(t, map[string]string{"pnpm-workspace.yaml": b.String(), "pnpm-lock.yaml": ""})
	}
	base, head := lists("a"), lists("b")
	start := time.Now()
	found := Loosened(base, head, Registries{})
	if took := time.Since(start); len(found) != 1 || took > 10*time.Second {
		t.Errorf("%d found, in %v", len(found), took)
	}
	if len(found[0].Change) > 1000 {
		t.Errorf("the change is described with %d bytes", len(found[0].Change))
	}
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"*", "", true}, {"*", "a", true}, {"a", "a", true}, {"a", "ab", false}, {"", "", true}, {"", "a", false},
		{"a*", "a", true}, {"a*", "ab", true}, {"a*", "ba", false}, {"*a", "ba", true}, {"*a", "ab", false},
		{"@acme/*", "@acme/x", true}, {"@acme/*", "@acme2/x", false}, {"a*b*c", "abc", true}, {"a*b*c", "aXbYc", true},
		{"a*b*c", "acb", false}, {"a*a", "a", false}, {"**", "x", true}, {"a**b", "ab", true}, {"@acme/*", "@acme/*", true},
	} {
		if got := (pattern{parts: strings.Split(c.pattern, "*")}).matches(c.name); got != c.want {
			t.Errorf("%q matches %q: %v", c.pattern, c.name, got)
		}
	}
}

func TestLength(t *testing.T) {
	minutes, days := &protection{unit: "minutes"}, &protection{unit: "days"}
	never := &protection{unit: "minutes", zeroNever: true}
	for _, c := range []struct {
		row   *protection
		text  string
		want  float64
		known bool
	}{
		{minutes, "1440", 86400, true}, {days, "7", 604800, true}, {minutes, " 1.5h ", 5400, true}, {minutes, ".5m", 30, true},
		{minutes, "100ms", 0.1, true}, {minutes, "1w", 604800, true}, {minutes, "P1DT12H", 129600, true}, {minutes, "P2W", 1209600, true},
		{minutes, "PT30S", 30, true}, {minutes, "0", 0, true},
		{minutes, "", 0, false}, {minutes, "P", 0, false}, {minutes, "PT", 0, false}, {minutes, "2026-01-01", 0, false},
		{minutes, "-5", 0, false}, {minutes, "1e9", 0, false}, {minutes, "NaN", 0, false}, {minutes, "P1.2.3D", 129600, false}, {minutes, "3 d", 0, false},
	} {
		if got, known := c.row.length(c.text); known != c.known || known && got != c.want {
			t.Errorf("%q: %v, %v", c.text, got, known)
		}
	}
	if zero, _ := never.length("0"); zero <= 1e18 {
		t.Errorf("never is %v", zero)
	}
}

func TestVersions(t *testing.T) {
	for text, want := range map[string][]int{
		"10.34.9+sha512.x": {10, 34, 9}, "4.0.0-rc.1": {4, 0, 0}, "9": {9}, "1.22": {1, 22}, "1.2.3.4": {1, 2, 3}, "1.x": {1},
		"": nil, "x": nil, "next": nil, "99999999.1": nil, "-1": nil,
	} {
		if got := parseVersion(text); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	for format, want := range map[string]int{
		"yarn-classic-v1": 1, "yarn-berry-v8": 4, "yarn-berry-v10": 4, "pnpm-lock-v5.4": 8, "pnpm-lock-v6.0": 8,
		"pnpm-lock-v9.0": 0, "pnpm-lock-v50": 0, "yarn-berry-v80": 0, "npm-lock-v3": 0, "": 0,
	} {
		got := writtenBy(format)
		if len(got) == 0 != (want == 0) || want != 0 && got[0] != want {
			t.Errorf("%s was written by %v, want %d", format, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	names := []string{packageJSON, npmRC, pnpmWorkspace, yarnRC, yarnClassicRC, bunfig, denoJSON}
	for i, text := range []string{
		`{"packageManager": "pnpm@10.1.0", "allowScripts": {"a@1 || 2": true}, "pnpm": {"onlyBuiltDependencies": ["a"]}}`,
		"ignore-scripts\n@a:registry=https://npm.example.com\nmin-release-age-exclude[]=a\n[x]\n",
		"allowBuilds: {a: true}\nregistries:\n  https://npm.example.com: {scopes: ['@a']}\n",
		"npmScopes:\n  a: {npmRegistryServer: x}\nyarnPath: yarn-4.0.0.cjs\n",
		"registry \"https://npm.example.com\"\nstrict-ssl false\n",
		"[install]\nregistry = {url = \"x\"}\nminimumReleaseAgeExcludes = ['a',\n'b']\n[[a.b]]\n",
		"{/* a */ \"allowScripts\": true, // b\n}",
	} {
		f.Add(i, []byte(text))
	}
	f.Fuzz(func(t *testing.T, which int, data []byte) {
		name := names[uint(which)%uint(len(names))]
		start := time.Now()
		defer func() {
			if took := time.Since(start); took > 5*time.Second {
				t.Fatalf("it took %v for %d bytes", took, len(data))
			}
		}()
		file, err := Read(path.Join("a", name), data)
		if (file == nil) == (err == nil) {
			t.Fatal("neither a file nor an error, or both")
		}
		if err != nil {
			return
		}
		lines := 1 + strings.Count(string(data), "\n")
		for _, s := range file.Settings {
			for _, v := range s.Values {
				if v.Line < 1 || v.Line > lines || s.Line < 1 || s.Line > lines {
					t.Fatalf("%+v stands on no line of %d", s, lines)
				}
			}
		}
		same := Side{Paths: []string{file.Path}, Files: []*File{file}}
		if found := Loosened(same, same, publicly); len(found) > 0 {
			t.Fatalf("nothing changed: %+v", found)
		}
		for _, l := range Loosened(Side{Paths: same.Paths}, same, publicly) {
			if text := l.Setting + l.Change + l.Before + l.After; strings.ContainsAny(text, "\n\r\x1b") || len(text) > 5000 {
				t.Fatalf("%q", text)
			}
		}
	})
}
