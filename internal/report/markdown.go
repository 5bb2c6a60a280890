package report

import "io"

// How much of a kind the Markdown shows before it counts the rest.
const (
	markdownRows    = 100 // of the table, of one verdict
	markdownDetails = 50  // of one verdict
	markdownOpen    = 3   // more details than these are folded
	markdownNames   = 200
	markdownLinks   = 8
)

// markdown is a document on its way to a page of GitHub.
type markdown struct {
	sheet
	wording[markup]
	r    *Report
	o    Options
	head string // addresses of the trees' files; "" for no links
	base string
}

// Markdown writes the document for a step's summary or a comment. It never
// exceeds the limit: whole rows and sections are left out, the mildest first,
// and counted.
func Markdown(w io.Writer, r *Report, o Options) error {
	m := &markdown{wording: newWording(r, code, prose), r: r, o: o}
	m.head = blobs(o.Repository, r.Head.Commit)
	if r.Base != nil {
		m.base = blobs(o.Repository, r.Base.Commit)
	}
	m.limit(o.Limit, "\n<sub>"+joined(m.inputs(r))+"<br>"+joined(m.judges(r))+"</sub>\n")

	m.headline()
	m.table()
	m.wait()
	m.repository()
	m.details()
	m.gaps()
	m.exceptions()
	m.listed()
	m.passes()
	return m.end(w)
}

func (m *markdown) headline() {
	v := rulingOf(m.r.Verdict)
	m.put(100, "headline", "## "+v.sign+" "+m.prose(string(v.word))+": "+m.wording.headline(m.r)+"\n")
}

// table lists what needs attention, a line for each package.
func (m *markdown) table() {
	m.begin("\n| | package | change | score | why | where |\n| --- | --- | --- | ---: | --- | --- |\n")
	for _, v := range verdicts {
		if v.id == "pass" {
			continue
		}
		list := withVerdict(m.r, v.id)
		for _, c := range list[:min(markdownRows, len(list))] {
			m.put(50, "row of the table", m.row(v, c))
		}
		m.leave("row of the table", len(list)-markdownRows)
	}
}

func (m *markdown) row(v ruling, c *Change) markup {
	name := m.label(c)
	if m.o.Page != nil {
		name = link(name, m.o.Page(c.Ecosystem, c.Name, c.To))
	}
	cells := []markup{
		v.sign + " " + m.prose(v.id), name, m.versions(c), digits[markup](c.Score), m.why(c), m.where(c),
	}
	var row markup
	for _, cell := range cells {
		row += "| " + cell + " "
	}
	return row + "|\n"
}

// wait says what to do about what only has to wait.
func (m *markdown) wait() {
	held := waiting(m.r)
	if len(held) == 0 {
		return
	}
	if next := remedies(m.r, held[0].Findings, held[0].HoldUntil); len(next) > 0 {
		m.begin("")
		m.put(90, "next step", "\n**Next, for what is held:** "+m.prose(next[0])+"\n")
	}
}

// why gives a package's reasons in a few words.
func (m *markdown) why(c *Change) markup {
	var said []markup
	if c.Verdict == "hold" && c.HoldUntil != nil {
		said = append(said, "until "+m.until(*c.HoldUntil))
	}
	if c.Verdict != "hold" || weighty(c) {
		if signals := m.signals(c); signals != "" {
			said = append(said, signals)
		}
	}
	var checks []string
	for _, g := range c.Gaps {
		if mildness(g) == 0 {
			checks = append(checks, g.Check)
		}
	}
	if len(checks) > 0 {
		said = append(said, "not checked: "+few(checks, 4, ", ", m.name))
	}
	return few(said, len(said), "<br>", func(s markup) markup { return s })
}

func (m *markdown) where(c *Change) markup {
	said := few(c.Locations, 2, "<br>", m.place(c))
	if route := m.route(c); route != "" {
		said += "<br>via " + route
	}
	return said
}

// place links the lines of a change in the tree that has them.
func (m *markdown) place(c *Change) func(Location) markup {
	tree := m.head
	if c.Kind == "removed" {
		tree = m.base
	}
	return func(l Location) markup { return link(m.at(l), blob(tree, l)) }
}

// line links a line of the head.
func (m *markdown) line(l Location) markup { return link(m.at(l), blob(m.head, l)) }

// exceptions lists what the policy excuses, and what of that is out of date,
// then what people accepted, and what they said in vain.
func (m *markdown) exceptions() {
	ofPolicy, ofPeople := bySource(m.r)
	m.begin("\n### Exceptions of the policy\n\n")
	for _, e := range ofPolicy {
		m.put(97, "exception", "- **"+m.prose(e.State)+"** "+m.exception(e)+"\n")
	}
	m.begin("\n### Commands in comments\n\n")
	for _, e := range ofPeople {
		m.put(97, "command", "- **"+link(m.prose(e.State), e.Link)+"** "+m.exception(e)+"\n")
	}
}

// gaps lists what could not be had, each reason once.
func (m *markdown) gaps() {
	decisive := true
	m.begin("\n### ❔ Evidence that the policy asks for could not be had\n\n")
	for _, g := range gapGroups(m.r) {
		if decisive && mildness(g.Gap) > 0 {
			decisive = false
			m.begin("\n### Evidence that could not be had; the policy lets that pass\n\n")
		}
		m.put(95, "reason", m.gap(g))
	}
}

func (m *markdown) gap(g gapGroup) markup {
	said := "- **" + m.prose(g.Check) + "**: "
	if g.Location != nil {
		said += m.line(*g.Location) + ": "
	}
	said += m.prose(g.Reason)
	if n := g.packages(); n > 0 {
		said += " (" + plural[markup](n, "package", "packages")
		if len(g.changes) > 0 {
			said += ": " + few(g.changes, 8, ", ", m.label)
		}
		said += ")"
	}
	if g.Hint != "" {
		said += "<br>**Next:** " + m.prose(g.Hint)
	}
	return said + "\n"
}

// listed folds what is worth knowing and says nothing against a package.
func (m *markdown) listed() {
	for _, l := range listings(m.r) {
		var body markup
		for _, c := range l.changes[:min(markdownNames, len(l.changes))] {
			body += "- " + m.title(c) + ": " + m.prose(l.reason(c)) + "\n"
		}
		if n := len(l.changes) - markdownNames; n > 0 {
			body += "- and " + digits[markup](n) + " more, in the JSON report\n"
		}
		if l.Remedy != "" {
			body += "\n**Next:** " + m.prose(l.Remedy) + "\n"
		}
		h := newWording(m.r, tag, tag)
		m.begin("")
		m.put(98, "list without points", "\n<details><summary>📋 "+m.changes(len(l.changes))+" listed, without points: "+h.name(l.Signal)+"</summary>\n\n"+body+"\n</details>\n")
	}
}

// passes folds what there is nothing to do about.
func (m *markdown) passes() {
	passed := withVerdict(m.r, "pass")
	if len(passed) == 0 {
		return
	}
	var body markup
	for _, c := range passed[:min(markdownNames, len(passed))] {
		body += "- " + m.title(c)
		if signals := m.signals(c); signals != "" {
			body += ": " + signals
		}
		for _, said := range m.advisories(c) {
			body += " · " + said
		}
		body += "\n"
	}
	if n := len(passed) - markdownNames; n > 0 {
		body += "- and " + digits[markup](n) + " more, in the JSON report\n"
	}
	m.begin("")
	m.put(100, "list of what passed", "\n<details><summary>✅ "+m.changes(len(passed))+" passed</summary>\n\n"+body+"\n</details>\n")
}
