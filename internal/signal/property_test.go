package signal

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

func TestZeroValuesAreQuiet(t *testing.T) {
	for _, d := range []*evidence.Dossier{
		nil,
		{},
		{Change: change.Change{Kind: change.Relocked}},
		{Change: change.Change{Head: []change.Place{{}}, Base: []change.Place{{}}}},
		{Package: &registry.Package{}, Release: &registry.Release{}, Baseline: &registry.Release{}, FromBase: true},
		{Content: &evidence.Content{}},
		{Content: &evidence.Content{Delta: &artifact.Delta{}, Profile: &artifact.Profile{}}},
		{Content: &evidence.Content{Delta: &artifact.Delta{First: true}}},
	} {
		if got := Run(d, Context{}); got != nil {
			t.Errorf("%+v: %+v", d, got)
		}
	}
	for _, r := range []*evidence.Repository{nil, {}, {Head: []*lockfile.Inventory{nil, {}}}} {
		if got := RunRepository(r, Context{}); got != nil {
			t.Errorf("%+v: %+v", r, got)
		}
	}
}

// Findings depend on what is known, never on the order in which it came.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDossier().Draw(t, "dossier")
		want := Run(d, judged())
		if diff := cmp.Diff(want, Run(d, judged())); diff != "" {
			t.Fatalf("run twice (-first +second):\n%s", diff)
		}

		shuffled := *d
		shuffled.Change.Head = rapid.Permutation(d.Change.Head).Draw(t, "head")
		shuffled.Change.Base = rapid.Permutation(d.Change.Base).Draw(t, "base")
		shuffled.Change.Via = rapid.Permutation(d.Change.Via).Draw(t, "via")
		shuffled.Arrivals = rapid.Permutation(d.Arrivals).Draw(t, "arrivals")
		shuffled.Advisories = rapid.Permutation(d.Advisories).Draw(t, "advisories")
		if diff := cmp.Diff(want, Run(&shuffled, judged())); diff != "" {
			t.Fatalf("shuffled (-want +got):\n%s", diff)
		}
	})
}

func TestFindingsAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDossier().Draw(t, "dossier")
		for _, f := range Run(d, judged()) {
			row, ok := Lookup(f.Signal)
			if !ok || f.Title == "" || f.Message == "" || f.Remedy == "" {
				t.Fatalf("finding lacks something: %+v", f)
			}
			if f.Points == 0 && !f.Further && f.Hold.IsZero() && row.Points != 0 {
				t.Fatalf("finding counts for nothing: %+v", f)
			}
			for _, fact := range f.Facts {
				if fact.Name == "" || fact.Value == "" {
					t.Fatalf("%s: blank fact in %+v", f.Signal, f.Facts)
				}
			}
		}
	})
}

func anyDossier() *rapid.Generator[*evidence.Dossier] {
	return rapid.Custom(func(t *rapid.T) *evidence.Dossier {
		d := ordinary()
		d.Change.Kind = rapid.SampledFrom([]change.Kind{change.Added, change.Upgraded, change.Downgraded, change.Relocked}).Draw(t, "kind")
		d.Change.Direct = rapid.Bool().Draw(t, "direct")
		d.Change.Via = rapid.SliceOfN(rapid.SampledFrom([]change.Path{{"left-pad"}, {"a", "left-pad"}, {"b", "left-pad"}}), 0, 3).Draw(t, "via")
		d.Change.Head = rapid.SliceOfN(anyPlace(), 0, 4).Draw(t, "head")
		d.Change.Base = rapid.SliceOfN(anyPlace(), 0, 4).Draw(t, "base")
		d.FromBase = rapid.Bool().Draw(t, "from base")
		d.Unlisted = rapid.Bool().Draw(t, "unlisted")
		d.Package.Placeholder = rapid.Bool().Draw(t, "placeholder")
		d.Release = anyRelease(t, "release")
		d.Baseline = anyRelease(t, "baseline")
		if rapid.Bool().Draw(t, "no package") {
			d.Package = nil
		}
		d.Arrivals = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) evidence.Arrival {
			return evidence.Arrival{
				Name:      rapid.SampledFrom([]string{"a", "b", "@s/c"}).Draw(t, "name"),
				Version:   rapid.SampledFrom([]string{"", "1.0.0", "2.0.0"}).Draw(t, "version"),
				Created:   anyTime(t),
				NewToTree: rapid.Bool().Draw(t, "new"),
			}
		}), 0, 4).Draw(t, "arrivals")
		d.Advisories = rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) advisory.Advisory {
			return advisory.Advisory{
				ID:        rapid.SampledFrom([]string{"A-1", "A-2", "A-3"}).Draw(t, "id"),
				Malware:   rapid.Bool().Draw(t, "malware"),
				Published: anyTime(t),
				Match:     advisory.Match(rapid.IntRange(0, 3).Draw(t, "match")),
			}
		}), 0, 3, func(a advisory.Advisory) string { return a.ID }).Draw(t, "advisories")
		return d
	})
}

func anyPlace() *rapid.Generator[change.Place] {
	return rapid.Custom(func(t *rapid.T) change.Place {
		e := &lockfile.Entry{
			Line:    rapid.IntRange(1, 2).Draw(t, "line"),
			Key:     rapid.SampledFrom([]string{"k1", "k2"}).Draw(t, "key"),
			Name:    "left-pad",
			Version: "1.3.1",
			Source:  rapid.SampledFrom([]lockfile.Source{lockfile.Registry, lockfile.Git, lockfile.URL, lockfile.File, lockfile.Link, ""}).Draw(t, "source"),
			Resolved: rapid.SampledFrom([]string{"", public + "left-pad/-/left-pad-1.3.1.tgz", private + "left-pad/-/left-pad-1.3.1.tgz",
				evil + "x/-/x-1.tgz", "git+ssh://git@github.com/o/r.git#f00d", "github:o/r", `\\`, ":", "https://%", "@", "#"}).Draw(t, "resolved"),
			Integrity:     rapid.SliceOfN(rapid.SampledFrom([]string{newHash, evilHash, newSHA1, "", "-", "x?"}), 0, 3).Draw(t, "integrity"),
			InstallScript: lockfile.Tristate(rapid.IntRange(0, 2).Draw(t, "script")),
			Bundled:       rapid.Bool().Draw(t, "bundled"),
			Deprecated:    rapid.SampledFrom([]string{"", "old", "malware"}).Draw(t, "deprecated"),
		}
		return change.Place{
			Lockfile: rapid.SampledFrom([]string{"a.json", "b.json"}).Draw(t, "lockfile"),
			Format:   rapid.SampledFrom([]string{lockV3, "npm-lock-v1"}).Draw(t, "format"),
			Entry:    e,
		}
	})
}

func anyRelease(t *rapid.T, name string) *registry.Release {
	if rapid.Bool().Draw(t, "no "+name) {
		return nil
	}
	return &registry.Release{
		Version:    rapid.SampledFrom([]string{"1.3.1", "1.3.0", "2.0.0", "x"}).Draw(t, "version"),
		Published:  anyTime(t),
		Removed:    rapid.Bool().Draw(t, "removed"),
		Integrity:  rapid.SliceOfN(rapid.SampledFrom([]string{newHash, newSHA1}), 0, 2).Draw(t, "integrity"),
		Gyp:        rapid.Bool().Draw(t, "gyp"),
		Prepare:    rapid.SampledFrom([]string{"", "tsc"}).Draw(t, "prepare"),
		Deprecated: rapid.SampledFrom([]string{"", "old"}).Draw(t, "notice"),
	}
}

func anyTime(t *rapid.T) time.Time {
	return rapid.SampledFrom([]time.Time{{}, now.Add(-time.Hour), now.Add(time.Hour), now.Add(-3 * day), now.Add(-100 * day)}).Draw(t, "time")
}
