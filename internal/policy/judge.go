package policy

import (
	"cmp"
	"slices"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

// verdicts is their order, from best to worst.
var verdicts = []Verdict{Pass, Warn, Unjudged, Hold, Block}

// Worse reports whether v is a worse verdict than other.
func (v Verdict) Worse(other Verdict) bool {
	return slices.Index(verdicts, v) > slices.Index(verdicts, other)
}

func worst(a, b Verdict) Verdict {
	if b.Worse(a) {
		return b
	}
	return a
}

// policyChanged is the finding that a person must see, whatever its points.
const policyChanged = "policy-changed"

// Judge gives the verdicts of a run as of now: on each case, and on the
// repository, whose findings and gaps belong to no package.
func Judge(p *Policy, now time.Time, cases []Case, repository []signal.Finding, gaps []evidence.Gap) Judgement {
	j := judge{policy: p, now: now, excuses: newExcuses(p.Exceptions, p.words, now)}
	out := Judgement{Verdict: Pass}
	for _, c := range cases {
		judged := j.judge(c)
		out.Cases = append(out.Cases, judged)
		out.Verdict = worst(out.Verdict, judged.Verdict)
		out.Score = max(out.Score, judged.Score)
	}

	out.Repository = j.weigh(repository, nil)
	out.Gaps = j.gaps(gaps)
	verdict, score, _ := j.verdict(out.Repository, out.Gaps)
	out.Verdict = worst(out.Verdict, verdict)
	out.Score = max(out.Score, score)
	if slices.ContainsFunc(out.Repository, func(w Weighed) bool { return w.Signal == policyChanged }) {
		out.Verdict = worst(out.Verdict, Warn)
	}

	out.Exceptions = j.excuses.uses()
	if slices.ContainsFunc(out.Exceptions, func(u Use) bool { return u.State == Expired }) {
		out.Verdict = worst(out.Verdict, Warn)
	}
	return out
}

type judge struct {
	policy  *Policy
	now     time.Time
	excuses *excuses
}

func (j *judge) judge(c Case) Judged {
	j.excuses.meet(c.Dossier)
	judged := j.weighed(c)
	judged.Command = j.invitation(c, judged.Verdict)
	return judged
}

func (j *judge) weighed(c Case) Judged {
	judged := Judged{
		Dossier:  c.Dossier,
		Findings: j.weigh(c.Findings, c.Dossier),
		Gaps:     j.gaps(c.Dossier.Gaps),
	}
	judged.Verdict, judged.Score, judged.Hold = j.verdict(judged.Findings, judged.Gaps)
	return judged
}

// verdict sums up what was found in one place. A cooldown that has not passed
// comes before gaps and warnings: it fails the check, and they don't undo it.
func (j *judge) verdict(findings []Weighed, gaps []WeighedGap) (v Verdict, score int, hold time.Time) {
	always := false
	for _, f := range findings {
		always = always || f.Always
		score = min(score+f.Points, full)
		if f.Hold.After(j.now) && f.Hold.After(hold) {
			hold = f.Hold
		}
	}
	switch {
	case always:
		return Block, full, time.Time{}
	case score >= j.policy.Block:
		return Block, score, time.Time{}
	case !hold.IsZero():
		return Hold, score, hold
	case slices.ContainsFunc(gaps, func(g WeighedGap) bool { return g.Level == LevelBlock }):
		return Unjudged, score, time.Time{}
	case score >= j.policy.Warn:
		return Warn, score, time.Time{}
	}
	return Pass, score, time.Time{}
}

// gaps gives each gap its level, in the order of the checks, then by place.
func (j *judge) gaps(gaps []evidence.Gap) []WeighedGap {
	var weighed []WeighedGap
	for _, g := range gaps {
		level, ok := j.policy.Gaps[g.Check]
		if !ok {
			level = j.policy.GapDefault
		}
		weighed = append(weighed, WeighedGap{Gap: g, Level: level})
	}
	slices.SortStableFunc(weighed, func(a, b WeighedGap) int {
		return cmp.Or(
			cmp.Compare(order(a.Check), order(b.Check)),
			cmp.Compare(a.Check, b.Check),
			cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Reason, b.Reason),
			cmp.Compare(a.Hint, b.Hint),
		)
	})
	return weighed
}

// order puts a check where a report shows it, and one that is not known last.
func order(c evidence.Check) int {
	if i := slices.Index(evidence.Checks, c); i >= 0 {
		return i
	}
	return len(evidence.Checks)
}
