package lockfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReach marks a tree in which some entries are reached in several ways, in
// a circle, or not at all.
func TestReach(t *testing.T) {
	edge := func(kind Kind, keys ...string) (list []Dependency) {
		for _, key := range keys {
			list = append(list, Dependency{Name: key, Key: key, Kind: kind})
		}
		return list
	}
	inv := &Inventory{
		Roots: []Root{
			{Dependencies: append(edge(Production, "app"), edge(Development, "test", "both")...)},
			{Folder: "web", Dependencies: append(edge(OptionalKind, "native"), Dependency{Name: "gone"})},
		},
		Entries: []Entry{
			{Key: "app", Dependencies: edge(Production, "deep")},
			{Key: "deep", Dependencies: edge(Production, "app", "both")},
			{Key: "both", Dependencies: edge(OptionalKind, "extra")},
			{Key: "test", Dependencies: append(edge(Production, "runner"), edge(OptionalKind, "extra")...)},
			{Key: "runner", Dependencies: edge(Production, "test")},
			{Key: "native", Dependencies: edge(Production, "binding")},
			{Key: "binding"},
			{Key: "extra"},
			{Key: "lost", Dependencies: edge(Production, "binding")},
			{Key: ""},
		},
	}
	r := newReach(inv)
	r.markDirect()
	r.markDev()
	r.markOptional()
	var got []string
	for _, e := range inv.Entries {
		said := []string{e.Key}
		for _, f := range []struct {
			set  bool
			name string
		}{{e.Direct, "direct"}, {e.Dev, "dev"}, {e.Optional, "optional"}} {
			if f.set {
				said = append(said, f.name)
			}
		}
		got = append(got, strings.Join(said, " "))
	}
	want := []string{
		"app direct", "deep", "both direct", "test direct dev", "runner dev",
		"native direct optional", "binding optional", "extra optional", "lost", "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
}
