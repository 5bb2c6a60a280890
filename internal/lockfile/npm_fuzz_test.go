package lockfile

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

// sighting is a key that an obvious reader finds in a lockfile.
type sighting struct {
	line int
	key  string // of `packages` as it stands, of `dependencies` the path to it
}

// sightings lists the keys of every `packages` and `dependencies` object in a
// valid document, in the plainest way there is.
func sightings(data []byte) (packages, dependencies []sighting) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	dec := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true))
	for {
		token, err := dec.ReadToken()
		if err != nil {
			return packages, dependencies
		}
		// A name is the last token of its pointer, and an even one of its object.
		kind, length := dec.StackIndex(dec.StackDepth())
		if token.Kind() != '"' || kind != '{' || length%2 == 0 {
			continue
		}
		var path []string
		for part := range dec.StackPointer().Tokens() {
			path = append(path, part)
		}
		at := sighting{line: 1 + bytes.Count(data[:dec.InputOffset()], []byte("\n"))}
		if len(path) == 2 && path[0] == "packages" {
			at.key = path[1]
			packages = append(packages, at)
		} else if len(path)%2 == 0 && isDependencies(path) {
			for i := 1; i < len(path); i += 2 {
				at.key = childKey(at.key, path[i])
			}
			dependencies = append(dependencies, at)
		}
	}
}

func isDependencies(path []string) bool {
	for i := 0; i < len(path); i += 2 {
		if path[i] != "dependencies" {
			return false
		}
	}
	return true
}

func FuzzNPM(f *testing.F) {
	fuzzReader(f, "npm-*", named("package-lock.json"), func(t *testing.T, data []byte, inv *Inventory) {
		nothingIsLost(t, data, inv)
		linesAreRight(t, data, inv)
		edgesAreAnswered(t, inv)
	})
}

// nothingIsLost checks that each key which an obvious reader finds is an entry,
// the root, or in doubt.
func nothingIsLost(t rapid.TB, data []byte, inv *Inventory) {
	t.Helper()
	lines := make(map[sighting]bool)
	keys := make(map[string]bool)
	linked := false
	for _, e := range inv.Entries {
		lines[sighting{e.Line, e.Key}] = true
		keys[e.Key] = true
		linked = linked || e.Source == Link
	}
	doubted := func(at sighting) bool {
		for _, d := range inv.Doubts {
			if d.Packages && (d.Line == at.line || d.Key == at.key || d.Key == "") {
				return true
			}
		}
		return len(inv.Doubts) > maxDoubts
	}
	packages, dependencies := sightings(data)
	for _, at := range packages {
		if !lines[at] && at.key != "" && !twice(packages, at) && !doubted(at) {
			t.Fatalf("packages: %+v is lost in %s", at, dump(inv, nil))
		}
	}
	for _, at := range dependencies {
		// What stands under a link has the key of the link's target.
		if !keys[at.key] && !linked && !doubted(at) {
			t.Fatalf("dependencies: %+v is lost in %s", at, dump(inv, nil))
		}
	}
}

// twice reports whether a key stands twice: one of two equal objects is enough.
func twice(all []sighting, at sighting) bool {
	n := 0
	for _, other := range all {
		if other.key == at.key {
			n++
		}
	}
	return n > 1
}

// linesAreRight checks that the line of each entry holds the end of its key.
func linesAreRight(t rapid.TB, data []byte, inv *Inventory) {
	t.Helper()
	lines := strings.Split(string(data), "\n")
	last := 0
	for _, e := range inv.Entries {
		if e.Line < last || e.Line > len(lines) {
			t.Fatalf("%q is on line %d, after %d of %d", e.Key, e.Line, last, len(lines))
		}
		last = e.Line
		text := lines[e.Line-1]
		if strings.IndexByte(text, '\\') >= 0 {
			continue // escaped
		}
		if name := e.Key[strings.LastIndexByte(e.Key, '/')+1:]; !strings.Contains(text, name) {
			t.Fatalf("line %d is %q, and should hold %q", e.Line, text, name)
		}
	}
}

// edgesAreAnswered checks that each answer is an entry of the name asked for,
// in a folder in which Node looks.
func edgesAreAnswered(t rapid.TB, inv *Inventory) {
	t.Helper()
	keys := make(map[string]bool, len(inv.Entries))
	for _, e := range inv.Entries {
		keys[e.Key] = true
	}
	for _, e := range inv.Entries {
		for _, d := range e.Dependencies {
			switch {
			case d.Key == "":
			case !keys[d.Key]:
				t.Fatalf("%q asks for %q, answered by %q, which is no entry", e.Key, d.Name, d.Key)
			case placeOf(d.Key).name != d.Name:
				t.Fatalf("%q asks for %q, answered by %q", e.Key, d.Name, d.Key)
			}
		}
	}
}
