package lockfile

import (
	"reflect"
	"strings"
	"testing"
)

func TestPNPMCorpus(t *testing.T) {
	files := corpus(t, "pnpm-lock.yaml")
	entries, formats := 0, map[string]bool{}
	for file, data := range files {
		inv, err := Parse(Input{Path: file, Data: data})
		if err != nil {
			t.Error(err)
			continue
		}
		entries += len(inv.Entries)
		formats[inv.Format] = true
		// These are files that pnpm wrote, so nothing about them is doubtful.
		for _, d := range inv.Doubts {
			t.Errorf("%s:%d: doubt: %s", file, d.Line, d.Message)
		}
		packages, _ := pnpmSightings(data)
		if len(inv.Entries) != len(packages) {
			t.Errorf("%s: %d entries, want %d", file, len(inv.Entries), len(packages))
		}
		noPackageIsLost(t, data, inv)
		pnpmLinesAreRight(t, data, inv)
		pnpmEdgesAreAnswered(t, inv)
		pnpmIsWhole(t, file, inv)
	}
	if len(files) < 60 || entries < 20_000 || len(formats) < 8 {
		t.Errorf("%d lockfiles of %d versions with %d entries", len(files), len(formats), entries)
	}
}

// pnpmIsWhole checks that each request is answered, as what has no answer and is
// no link is in doubt, and that requests lead from the roots to each entry.
func pnpmIsWhole(t *testing.T, file string, inv *Inventory) {
	t.Helper()
	for _, e := range inv.Entries {
		for _, d := range e.Dependencies {
			if d.Key == "" && !strings.HasPrefix(d.Spec, "link:") {
				t.Errorf("%s:%d: %s asks for %s, and nothing answers", file, e.Line, e.Key, d.Name)
			}
		}
	}
	reach, at := newReach(inv), byKey(inv)
	for i, reached := range reach.from(func(Kind) bool { return true }) {
		e := &inv.Entries[i]
		// Of two with one key, in two documents, the last one is found here.
		if !reached && at[e.Key] == int32(i) {
			t.Errorf("%s:%d: no root leads to %s", file, e.Line, e.Key)
		}
	}
}

// From 7.0 to 9.0 the version was all that changed.
func TestPNPMCorpusMigration(t *testing.T) {
	files := corpus(t, "pnpm-lock.yaml")
	const base, head = "pairs/pnpm_pnpm-3/base/pnpm-lock.yaml", "pairs/pnpm_pnpm-3/head/pnpm-lock.yaml"
	if files[base] == nil || files[head] == nil {
		t.Skip("the corpus has no pnpm_pnpm-3")
	}
	before, err := Parse(Input{Path: "pnpm-lock.yaml", Data: files[base]})
	if err != nil {
		t.Fatal(err)
	}
	after, err := Parse(Input{Path: "pnpm-lock.yaml", Data: files[head]})
	if err != nil {
		t.Fatal(err)
	}
	if before.Format != "pnpm-lock-v7.0" || after.Format != "pnpm-lock-v9.0" {
		t.Fatalf("%s and %s", before.Format, after.Format)
	}
	if after.Format = before.Format; !reflect.DeepEqual(before, after) {
		t.Error("the two differ in more than their version")
	}
}
