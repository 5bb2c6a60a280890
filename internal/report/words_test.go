package report

import (
	"testing"
	"time"
)

func TestHeadlines(t *testing.T) {
	change := func(verdict string, score int) Change {
		return Change{Name: "a", To: "1", Verdict: verdict, Score: score}
	}
	until := now.Add(3*time.Hour + 12*time.Second)
	held := change("hold", 0)
	held.HoldUntil = &until
	gap := []Gap{{Check: "times", Level: "warn"}}
	for _, c := range []struct {
		report Report
		want   inert
	}{
		{Report{Verdict: "pass"}, "no package changed"},
		{Report{Verdict: "pass", Gaps: gap}, "no package changed, in what could be checked"},
		{Report{Verdict: "pass", Mode: "scan"}, "nothing is locked"},
		{Report{Verdict: "pass", Changes: []Change{change("pass", 0)}}, "1 change, nothing against it"},
		{Report{Verdict: "pass", Changes: []Change{change("pass", 0), change("pass", 0)}}, "2 changes, nothing against them"},
		{Report{Verdict: "pass", Changes: []Change{change("pass", 5)}}, "1 change, nothing against it that weighs enough to warn"},
		{Report{Verdict: "pass", Gaps: gap, Changes: []Change{change("pass", 0)}}, "1 change, nothing against it, in what could be checked"},
		{
			Report{Verdict: "pass", Findings: []Finding{{Exception: &Exception{State: "applied"}}}, Changes: []Change{change("pass", 0)}},
			"1 change, nothing against it but what the policy excuses",
		},
		{Report{Verdict: "warn", Changes: []Change{change("warn", 30), change("pass", 0)}}, "1 of 2 changes needs a look"},
		{Report{Verdict: "warn", Changes: []Change{change("warn", 30), change("warn", 30)}}, "all 2 changes need a look"},
		{Report{Verdict: "warn", Findings: []Finding{{}}}, "the repository's own files need a look"},
		{Report{Verdict: "warn", Exceptions: []Exception{{State: "expired"}}}, "an exception of the policy has expired"},
		{Report{Verdict: "unjudged", Changes: []Change{change("unjudged", 0)}}, "the change could not be judged"},
		{Report{Verdict: "unjudged"}, "a part of the repository could not be judged"},
		{Report{Verdict: "hold", Changes: []Change{held, change("hold", 0)}}, "all 2 changes must wait until 2026-03-31 11:01 UTC (in 4 h)"},
		{Report{Verdict: "block", Changes: []Change{change("block", 60), held}}, "1 of 2 changes must not be merged"},
		{Report{Verdict: "block", Mode: "scan", Changes: []Change{change("block", 60)}}, "the package must not be used"},
		{Report{Verdict: "block"}, "the repository's own files must not be merged like this"},
		{
			Report{Verdict: "block", Policy: Policy{Preset: "audit"}, Changes: []Change{change("block", 60)}},
			"the change must not be merged (the policy only audits: the check does not fail)",
		},
	} {
		c.report.JudgedAt = now
		if got := newWording(&c.report, terminal, terminal).headline(&c.report); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestVersions(t *testing.T) {
	for _, c := range []struct {
		change Change
		mode   string
		want   inert
	}{
		{Change{Kind: "added", To: "1.0.0"}, "check", "1.0.0 (new)"},
		{Change{Kind: "downgraded", From: []string{"1.0.0"}}, "check", "1.0.0 → no version (downgraded)"},
		{Change{Kind: "added", To: "1.0.0"}, "scan", "1.0.0"},
		{Change{Kind: "removed", From: []string{"1.0.0"}}, "check", "1.0.0 (removed)"},
		{Change{Kind: "upgraded", From: []string{"1.0.0", "1.1.0"}, To: "2.0.0"}, "check", "1.0.0, 1.1.0 → 2.0.0"},
		{Change{Kind: "upgraded", From: []string{"1", "2", "3", "4", "5"}, To: "6"}, "check", "1, 2, 3 and 2 more → 6"},
		{Change{Kind: "downgraded", From: []string{"2.0.0"}, To: "1.0.0"}, "check", "2.0.0 → 1.0.0 (downgraded)"},
		{Change{Kind: "relocked", To: "1.0.0"}, "check", "1.0.0 (same version, other content)"},
	} {
		w := newWording(&Report{Mode: c.mode}, terminal, terminal)
		if got := w.versions(&c.change); got != c.want {
			t.Errorf("%+v: %q, want %q", c.change, got, c.want)
		}
	}
}

func TestRoute(t *testing.T) {
	long := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}
	for _, c := range []struct {
		change Change
		want   inert
	}{
		{Change{Direct: true, Via: [][]string{{"a"}}}, ""},
		{Change{}, ""},
		{Change{Via: [][]string{{"a", "b"}}}, "a › b"},
		{Change{Via: [][]string{{"a", "b"}, {"c", "b"}}}, "a › b (and 1 other way)"},
		{Change{Via: [][]string{long}}, "1 › 2 › 3 › 4 › … › 6 › 7 › 8 › 9"},
	} {
		if got := newWording(&Report{}, terminal, terminal).route(&c.change); got != c.want {
			t.Errorf("%+v: %q, want %q", c.change, got, c.want)
		}
	}
}

func TestDurations(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		d           time.Duration
		gone, still inert
	}{
		{30 * time.Second, "0 min", "1 min"},
		{59*time.Minute + time.Second, "59 min", "60 min"},
		{16*time.Hour + time.Minute, "16 h", "17 h"},
		{47 * time.Hour, "47 h", "47 h"},
		{2*day + time.Hour, "2 days", "3 days"},
		{90 * day, "3 months", "90 days"},
		{1000 * day, "2 years", "1000 days"},
		{1<<63 - 1, "292 years", "106752 days"},
	} {
		if got := about[inert](c.d); got != c.gone {
			t.Errorf("%v gone: %q, want %q", c.d, got, c.gone)
		}
		if got := ahead[inert](c.d); got != c.still {
			t.Errorf("%v ahead: %q, want %q", c.d, got, c.still)
		}
	}
}

// Two ecosystems can have packages of one name.
func TestLabelsNameTheEcosystemWhereThereAreSeveral(t *testing.T) {
	r := Report{Changes: []Change{{Ecosystem: "npm", Name: "a"}, {Ecosystem: "pypi", Name: "a"}}}
	if got := newWording(&r, terminal, terminal).label(&r.Changes[1]); got != "pypi:a" {
		t.Errorf("%q", got)
	}
}
