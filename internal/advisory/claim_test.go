package advisory

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// about gives a claim that names versions of the package wren.
func about(id, written string) Claim {
	return Claim{Advisory: Advisory{ID: id}, Packages: []Claimed{{Ecosystem: "npm", Name: "wren", Range: written}}}
}

func asked(version string) Query { return Query{Ecosystem: "npm", Name: "wren", Version: version} }

// answered gives what claims say of one version, merged.
func answered(t testing.TB, q Query, claims ...Claim) []Advisory {
	t.Helper()
	told, err := Answer(claims, []Query{q})
	if err != nil {
		t.Fatal(err)
	}
	return Merge(q.Ecosystem, told[0])
}

func TestRangesAsGitHubWritesThem(t *testing.T) {
	const none = Elsewhere
	tests := []struct {
		written, version string
		want             Match
	}{
		{">= 1.0.0, < 1.2.3", "0.9.9", none},
		{">= 1.0.0, < 1.2.3", "1.0.0", ByRange},
		{">= 1.0.0, < 1.2.3", "1.2.2", ByRange},
		{">= 1.0.0, < 1.2.3", "1.2.3", none},
		{">= 1.0.0, < 1.2.3", "1.2.3-rc.1", ByRange}, // a prerelease of the fix comes before it
		{"< 1.2.3,>= 1.0.0", "1.1.0", ByRange},
		{"> 1.0.0, <= 2.0.0", "1.0.0", none},
		{"> 1.0.0, <= 2.0.0", "2.0.0", ByRange},
		{"> 1.0.0", "99.0.0", ByRange},
		{"= 1.1.1", "1.1.1", ByVersion},
		{"= 1.1.1", "1.1.2", none},
		{"= 1.1.1", "1.1.1+build", ByVersion},
		{"<= 2", "2.0.0", ByRange},
		{"<= 2", "2.0.1", none},
		{"<1.10.0", "1.9.0", ByRange},
		{">= 0", "1.0.0", AllVersions},
		{"> 0", "1.0.0", AllVersions},
		{">= 0.0.0", "1.0.0", AllVersions},
		{"", "1.0.0", AllVersions},
		{"  ", "1.0.0", AllVersions},
		{"", "latest", AllVersions},
		{">= 0, < 2.0.0", "1.0.0", ByRange},
		{">= 0, < 2.0.0", "2.0.0", none},
		{"< 2.0.0", "latest", none},
		{"1.0.0", "1.0.0", Unreadable},
		{"^1.0.0", "9.0.0", Unreadable},
		{"== 1.0.0", "9.0.0", Unreadable},
		{"=> 1.0.0", "9.0.0", Unreadable},
		{">= 1.0.0 < 2.0.0", "9.0.0", Unreadable},
		{">= 1.0.0,, < 2.0.0", "9.0.0", Unreadable},
		{",", "9.0.0", Unreadable},
		{"< 2.0.0 || > 3.0.0", "2.5.0", Unreadable},
		{"<", "9.0.0", Unreadable},
		{"= " + strings.Repeat("1", maxRange), "9.0.0", Unreadable},
	}
	for _, tt := range tests {
		told, err := Answer([]Claim{about("GHSA-1", tt.written)}, []Query{asked(tt.version)})
		if err != nil {
			t.Fatal(err)
		}
		if got := told[0][0].Match; got != tt.want {
			t.Errorf("%.40q of %s: match %d, want %d", tt.written, tt.version, got, tt.want)
		}
		if merged := Merge("npm", told[0]); len(merged) > 0 != tt.want.Names() {
			t.Errorf("%.40q of %s: merged %+v", tt.written, tt.version, merged)
		}
	}
}

// The range that OSV's events make and the one that conditions make name the
// same versions.
func TestConditionsAreRanges(t *testing.T) {
	versions := rapid.SampledFrom([]string{"0.1.0", "1.0.0-a", "1.0.0", "1.0.1", "1.10.0", "2.0.0-rc.1", "2.0.0", "3.0.0"})
	rapid.Check(t, func(t *rapid.T) {
		from, to, v := versions.Draw(t, "from"), versions.Draw(t, "to"), versions.Draw(t, "version")
		events, upper := []eventDocument{{Introduced: from}, {Fixed: to}}, "<"
		if rapid.Bool().Draw(t, "included") {
			events[1], upper = eventDocument{LastAffected: to}, "<="
		}
		order, _ := newSpan("npm", []eventDocument{{Introduced: from}}).match(to)
		if order == AllVersions || !newSpan("npm", []eventDocument{{Introduced: from}}).covers(to) || from == to {
			t.Skip("the two versions that were drawn make no range")
		}
		c := newConditions(Claimed{Ecosystem: "npm", Range: ">= " + from + ", " + upper + " " + to})
		if got, want := c.covers(v), newSpan("npm", events).covers(v); got != want {
			t.Fatalf("%s in %+v: %v, want %v", v, c.list, got, want)
		}
	})
}

func TestClaims(t *testing.T) {
	published := about("GHSA-1", "< 2.0.0")
	published.Aliases = []string{"CVE-1", "GHSA-1", "CVE-1", "not an id", "::error::"}
	published.Rating, published.CVSS = "moderate", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
	published.Packages[0].Fixed = "2.0.0"
	got := answered(t, asked("1.0.0"), published)
	if len(got) != 1 || got[0].Severity != Medium || strings.Join(got[0].Aliases, " ") != "CVE-1" || got[0].Malware ||
		strings.Join(got[0].Fixed, " ") != "2.0.0" {
		t.Errorf("got %+v", got)
	}
	published.Rating = "unknown"
	if got := answered(t, asked("1.0.0"), published); got[0].Severity != Critical {
		t.Errorf("rated %q by its vector", got[0].Severity)
	}
	for _, id := range []string{"", "../GHSA-1", "GHSA 1", strings.Repeat("x", 129)} {
		if _, err := Answer([]Claim{about(id, "")}, nil); err == nil {
			t.Errorf("the id %q is usable", id)
		}
	}
	nameless := about("GHSA-1", "")
	nameless.Packages[0].Name = ""
	if _, err := Answer([]Claim{nameless}, nil); err == nil {
		t.Error("a package without a name has advisories")
	}
}

// The hijacks of years ago have no record of malware: a weakness or a title
// tells them, whichever database has them.
func TestOldHijacks(t *testing.T) {
	tests := []struct{ summary, weakness string }{
		{"Compromised release", "CWE-506"},
		{"Embedded malware in wren", ""},
		{"Malicious Package in wren", "CWE-1"},
	}
	for _, tt := range tests {
		c := about("GHSA-1", "= 3.3.6")
		c.Summary, c.Weaknesses = tt.summary, []string{tt.weakness}
		osv, err := parse([]byte(`{"id":"GHSA-1","summary":"` + tt.summary + `","database_specific":{"cwe_ids":["` + tt.weakness + `"]},
			"affected":[{"package":{"ecosystem":"npm","name":"wren"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"3.3.6"},{"fixed":"4.0.0"}]}]}]}`))
		if err != nil {
			t.Fatal(err)
		}
		for version, named := range map[string]bool{"3.3.6": true, "3.3.5": false, "4.0.0": false} {
			github := answered(t, asked(version), c)
			also := Merge("npm", matching(asked(version), []*record{osv}))
			for _, got := range [][]Advisory{github, also, Merge("npm", github, also)} {
				if len(got) > 0 != named || named && !got[0].Malware || len(got) > 1 {
					t.Errorf("%v: wren %s: %+v", tt, version, got)
				}
			}
		}
	}
	c := about("GHSA-1", "= 3.3.6")
	c.Summary, c.Weaknesses = "wren runs malicious code in a crafted file", []string{"CWE-94"}
	if got := answered(t, asked("3.3.6"), c); got[0].Malware {
		t.Error("a vulnerability is malware")
	}
}

func FuzzClaims(f *testing.F) {
	f.Add("GHSA-1", ">= 1.0.0, < 1.2.3", "1.1.0", "moderate", "1.2.3")
	f.Add("GHSA-1", "= 1", "1.0.0", "", "")
	f.Add("", ",", "", "x", "\x00")
	f.Fuzz(func(t *testing.T, id, written, version, rating, fixed string) {
		c := about(id, written)
		c.Rating, c.Packages[0].Fixed = rating, fixed
		told, err := Answer([]Claim{c}, []Query{asked(version)})
		if err != nil {
			return
		}
		conditions := newConditions(c.Packages[0])
		if named := len(Merge("npm", told[0])) > 0; conditions.illegible && !named {
			t.Errorf("%q can't be read and says nothing", written)
		}
	})
}
