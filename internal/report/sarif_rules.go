package report

import (
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/lockkeeper/lockkeeper/internal/signal"
)

// rule adds the rule of a signal once.
func (l *sarifLog) rule(id string, f *Finding) {
	worst, ok := l.worst[id]
	if !ok {
		l.rules = append(l.rules, newRule(id, f))
	}
	if !ok || f.Blocks && !worst.Blocks || f.Blocks == worst.Blocks && f.Points > worst.Points {
		l.worst[id] = *f
	}
}

func newRule(id string, f *Finding) *sarif.ReportingDescriptor {
	s, known := signal.Lookup(id)
	if !known {
		return &sarif.ReportingDescriptor{ID: &id, ShortDescription: multiformat(unlinked(terminal(f.Title)), string(prose(f.Title)))}
	}
	return &sarif.ReportingDescriptor{
		ID:               &id,
		ShortDescription: multiformat(s.Title, ""),
		FullDescription:  multiformat(s.Meaning, ""),
		HelpURI:          new(home + "/blob/main/docs/signals.md#" + id),
		Help: multiformat(
			s.Meaning+"\n\nWhy: "+s.Why+"\n\nWhat to do: "+s.Remedy,
			s.Meaning+"\n\n**Why:** "+s.Why+"\n\n**What to do:** "+s.Remedy),
	}
}

func multiformat(text, markdown string) *sarif.MultiformatMessageString {
	m := &sarif.MultiformatMessageString{Text: &text}
	if markdown != "" {
		m.Markdown = &markdown
	}
	return m
}

// rate gives a rule the severity of its worst finding, in the bands that
// GitHub shows: critical above 9, high from 7, medium from 4, low above 0.
func (l *sarifLog) rate(rule *sarif.ReportingDescriptor) {
	f := l.worst[*rule.ID]
	problem, security := "recommendation", ""
	switch {
	case f.Blocks:
		problem, security = "error", "9.5"
	case f.Points >= l.r.Policy.Block:
		problem, security = "error", "8.0"
	case f.Points >= l.r.Policy.Warn:
		problem, security = "warning", "5.0"
	case f.Points > 0:
		security = "2.0"
	}
	p := sarif.Properties{"problem.severity": problem, "precision": "high"}
	if security != "" {
		p["security-severity"] = security
	}
	rule.Properties = &sarif.PropertyBag{Properties: p, Tags: []string{"security", "supply-chain"}}
}
