package advisory

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/fetch/fetchtest"
)

// claimed gives a claim of malware with aliases.
func claimed(id, written string, aliases ...string) Claim {
	c := about(id, written)
	c.Malware, c.Aliases = true, aliases
	return c
}

func withdrawn(c Claim) Claim {
	c.Withdrawn = true
	return c
}

// What records that are aliases of one another say together of one version.
func TestHazards(t *testing.T) {
	type outcome struct {
		ID                   string
		Match                Match
		Contested, Withdrawn string
	}
	tests := []struct {
		name   string
		claims []Claim
		want   []outcome
	}{
		{"every version, alone", []Claim{claimed("MAL-1", "")}, []outcome{{"MAL-1", AllVersions, "", ""}}},
		{"every version, and an alias names others", []Claim{claimed("MAL-1", "", "GHSA-1"), claimed("GHSA-1", "= 2.0.0")},
			[]outcome{{"MAL-1", AllVersions, "GHSA-1", ""}}},
		{"the alias is written on the other side", []Claim{claimed("MAL-1", ""), claimed("GHSA-1", "= 2.0.0", "MAL-1")},
			[]outcome{{"MAL-1", AllVersions, "GHSA-1", ""}}},
		{"and through a third", []Claim{claimed("MAL-1", "", "CVE-1"), claimed("GHSA-1", "= 2.0.0", "CVE-1")},
			[]outcome{{"MAL-1", AllVersions, "GHSA-1", ""}}},
		{"every version, and another attack names others", []Claim{claimed("MAL-1", "", "GHSA-1"), claimed("GHSA-2", "= 2.0.0")},
			[]outcome{{"MAL-1", AllVersions, "", ""}}},
		{"every version, and an alias names this one", []Claim{claimed("MAL-1", "", "GHSA-1"), claimed("GHSA-1", "= 1.0.0")},
			[]outcome{{"MAL-1", ByVersion, "", ""}}},
		{"one alias names this one, another others", []Claim{claimed("MAL-1", "= 1.0.0", "GHSA-1"), claimed("GHSA-1", "= 2.0.0")},
			[]outcome{{"MAL-1", ByVersion, "", ""}}},
		{"a range that can't be read, and an alias names others", []Claim{claimed("MAL-1", "?", "GHSA-1"), claimed("GHSA-1", "= 2.0.0")},
			[]outcome{{"MAL-1", Unreadable, "GHSA-1", ""}}},
		{"others only", []Claim{claimed("MAL-1", "= 2.0.0", "GHSA-1"), claimed("GHSA-1", "= 2.0.0")}, nil},
		{"withdrawn", []Claim{withdrawn(claimed("MAL-1", "= 1.0.0"))}, nil},
		{"withdrawn under every id", []Claim{withdrawn(claimed("MAL-1", "", "GHSA-1")), withdrawn(claimed("GHSA-1", "= 1.0.0"))}, nil},
		{"withdrawn under one id, and live under another", []Claim{withdrawn(claimed("MAL-1", "", "GHSA-1")), claimed("GHSA-1", "= 1.0.0")},
			[]outcome{{"GHSA-1", ByVersion, "", "MAL-1"}}},
		{"live under one id, which names another version", []Claim{withdrawn(claimed("MAL-1", "", "GHSA-1")), claimed("GHSA-1", "= 2.0.0")}, nil},
		{"withdrawn in one database only", []Claim{withdrawn(claimed("GHSA-1", "")), claimed("GHSA-1", "= 1.0.0")},
			[]outcome{{"GHSA-1", ByVersion, "", "GHSA-1"}}},
		{"a withdrawn one contests nothing", []Claim{claimed("MAL-1", "", "GHSA-1"), withdrawn(claimed("GHSA-1", "= 2.0.0"))},
			[]outcome{{"MAL-1", AllVersions, "", "GHSA-1"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for range 2 {
				var got []outcome
				for _, a := range answered(t, asked("1.0.0"), tt.claims...) {
					if !a.Malware {
						t.Errorf("%s is not malware", a.ID)
					}
					got = append(got, outcome{a.ID, a.Match, strings.Join(a.Contested, " "), strings.Join(a.Withdrawn, " ")})
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
				slices.Reverse(tt.claims)
			}
		})
	}
}

func TestSameByACommonAlias(t *testing.T) {
	a, b := Advisory{ID: "GHSA-1", Aliases: []string{"CVE-1"}}, Advisory{ID: "MAL-1", Aliases: []string{"CVE-1"}}
	if !a.Same(b) || !b.Same(a) || a.Same(Advisory{ID: "GHSA-2", Aliases: []string{"CVE-2"}}) {
		t.Error("advisories with a common alias are one, and no others")
	}
}

const (
	every   = `{"id":"MAL-1","aliases":["GHSA-1"],"affected":[{"package":{"ecosystem":"npm","name":"wren"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]}`
	bounded = `{"id":"GHSA-1","affected":[{"package":{"ecosystem":"npm","name":"wren"},"versions":["2.0.0"]}]}`
)

// The service is asked by version, and names the record of every version only:
// its aliases are read, so that the service and a local database agree. Where
// an alias can't be had the claim stands.
func TestOSVReadsWhatContestsAClaim(t *testing.T) {
	tests := []struct {
		name      string
		alias     fetchtest.Answer
		contested int
	}{
		{"names another version", fetchtest.Body(bounded), 1},
		{"withdrawn", fetchtest.Body(strings.Replace(bounded, `{`, `{"withdrawn":"2026-01-01T00:00:00Z",`, 1)), 0},
		{"not there", fetchtest.Fail(fetch.NotFound), 0},
		{"down", fetchtest.Fail(fetch.Unavailable), 0},
		{"no record", fetchtest.Body("<html>"), 0},
	}
	for _, tt := range tests {
		getter := fetchtest.New(t, map[string]fetchtest.Answer{
			batches:                     answering(t, func(string, string, string) ([]string, string) { return []string{"MAL-1"}, "" }),
			service + "v1/vulns/MAL-1":  fetchtest.Body(every),
			service + "v1/vulns/GHSA-1": tt.alias,
		})
		found, err := (&OSV{Door: getter, URL: service}).Find(t.Context(), []Query{asked("1.0.0")})
		if err != nil {
			t.Fatal(err)
		}
		got := Merge("npm", found[0])
		if len(got) != 1 || got[0].ID != "MAL-1" || len(got[0].Contested) != tt.contested {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}
