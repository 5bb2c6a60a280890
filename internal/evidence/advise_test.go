package evidence

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// told answers as a database does: each version with what is said of it.
type told map[string][]advisory.Advisory

func (a told) Find(_ context.Context, queries []advisory.Query) ([][]advisory.Advisory, error) {
	found := make([][]advisory.Advisory, len(queries))
	for i, q := range queries {
		found[i] = a[q.Name+"@"+q.Version]
	}
	return found, nil
}

// down is a database that fails, or answers another number of questions.
type down struct{ err error }

func (d down) Find(context.Context, []advisory.Query) ([][]advisory.Advisory, error) {
	return nil, d.err
}

// advised gives the dossier of a's update from 1.0.0 to 1.0.1.
func advised(t *testing.T, osv, github advisory.Database) *Dossier {
	t.Helper()
	base, head := tree("a@1.0.0"), tree("a@1.0.1")
	g := Gatherer{
		Histories:  map[string]Historian{"npm": &npm{packages: map[string]*registry.Package{"a": packageOf("a", "1.0.0", "1.0.1")}}},
		Addresses:  map[string]registry.Addresses{"npm": {URL: "https://npm.example.com/"}},
		Advisories: osv, GitHub: github, Now: t0.AddDate(0, 0, 10),
	}
	dossiers, err := g.Gather(t.Context(), change.Between(base, head), base, head)
	if err != nil {
		t.Fatal(err)
	}
	return dossiers[0]
}

// One database's trouble never hides what the other says, and is said.
func TestTwoDatabasesOfAdvisories(t *testing.T) {
	failed := func(reason fetch.Reason, status int) down {
		return down{fmt.Errorf("advisories: %w", &fetch.Failure{URL: "https://api.github.example/advisories", Reason: reason, Status: status})}
	}
	one := told{"a@1.0.1": {{ID: "MAL-1", Aliases: []string{"GHSA-1"}, Malware: true}}}
	other := told{"a@1.0.1": {{ID: "GHSA-1", Summary: "embedded malware", Severity: advisory.Critical}, {ID: "GHSA-2"}}}
	tests := []struct {
		name        string
		osv, github advisory.Database
		ids         string
		gaps        []Check
	}{
		{"GitHub is not asked", one, nil, "MAL-1", nil},
		{"both answer", one, other, "MAL-1 GHSA-2", nil},
		{"only GitHub knows", told{}, other, "GHSA-1 GHSA-2", nil},
		{"GitHub is down", one, failed(fetch.Unavailable, 503), "MAL-1", []Check{GitHubAdvisories}},
		{"GitHub has none", one, failed(fetch.NotFound, 404), "MAL-1", []Check{GitHubAdvisories}},
		{"GitHub answers other questions", one, down{}, "MAL-1", []Check{GitHubAdvisories}},
		{"OSV is down", failed(fetch.Unavailable, 503), other, "GHSA-1 GHSA-2", []Check{Advisories}},
		{"both are down", failed(fetch.Unavailable, 503), failed(fetch.TimedOut, 0), "", []Check{Advisories, GitHubAdvisories}},
		{"a replay of a run that did not ask GitHub", one, failed(fetch.NotRecorded, 0), "MAL-1", nil},
		{"a replay that OSV is missing from", failed(fetch.NotRecorded, 0), failed(fetch.NotRecorded, 0), "", []Check{Advisories}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := advised(t, tt.osv, tt.github)
			var ids []string
			for _, a := range d.Advisories {
				ids = append(ids, a.ID)
			}
			if got := strings.Join(ids, " "); got != tt.ids || !slices.Equal(gaps(d), tt.gaps) {
				t.Errorf("advisories %s, gaps %v; want %s, %v", got, gaps(d), tt.ids, tt.gaps)
			}
			for _, g := range d.Gaps {
				if g.Reason == "" || strings.Contains(g.Hint, "npmrc") {
					t.Errorf("gap %+v", g)
				}
			}
		})
	}
	if d := advised(t, one, other); d.Advisories[0].Summary != "embedded malware" || d.Advisories[0].Severity != advisory.Critical {
		t.Errorf("merged into %+v", d.Advisories[0])
	}
	if d := advised(t, one, failed(fetch.NotFound, 404)); !strings.Contains(d.Gaps[0].Hint, "github-advisories") {
		t.Errorf("gap %+v", d.Gaps[0])
	}
}

// A vulnerability of the base stays the same one whichever of its ids either
// version is found by.
func TestUnchangedByAlias(t *testing.T) {
	tests := []struct {
		name, fixed, unchanged string
		was, is                advisory.Advisory
	}{
		{"the same id", "", "GHSA-1", advisory.Advisory{ID: "GHSA-1"}, advisory.Advisory{ID: "GHSA-1"}},
		{"an alias", "", "GHSA-1", advisory.Advisory{ID: "CVE-1"}, advisory.Advisory{ID: "GHSA-1", Aliases: []string{"CVE-1"}}},
		{"an alias that came later", "", "MAL-1", advisory.Advisory{ID: "GHSA-1"}, advisory.Advisory{ID: "MAL-1", Aliases: []string{"GHSA-1"}}},
		{"a common alias", "", "CVE-1", advisory.Advisory{ID: "GHSA-1", Aliases: []string{"CVE-1"}}, advisory.Advisory{ID: "PYSEC-1", Aliases: []string{"CVE-1"}}},
		{"another one", "GHSA-1", "", advisory.Advisory{ID: "GHSA-1"}, advisory.Advisory{ID: "GHSA-2"}},
		{"a doubtful one that no longer names the version", "GHSA-1", "", advisory.Advisory{ID: "GHSA-1"}, advisory.Advisory{ID: "GHSA-1", Match: advisory.Elsewhere}},
	}
	for _, tt := range tests {
		d := advised(t, told{"a@1.0.0": {tt.was}, "a@1.0.1": {tt.is}}, nil)
		fixed, unchanged := "", ""
		for _, a := range d.Fixed {
			fixed += a.ID
		}
		for id := range d.Unchanged {
			unchanged += id
		}
		if fixed != tt.fixed || unchanged != tt.unchanged {
			t.Errorf("%s: fixed %q, unchanged %q", tt.name, fixed, unchanged)
		}
	}
}

// The lockfile's hashes go with the question, for records that list indicators.
func TestHashesGoWithTheQuestion(t *testing.T) {
	var got []advisory.Query
	database := recorder{&got}
	advised(t, database, nil)
	want := []string{"1.0.1 [sha512-1.0.1]", "1.0.0 []"}
	var asked []string
	for _, q := range got {
		asked = append(asked, fmt.Sprint(q.Version, " ", q.Integrity))
	}
	if !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q", asked, want)
	}
}

type recorder struct{ queries *[]advisory.Query }

func (r recorder) Find(_ context.Context, queries []advisory.Query) ([][]advisory.Advisory, error) {
	*r.queries = queries
	return nil, errors.New("out of order")
}

// BenchmarkAdvise merges what two databases say of 1,000 versions, one in ten of
// them known.
func BenchmarkAdvise(b *testing.B) {
	osv, github := told{}, told{}
	var pins []string
	for i := range 1000 {
		pin := fmt.Sprintf("p%03d@1.0.0", i)
		pins = append(pins, pin)
		if i%10 == 0 {
			ghsa := fmt.Sprintf("GHSA-%d", i)
			osv[pin] = []advisory.Advisory{{ID: fmt.Sprintf("CVE-%d", i), Aliases: []string{ghsa}}, {ID: ghsa + "-b"}}
			github[pin] = []advisory.Advisory{{ID: ghsa}, {ID: ghsa + "-c", Match: advisory.Elsewhere}}
		}
	}
	changes := change.Between([]*lockfile.Inventory{}, tree(pins...))
	g := Gatherer{Advisories: osv, GitHub: github}
	for b.Loop() {
		if a := g.advise(b.Context(), changes); len(a.byKey) != 1000 {
			b.Fatal(len(a.byKey))
		}
	}
}
