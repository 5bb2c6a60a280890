package lockfile

import (
	"fmt"
	"strings"
	"testing"
)

// berryTree is a small repository: its files by path.
type berryTree map[string]string

func (t berryTree) read(tb testing.TB) *Inventory {
	tb.Helper()
	inv, err := readYarnBerry(t.input())
	if err != nil {
		tb.Fatal(err)
	}
	return inv
}

func (t berryTree) input() Input {
	return Input{Path: "app/yarn.lock", Data: []byte(t["app/yarn.lock"]), Manifest: func(path string) ([]byte, bool) {
		data, ok := t[path]
		return []byte(data), ok
	}}
}

// berryWorkspaceEntry gives a workspace's entry with its dependencies, one on a line.
func berryWorkspaceEntry(key, resolution string, lines ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%q:\n  version: 0.0.0-use.local\n  resolution: %q\n", key, resolution)
	for _, line := range lines {
		b.WriteString("  " + line + "\n")
	}
	return b.String() + "  languageName: unknown\n  linkType: soft\n"
}

// marks gives the flags of the entries by the first part of their keys.
func marks(inv *Inventory) map[string]string {
	got := make(map[string]string)
	for i := range inv.Entries {
		e := &inv.Entries[i]
		first, _ := cutDescriptor(e.Key)
		got[first] = strings.TrimPrefix(strings.ReplaceAll(flags(e), "script unknown", ""), " ")
	}
	return got
}

func TestBerryWorkspaces(t *testing.T) {
	inv := berryTree{
		"app/yarn.lock": berryHead +
			berryWorkspaceEntry("app@workspace:.", "app@workspace:.",
				"dependencies:", "  lib: \"workspace:^\"", "  dev: ^1", "  both: ^1", "  maybe: ^1",
				"dependenciesMeta:", "  maybe:", "    optional: true", "  dev:", "    built: false") +
			berryWorkspaceEntry("lib@workspace:^, lib@workspace:packages/lib", "lib@workspace:packages/lib",
				"dependencies:", "  app: \"workspace:*\"", "  prod: ^1", "  tool: ^1", "peerDependencies:", "  dev: ^1", "  several: ^1") +
			berryPackage("both@npm:^1", "both@npm:1.0.0", "") +
			berryPackage("deep@npm:^1", "deep@npm:1.0.0", "  peerDependencies:\n    only: ^1\n") +
			berryPackage("dev@npm:^1", "dev@npm:1.0.0", "  dependencies:\n    deep: ^1\n    several: ^1\n") +
			berryPackage("maybe@npm:^1", "maybe@npm:1.0.0", "  dependencies:\n    under: ^1\n") +
			berryPackage("only@npm:^1", "only@npm:1.0.0", "") +
			berryPackage("prod@npm:^1", "prod@npm:1.0.0", "  dependencies:\n    both: ^1\n  peerDependencies:\n    tool: ^1\n") +
			berryPackage("several@npm:^1", "several@npm:1.0.0", "") +
			berryPackage("several@npm:^2", "several@npm:2.0.0", "") +
			berryPackage("tool@npm:^1", "tool@npm:1.0.0", "") +
			berryPackage("under@npm:^1", "under@npm:1.0.0", ""),
		"app/package.json": `{"name": "app", "workspaces": ["packages/*"], "dependencies": {"lib": "workspace:^"},
			"devDependencies": {"dev": "^1", "both": "^1"}, "optionalDependencies": {"maybe": "^1"}}`,
		"app/packages/lib/package.json": `{"name": "lib", "dependencies": {"prod": "^1"}, "devDependencies": {"app": "workspace:*", "tool": "^1", "prod": "^1"},
			"peerDependencies": {"dev": "^1"}}`,
	}.read(t)
	if len(inv.Doubts) > 0 {
		t.Errorf("%v", inv.Doubts)
	}
	if len(inv.Roots) != 2 || inv.Roots[0].Folder != "" || inv.Roots[1].Folder != "packages/lib" || inv.Roots[1].Name != "lib" {
		t.Errorf("%+v", inv.Roots)
	}
	got := marks(inv)
	for key, want := range map[string]string{
		"app@workspace:.": "(direct, dev, )",
		"lib@workspace:^": "(direct, )",
		"both@npm:^1":     "(direct, )",      // for development here, and under prod
		"deep@npm:^1":     "(dev, )",         // under dev
		"dev@npm:^1":      "(direct, dev, )", // a peer of lib, which installs nothing
		"maybe@npm:^1":    "(direct, optional, )",
		"only@npm:^1":     "()", // nothing leads to it, and what nothing leads to is taken for production
		"prod@npm:^1":     "(direct, )",
		"several@npm:^1":  "(dev, )",
		"tool@npm:^1":     "(direct, dev, )",
		"under@npm:^1":    "(optional, )",
	} {
		if got[key] != want {
			t.Errorf("%s is %s, want %s", key, got[key], want)
		}
	}
	peers := map[string]string{}
	for _, e := range inv.Entries {
		for _, d := range e.Dependencies {
			if d.Kind == PeerKind {
				peers[e.Name+" "+d.Name] = d.Key
			}
		}
	}
	if fmt.Sprint(peers) != "map[deep only:only@npm:^1 lib dev:dev@npm:^1 lib several: prod tool:tool@npm:^1]" {
		t.Errorf("peers are answered by %v", peers)
	}
}

// What the repository doesn't have is no workspace, whatever the lockfile says:
// yarn asks a registry for it.
func TestBerryFalseWorkspaces(t *testing.T) {
	entry := berryWorkspaceEntry("lodash@npm:^4.0.0, lodash@workspace:packages/lodash", "lodash@workspace:packages/lodash")
	in := berryTree{"app/yarn.lock": berryFile(entry), "app/package.json": `{"name": "app"}`}.input()
	for _, c := range []struct {
		name, manifest string
		folders        []string
		doubts         int
	}{
		{"unknown folders", "", nil, 0},
		{"no folder", "", []string{"", "app"}, 1},
		{"the folder", `{"name": "lodash"}`, []string{"", "app", "app/packages/lodash"}, 0},
		{"without a name", `{}`, []string{"", "app", "app/packages/lodash"}, 0},
		{"another name", `{"name": "evil"}`, nil, 1},
	} {
		in.Folders = c.folders
		in.Manifest = func(path string) ([]byte, bool) {
			return []byte(c.manifest), path == "app/packages/lodash/package.json" && c.manifest != ""
		}
		inv, err := readYarnBerry(in)
		if err != nil {
			t.Fatal(err)
		}
		if len(inv.Doubts) != c.doubts || c.doubts > 0 && (!inv.Doubts[0].Packages || !strings.Contains(inv.Doubts[0].Message, "no workspace \"lodash\"")) {
			t.Errorf("%s: %+v", c.name, inv.Doubts)
		}
	}
	in = Input{Path: "yarn.lock", Data: in.Data, Folders: []string{"", "packages/lodash"}}
	if inv, err := readYarnBerry(in); err != nil || len(inv.Doubts) != 0 {
		t.Errorf("at the top: %v, %+v", err, inv.Doubts)
	}
}

// A manifest that is none is said, and once.
func TestBerryBrokenManifest(t *testing.T) {
	inv := berryTree{"app/yarn.lock": berryFile(), "app/package.json": "{"}.read(t)
	if len(inv.Doubts) != 1 || !strings.Contains(inv.Doubts[0].Message, "app/package.json:1: reading") {
		t.Errorf("%+v", inv.Doubts)
	}
}

// Without an entry of its own the root's manifest says what is asked for.
func TestBerryRootWithoutEntry(t *testing.T) {
	inv := berryTree{
		"app/yarn.lock":    berryHead + berryPackage("a@npm:^1.0.0", "a@npm:1.0.0", ""),
		"app/package.json": `{"name": "app", "devDependencies": {"a": "^1.0.0"}, "peerDependencies": {"b": "*"}}`,
	}.read(t)
	root := inv.Roots[0]
	if root.Name != "app" || len(root.Dependencies) != 2 || root.Dependencies[0].Key != "a@npm:^1.0.0" || !inv.Entries[0].Dev {
		t.Errorf("%+v, %+v", root, inv.Entries)
	}
}

func TestBerryAnswers(t *testing.T) {
	tree := berryTree{
		"app/package.json": `{"name": "app", "resolutions": {"a": "npm:1.0.0", "by/b": "npm:b@2", "other@npm:9.9.9/c": "npm:0.0.1", "c@^1": "npm:1.5.0",
			"rel": "file:./rel", "typed": "4.0.0"}, "overrides": {"x": {"y": "1"}, "z": "$a"}}`,
		"app/.yarnrc.yml": "catalog:\n  in: ^1\ncatalogs:\n  old:\n    in: ^2\n  odd:\n    in: [x]\nother: x\n",
		"app/yarn.lock": berryFile(
			berryPackage("a@npm:1.0.0", "a@npm:1.0.0", ""),
			berryPackage("a@npm:^2", "a@npm:2.0.0", ""),
			berryPackage("b@npm:^1", "b@npm:1.0.0", ""),
			berryPackage("b@npm:b@2", "b@npm:2.0.0", ""),
			berryPackage("by@npm:^1", "by@npm:1.0.0", "  dependencies:\n    b: ^1\n"),
			berryPackage("c@npm:1.5.0", "c@npm:1.5.0", ""),
			berryPackage("c@npm:^2", "c@npm:2.0.0", ""),
			berryPackage("exact@npm:^1", "exact@npm:1.2.0", ""),
			berryPackage("exact@npm:^2", "exact@npm:2.0.0", ""),
			berryPackage("in@npm:^1", "in@npm:1.0.0", ""),
			berryPackage("in@npm:^2", "in@npm:2.0.0", ""),
			berryPackage("many@npm:^1", "many@npm:1.0.0", ""),
			berryPackage("many@npm:^2", "many@npm:2.0.0", ""),
			berryPackage("one@npm:^1", "one@npm:1.0.0", ""),
			berryPackage("other@npm:^1", "other@npm:1.0.0", `  dependencies:
    a: ^2
    a2: "npm:a@^2"
    b: "npm:^1"
    c: ^1
    exact: 1.2.0
    in: "catalog:"
    in1: "catalog:none"
    in2: ^3
    many: ^3
    many1: "npm:many@^3"
    none: ^1
    one: ^3
    path: ./path
    rel: ^1
    typed: ^4
`),
			berryPackage("in2@npm:^1", "in2@npm:1.0.0", ""),
			berryPackage("in2@npm:2.0.0", "in2@npm:3.0.0", ""),
			berryPackage("path@file:./path::locator=other%40npm%3A1.0.0", "path@npm:1.0.0", ""),
			berryPackage("path@file:./path::locator=app%40workspace%3A.", "path@npm:2.0.0", ""),
			berryPackage("rel@file:./rel::locator=app%40workspace%3A.", "rel@npm:2.0.0", ""),
			berryPackage("rel@npm:^1", "rel@npm:1.0.0", ""),
			berryPackage("typed@npm:^4", "typed@npm:4.1.0", ""),
			berryPackage("typed@npm:4.0.0", "typed@npm:4.0.0", ""),
			berryPackage("typed@patch:typed@npm%3A4.0.0#optional!builtin<compat/typed>", "typed@patch:typed@npm%3A4.0.0#optional!builtin<compat/typed>::hash=1", ""),
		),
	}
	answers := map[string]string{}
	for _, e := range tree.read(t).Entries {
		for _, d := range e.Dependencies {
			answers[e.Name+" "+d.Name] = d.Key
		}
	}
	for asked, want := range map[string]string{
		"other a":     "a@npm:1.0.0", // by the resolution for all
		"other a2":    "",
		"other b":     "b@npm:^1", // the resolution is for another package
		"by b":        "b@npm:b@2",
		"other c":     "c@npm:1.5.0",  // the first resolution is for another version
		"other exact": "exact@npm:^1", // as LockfileResolver.ts does
		"other in":    "in@npm:^1",
		"other in1":   "",
		"other in2":   "", // several, and none of that range
		"other many":  "",
		"other many1": "",
		"other none":  "",
		"other one":   "one@npm:^1", // there is only one
		"other path":  "path@file:./path::locator=other%40npm%3A1.0.0",
		"other rel":   "rel@file:./rel::locator=app%40workspace%3A.",
		"other typed": "typed@patch:typed@npm%3A4.0.0#optional!builtin<compat/typed>",
		"typed typed": "typed@npm:4.0.0",
	} {
		if got, ok := answers[asked]; !ok || got != want {
			t.Errorf("%s: %q, want %q", asked, got, want)
		}
	}
}

// Of a field that stands twice the last one counts, as in yarn.
func TestBerryLastFieldCounts(t *testing.T) {
	inv := berryTree{"app/yarn.lock": berryFile(berryPackage("a@npm:^1", "a@npm:1.0.0", `  dependencies:
    b: ^1
  peerDependencies:
    c: ^1
  dependenciesMeta:
    d:
      optional: true
  dependencies:
    d: ^2
    e: ^2
  dependenciesMeta:
    e:
      optional: true
`))}.read(t)
	if got := edges(inv.Entries[1].Dependencies); got != " {peer c@^1 → ?, d@^2 → ?, optional e@^2 → ?}" {
		t.Error(got)
	}
}

// A tree that lacks most of its workspaces is not whole; that is said once, and
// only where a registry could answer instead of them.
func TestBerryTreeWithoutItsWorkspaces(t *testing.T) {
	var entries []string
	for _, name := range []string{"a", "b", "c"} {
		entries = append(entries, berryWorkspaceEntry(name+"@npm:^1.0.0, "+name+"@workspace:"+name, name+"@workspace:"+name))
	}
	in := berryTree{"app/yarn.lock": berryFile(entries...), "app/package.json": `{"name": "app"}`}.input()
	in.Folders = []string{"app"}
	inv, err := readYarnBerry(in)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, d := range inv.Doubts {
		said = append(said, d.Message)
	}
	if len(said) == 0 || said[len(said)-1] != "most of the workspaces are not in the repository" || len(said) > 2 {
		t.Errorf("doubts %q", said)
	}
}
