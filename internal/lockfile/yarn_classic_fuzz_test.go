package lockfile

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lockkeeper/lockkeeper/internal/corpustest"
)

// asPromised checks what holds of the reading of any bytes whatever: what is
// read without a doubt is what yarn's own parser reads, and what is in doubt
// holds all that it reads.
func asPromised(t rapid.TB, data []byte) {
	t.Helper()
	in := Input{Path: "yarn.lock", Data: data}
	inv, err := readYarnClassic(in)
	if again, _ := readYarnClassic(in); !reflect.DeepEqual(inv, again) {
		t.Fatal("two readings differ")
	}
	if err != nil {
		if u, ok := errors.AsType[*Unread](err); !ok || u.Reason == "" || u.Hint == "" {
			t.Fatalf("%#v is no reason", err)
		}
		return
	}
	keysAreSeen(t, string(data), inv)
	classicEdgesAreAnswered(t, inv)
	switch {
	case len(inv.Doubts) == 0:
		sameAsOracle(t, string(data), inv)
	case slices.ContainsFunc(inv.Doubts, func(d Doubt) bool { return d.Packages }):
	default:
		oracleKeysAreSeen(t, string(data), inv)
	}
}

// oracleKeysAreSeen checks that each pattern which yarn's parser finds is in a
// key.
func oracleKeysAreSeen(t rapid.TB, data string, inv *Inventory) {
	t.Helper()
	oracle, err := oracleParse(data)
	if err != nil {
		return
	}
	for i := range inv.Entries {
		for _, pattern := range patternsOf(oracle, inv.Entries[i].Key) {
			delete(oracle, pattern)
		}
	}
	for pattern := range oracle {
		t.Fatalf("%q: yarn reads %q, which is not in %s", data, pattern, dump(inv, nil))
	}
}

// classicEdgesAreAnswered checks that each answer is an entry that has the
// pattern asked for, or a pattern of the name.
func classicEdgesAreAnswered(t rapid.TB, inv *Inventory) {
	t.Helper()
	keys := make(map[string]bool, len(inv.Entries))
	for _, e := range inv.Entries {
		keys[e.Key] = true
	}
	for _, e := range inv.Entries {
		for _, d := range e.Dependencies {
			if d.Key != "" && !keys[d.Key] {
				t.Fatalf("%q asks for %q, answered by %q, which is no entry", e.Key, d.Name, d.Key)
			}
		}
	}
}

func FuzzYarnClassic(f *testing.F) {
	cases, _ := filepath.Glob(filepath.Join(corpustest.Root(f), "testdata", "lockfile", "yarn-classic-*", "*.in"))
	for _, file := range cases {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { asPromised(t, data) })
}
