package lockfile

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/corpustest"
)

// corpus gives the files of real base and head pairs that have one of the
// names, by path.
func corpus(t testing.TB, names ...string) map[string][]byte {
	t.Helper()
	return corpustest.Files(t, func(file string) bool { return slices.Contains(names, path.Base(file)) })
}

// plainLock is a lockfile as encoding/json reads it.
type plainLock struct {
	LockfileVersion int
	Packages        map[string]json.RawMessage
	Dependencies    map[string]plainNode
}

type plainNode struct {
	Dependencies map[string]plainNode
}

func (n plainNode) count() int {
	sum := 0
	for _, below := range n.Dependencies {
		sum += 1 + below.count()
	}
	return sum
}

func TestCorpus(t *testing.T) {
	files := corpus(t, "package-lock.json", "npm-shrinkwrap.json", "package.json")
	locks, entries := 0, 0
	for file, data := range files {
		if path.Base(file) == "package.json" {
			continue
		}
		locks++
		inv, err := Parse(Input{Path: file, Data: data, Manifest: func(path string) ([]byte, bool) {
			data, ok := files[path]
			return data, ok
		}})
		if err != nil {
			t.Error(err)
			continue
		}
		entries += len(inv.Entries)
		// These are files that npm wrote, so nothing about them is doubtful.
		for _, d := range inv.Doubts {
			t.Errorf("%s:%d: doubt: %s", file, d.Line, d.Message)
		}
		var plain plainLock
		if err := json.Unmarshal(data, &plain); err != nil {
			t.Fatal(err)
		}
		want := len(plain.Packages) - 1
		if plain.Packages == nil {
			want = plainNode{plain.Dependencies}.count()
		}
		if len(inv.Entries) != want {
			t.Errorf("%s: %d entries, want %d", file, len(inv.Entries), want)
		}
		if len(inv.Roots[0].Dependencies) == 0 {
			t.Errorf("%s: the root asks for nothing", file)
		}
		nothingIsLost(t, data, inv)
		linesAreRight(t, data, inv)
		edgesAreAnswered(t, inv)
		everythingIsReached(t, file, inv)
	}
	if locks < 20 || entries < 30_000 {
		t.Errorf("%d lockfiles with %d entries", locks, entries)
	}
}

// everythingIsReached checks that the edges lead from the roots to each entry,
// as they do in what npm writes, save for files without edges.
func everythingIsReached(t *testing.T, file string, inv *Inventory) {
	t.Helper()
	edges := make(map[string][]Dependency, len(inv.Entries))
	any := 0
	for _, e := range inv.Entries {
		edges[e.Key] = e.Dependencies
		if any += len(e.Dependencies); e.Source == Link {
			edges[e.Key] = append(edges[e.Key], Dependency{Key: linkTarget(e.Resolved)})
		}
	}
	if any == 0 {
		return
	}
	reached := make(map[string]bool)
	var queue []Dependency
	for _, r := range inv.Roots {
		queue = append(queue, r.Dependencies...)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		if key := queue[0].Key; !reached[key] {
			reached[key] = true
			queue = append(queue, edges[key]...)
		}
	}
	for _, e := range inv.Entries {
		// One file has leftovers, which Arborist finds extraneous, too.
		leftover := strings.HasPrefix(file, "pairs/npm_cli-2/base/") && strings.HasPrefix(e.Key, "node_modules/lodash.")
		if !reached[e.Key] && e.Source != Workspace && e.Source != Link && !leftover {
			t.Errorf("%s:%d: no root leads to %s", file, e.Line, e.Key)
		}
	}
}

// A migration between versions changes neither keys nor identities.
func TestCorpusMigration(t *testing.T) {
	files := corpus(t, "package-lock.json", "npm-shrinkwrap.json", "package.json")
	const base, head = "pairs/npm_cli-3/base/package-lock.json", "pairs/npm_cli-3/head/package-lock.json"
	if files[base] == nil || files[head] == nil {
		t.Skip("the corpus has no npm_cli-3")
	}
	before, err := Parse(Input{Path: base, Data: files[base]})
	if err != nil {
		t.Fatal(err)
	}
	after, err := Parse(Input{Path: head, Data: files[head]})
	if err != nil {
		t.Fatal(err)
	}
	if before.Format != "npm-lock-v2" || after.Format != "npm-lock-v3" {
		t.Fatalf("%s and %s", before.Format, after.Format)
	}
	known := make(map[string]Entry)
	for _, e := range before.Entries {
		known[e.Key] = e
	}
	for _, e := range after.Entries {
		if old, ok := known[e.Key]; !ok || e.Version != old.Version || e.Name != old.Name {
			t.Errorf("%s: %s@%s became %s@%s", e.Key, old.Name, old.Version, e.Name, e.Version)
		}
	}
}
