package settings

import (
	"fmt"
	"strings"
	"testing"
)

// Code that package managers find by its place is told where one of them looks.
func TestPlanted(t *testing.T) {
	pnpm, yarn := "pnpm-lock.yaml", "yarn.lock"
	for _, c := range []struct {
		name       string
		base, head string // files
		changed    string
		want       string
	}{
		{"pnpm's hooks", pnpm, pnpm + " .pnpmfile.cjs .pnpmfile.mjs", ".pnpmfile.cjs .pnpmfile.mjs",
			".pnpmfile.cjs of pnpm is added, .pnpmfile.mjs of pnpm is added"},
		{"which yarn does not run", yarn, yarn + " .pnpmfile.cjs", ".pnpmfile.cjs", ""},
		{"a release of yarn", yarn + " .yarn/releases/yarn-4.cjs", yarn + " .yarn/releases/yarn-4.cjs", ".yarn/releases/yarn-4.cjs",
			".yarn/releases/yarn-4.cjs of yarn is changed"},
		{"in a folder of the project", yarn + " a/package.json", yarn + " a/.yarn/plugins/@a/x.cjs", "a/.yarn/plugins/@a/x.cjs", "a/.yarn/plugins/@a/x.cjs of yarn is added"},
		{"a link in its place", yarn, yarn + " .yarn/releases", ".yarn/releases", ".yarn/releases of yarn is added"},
		{"patches", "package-lock.json " + yarn, "package-lock.json " + yarn, "patches/a+1.0.0.patch .yarn/patches/b.patch",
			".yarn/patches/b.patch of yarn is added, patches/a+1.0.0.patch of npm yarn is added"},
		{"patches of something else", pnpm, pnpm, "patches/chromium/a.patch patches/README.md docs/patches/a.patch", ""},
		{"installed packages", "web/" + pnpm, "web/" + pnpm, "web/node_modules node_modules web/test/node_modules", "web/node_modules of pnpm is added"},
		{"a new project", pnpm, "web/" + pnpm, "web/.pnpmfile.cjs", ""},
		{"another package manager", "package-lock.json", pnpm, ".pnpmfile.cjs", ".pnpmfile.cjs of pnpm is added"},
		{"no lockfile at all", "package.json", "package.json", ".pnpmfile.cjs patches/a.patch node_modules", ""},
		{"names that only look alike", pnpm + " " + yarn, pnpm + " " + yarn, "x.pnpmfile.cjs a.yarn/releases/x my-node_modules node_modules.js", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := strings.Fields(c.changed)
			var got []string
			for _, l := range Planted(Side{Paths: strings.Fields(c.base)}, Side{Paths: strings.Fields(c.head)}, changed) {
				got = append(got, fmt.Sprintf("%s of %s %s", l.Setting, strings.Trim(fmt.Sprint(l.Tools), "[]"), l.Change))
				if l.Effect == "" || l.Remedy == "" || l.Lockfile {
					t.Errorf("%+v", l)
				}
			}
			if text := strings.Join(got, ", "); text != c.want {
				t.Errorf("got %s, want %s", text, c.want)
			}
		})
	}
}
