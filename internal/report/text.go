package report

import (
	"io"
	"slices"
)

// How much of a kind the text shows in full before it counts the rest.
const (
	textDetails    = 12 // changes, of one verdict, with their findings
	textLines      = 15 // changes of one line
	textNames      = 12 // names in a list
	textGaps       = 10
	textFindings   = 12 // of one change
	textPlaces     = 3
	textLinks      = 4
	textRemedies   = 3
	textExceptions = 15
)

// text is a document on its way to a terminal.
type text struct {
	*paper
	wording[inert]
	r *Report
}

// Text writes the document for people: the verdict, then what calls for a
// person, worst first, then the rest in short.
func Text(w io.Writer, r *Report, o Options) error {
	t := text{newPaper(o), newWording(r, terminal, terminal), r}
	t.verdict()
	allPass := t.r.Verdict == "pass"
	if allPass { // the headline is theirs
		t.passes()
	}
	t.details("block")
	t.repository()
	t.details("hold")
	t.details("unjudged")
	t.details("warn")
	t.holds()
	t.gaps()
	t.exceptions()
	t.listed()
	if !allPass {
		t.passes()
	}
	t.footer()
	return t.drain(w)
}

// badge is a verdict's word.
func badge(verdict string) span {
	v := rulingOf(verdict)
	return span{v.style, v.word}
}

func (t text) verdict() {
	t.head(badge(t.r.Verdict), span{bold, t.headline(t.r)})
}

// heading begins a section of short lines.
func (t text) heading(word span, said inert) {
	t.line()
	t.head(word, span{text: said})
}

// rest counts what a section leaves out.
func (t text) rest(n int, one, many inert) {
	if n > 0 {
		t.entry(span{}, "and "+plural(n, one, many)+" more (see the JSON report)")
	}
}

// holds lists the changes that only have to wait.
func (t text) holds() {
	held := waiting(t.r)
	if len(held) == 0 {
		return
	}
	t.heading(badge("hold"), plural[inert](len(held), "release", "releases")+
		" younger than the cooldown of "+terminal(t.r.Policy.Cooldown)+", with nothing else to say against "+t.them(len(held)))
	for _, c := range held[:min(textLines, len(held))] {
		var wait inert
		said := t.title(c)
		if c.HoldUntil != nil {
			wait = t.wait(*c.HoldUntil)
			said += ", until " + t.ending(*c.HoldUntil)
		}
		if len(c.Locations) > 0 {
			said += ", " + t.at(c.Locations[0])
		}
		t.entry(span{cyan, wait}, said)
	}
	t.rest(len(held)-textLines, "release", "releases")
	if next := remedies(t.r, held[0].Findings, held[0].HoldUntil); len(next) > 0 {
		t.entry(span{bold, "next"}, terminal(next[0]))
	}
}

// gaps lists what could not be had, each reason once.
func (t text) gaps() {
	all := gapGroups(t.r)
	decisive := slices.IndexFunc(all, func(g gapGroup) bool { return mildness(g.Gap) > 0 })
	if decisive < 0 {
		decisive = len(all)
	}
	t.gapList(badge("unjudged"), "evidence that the policy asks for could not be had", all[:decisive])
	t.gapList(span{bold, "GAPS"}, "evidence that could not be had; the policy lets that pass", all[decisive:])
}

func (t text) gapList(word span, said inert, groups []gapGroup) {
	if len(groups) == 0 {
		return
	}
	t.heading(word, said)
	for _, g := range groups[:min(textGaps, len(groups))] {
		said := terminal(g.Check) + ": "
		if g.Location != nil {
			said += t.at(*g.Location) + ": "
		}
		t.entry(span{bold, "-"}, said+terminal(g.Reason))
		if n := g.packages(); n > 0 {
			t.concerned(n, g.changes)
		}
		if g.Hint != "" {
			t.entry(span{bold, "next"}, terminal(g.Hint))
		}
	}
	t.rest(len(groups)-textGaps, "reason", "reasons")
}

// concerned says which packages lack evidence. The names of most of them all
// tell nobody anything.
func (t text) concerned(n int, changes []*Change) {
	count := plural[inert](n, "package", "packages")
	if all := len(t.r.Changes); len(changes) > textNames && 2*len(changes) > all {
		if n == all {
			count = "all " + count
		} else {
			count = digits[inert](n) + " of " + plural[inert](all, "package", "packages")
		}
		changes = nil
	}
	t.names(span{dim, "for"}, count, changes, t.title)
}

// names lists changes in short, and counts those that it leaves out.
func (t text) names(label span, count inert, changes []*Change, show func(*Change) inert) {
	var items []inert
	for _, c := range changes[:min(textNames, len(changes))] {
		items = append(items, show(c))
	}
	if n := len(changes) - textNames; n > 0 {
		items = append(items, "and "+digits[inert](n)+" more (see the JSON report)")
	}
	switch {
	case len(items) == 0:
		items = []inert{count}
	case count != "":
		items[0] = count + ": " + items[0]
	}
	t.list(label, items)
}

// exceptions lists what the policy excuses, and what of that is out of date,
// then what people accepted, and what they said in vain.
func (t text) exceptions() {
	ofPolicy, ofPeople := bySource(t.r)
	t.excuses("POLICY", ofPolicy, "exception", "exceptions")
	t.excuses("PEOPLE", ofPeople, "command in a comment", "commands in comments")
}

func (t text) excuses(word inert, all []Exception, one, many inert) {
	if len(all) == 0 {
		return
	}
	t.heading(span{bold, word}, plural(len(all), one, many))
	for _, e := range all[:min(textExceptions, len(all))] {
		t.entry(span{dim, terminal(e.State)}, t.exception(e))
		if e.Link != "" {
			t.entry(span{dim, "see"}, terminal(e.Link))
		}
	}
	t.rest(len(all)-textExceptions, one, many)
}

// listed names what is worth knowing and says nothing against a package.
func (t text) listed() {
	for _, l := range listings(t.r) {
		t.heading(span{bold, "LISTED"}, plural[inert](len(l.changes), "package", "packages")+", without points: "+t.subject(l.Finding))
		t.names(span{}, "", l.changes, t.title)
		if l.Remedy != "" {
			t.entry(span{bold, "next"}, terminal(l.Remedy))
		}
	}
}

// passes lists in short what there is nothing to do about.
func (t text) passes() {
	passed := withVerdict(t.r, "pass")
	if len(passed) == 0 {
		return
	}
	if t.r.Verdict != "pass" {
		t.heading(badge("pass"), t.changes(len(passed)))
	}
	t.names(span{}, "", passed, t.passage)
}

// passage is a change that passed, with what little was found.
func (t text) passage(c *Change) inert {
	said := t.title(c)
	notes := t.advisories(c)
	if signals := t.signals(c); signals != "" {
		notes = append([]inert{signals}, notes...)
	}
	if len(notes) > 0 {
		said += " (" + few(notes, len(notes), "; ", func(n inert) inert { return n }) + ")"
	}
	return said
}

// footer says what was judged and by what; in short if all is well.
func (t text) footer() {
	judges := t.judges(t.r)
	if t.r.Verdict == "pass" && len(t.r.Findings) == 0 && len(gapGroups(t.r)) == 0 && len(excuses(t.r)) == 0 {
		t.flow(0, dim, judges[:2], " ·")
		return
	}
	t.line()
	t.flow(0, dim, t.inputs(t.r), " ·")
	t.flow(0, dim, judges, " ·")
}
