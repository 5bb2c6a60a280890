package advisory

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestMerge(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }
	got := Merge("npm", []Advisory{
		{ID: "LWA-1", Aliases: []string{"MAL-2", "X-1"}, Summary: "first seen", Malware: true, Published: day(3), Match: ByRange, Fixed: []string{"10.0.0", "2.0.0"}},
		{ID: "GHSA-3", Aliases: []string{"CVE-3"}, Severity: Low, Match: AllVersions},
		{ID: "X-1", Severity: High, Published: day(2), Match: ByHash, Fixed: []string{"2.0.0"}},
		{ID: "CVE-4", Aliases: []string{"X-1", "GHSA-9"}, Summary: "last"},
	})
	want := []Advisory{
		{
			ID: "MAL-2", Aliases: []string{"CVE-4", "GHSA-9", "LWA-1", "X-1"}, Summary: "last", Malware: true, Severity: High,
			Published: day(2), Fixed: []string{"2.0.0", "10.0.0"}, Match: ByVersion,
		},
		{ID: "GHSA-3", Aliases: []string{"CVE-3"}, Severity: Low, Match: AllVersions},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestMergeIsAClosure(t *testing.T) {
	ids := rapid.SampledFrom([]string{"MAL-1", "MAL-2", "GHSA-1", "GHSA-2", "CVE-1", "CVE-2", "X-1", "X-2", "X-3"})
	rapid.Check(t, func(t *rapid.T) {
		found := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Advisory {
			id := ids.Draw(t, "id")
			return Advisory{
				ID: id, Aliases: others(id, rapid.SliceOfN(ids, 0, 2).Draw(t, "aliases")),
				Match: rapid.SampledFrom([]Match{ByVersion, ByHash, ByRange, AllVersions, Unreadable, Elsewhere, Retracted}).Draw(t, "match"),
			}
		}), 0, 6).Draw(t, "found")
		once := Merge("npm", found)

		shuffled := slices.Clone(found)
		slices.Reverse(shuffled)
		if diff := cmp.Diff(once, Merge("npm", shuffled)); diff != "" {
			t.Fatalf("the order matters: %s", diff)
		}
		if diff := cmp.Diff(once, Merge("npm", once, found)); diff != "" {
			t.Fatalf("twice is not once: %s", diff)
		}
		seen := make(map[string]bool)
		for _, a := range once {
			for _, id := range names(a) {
				if seen[id] {
					t.Fatalf("%s is in two advisories: %v", id, once)
				}
				seen[id] = true
			}
		}
		for _, a := range found {
			if a.Match.Names() && !seen[a.ID] {
				t.Fatalf("%s is lost", a.ID)
			}
		}
	})
}
