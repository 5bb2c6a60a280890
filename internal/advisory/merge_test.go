package advisory

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCombine(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }
	got := combine("npm", []Advisory{
		{ID: "LWA-1", Aliases: []string{"MAL-2", "X-1"}, Summary: "first seen", Malware: true, Published: day(3), Match: ByRange, Fixed: []string{"10.0.0", "2.0.0"}},
		{ID: "GHSA-3", Aliases: []string{"CVE-3"}, Severity: Low, Match: AllVersions},
		{ID: "X-1", Severity: High, Published: day(2), Match: ByHash, Fixed: []string{"2.0.0"}},
		{ID: "CVE-4", Aliases: []string{"X-1", "GHSA-9"}, Summary: "last"},
	})
	want := []Advisory{
		{
			ID: "MAL-2", Aliases: []string{"CVE-4", "GHSA-9", "LWA-1", "X-1"}, Summary: "last", Malware: true, Severity: High,
			Published: day(2), Fixed: []string{"2.0.0", "10.0.0"}, URL: page + "MAL-2", Match: ByVersion,
		},
		{ID: "GHSA-3", Aliases: []string{"CVE-3"}, Severity: Low, URL: page + "GHSA-3", Match: AllVersions},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestCombineIsAClosure(t *testing.T) {
	ids := rapid.SampledFrom([]string{"MAL-1", "MAL-2", "GHSA-1", "GHSA-2", "CVE-1", "CVE-2", "X-1", "X-2", "X-3"})
	rapid.Check(t, func(t *rapid.T) {
		found := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Advisory {
			id := ids.Draw(t, "id")
			return Advisory{ID: id, Aliases: others(id, rapid.SliceOfN(ids, 0, 2).Draw(t, "aliases"))}
		}), 0, 6).Draw(t, "found")
		once := combine("npm", found)

		shuffled := slices.Clone(found)
		slices.Reverse(shuffled)
		if diff := cmp.Diff(once, combine("npm", shuffled)); diff != "" {
			t.Fatalf("the order matters: %s", diff)
		}
		if diff := cmp.Diff(once, combine("npm", append(once, found...))); diff != "" {
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
			if !seen[a.ID] {
				t.Fatalf("%s is lost", a.ID)
			}
		}
	})
}

// canned answers every query alike, or with an error.
type canned struct {
	advisories []Advisory
	err        error
	short      bool
}

func (c canned) Find(_ context.Context, queries []Query) ([][]Advisory, error) {
	if c.err != nil {
		return nil, c.err
	}
	if c.short {
		queries = queries[1:]
	}
	return slices.Repeat([][]Advisory{c.advisories}, len(queries)), nil
}

func TestMerge(t *testing.T) {
	queries := []Query{{Ecosystem: "npm", Name: "a", Version: "1.0.0"}, {Ecosystem: "npm", Name: "b", Version: "1.0.0"}}
	one := canned{advisories: []Advisory{{ID: "GHSA-1", Aliases: []string{"CVE-1"}, Match: AllVersions}}}
	two := canned{advisories: []Advisory{{ID: "CVE-1", Summary: "two"}, {ID: "X-1"}}}
	found, err := Merge(one, two).Find(t.Context(), queries)
	if err != nil {
		t.Fatal(err)
	}
	want := []Advisory{
		{ID: "GHSA-1", Aliases: []string{"CVE-1"}, Summary: "two", URL: page + "GHSA-1", Match: ByVersion},
		{ID: "X-1", URL: page + "X-1"},
	}
	if diff := cmp.Diff([][]Advisory{want, want}, found); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	down, alsoDown := errors.New("down"), errors.New("also down")
	for range 50 {
		if _, err := Merge(one, canned{err: down}, canned{err: alsoDown}).Find(t.Context(), queries); err != down {
			t.Fatalf("error is %v", err)
		}
	}
	if _, err := Merge(one, canned{short: true}).Find(t.Context(), queries); err == nil || !strings.Contains(err.Error(), "1 answers to 2 queries") {
		t.Errorf("error is %v", err)
	}
	if _, err := Merge().Find(t.Context(), queries); err == nil {
		t.Error("no database has an answer")
	}
}
