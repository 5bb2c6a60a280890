package lockfile

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
)

// withManifests gives the input of a lockfile beside and above manifests, which
// are named by their path.
func withManifests(lock, data string, manifests map[string]string) Input {
	in := Input{Path: lock, Data: []byte(data), Manifest: func(file string) ([]byte, bool) {
		text, ok := manifests[file]
		return []byte(text), ok
	}}
	for file := range manifests {
		folder := path.Dir(file)
		if folder == "." {
			folder = ""
		}
		in.Folders = append(in.Folders, folder)
	}
	slices.Sort(in.Folders)
	return in
}

// pinned makes the text of entries of a version 1.0.0, with what they ask for.
func pinned(keys ...string) string {
	var b strings.Builder
	for _, key := range keys {
		key, requests, _ := strings.Cut(key, " > ")
		name, _ := newClassicPattern(key, noEntry).split()
		fmt.Fprintf(&b, "\n%s:\n  version \"1.0.0\"\n  resolved \"https://npm.example.com/%[2]s/-/%[2]s-1.0.0.tgz\"\n", key, name)
		if requests != "" {
			b.WriteString("  dependencies:\n")
		}
		for request := range strings.FieldsSeq(requests) {
			name, spec := newClassicPattern(request, noEntry).split()
			fmt.Fprintf(&b, "    %s %q\n", name, spec)
		}
	}
	return b.String()
}

func TestClassicWorkspaces(t *testing.T) {
	data := pinned("dev@^1 > shared@^1", "deep@^1", "other@^1", "prod@^1 > shared@^1", "shared@^1", "tool@^1 > deep@^1", "unused@^1")
	inv, err := Parse(withManifests("app/yarn.lock", data, map[string]string{
		"app/package.json":                         `{"name": "root", "workspaces": {"packages": ["packages/*", "!packages/out"]}, "devDependencies": {"dev": "^1", "a": "^1.0.0"}}`,
		"app/packages/a/package.json":              `{"name": "a", "dependencies": {"prod": "^1", "b": "1.0.0"}}`,
		"app/packages/b/package.json":              `{"name": "b", "devDependencies": {"tool": "^1"}, "peerDependencies": {"other": "^1"}}`,
		"app/packages/out/package.json":            `{"name": "out", "dependencies": {"unused": "^1"}}`,
		"app/packages/a/node_modules/package.json": `{"dependencies": {"unused": "^1"}}`,
		"packages/above/package.json":              `{"dependencies": {"unused": "^1"}}`,
		"package.json":                             `{"dependencies": {"unused": "^1"}}`,
	}))
	want := `npm yarn-classic-v1 app/yarn.lock
root 1 "" "root" {dev dev@^1 → dev@^1, dev a@^1.0.0 → ?}
root 1 "packages/a" "a" {prod@^1 → prod@^1, b@1.0.0 → ?}
root 1 "packages/b" "b" {dev tool@^1 → tool@^1, peer other@^1 → ?}
2 dev@^1 | dev@1.0.0 | registry (direct, dev, script unknown) | https://npm.example.com/dev/-/dev-1.0.0.tgz {shared@^1 → shared@^1}
8 deep@^1 | deep@1.0.0 | registry (dev, script unknown) | https://npm.example.com/deep/-/deep-1.0.0.tgz
12 other@^1 | other@1.0.0 | registry (script unknown) | https://npm.example.com/other/-/other-1.0.0.tgz
16 prod@^1 | prod@1.0.0 | registry (direct, script unknown) | https://npm.example.com/prod/-/prod-1.0.0.tgz {shared@^1 → shared@^1}
22 shared@^1 | shared@1.0.0 | registry (script unknown) | https://npm.example.com/shared/-/shared-1.0.0.tgz
26 tool@^1 | tool@1.0.0 | registry (direct, dev, script unknown) | https://npm.example.com/tool/-/tool-1.0.0.tgz {deep@^1 → deep@^1}
32 unused@^1 | unused@1.0.0 | registry (script unknown) | https://npm.example.com/unused/-/unused-1.0.0.tgz
`
	if got := string(dump(inv, err)); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// A package of the repository is not taken for the registry's of its name.
func TestClassicWorkspaceIsNoEntry(t *testing.T) {
	inv, err := Parse(withManifests("yarn.lock", pinned("a@0.9.0"), map[string]string{
		"package.json":            `{"name": "root", "workspaces": ["packages/*"], "dependencies": {"a": "^1.0.0"}}`,
		"packages/a/package.json": `{"name": "a"}`,
		"packages/b/package.json": `{"name": "b", "dependencies": {"a": "0.9.0"}}`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	if key := inv.Roots[0].Dependencies[0].Key; key != "" {
		t.Errorf("the workspace a is answered by %q", key)
	}
	if key := inv.Roots[2].Dependencies[0].Key; key != "a@0.9.0" {
		t.Errorf("the exact pattern is answered by %q", key)
	}
}

func TestClassicManifestsOutOfReach(t *testing.T) {
	for _, c := range []struct {
		name      string
		manifests map[string]string
		doubt     string
	}{
		{"no root", map[string]string{"packages/a/package.json": `{}`}, ""},
		{"a broken root", map[string]string{"package.json": `{`}, "what is asked for directly is a guess: package.json:1: reading: the file ends in the middle of the document"},
		{"a broken workspace", map[string]string{"package.json": `{"workspaces": ["*"], "dependencies": {"a": "1"}}`, "b/package.json": `[]`},
			"what is asked for directly is a guess: b/package.json:1: reading: an object was expected"},
		{"too many patterns", map[string]string{"package.json": `{"workspaces": [` + strings.Repeat(`"x",`, maxPatterns) + `"x"], "dependencies": {"a": "1"}}`},
			"what is asked for directly is a guess: the workspaces are more than are read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inv, err := Parse(withManifests("yarn.lock", pinned("a@1"), c.manifests))
			if err != nil {
				t.Fatal(err)
			}
			if !inv.Entries[0].Direct {
				t.Error("a is not direct")
			}
			got := ""
			for _, d := range inv.Doubts {
				got += d.Message
				if d.Packages {
					t.Errorf("%q is said to be about packages", d.Message)
				}
			}
			if got != c.doubt {
				t.Errorf("doubts: %q, want %q", got, c.doubt)
			}
		})
	}
}

// yarn reads the resolutions of the root only.
func TestClassicWorkspaceResolutions(t *testing.T) {
	manifests := map[string]string{
		"package.json":            `{"workspaces": ["packages/*"], "resolutions": {"a": "2"}}`,
		"packages/x/package.json": `{"dependencies": {"a": "^1", "b": "^1"}, "resolutions": {"b": "2"}}`,
	}
	inv, err := Parse(withManifests("yarn.lock", pinned("a@2", "a@3", "b@2", "b@3"), manifests))
	if err != nil {
		t.Fatal(err)
	}
	if asked := inv.Roots[1].Dependencies; asked[0].Key != "a@2" || asked[1].Key != "" {
		t.Errorf("%+v", asked)
	}
}

// More requests in manifests than are allowed end the reading with the number.
func TestClassicManifestsAreBounded(t *testing.T) {
	long := "a@x, " + strings.Repeat("a@y-"+strings.Repeat("x", 1000)+", ", 200) + "a@z"
	manifests := map[string]string{"package.json": `{"workspaces": ["packages/*"]}`}
	for i := range 2000 {
		manifests[fmt.Sprintf("packages/%d/package.json", i)] = `{"dependencies": {"a": "x"}}`
	}
	_, err := Parse(withManifests("yarn.lock", strings.Replace(pinned("a@1"), "a@1:", long+":", 1), manifests))
	if want := "yarn.lock: reading: there are more than 268435456 bytes in the keys of all answers"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}

	requests := `{"dependencies": {` + numbered(600_000, `"%d":"",`) + `"x": ""}}`
	manifests = map[string]string{"package.json": `{"workspaces": ["packages/*"]}`}
	for i := range 4 {
		manifests[fmt.Sprintf("packages/%d/package.json", i)] = requests
	}
	_, err = Parse(withManifests("yarn.lock", pinned("a@1"), manifests))
	if want := "yarn.lock: reading: there are more than 2000000 requests of packages for packages"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestClassicManyWorkspaces(t *testing.T) {
	manifests := map[string]string{"package.json": `{"workspaces": ["packages/*"]}`}
	for i := range maxWorkspaces + 1 {
		manifests[fmt.Sprintf("packages/%d/package.json", i)] = `{}`
	}
	inv, err := Parse(withManifests("yarn.lock", pinned("a@1"), manifests))
	if err != nil || len(inv.Roots) != 1+maxWorkspaces || len(inv.Doubts) != 1 {
		t.Errorf("%v, %d roots, doubts %+v", err, len(inv.Roots), inv.Doubts)
	}
}

func TestLastName(t *testing.T) {
	for path, want := range map[string]string{
		"a": "a", "@s/a": "@s/a", "**/a": "a", "b/a": "a", "b/**/@s/a": "@s/a", "@s/b/a": "a", "/a": "a", "": "", "@s/b/@s/a": "@s/a",
	} {
		if got := lastName(path); got != want {
			t.Errorf("lastName(%q) = %q, want %q", path, got, want)
		}
	}
}
