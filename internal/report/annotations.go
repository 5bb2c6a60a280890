package report

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/lockkeeper/lockkeeper/internal/policy"
)

// Annotation is a remark on a line of a file, for a workflow command. Its
// texts are safe for a log and may have several lines; they are not yet
// escaped as [CommandData] and [CommandProperty] do.
type Annotation struct {
	Level   string // "error", "warning" or "notice"
	Path    string // relative to the repository; "" for none
	Line    int    // from 1; 0 for none
	Title   string
	Message string
}

// What GitHub's runner keeps of a step: annotations of each level, and
// characters of a message as it stands in the command. One notice is kept
// free, for the count of what is left out.
//
// https://github.com/actions/runner/blob/v2.336.0/src/Runner.Worker/ExecutionContext.cs
const (
	annotationsOfLevel = 10
	notices            = annotationsOfLevel - 2
	messageLimit       = 4096
	titleLimit         = 200
)

// annotator collects annotations, worst first.
type annotator struct {
	wording[inert]
	r   *Report
	all []Annotation
}

// Annotations gives what a reviewer should see on the lines of the change: a
// package that is blocked, held or warned of, once for each lockfile; what
// could not be judged, once for each reason; and an exception that hides a
// finding. Weak findings of a package that passes are no remarks. At most ten
// of a level are given; a last notice counts those left out.
func Annotations(r *Report) []Annotation {
	a := annotator{wording: newWording(r, terminal, terminal), r: r}
	a.held()
	for _, v := range verdicts {
		if v.id == "unjudged" {
			a.gaps()
		}
		for _, c := range withVerdict(r, v.id) {
			a.change(c, v)
		}
		for i := range r.Findings {
			if f := &r.Findings[i]; repositoryVerdict(r, f) == v.id {
				a.repository(f, v)
			}
		}
	}
	for _, e := range r.Exceptions {
		if e.State == "expired" {
			a.add(Annotation{Level: "warning", Path: policy.Path, Title: "Exception of the policy expired"}, a.exception(e))
		}
	}
	a.vain()
	return limited(a.all)
}

// change remarks on a package at its first line in each lockfile.
func (a *annotator) change(c *Change, v ruling) {
	switch v.id {
	case "pass":
		if !slices.ContainsFunc(c.Findings, func(f Finding) bool { return f.Exception != nil }) {
			return
		}
	case "unjudged":
		if !weighty(c) {
			return // its gaps are told once for all packages
		}
	}
	var lines []inert
	for _, f := range reasons(c.Findings) {
		if v.id != "pass" || f.Exception != nil {
			lines = append(lines, a.finding(f, c.HoldUntil))
		}
	}
	if route := a.route(c); route != "" {
		lines = append(lines, "Comes through "+route)
	}
	for _, remedy := range remedies(a.r, c.Findings, c.HoldUntil) {
		lines = append(lines, "Next: "+terminal(remedy))
	}
	var files []string
	for _, l := range c.Locations {
		if slices.Contains(files, l.Path) {
			continue
		}
		files = append(files, l.Path)
		a.add(Annotation{
			Level: v.level, Path: l.Path, Line: max(l.Line, 1),
			Title: string(v.word + ": " + a.title(c) + ", score " + digits[inert](c.Score)),
		}, lines...)
	}
}

func (a *annotator) finding(f reason, hold *time.Time) inert {
	said := a.points(f.Finding) + " " + a.subject(f.Finding)
	if told := a.evidence(f, hold); len(told) > 0 {
		said += ": " + few(told, len(told), " ", func(s inert) inert { return s })
	}
	if e := f.Exception; e != nil {
		until := a.expiry(*e)
		if e.By != "" {
			until = a.word(*e)
		}
		said += " Excused: " + terminal(e.Reason) + ", " + until
	}
	return said
}

func (a *annotator) repository(f *Finding, v ruling) {
	at := Location{}
	if f.Location != nil {
		at = *f.Location
	}
	lines := []inert{a.finding(reason{Finding: f}, nil)}
	if f.Remedy != "" {
		lines = append(lines, "Next: "+terminal(f.Remedy))
	}
	a.add(Annotation{Level: v.level, Path: at.Path, Line: at.Line, Title: string(v.word + ": " + terminal(f.Title))}, lines...)
}

// gaps remarks on evidence that the policy asks for and that could not be had.
func (a *annotator) gaps() {
	for _, g := range gapGroups(a.r) {
		if mildness(g.Gap) > 0 {
			continue
		}
		level := "warning"
		at := Location{}
		switch {
		case g.Location != nil:
			// A lockfile that nobody could read is the change's own fault.
			level, at = "error", *g.Location
		case len(g.changes) > 0 && len(g.changes[0].Locations) > 0:
			at = g.changes[0].Locations[0]
		}
		lines := []inert{terminal(g.Reason)}
		if n := g.packages(); n > 0 {
			said := plural[inert](n, "package", "packages")
			if len(g.changes) > 0 {
				said += ": " + few(g.changes, textNames, ", ", a.title)
			}
			lines = append(lines, said)
		}
		if g.Hint != "" {
			lines = append(lines, "Next: "+terminal(g.Hint))
		}
		a.add(Annotation{Level: level, Path: at.Path, Line: at.Line, Title: unjudgedTitle + string(terminal(g.Check))}, lines...)
	}
}

// vain remarks once on all that people said and that excuses nothing.
func (a *annotator) vain() {
	var lines []inert
	for _, e := range a.r.Exceptions {
		if e.By != "" {
			lines = append(lines, a.exception(e))
		}
	}
	if len(lines) > 0 {
		a.add(Annotation{Level: "notice", Title: "Commands that excuse nothing"}, lines...)
	}
}

// add completes an annotation and makes it fit.
func (a *annotator) add(n Annotation, lines ...inert) {
	n.Path = string(terminal(n.Path))
	if n.Path != "" {
		n.Line = max(n.Line, 1)
	}
	n.Title = cut(n.Title, titleLimit)
	for i, l := range lines {
		if i > 0 {
			n.Message += "\n"
		}
		n.Message += string(l)
	}
	n.Message = cut(n.Message, messageLimit)
	a.all = append(a.all, n)
}

// cut shortens text so that, escaped, it has at most limit characters.
func cut(s string, limit int) string {
	if utf8.RuneCountInString(CommandData(s)) <= limit {
		return s
	}
	n := 1 // the ellipsis
	for i, r := range s {
		n += utf8.RuneCountInString(CommandData(string(r)))
		if n > limit {
			return s[:i] + "…"
		}
	}
	return s
}

// limited keeps what the runner keeps, and says what it drops.
func limited(all []Annotation) []Annotation {
	room := map[string]int{"error": annotationsOfLevel, "warning": annotationsOfLevel, "notice": notices}
	var kept []Annotation
	left := map[string]int{}
	for _, n := range all {
		if room[n.Level] == 0 {
			left[n.Level]++
			continue
		}
		room[n.Level]--
		kept = append(kept, n)
	}
	var counts []inert
	for _, l := range []inert{"error", "warning", "notice"} {
		if n := left[string(l)]; n > 0 {
			counts = append(counts, plural(n, l, l+"s"))
		}
	}
	if len(counts) == 0 {
		return kept
	}
	return append(kept, Annotation{
		Level: "notice", Title: "Lockkeeper has more to say",
		Message: string(few(counts, len(counts), ", ", func(s inert) inert { return s }) + " not shown here, as GitHub shows ten of a kind; the summary and the JSON report have all"),
	})
}
