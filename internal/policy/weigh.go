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
		if w.Exception = j.excuses.find(f.Signal, d); w.Exception != nil {
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

// ageWeight is the weight of a release's age in percent. Attacks are found and
// pulled within days, so that a fault of a release that stood for months is
// more likely its habit.
func ageWeight(age time.Duration) int {
	switch {
	case age < day:
		return 150
	case age < 3*day:
		return 125
	case age <= 90*day:
		return 100
	}
	return 60
}

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

// echoes lists signals that tell the same fact, so that it is counted once: by
// the signal with the most points.
var echoes = [][]string{
	// One script of one release: that it is there, that it is new, what it runs.
	{"install-script-gained", "install-script-new", "install-script-changed"},
	// A registry that puts up a placeholder pulls every version.
	{"security-placeholder", "unlisted-version"},
	// A registry deprecates what an advisory calls malware, and says so.
	{"known-malware", "deprecated"},
	// One release that did not come through the project's pipeline.
	{"provenance-lost", "source-link-lost"},
	// One silence, of the package or of its line.
	{"dormant-revival", "old-line-revived"},
}

// countOnce takes the points from findings whose fact another finding counts: a
// signal counts once, at its worst, and of signals that tell the same fact the
// one with the most points does. The most points stand, so that neither an
// added finding lowers a score nor an exception raises it.
func countOnce(findings []Weighed) {
	worst := map[string]int{} // index by signal
	for i, f := range findings {
		if w, seen := worst[f.Signal]; !seen || worstFirst(f, findings[w]) < 0 {
			worst[f.Signal] = i
		}
	}
	points := func(signal string) int {
		if i, fired := worst[signal]; fired {
			return findings[i].Points
		}
		return 0
	}
	for i := range findings {
		f := &findings[i]
		counted := f.Signal
		for _, group := range echoes {
			if slices.Contains(group, f.Signal) {
				counted = slices.MaxFunc(group, func(a, b string) int { return cmp.Compare(points(a), points(b)) })
			}
		}
		if f.Points > 0 && (counted != f.Signal || worst[f.Signal] != i) {
			f.Points, f.Echo = 0, counted
		}
	}
}
