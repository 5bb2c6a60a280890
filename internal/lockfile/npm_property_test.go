package lockfile

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Few names, so that they meet.
var (
	someNames  = []string{"a", "b", "@s/a", "a", "node_modules", "__proto__", "x.y"}
	someValues = []string{
		`"1.0.0"`, `"2.0.0"`, `"npm:b@1.0.0"`, `"file:packages/a"`, `"file:a.tgz"`, `"git+https://git.example.com/o/a.git#0"`,
		`"https://npm.example.com/a/-/a-1.0.0.tgz"`, `"https://files.example.com/a.tgz"`, `"packages/a"`, `"sha512-AAAA"`, `"sha1-BBBB sha512-CC?x"`,
		`""`, `1`, `null`, `true`, `false`, `[]`, `{}`, `{"a": "1"}`,
	}
	someFields = []string{
		"version", "resolved", "integrity", "name", "from", "dev", "optional", "peer", "link", "inBundle", "hasInstallScript",
		"requires", "dependencies", "peerDependencies", "Version", "RESOLVED", "versio\\u006e", "license",
	}
)

// drawEntry makes the text of an entry; depth says how far entries may nest.
func drawEntry(t *rapid.T, depth int) string {
	if rapid.IntRange(0, 30).Draw(t, "odd") == 0 {
		return rapid.SampledFrom(someValues).Draw(t, "value")
	}
	members := []string{`"version": "1.0.0"`}
	for range rapid.IntRange(0, 4).Draw(t, "members") {
		field := rapid.SampledFrom(someFields).Draw(t, "field")
		value := rapid.SampledFrom(someValues).Draw(t, "value")
		if strings.EqualFold(field, "dependencies") && depth > 0 {
			value = drawTree(t, depth-1)
		} else if strings.HasSuffix(field, "ependencies") || field == "requires" {
			value = drawRequests(t)
		}
		members = append(members, fmt.Sprintf(`"%s": %s`, field, value))
	}
	return "{" + strings.Join(members, ", ") + "}"
}

func drawRequests(t *rapid.T) string {
	var list []string
	for range rapid.IntRange(0, 4).Draw(t, "requests") {
		list = append(list, fmt.Sprintf(`"%s": "*"`, rapid.SampledFrom(someNames).Draw(t, "request")))
	}
	return "{" + strings.Join(list, ", ") + "}"
}

// drawTree makes the text of a `dependencies` object of a v1 tree.
func drawTree(t *rapid.T, depth int) string {
	var list []string
	for range rapid.IntRange(0, 4).Draw(t, "children") {
		list = append(list, fmt.Sprintf("%s\"%s\": %s", rapid.SampledFrom([]string{"", "\n"}).Draw(t, "break"),
			rapid.SampledFrom(someNames).Draw(t, "child"), drawEntry(t, depth)))
	}
	return "{" + strings.Join(list, ", ") + "}"
}

// drawPackages makes the text of a `packages` object.
func drawPackages(t *rapid.T) string {
	var list []string
	for range rapid.IntRange(0, 8).Draw(t, "packages") {
		key := rapid.SampledFrom([]string{"", "", "packages/a", "../a"}).Draw(t, "folder")
		for range rapid.IntRange(0, 3).Draw(t, "depth") {
			key = childKey(key, rapid.SampledFrom(someNames).Draw(t, "name"))
		}
		list = append(list, fmt.Sprintf("\n\"%s\": %s", key, drawEntry(t, 0)))
	}
	return "{" + strings.Join(list, ", ") + "}"
}

func drawLockfile(t *rapid.T) string {
	members := []string{fmt.Sprintf(`"lockfileVersion": %d`, rapid.IntRange(1, 4).Draw(t, "version"))}
	for range rapid.IntRange(0, 3).Draw(t, "halves") {
		name := rapid.SampledFrom([]string{"packages", "packages", "dependencies", "Packages"}).Draw(t, "half")
		value := drawPackages(t)
		if name == "dependencies" {
			value = drawTree(t, 3)
		}
		members = append(members, fmt.Sprintf("\n\"%s\": %s", name, value))
	}
	return "{" + strings.Join(members, ", ") + "}"
}

func TestReadingProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		data := []byte(drawLockfile(rt))
		inv, err := Parse(Input{Path: "package-lock.json", Data: data})
		if err != nil {
			if !strings.Contains(err.Error(), "is not known") {
				rt.Fatalf("%s: %v", data, err)
			}
			return
		}
		rt.Logf("%s\n%s", data, dump(inv, nil))
		nothingIsLost(rt, data, inv)
		linesAreRight(rt, data, inv)
		edgesAreAnswered(rt, inv)
		edgesAreNodes(rt, inv)
	})
}

// edgesAreNodes checks each answer against the plainest way to look one up: in
// the asking folder, then one level up at a time.
func edgesAreNodes(t rapid.TB, inv *Inventory) {
	t.Helper()
	keys := make(map[string]bool, len(inv.Entries))
	for _, e := range inv.Entries {
		keys[e.Key] = true
	}
	for _, e := range inv.Entries {
		folder := e.Key
		if e.Source == Link {
			folder = linkTarget(e.Resolved)
		}
		for _, d := range e.Dependencies {
			want := ""
			for at, ok := folder, true; ok && want == ""; at, ok = above(at) {
				if key := childKey(at, d.Name); keys[key] {
					want = key
				}
			}
			// Another reading of the file is no answer in the one that npm takes.
			if d.Key != want && len(inv.Doubts) == 0 {
				t.Fatalf("%q asks for %q, answered by %q, want %q", e.Key, d.Name, d.Key, want)
			}
		}
	}
}
