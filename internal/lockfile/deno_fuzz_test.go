package lockfile

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

// denoSightings lists the keys that an obvious reader of a valid document takes
// for entries, in the plainest way there is.
func denoSightings(data []byte) []sighting {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	dec := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true))
	var found []sighting
	for {
		token, err := dec.ReadToken()
		if err != nil {
			return found
		}
		kind, length := dec.StackIndex(dec.StackDepth())
		if token.Kind() != '"' || kind != '{' || length%2 == 0 {
			continue
		}
		path := slices.Collect(dec.StackPointer().Tokens())
		line := 1 + bytes.Count(data[:dec.InputOffset()], []byte("\n"))
		if isDenoEntry(path, dec.PeekKind()) {
			found = append(found, sighting{line, path[len(path)-1]})
		}
	}
}

func isDenoEntry(path []string, value jsontext.Kind) bool {
	const sections = " jsr npm redirects remote "
	switch name := path[len(path)-1]; len(path) {
	case 1:
		return value == '"' && name != "version" && !strings.Contains(sections+"packages specifiers workspace ", " "+name+" ")
	case 2:
		nested := path[0] == "npm" && (name == "packages" || name == "specifiers") && value == '{'
		return strings.Contains(sections, " "+path[0]+" ") && !nested
	case 3:
		return path[0] == "packages" && strings.Contains(sections, " "+path[1]+" ") || path[0] == "npm" && path[1] == "packages"
	}
	return false
}

func FuzzDeno(f *testing.F) {
	fuzzReader(f, "deno-*", named("deno.lock"), func(t *testing.T, data []byte, inv *Inventory) {
		denoNothingIsLost(t, data, inv)
		denoLinesAreRight(t, data, inv)
		keysAreEntries(t, inv)
	})
}

// denoNothingIsLost checks that each key which an obvious reader finds is an
// entry.
func denoNothingIsLost(t rapid.TB, data []byte, inv *Inventory) {
	t.Helper()
	there := make(map[sighting]bool)
	for _, e := range inv.Entries {
		key := e.Key
		if e.Ecosystem == JSR {
			there[sighting{e.Line, e.Name + "@" + e.Version}] = true
			there[sighting{e.Line, strings.TrimPrefix(key, "jsr:")}] = true
		}
		there[sighting{e.Line, key}] = true
	}
	for _, at := range denoSightings(data) {
		if !there[at] {
			t.Fatalf("%+v is lost in %s", at, dump(inv, nil))
		}
	}
}

// denoLinesAreRight checks that the line of each entry holds its key, save for a
// package that only a specifier names, which is in doubt.
func denoLinesAreRight(t rapid.TB, data []byte, inv *Inventory) {
	t.Helper()
	lines := strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n")
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
		key := e.Key
		if e.Ecosystem == JSR {
			key = strings.TrimPrefix(key, "jsr:")
		}
		doubted := slices.ContainsFunc(inv.Doubts, func(d Doubt) bool { return d.Line == e.Line }) || len(inv.Doubts) > maxDoubts
		if !strings.Contains(text, key) && !doubted {
			t.Fatalf("line %d is %q, and should hold %q", e.Line, text, e.Key)
		}
	}
}

// keysAreEntries checks that each answer is an entry.
func keysAreEntries(t rapid.TB, inv *Inventory) {
	t.Helper()
	keys := make(map[string]bool, len(inv.Entries))
	for _, e := range inv.Entries {
		keys[e.Key] = true
	}
	check := func(asker string, list []Dependency) {
		for _, d := range list {
			if d.Key != "" && !keys[d.Key] {
				t.Fatalf("%q asks for %q, answered by %q, which is no entry", asker, d.Name, d.Key)
			}
		}
	}
	for _, e := range inv.Entries {
		check(e.Key, e.Dependencies)
	}
	for _, r := range inv.Roots {
		check(r.Folder, r.Dependencies)
	}
}
