package lockfile

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
	"pgregory.net/rapid"

	"github.com/lockkeeper/lockkeeper/internal/corpustest"
)

// berrySightings lists the keys at the top of a berry lockfile with their lines,
// as the YAML library's tree has them.
func berrySightings(data []byte) (seen []sighting) {
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	var document, second yaml.Node
	if loader.Load(&document) != nil || !errors.Is(loader.Load(&second), io.EOF) || document.Content[0].Kind != yaml.MappingNode {
		return nil
	}
	for i, n := range document.Content[0].Content {
		if i%2 == 0 && n.Value != "__metadata" {
			seen = append(seen, sighting{n.Line, n.Value})
		}
	}
	return seen
}

// berryKeysAreFound checks that each key of the file is an entry on its line,
// and each entry such a key.
func berryKeysAreFound(t rapid.TB, data []byte, inv *Inventory) {
	t.Helper()
	seen := berrySightings(bytes.TrimPrefix(data, []byte("\ufeff")))
	if len(seen) != len(inv.Entries) {
		t.Fatalf("%d keys, and %d entries", len(seen), len(inv.Entries))
	}
	for i, e := range inv.Entries {
		if (sighting{e.Line, e.Key}) != seen[i] {
			t.Fatalf("%+v is read as %q on line %d", seen[i], e.Key, e.Line)
		}
		if e.Name == "" && e.Key != "" {
			t.Fatalf("%q has no name", e.Key)
		}
	}
}

// berryEdgesAreAnswered checks that each answer is an entry whose key, or whose
// name, is what was asked for.
func berryEdgesAreAnswered(t rapid.TB, inv *Inventory) {
	t.Helper()
	named := make(map[string][]string, len(inv.Entries))
	for _, e := range inv.Entries {
		named[e.Key] = append(named[e.Key], e.Name)
	}
	for _, e := range inv.Entries {
		for _, d := range e.Dependencies {
			names, ok := named[d.Key]
			switch {
			case d.Key == "":
			case !ok:
				t.Fatalf("%q asks for %q, answered by %q, which is no entry", e.Key, d.Name, d.Key)
			case !strings.Contains(d.Key, d.Name) && !strings.Contains(strings.Join(names, " "), d.Name) && len(inv.Doubts) == 0:
				t.Fatalf("%q asks for %q, answered by %q", e.Key, d.Name, d.Key)
			}
		}
	}
}

func FuzzBerry(f *testing.F) {
	cases, _ := filepath.Glob(filepath.Join(corpustest.Root(f), "testdata", "lockfile", "yarn-berry-*", "*.in"))
	for _, file := range cases {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := Input{Path: "yarn.lock", Data: data, Manifest: func(string) ([]byte, bool) {
			return []byte(`{"resolutions": {"a": "npm:1", "b/a": "file:./a"}, "devDependencies": {"a": "*"}}`), true
		}}
		inv, err := readYarnBerry(in)
		if again, _ := readYarnBerry(in); !reflect.DeepEqual(inv, again) {
			t.Fatal("two readings differ")
		}
		if err != nil {
			if u, ok := errors.AsType[*Unread](err); !ok || u.Reason == "" || u.Hint == "" {
				t.Fatalf("%#v is no reason", err)
			}
			return
		}
		berryKeysAreFound(t, data, inv)
		berryEdgesAreAnswered(t, inv)
		berryNamesAreSaid(t, inv)
	})
}

// berryNamesAreSaid checks that an entry is of a package that its key asks for,
// read in the plainest way, unless that is doubted.
func berryNamesAreSaid(t rapid.TB, inv *Inventory) {
	t.Helper()
	for _, e := range inv.Entries {
		if e.Source != Registry || strings.Contains(e.Key, "jsr:") || strings.Contains(e.Key, "%") {
			continue
		}
		doubted := len(inv.Doubts) > maxDoubts
		for _, d := range inv.Doubts {
			doubted = doubted || d.Packages && d.Key == e.Key
		}
		if !doubted && !strings.Contains(e.Key, e.Name) {
			t.Fatalf("%q is of %q, and nothing is said", e.Key, e.Name)
		}
	}
}

// Few names and ranges, so that they meet.
var (
	berryNames  = []string{"a", "b", "@s/a", "a", "B", "$x"}
	berryRanges = []string{
		"npm:^1", "^1", "npm:1.0.0", "npm:a@^1", "npm:@s/a@^1", "workspace:^", "workspace:packages/a", "workspace:.", "file:./a", "file:./a::locator=b%40npm%3A1.0.0",
		"patch:a@npm%3A^1#builtin<compat/a>", "patch:b@npm%3A1.0.0#~/x.patch", "jsr:^1", "git@git.example.com:a/b.git", "https://npm.example.com/a/-/a-1.0.0.tgz", ">=1, <2",
	}
	berryReferences = []string{
		"npm:1.0.0", "npm:2.0.0", "npm:1.0.0::__archiveUrl=https%3A%2F%2Ffiles.example.com%2Fa.tgz", "workspace:.", "workspace:packages/a", "link:./a", "file:./a#./a::hash=0",
		"patch:a@npm%3A1.0.0#~/x.patch::hash=0", "patch:b@patch%3Aa@npm%253A1.0.0%23x#y", "jsr:1.0.0", "https://npm.example.com/a/-/a-1.0.0.tgz",
		"git@git.example.com:a/b.git#commit=0123456789012345678901234567890123456789", "nix:a", "virtual:0#npm:1.0.0", "",
	}
	berryLines = []string{
		"", "", "  checksum: 10c0/0\n", "  dependencies:\n    a: ^1\n    b: \"npm:^1\"\n", "  dependencies:\n    \"@s/a\": \"file:./a\"\n  dependenciesMeta:\n    \"@s/a\":\n      optional: true\n",
		"  peerDependencies:\n    a: \"*\"\n", "  resolution: \"b@npm:1.0.0\"\n", "  conditions: os=linux\n", "  bin:\n    a: b\n", "  odd: [a]\n", "  dependencies: a\n",
	}
)

func drawBerry(t *rapid.T) string {
	var b strings.Builder
	b.WriteString(rapid.SampledFrom([]string{berryHead, berryHead, "", "__metadata:\n  version: 4\n", "__metadata: x\n"}).Draw(t, "head"))
	b.WriteString(rapid.SampledFrom([]string{berryRoot, berryRoot, ""}).Draw(t, "root"))
	pick := func(from []string, what string) string { return rapid.SampledFrom(from).Draw(t, what) }
	for range rapid.IntRange(0, 6).Draw(t, "entries") {
		var key []string
		for range rapid.IntRange(1, 3).Draw(t, "ranges") {
			key = append(key, pick(berryNames, "name")+"@"+pick(berryRanges, "range"))
		}
		b.WriteString("\n\"" + strings.Join(key, pick([]string{", ", ","}, "comma")) + "\":\n")
		b.WriteString("  version: " + pick([]string{"1.0.0", "2.0.0"}, "version") + "\n")
		b.WriteString("  resolution: \"" + pick(berryNames, "real") + "@" + pick(berryReferences, "reference") + "\"\n")
		b.WriteString(pick(berryLines, "line") + pick(berryLines, "line") + "  languageName: node\n  linkType: hard\n")
	}
	return b.String()
}

func TestBerryProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		data := []byte(drawBerry(rt))
		inv, err := readYarnBerry(Input{Path: "yarn.lock", Data: data})
		if err != nil {
			if len(data) > 0 {
				rt.Fatalf("%s: %v", data, err)
			}
			return
		}
		rt.Logf("%s\n%s", data, dump(inv, nil))
		berryKeysAreFound(rt, data, inv)
		berryEdgesAreAnswered(rt, inv)
		berryNamesAreSaid(rt, inv)
	})
}
