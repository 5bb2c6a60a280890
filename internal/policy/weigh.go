package policy

import (
	"cmp"
	"slices"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

// knownVulnerability is the signal whose points the policy's severities decide.
const knownVulnerability = "known-vulnerability"

// weigh gives the findings that count for anything, each with its points,
// worst first. The dossier is nil for findings about the repository.
func (j *judge) weigh(findings []signal.Finding, d *evidence.Dossier) []Weighed {
	var weighed []Weighed
	for _, f := range findings {
		setting := j.policy.Signals[f.Signal]
		if setting.Off {
			continue
		}
		w := Weighed{Finding: f, Points: max(0, j.points(f, setting, d))}
		if w.Exception = j.excuses.find(f, d); w.Exception != nil {
			w.Points, w.Always, w.Hold = 0, false, time.Time{}
		}
		weighed = append(weighed, w)
	}
	countOnce(weighed)
	slices.SortStableFunc(weighed, worstFirst)
	return weighed
}

func worstFirst(a, b Weighed) int {
	if a.Always != b.Always {
		if a.Always {
			return -1
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(b.Points, a.Points),
		cmp.Compare(a.Signal, b.Signal),
		cmp.Compare(a.Message, b.Message),
		cmp.Compare(a.Path, b.Path),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Title, b.Title),
		a.Hold.Compare(b.Hold),
		cmp.Compare(a.Severity, b.Severity),
		cmp.Compare(a.Finding.Points, b.Finding.Points),
		slices.CompareFunc(a.Facts, b.Facts, func(a, b signal.Fact) int {
			return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value))
		}),
	)
}

// points gives what a finding counts before exceptions and echoes.
func (j *judge) points(f signal.Finding, s Setting, d *evidence.Dossier) int {
	if f.Signal == knownVulnerability {
		return j.policy.vulnerability(f.Severity)
	}
	points := f.Points
	if s.Points != nil {
		points = *s.Points
	}
	if d == nil || d.Release == nil || d.Release.Published.IsZero() {
		return points
	}
	if row, _ := signal.Lookup(f.Signal); !row.Weighed {
		return points
	}
	return percent(points, ageWeight(j.now.Sub(d.Release.Published)))
}

// percent rounds half up.
func percent(points, weight int) int { return (points*weight + 50) / 100 }

// vulnerability gives the points that make a severity warn or block by itself.
// A vulnerability that nobody has rated is neither harmless nor critical: it
// warns, unless the policy lets none warn.
func (p *Policy) vulnerability(s advisory.Severity) int {
	switch {
	case reaches(s, p.VulnerabilityBlock):
		return p.Block
	case reaches(s, p.VulnerabilityWarn), s == advisory.Unrated && p.VulnerabilityWarn != "":
		return p.Warn
	}
	return 0
}

// reaches reports whether a severity is at least the least; none reaches "".
func reaches(s, least advisory.Severity) bool {
	return rank(least) > 0 && rank(s) >= rank(least)
}

// rank gives the place of a severity from low, 1, to critical, 4, and 0 for
// one that is not known.
func rank(s advisory.Severity) int {
	return 1 + slices.Index([]advisory.Severity{advisory.Low, advisory.Medium, advisory.High, advisory.Critical}, s)
}
