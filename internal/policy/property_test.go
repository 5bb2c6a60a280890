package policy

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

var ids = []string{
	gained, "install-script-new", "install-script-changed", fresh, missing, "security-placeholder", "unlisted-version",
	"known-malware", "known-vulnerability", "deprecated", "young-release", "policy-changed",
	"provenance-lost", "publisher-changed", "dormant-revival", "old-line-revived", "release-burst",
}

func drawFinding(t *rapid.T) signal.Finding {
	f := signal.Finding{
		Signal:  rapid.SampledFrom(ids).Draw(t, "signal"),
		Points:  rapid.IntRange(0, 100).Draw(t, "points"),
		Always:  rapid.IntRange(0, 9).Draw(t, "always") == 0,
		Message: rapid.StringN(0, 2, 4).Draw(t, "message"),
	}
	for _, evidence := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"silence", "pipeline_before", "speaks_of"}), 0, 2, rapid.ID).Draw(t, "evidence") {
		f.Facts = append(f.Facts, signal.Fact{Name: evidence, Value: "yes"})
	}
	f.Severity = rapid.SampledFrom([]advisory.Severity{"", "low", "medium", "high", "critical"}).Draw(t, "severity")
	if rapid.IntRange(0, 4).Draw(t, "held") == 0 {
		f.Hold = now.Add(time.Duration(rapid.IntRange(-2, 2).Draw(t, "hold")) * time.Hour)
	}
	return f
}

func drawCase(t *rapid.T) Case {
	d := aged(time.Duration(rapid.IntRange(-1, 100*24).Draw(t, "hours")) * time.Hour)
	d.Change.Name = rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name")
	d.Change.To = rapid.SampledFrom([]string{"1.0.0", "2.0.0"}).Draw(t, "version")
	for _, check := range rapid.SliceOfN(rapid.SampledFrom(evidence.Checks), 0, 2).Draw(t, "gaps") {
		d.Gaps = append(d.Gaps, gapOf(check))
	}
	return Case{d, rapid.SliceOfN(rapid.Custom(drawFinding), 0, 6).Draw(t, "findings")}
}

func drawException(t *rapid.T) Exception {
	return Exception{
		Ecosystem: "npm",
		Name:      rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name"),
		Version:   rapid.SampledFrom([]string{"", "1.0.0"}).Draw(t, "version"),
		Signals:   rapid.SliceOfN(rapid.SampledFrom(ids), 1, 4).Draw(t, "signals"),
		Expires:   now.Add(time.Hour),
	}
}

func drawPolicy(t *rapid.T) *Policy {
	p, err := Preset(rapid.SampledFrom([]string{"audit", "recommended", "strict"}).Draw(t, "preset"))
	if err != nil {
		t.Fatal(err)
	}
	p.Warn = rapid.IntRange(1, 100).Draw(t, "warn")
	p.Block = rapid.IntRange(p.Warn, 100).Draw(t, "block")
	p.Gaps = map[evidence.Check]Level{evidence.Times: LevelWarn}
	n := rapid.IntRange(0, 100).Draw(t, "points")
	p.Signals = map[string]Setting{rapid.SampledFrom(ids).Draw(t, "set"): {Points: &n}}
	p.Exceptions = rapid.SliceOfN(rapid.Custom(drawException), 0, 3).Draw(t, "exceptions")
	return p
}

// TestOrderDecidesNothing: whatever the order of cases, findings and gaps, each
// case is judged the same, and shown the same.
func TestOrderDecidesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		cases := rapid.SliceOfN(rapid.Custom(drawCase), 1, 4).Draw(t, "cases")
		repository := rapid.SliceOfN(rapid.Custom(drawFinding), 0, 4).Draw(t, "repository")
		before := Judge(p, now, cases, repository, cases[0].Dossier.Gaps)

		order := rapid.Permutation(indexes(len(cases))).Draw(t, "order")
		shuffled := make([]Case, len(cases))
		for i, from := range order {
			d := *cases[from].Dossier
			d.Gaps = rapid.Permutation(d.Gaps).Draw(t, "gaps")
			shuffled[i] = Case{&d, rapid.Permutation(cases[from].Findings).Draw(t, "findings")}
		}
		after := Judge(p, now, shuffled, rapid.Permutation(repository).Draw(t, "repository"), shuffled[slices.Index(order, 0)].Dossier.Gaps)

		for i, from := range order {
			after.Cases[i].Dossier = before.Cases[from].Dossier
			if diff := cmp.Diff(before.Cases[from], after.Cases[i]); diff != "" {
				t.Fatalf("case %d:\n%s", from, diff)
			}
		}
		before.Cases, after.Cases = nil, nil
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatal(diff)
		}
	})
}

func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// TestFindingsOnlyAdd: one more finding makes no score lower and no verdict
// better.
func TestFindingsOnlyAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawPolicy(t), drawCase(t)
		more := Case{c.Dossier, append(slices.Clone(c.Findings), drawFinding(t))}
		before, after := Judge(p, now, []Case{c}, nil, nil), Judge(p, now, []Case{more}, nil, nil)
		if after.Score < before.Score || before.Verdict.Worse(after.Verdict) {
			t.Fatalf("%s, %d became %s, %d", before.Verdict, before.Score, after.Verdict, after.Score)
		}
		before, after = Judge(p, now, nil, c.Findings, nil), Judge(p, now, nil, more.Findings, nil)
		if after.Score < before.Score || before.Verdict.Worse(after.Verdict) {
			t.Fatalf("repository: %s, %d became %s, %d", before.Verdict, before.Score, after.Verdict, after.Score)
		}
	})
}

// TestExceptionsOnlyExcuse: an exception that holds makes no score higher and
// no verdict worse, and touches no package but its own.
func TestExceptionsOnlyExcuse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		cases := rapid.SliceOfN(rapid.Custom(drawCase), 1, 4).Draw(t, "cases")
		more := *p
		added := drawException(t)
		more.Exceptions = append(slices.Clone(p.Exceptions), added)
		before, after := Judge(p, now, cases, nil, nil), Judge(&more, now, cases, nil, nil)
		for i := range cases {
			b, a := before.Cases[i], after.Cases[i]
			if a.Score > b.Score || a.Verdict.Worse(b.Verdict) {
				t.Fatalf("%s, %d became %s, %d", b.Verdict, b.Score, a.Verdict, a.Score)
			}
			if c := cases[i].Dossier.Change; (c.Name != added.Name || added.Version != "" && added.Version != c.To) && !cmp.Equal(b, a) {
				t.Fatalf("%s is touched: %s", c.Name, cmp.Diff(b, a))
			}
		}
	})
}

// TestVerdictOfScore: the verdict never says less than the score does.
func TestVerdictOfScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawPolicy(t), drawCase(t)
		got := Judge(p, now, []Case{c}, nil, nil).Cases[0]
		if got.Score < 0 || got.Score > 100 {
			t.Fatalf("score %d", got.Score)
		}
		least := Pass
		if got.Score >= p.Warn {
			least = Warn
		}
		if got.Score >= p.Block {
			least = Block
		}
		if least.Worse(got.Verdict) || got.Hold.IsZero() != (got.Verdict != Hold) {
			t.Fatalf("%s with score %d, hold %v", got.Verdict, got.Score, got.Hold)
		}
	})
}
