package lockfile

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

// bunSightings lists the keys of every `packages` object in the plainest way
// there is.
func bunSightings(data []byte) (keys []sighting) {
	data = uncommented(data)
	dec := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true))
	for {
		token, err := dec.ReadToken()
		if err != nil {
			return keys
		}
		// A name is the last token of its pointer, and an even one of its object.
		kind, length := dec.StackIndex(dec.StackDepth())
		if dec.StackDepth() != 2 || token.Kind() != '"' || kind != '{' || length%2 == 0 {
			continue
		}
		if within, key := dec.StackPointer().Parent(), token.String(); within == "/packages" {
			keys = append(keys, sighting{1 + bytes.Count(data[:dec.InputOffset()], []byte("\n")), key})
		}
	}
}

// noBunEntryIsLost checks that each key which an obvious reader finds is an
// entry, or in doubt.
func noBunEntryIsLost(t rapid.TB, data []byte, inv *Inventory) {
	t.Helper()
	entries, doubted := map[sighting]bool{}, map[int]bool{}
	for _, e := range inv.Entries {
		entries[sighting{e.Line, e.Key}] = true
	}
	for _, d := range inv.Doubts {
		doubted[d.Line] = doubted[d.Line] || d.Packages
	}
	for _, at := range bunSightings(data) {
		if !entries[at] && !doubted[at.line] && len(inv.Doubts) <= maxDoubts {
			t.Fatalf("%+v is lost in %s", at, dump(inv, nil))
		}
	}
}

// bunAnswers checks each answer against the plainest way to look one up: below
// the asking entry, then one name up at a time.
func bunAnswers(t rapid.TB, inv *Inventory) {
	t.Helper()
	keys := make(map[string]bool, len(inv.Entries))
	for _, e := range inv.Entries {
		keys[e.Key] = true
	}
	// Where packages are in doubt there may be two trees, and only one answers.
	twoTrees := slices.ContainsFunc(inv.Doubts, func(d Doubt) bool { return d.Packages })
	check := func(from string, list []Dependency) {
		for _, d := range list {
			want := ""
			for at := from; want == ""; at, _ = bunPlace(at) {
				key := strings.TrimPrefix(at+"/"+d.Name, "/")
				if _, name := bunPlace(key); keys[key] && name == d.Name {
					want = key
				}
				if at == "" {
					break
				}
			}
			if d.Key != want && !twoTrees || d.Key != "" && !keys[d.Key] {
				t.Fatalf("%q asks for %q, answered by %q, want %q", from, d.Name, d.Key, want)
			}
		}
	}
	for _, root := range inv.Roots {
		name := root.Name
		if root.Folder == "" || !keys[name] {
			name = ""
		}
		check(name, root.Dependencies)
	}
	for _, e := range inv.Entries {
		if e.Source != Workspace {
			check(e.Key, e.Dependencies)
		}
	}
}

func FuzzBun(f *testing.F) {
	fuzzReader(f, "bun-lock-*", named("bun.lock"), func(t *testing.T, data []byte, inv *Inventory) {
		noBunEntryIsLost(t, data, inv)
		linesAreRight(t, data, inv)
		bunAnswers(t, inv)
	})
}
