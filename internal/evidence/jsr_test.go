package evidence

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// hasher gives hashes by version, and fails for all others.
type hasher map[string]string

func (h hasher) Hashes(_ context.Context, name, version string) ([]string, error) {
	if hash := h[version]; hash != "" {
		return []string{hash}, nil
	}
	return nil, &fetch.Failure{URL: "https://jsr.example/" + name, Reason: fetch.Unavailable, Status: 503}
}

// asked fails the test for each query.
type asked struct{ t *testing.T }

func (a asked) Find(_ context.Context, queries []advisory.Query) ([][]advisory.Advisory, error) {
	for _, q := range queries {
		a.t.Errorf("asked after %+v", q)
	}
	return make([][]advisory.Advisory, len(queries)), nil
}

func denoTree(entries ...lockfile.Entry) []*lockfile.Inventory {
	return []*lockfile.Inventory{{Path: "deno.lock", Ecosystem: "npm", Format: "deno-lock-v5", Entries: entries}}
}

func jsrEntry(version string) lockfile.Entry {
	return lockfile.Entry{
		Key: "@std/path@" + version, Ecosystem: lockfile.JSR, Name: "@std/path", Version: version, Source: lockfile.Registry,
		Integrity: []string{strings.Repeat("0", 64)},
	}
}

func TestJSR(t *testing.T) {
	history := &registry.Package{
		Ecosystem: "jsr", Name: "@std/path", Created: t0, DatedSince: t0,
		Has:      registry.Facts{Times: true, Scripts: true},
		Releases: []registry.Release{{Version: "1.0.0"}, {Version: "1.0.1"}, {Version: "1.0.2", Published: t0}},
	}
	for _, test := range []struct {
		name, to string
		hashes   Hasher
		want     []Check
	}{
		{"a release with its hash", "1.0.2", hasher{"1.0.2": "sha256-A"}, []Check{Coverage, Publishers}},
		{"a release that is older than the times", "1.0.1", hasher{"1.0.1": "sha256-A"}, []Check{Coverage, Publishers}},
		{"a hash that could not be had", "1.0.2", hasher{}, []Check{Coverage, Hashes, Publishers}},
		{"nobody to ask for the hash", "1.0.2", nil, []Check{Coverage, Hashes, Publishers}},
	} {
		p := *history
		p.Releases = slices.Clone(history.Releases)
		source := &npm{packages: map[string]*registry.Package{"@std/path": &p}}
		g := Gatherer{
			Histories:  map[string]Historian{"jsr": source},
			Addresses:  map[string]registry.Addresses{"jsr": {URL: "https://jsr.example/"}},
			Advisories: asked{t},
			Now:        t0.AddDate(1, 0, 0),
		}
		if test.hashes != nil {
			g.Hashers = map[string]Hasher{"jsr": test.hashes}
		}
		base, head := denoTree(jsrEntry("1.0.0")), denoTree(jsrEntry(test.to))
		dossiers, err := g.Gather(t.Context(), change.Between(base, head), base, head)
		if err != nil {
			t.Fatal(err)
		}
		d := dossiers[0]
		if got := gaps(d); !slices.Equal(got, test.want) {
			t.Errorf("%s: gaps %v, want %v", test.name, got, test.want)
		}
		if !d.FromBase || d.Baseline.Version != "1.0.0" || d.Release.Version != test.to {
			t.Errorf("%s: from %+v to %+v", test.name, d.Baseline, d.Release)
		}
		for _, gap := range d.Gaps {
			if gap.Check == Hashes && test.hashes != nil && !strings.Contains(gap.Reason, "jsr.example: unavailable (HTTP 503)") {
				t.Errorf("%s: %s", test.name, gap.Reason)
			}
		}
	}
}

// Of a module nobody is asked anything, and one gap says so.
func TestModulesHaveNoHistory(t *testing.T) {
	module := lockfile.Entry{
		Key: "https://modules.example/std@1.0.0/a.ts", Ecosystem: lockfile.Deno, Name: "https://modules.example/std", Version: "1.0.0",
		Source: lockfile.URL, Resolved: "https://modules.example/std@1.0.0/a.ts",
	}
	head := denoTree(module)
	dossiers, err := (&Gatherer{Advisories: asked{t}}).Gather(t.Context(), change.Between(nil, head), nil, head)
	if err != nil {
		t.Fatal(err)
	}
	if got := gaps(dossiers[0]); !slices.Equal(got, []Check{Source}) {
		t.Errorf("gaps %v", got)
	}
}

// A dependency that arrives is looked up in its own ecosystem.
func TestPlacesAreOfTheirEcosystem(t *testing.T) {
	twin := jsrEntry("1.0.0")
	twin.Ecosystem, twin.Version = "", "6.6.6"
	wanted := subject{"jsr", "@std/path"}
	found := newPinned(denoTree(twin, jsrEntry("1.0.0"))).places(map[subject]bool{wanted: true})
	if p := found[wanted]; p.Entry == nil || p.Entry.Version != "1.0.0" {
		t.Errorf("found %+v", p.Entry)
	}
}
