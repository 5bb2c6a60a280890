package report

import "time"

// details shows each change of a verdict that findings speak against.
func (t text) details(verdict string) {
	var list []*Change
	for _, c := range withVerdict(t.r, verdict) {
		if weighty(c) {
			list = append(list, c)
		}
	}
	for _, c := range list[:min(textDetails, len(list))] {
		t.line()
		t.change(c)
	}
	if len(list) > textDetails {
		t.line()
		t.head(badge(verdict), span{text: digits[inert](len(list)-textDetails) + " more"})
		t.names(span{}, "", list[textDetails:], t.title)
	}
}

// change shows one package as a diagnostic: what, where, why, what next.
func (t text) change(c *Change) {
	t.head(badge(c.Verdict), span{bold, t.title(c)}, span{text: " · score " + digits[inert](c.Score)})
	t.places(c)
	if route := t.route(c); route != "" {
		t.entry(span{dim, "via"}, route)
	}
	if age := t.age(c); age != "" {
		t.entry(span{dim, "age"}, age)
	}
	for _, said := range t.advisories(c) {
		t.entry(span{dim, "also"}, said)
	}
	t.findings(c.Findings, c.HoldUntil)
	t.advice(c.Findings, c.HoldUntil)
}

func (t text) places(c *Change) {
	if len(c.Locations) == 0 {
		return
	}
	said := few(c.Locations, textPlaces, ", ", t.at)
	if c.MoreLocations > 0 {
		said += ", and " + digits[inert](c.MoreLocations) + " not listed"
	}
	if role := t.role(c); role != "" {
		said += " (" + role + ")"
	}
	t.entry(span{dim, "at"}, said)
}

// findings shows each finding with its points, worst first.
func (t text) findings(list []Finding, hold *time.Time) {
	shown := reasons(list)
	for _, f := range shown[:min(textFindings, len(shown))] {
		t.entry(span{bold, t.points(f.Finding)}, t.subject(f.Finding))
		for _, said := range t.evidence(f, hold) {
			t.entry(span{}, said)
		}
	}
	t.rest(len(shown)-textFindings, "finding", "findings")
}

// advice shows what to do next, and where to read on.
func (t text) advice(list []Finding, hold *time.Time) {
	next := remedies(t.r, list, hold)
	for _, remedy := range next[:min(textRemedies, len(next))] {
		t.entry(span{bold, "next"}, terminal(remedy))
	}
	links := pages(list)
	for _, l := range links[:min(textLinks, len(links))] {
		said := terminal(l.URL)
		if l.Title != "" && l.Title != l.URL {
			said = terminal(l.Title) + " " + said
		}
		t.entry(span{dim, "see"}, said)
	}
	t.rest(len(next)-textRemedies, "step", "steps")
	t.rest(len(links)-textLinks, "link", "links")
}

// repository shows the findings that are about no package.
func (t text) repository() {
	if len(t.r.Findings) == 0 {
		return
	}
	worst := "warn"
	for i := range t.r.Findings {
		if repositoryVerdict(t.r, &t.r.Findings[i]) == "block" {
			worst = "block"
		}
	}
	t.line()
	t.head(badge(worst), span{bold, "the repository's own files"})
	for i := range t.r.Findings[:min(textDetails, len(t.r.Findings))] {
		f := &t.r.Findings[i]
		t.findings(t.r.Findings[i:i+1], nil)
		if f.Location != nil {
			t.entry(span{dim, "at"}, t.at(*f.Location))
		}
		t.advice(t.r.Findings[i:i+1], nil)
	}
	t.rest(len(t.r.Findings)-textDetails, "finding", "findings")
}
