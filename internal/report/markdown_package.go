package report

import (
	"slices"
	"time"
)

// details shows each package that findings speak against: openly if they are
// few, else folded.
func (m *markdown) details() {
	m.begin("")
	n := 0
	for i := range m.r.Changes {
		if weighty(&m.r.Changes[i]) {
			n++
		}
	}
	for _, v := range verdicts {
		shown := 0
		for _, c := range withVerdict(m.r, v.id) {
			if !weighty(c) {
				continue
			}
			shown++
			if shown > markdownDetails {
				m.leave("detail", 1)
				continue
			}
			m.put(85, "detail", m.detail(v, c, n > markdownOpen))
		}
	}
}

func (m *markdown) detail(v ruling, c *Change, folded bool) markup {
	body := m.circumstances(c) + m.findings(c.Findings, c.HoldUntil) + m.advice(c.Findings, c.HoldUntil)
	if !folded {
		return "\n### " + v.sign + " " + m.title(c) + ", score " + digits[markup](c.Score) + "\n\n" + body
	}
	h := newWording(m.r, tag, tag)
	return "\n<details><summary>" + v.sign + " " + h.title(c) + ", score " + digits[markup](c.Score) + "</summary>\n\n" + body + "\n</details>\n"
}

// circumstances tells where a package stands, through whom it came and since
// when it exists.
func (m *markdown) circumstances(c *Change) markup {
	parts := []markup{few(c.Locations, 5, ", ", m.place(c))}
	if c.MoreLocations > 0 {
		parts = append(parts, digits[markup](c.MoreLocations)+" places not listed")
	}
	if route := m.route(c); route != "" {
		parts = append(parts, "via "+route)
	}
	parts = append(parts, m.role(c), m.age(c))
	parts = append(parts, m.advisories(c)...)
	return joined(slices.DeleteFunc(parts, func(p markup) bool { return p == "" })) + "\n"
}

func joined(parts []markup) markup {
	return few(parts, len(parts), " · ", func(p markup) markup { return p })
}

// findings is the table of a package's findings, worst first.
func (m *markdown) findings(list []Finding, hold *time.Time) markup {
	shown := reasons(list)
	if len(shown) == 0 {
		return ""
	}
	var said markup = "\n| points | finding | evidence |\n| ---: | --- | --- |\n"
	for _, f := range shown[:min(textFindings, len(shown))] {
		told := m.evidence(f, hold)
		said += "| " + m.points(f.Finding) + " | " + m.subject(f.Finding) + " | " + few(told, len(told), "<br>", func(s markup) markup { return s }) + " |\n"
	}
	if n := len(shown) - textFindings; n > 0 {
		said += "| | | and " + plural[markup](n, "finding", "findings") + " more, in the JSON report |\n"
	}
	return said
}

// advice shows what to do next, and where to read on.
func (m *markdown) advice(list []Finding, hold *time.Time) markup {
	var said markup
	next := remedies(m.r, list, hold)
	for _, remedy := range next[:min(textRemedies, len(next))] {
		said += "\n**Next:** " + m.prose(remedy) + "\n"
	}
	if links := pages(list); len(links) > 0 {
		said += "\nSee " + few(links, markdownLinks, ", ", m.reference) + "\n"
	}
	return said
}

// reference shows a link, whose address may turn out to be none.
func (m *markdown) reference(l Link) markup {
	if _, ok := page(l.URL); !ok {
		return m.prose(l.Title) + " (" + m.name(l.URL) + ")"
	}
	if l.Title == "" {
		return link(m.name(l.URL), l.URL)
	}
	return link(m.prose(l.Title), l.URL)
}

// repository shows the findings that are about no package.
func (m *markdown) repository() {
	m.begin("\n### The repository's own files\n\n| points | finding | evidence | where |\n| ---: | --- | --- | --- |\n")
	for i := range m.r.Findings {
		f := &m.r.Findings[i]
		var at markup
		if f.Location != nil {
			at = m.line(*f.Location)
		}
		m.put(60, "finding about the repository",
			"| "+m.points(f)+" | "+m.subject(f)+" | "+m.prose(f.Message)+" **Next:** "+m.prose(f.Remedy)+" | "+at+" |\n")
	}
}
