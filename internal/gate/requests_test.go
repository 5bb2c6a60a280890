package gate

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/manifest"
)

// The package that an override is about, in the notations of npm, pnpm and yarn.
func TestTargets(t *testing.T) {
	for name, want := range map[string]string{
		"a":         "a",
		"@s/a":      "@s/a",
		"a@^1":      "a",
		"@s/a@^1":   "@s/a",
		"x>a":       "a",
		"x@1>@s/a":  "@s/a",
		"x/a":       "a",
		"x/**/a":    "a",
		"**/@s/a":   "@s/a",
		"@x/y/@s/a": "@s/a",
		"@x/y/a":    "a",
		"":          "",
	} {
		got := slices.Collect(maps.Keys(targets([]manifest.Request{{Name: name}})))
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", name, diff)
		}
	}
}

// A catalog's entry is what a request asks for that names it, in whichever file
// the package manager keeps it; an override of any of them explains the rest.
func TestAskedOfAProject(t *testing.T) {
	files := map[string]string{
		"app/package.json": `{"dependencies": {"a": "^1.0.0", "b": "catalog:", "c": "catalog:old", "d": "1", "e": "1", "f": "catalog:gone"},
			"peerDependencies": {"p": "1"}, "resolutions": {"x/**/d": "2"}}`,
		"app/web/package.json":    `{"devDependencies": {"a": "~1.2.0"}, "dependencies": {"a": "1.x"}}`,
		"app/.yarnrc.yml":         "a: &b c\n",
		"app/broken/package.json": "{,}",
		"app/large/package.json":  "", // is there, and can't be had
		"app/pnpm-workspace.yaml": "catalog: {b: ^2.0.0}\ncatalogs: {old: {c: ^0.3.0}}\noverrides: {e@1: 2.0.0}\n",
	}
	edges := func(names ...string) (list []lockfile.Dependency) {
		for _, name := range names {
			list = append(list, lockfile.Dependency{Name: name, Key: "k/" + name})
		}
		return list
	}
	inv := &lockfile.Inventory{Path: "app/pnpm-lock.yaml", Roots: []lockfile.Root{
		{Dependencies: append(edges("a", "b", "c", "d", "e", "f", "stranger"), lockfile.Dependency{Name: "p", Key: "k/p", Kind: lockfile.PeerKind})},
		{Folder: "web", Dependencies: append(edges("a"), edges("a")...)},
		{Folder: "broken"}, {Folder: "large"},
		{Folder: "no-manifest", Dependencies: edges("a")},
	}}
	var got []string
	m := &manifests{
		read:   func(file string) ([]byte, bool) { return []byte(files[file]), files[file] != "" },
		has:    func(file string) bool { _, ok := files[file]; return ok },
		unread: make(map[string]string),
	}
	for _, r := range m.asked(inv) {
		got = append(got, fmt.Sprintf("%s:%d %s %q %s", r.Path, r.Line, r.Name, r.Specs, r.Key))
	}
	want := []string{
		`app/package.json:1 a ["^1.0.0"] k/a`,
		`app/package.json:1 b ["^2.0.0"] k/b`,
		`app/package.json:1 c ["^0.3.0"] k/c`,
		`app/package.json:1 f ["catalog:gone"] k/f`,
		`app/web/package.json:1 a ["~1.2.0" "1.x"] k/a`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	unread := map[string]string{
		"app/.yarnrc.yml":         "what it asks for can't be read: it has an anchor or alias, which no package manager writes",
		"app/broken/package.json": "what it asks for can't be read: not JSON: invalid character ',' at start of value",
		"app/large/package.json":  "it is no regular file, or too large for a manifest",
	}
	if diff := cmp.Diff(unread, m.unread); diff != "" {
		t.Errorf("unread (-want +got):\n%s", diff)
	}
}
