package policy

import (
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// dossier is that of npm's left-pad 1.3.0, published a week ago.
func dossier(gaps ...evidence.Gap) *evidence.Dossier {
	return aged(7*24*time.Hour, gaps...)
}

func aged(age time.Duration, gaps ...evidence.Gap) *evidence.Dossier {
	return &evidence.Dossier{
		Change:  change.Change{Ecosystem: "npm", Name: "left-pad", To: "1.3.0"},
		Release: &registry.Release{Version: "1.3.0", Published: now.Add(-age)},
		Gaps:    gaps,
	}
}

func gapOf(check evidence.Check) evidence.Gap {
	return evidence.Gap{Check: check, Reason: "nobody answered"}
}

func recommended(t testing.TB) *Policy {
	t.Helper()
	p, err := Preset("recommended")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func points(id string, n int) signal.Finding { return signal.Finding{Signal: id, Points: n} }

// The signals of these tests: the age of a release weighs the first two, and
// not the third.
const (
	gained  = "install-script-gained"
	fresh   = "young-dependency"
	missing = "integrity-missing"
)

func TestSignalsWeighed(t *testing.T) {
	for id, want := range map[string]bool{gained: true, fresh: true, missing: false} {
		if row, ok := signal.Lookup(id); !ok || row.Weighed != want {
			t.Errorf("%s: weighed %v, want %v", id, row.Weighed, want)
		}
	}
}

func TestThresholds(t *testing.T) {
	for score, want := range map[int]Verdict{0: Pass, 1: Pass, 29: Pass, 30: Warn, 59: Warn, 60: Block, 100: Block} {
		j := Judge(recommended(t), now, []Case{{dossier(), []signal.Finding{points(missing, score)}}}, nil, nil)
		if got := j.Cases[0]; got.Verdict != want || got.Score != score || j.Verdict != want || j.Score != score {
			t.Errorf("%d points: %s, score %d; the run %s, score %d; want %s", score, got.Verdict, got.Score, j.Verdict, j.Score, want)
		}
	}
	p := recommended(t)
	p.Warn, p.Block = 50, 50
	for score, want := range map[int]Verdict{49: Pass, 50: Block} {
		if j := Judge(p, now, []Case{{dossier(), []signal.Finding{points(missing, score)}}}, nil, nil); j.Verdict != want {
			t.Errorf("%d points with both thresholds at 50: %s", score, j.Verdict)
		}
	}
}

func TestAge(t *testing.T) {
	const hour = time.Hour
	for _, test := range []struct {
		age    time.Duration
		points int
		want   int
	}{
		{-hour, 20, 30}, // a registry whose clock is ahead
		{0, 20, 30},
		{24*hour - 1, 20, 30},
		{24 * hour, 20, 25},
		{72*hour - 1, 20, 25},
		{72 * hour, 20, 20},
		{90 * 24 * hour, 20, 20},
		{90*24*hour + 1, 20, 12},
		// Halves are rounded up.
		{0, 5, 8},              // 7.5
		{0, 1, 2},              // 1.5
		{48 * hour, 10, 13},    // 12.5
		{48 * hour, 15, 19},    // 18.75
		{48 * hour, 5, 6},      // 6.25
		{2400 * hour, 5, 3},    // 3
		{2400 * hour, 4, 2},    // 2.4
		{2400 * hour, 55, 33},  // 33
		{0, 100, 150},          // the sum is capped, not its parts
		{2400 * hour, 100, 60}, //
	} {
		for id, want := range map[string]int{gained: test.want, missing: test.points} {
			j := Judge(recommended(t), now, []Case{{aged(test.age), []signal.Finding{points(id, test.points)}}}, nil, nil)
			if got := j.Cases[0].Findings[0].Points; got != want {
				t.Errorf("%s, %d points, %v old: %d, want %d", id, test.points, test.age, got, want)
			}
			if got := j.Cases[0].Score; got != min(want, 100) {
				t.Errorf("%s, %d points, %v old: score %d, want %d", id, test.points, test.age, got, min(want, 100))
			}
		}
	}
}

func TestUnknownAge(t *testing.T) {
	unknown := dossier()
	unknown.Release.Published = time.Time{}
	for name, d := range map[string]*evidence.Dossier{
		"no release": {Change: dossier().Change}, "no time": unknown,
	} {
		j := Judge(recommended(t), now, []Case{{d, []signal.Finding{points(gained, 55)}}}, nil, nil)
		if j.Score != 55 {
			t.Errorf("%s: score %d, want 55", name, j.Score)
		}
	}
}

func TestSettings(t *testing.T) {
	p := recommended(t)
	twenty := 20
	p.Signals = map[string]Setting{gained: {Points: &twenty}, missing: {Off: true}}
	j := Judge(p, now, []Case{{aged(0), []signal.Finding{points(gained, 55), points(missing, 40)}}},
		[]signal.Finding{points(missing, 100)}, nil)
	if got := j.Cases[0]; len(got.Findings) != 1 || got.Findings[0].Points != 30 || got.Score != 30 {
		t.Errorf("set to 20 and off: %+v", got)
	}
	if len(j.Repository) != 0 || j.Score != 30 {
		t.Errorf("off for the repository: %+v", j)
	}
}

func TestAlways(t *testing.T) {
	always := signal.Finding{Signal: "relocked", Always: true}
	j := Judge(recommended(t), now, []Case{{dossier(), []signal.Finding{always}}}, nil, nil)
	if j.Verdict != Block || j.Score != 100 {
		t.Errorf("always with no points: %s, score %d", j.Verdict, j.Score)
	}
	j = Judge(recommended(t), now, nil, []signal.Finding{always}, nil)
	if j.Verdict != Block || j.Score != 100 {
		t.Errorf("always for the repository: %s, score %d", j.Verdict, j.Score)
	}
}

func TestVulnerabilities(t *testing.T) {
	const low, medium, high, critical, unrated, none = advisory.Low, advisory.Medium, advisory.High, advisory.Critical, advisory.Unrated, advisory.Severity("")
	for _, test := range []struct {
		warn, block, severity advisory.Severity
		want                  int
	}{
		{medium, critical, low, 0},
		{medium, critical, medium, 25},
		{medium, critical, high, 25},
		{medium, critical, critical, 80},
		{medium, critical, unrated, 25},
		{medium, critical, "appalling", 0},
		{low, low, low, 80},
		{low, low, unrated, 25},
		{none, high, medium, 0},
		{none, high, high, 80},
		{none, high, unrated, 0},
		{high, none, critical, 25},
		{none, none, critical, 0},
	} {
		p := recommended(t)
		p.Warn, p.Block = 25, 80
		p.VulnerabilityWarn, p.VulnerabilityBlock = test.warn, test.block
		f := signal.Finding{Signal: "known-vulnerability", Points: 7, Severity: test.severity}
		// The age of the release is nothing to a vulnerability.
		j := Judge(p, now, []Case{{aged(0), []signal.Finding{f}}}, nil, nil)
		if len(j.Cases[0].Findings) != 1 || j.Score != test.want {
			t.Errorf("warn %q, block %q: %q has %d points of %d findings, want %d",
				test.warn, test.block, test.severity, j.Score, len(j.Cases[0].Findings), test.want)
		}
	}
}

func TestHold(t *testing.T) {
	held := func(until time.Time) signal.Finding { return signal.Finding{Signal: "young-release", Hold: until} }
	later, last := now.Add(time.Hour), now.Add(2*time.Hour)
	for _, test := range []struct {
		name     string
		findings []signal.Finding
		gaps     []evidence.Gap
		want     Verdict
		until    time.Time
	}{
		{"pending", []signal.Finding{held(later)}, nil, Hold, later},
		{"a moment left", []signal.Finding{held(now.Add(1))}, nil, Hold, now.Add(1)},
		{"over now", []signal.Finding{held(now)}, nil, Pass, time.Time{}},
		{"over", []signal.Finding{held(now.Add(-time.Hour))}, nil, Pass, time.Time{}},
		{"the later of two", []signal.Finding{held(later), held(last)}, nil, Hold, last},
		{"the later of two, first", []signal.Finding{{Signal: "a", Hold: last}, held(later)}, nil, Hold, last},
		{"with a warning", []signal.Finding{held(later), points(missing, 40)}, nil, Hold, later},
		{"with a gap", []signal.Finding{held(later)}, []evidence.Gap{gapOf(evidence.Hashes)}, Hold, later},
		{"blocked anyway", []signal.Finding{held(later), points(missing, 60)}, nil, Block, time.Time{}},
		{"malware anyway", []signal.Finding{held(later), {Signal: "known-malware", Always: true}}, nil, Block, time.Time{}},
	} {
		j := Judge(recommended(t), now, []Case{{dossier(test.gaps...), test.findings}}, nil, nil)
		if got := j.Cases[0]; got.Verdict != test.want || !got.Hold.Equal(test.until) || len(got.Findings) != len(test.findings) {
			t.Errorf("%s: %s until %v, want %s until %v", test.name, got.Verdict, got.Hold, test.want, test.until)
		}
	}
}

func TestGaps(t *testing.T) {
	p := recommended(t)
	p.Gaps = map[evidence.Check]Level{evidence.Times: LevelWarn}
	for _, test := range []struct {
		name   string
		level  Level // of what is not named
		gaps   []evidence.Check
		points int
		want   Verdict
	}{
		{"blocks by default", LevelBlock, []evidence.Check{evidence.Hashes}, 0, Unjudged},
		{"forgiven", LevelBlock, []evidence.Check{evidence.Times}, 0, Pass},
		{"one of two", LevelBlock, []evidence.Check{evidence.Times, evidence.Hashes}, 0, Unjudged},
		{"forgiven by default", LevelWarn, []evidence.Check{evidence.Hashes}, 0, Pass},
		{"an unknown check", LevelBlock, []evidence.Check{"weather"}, 0, Unjudged},
		{"worse than a warning", LevelBlock, []evidence.Check{evidence.Hashes}, 40, Unjudged},
		{"milder than a block", LevelBlock, []evidence.Check{evidence.Hashes}, 60, Block},
	} {
		p.GapDefault = test.level
		d := dossier()
		for _, check := range test.gaps {
			d.Gaps = append(d.Gaps, gapOf(check))
		}
		j := Judge(p, now, []Case{{d, []signal.Finding{points(missing, test.points)}}}, nil, nil)
		if got := j.Cases[0]; got.Verdict != test.want || len(got.Gaps) != len(test.gaps) {
			t.Errorf("%s: %s with %d gaps, want %s", test.name, got.Verdict, len(got.Gaps), test.want)
		}
		j = Judge(p, now, nil, []signal.Finding{points("lockfile-removed", test.points)}, d.Gaps)
		if j.Verdict != test.want || len(j.Gaps) != len(test.gaps) {
			t.Errorf("%s, of the repository: %s with %d gaps, want %s", test.name, j.Verdict, len(j.Gaps), test.want)
		}
	}
}

func TestRepository(t *testing.T) {
	for _, test := range []struct {
		name     string
		findings []signal.Finding
		want     Verdict
		score    int
	}{
		{"nothing", nil, Pass, 0},
		{"one", []signal.Finding{points("lockfile-removed", 40)}, Warn, 40},
		{"a sum", []signal.Finding{points("lockfile-removed", 40), points("ambiguous-lockfile", 40)}, Block, 80},
		{"a capped sum", []signal.Finding{points("lockfile-removed", 90), points("ambiguous-lockfile", 40)}, Block, 100},
		{"for a person's eyes", []signal.Finding{points("policy-changed", 0)}, Warn, 0},
		{"with points of its own", []signal.Finding{points("policy-changed", 60)}, Block, 60},
	} {
		j := Judge(recommended(t), now, nil, test.findings, nil)
		if j.Verdict != test.want || j.Score != test.score || len(j.Repository) != len(test.findings) {
			t.Errorf("%s: %s, score %d; want %s, %d", test.name, j.Verdict, j.Score, test.want, test.score)
		}
	}
}

func TestPolicyChangedBelowThreshold(t *testing.T) {
	p := recommended(t)
	p.Warn, p.Block = 90, 95
	if j := Judge(p, now, nil, []signal.Finding{points("policy-changed", 30)}, nil); j.Verdict != Warn {
		t.Errorf("with thresholds out of reach: %s", j.Verdict)
	}
	p.Signals = map[string]Setting{"policy-changed": {Off: true}}
	if j := Judge(p, now, nil, []signal.Finding{points("policy-changed", 30)}, nil); j.Verdict != Pass {
		t.Errorf("off: %s", j.Verdict)
	}
}

// TestWorst goes through every pair of verdicts.
func TestWorst(t *testing.T) {
	cases := map[Verdict]Case{
		Pass:     {dossier(), nil},
		Warn:     {dossier(), []signal.Finding{points(missing, 30)}},
		Unjudged: {dossier(gapOf(evidence.Hashes)), nil},
		Hold:     {dossier(), []signal.Finding{{Signal: "young-release", Hold: now.Add(time.Hour)}}},
		Block:    {dossier(), []signal.Finding{points(missing, 60)}},
	}
	for i, a := range verdicts {
		for k, b := range verdicts {
			want := verdicts[max(i, k)]
			if j := Judge(recommended(t), now, []Case{cases[a], cases[b]}, nil, nil); j.Verdict != want {
				t.Errorf("%s and %s: %s", a, b, j.Verdict)
			}
			if got := a.Worse(b); got != (i > k) {
				t.Errorf("%s.Worse(%s) = %v", a, b, got)
			}
		}
	}
}

func TestOrder(t *testing.T) {
	findings := []signal.Finding{
		{Signal: "deprecated", Points: 0, Message: "b"},
		{Signal: "deprecated", Points: 0, Message: "a", Path: "b"},
		{Signal: "deprecated", Points: 0, Message: "a", Path: "a", Line: 2},
		{Signal: "deprecated", Points: 0, Message: "a", Path: "a", Line: 1},
		{Signal: missing, Points: 40},
		{Signal: "off-registry-source", Points: 60},
		{Signal: "source-mismatch", Always: true},
		{Signal: "relocked", Always: true},
	}
	j := Judge(recommended(t), now, []Case{{dossier(), findings}}, findings, nil)
	for _, got := range [][]Weighed{j.Cases[0].Findings, j.Repository} {
		for i, want := range []int{7, 6, 5, 4, 3, 2, 1, 0} {
			w := findings[want]
			if g := got[i]; g.Signal != w.Signal || g.Message != w.Message || g.Path != w.Path || g.Line != w.Line {
				t.Errorf("place %d: %+v, want %+v", i, g, w)
			}
		}
	}

	gaps := []evidence.Gap{
		gapOf("weather"), gapOf("tides"), gapOf(evidence.Advisories), {Check: evidence.Lockfile, Path: "b"},
		{Check: evidence.Lockfile, Path: "a", Line: 2}, {Check: evidence.Lockfile, Path: "a", Line: 1, Reason: "y"}, {Check: evidence.Lockfile, Path: "a", Line: 1, Reason: "x"},
	}
	for i, want := range []int{6, 5, 4, 3, 2, 1, 0} {
		if got := Judge(recommended(t), now, nil, nil, gaps).Gaps[i].Gap; got != gaps[want] {
			t.Errorf("gap %d: %+v, want %+v", i, got, gaps[want])
		}
	}
}
