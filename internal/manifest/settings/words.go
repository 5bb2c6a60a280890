package settings

import (
	"fmt"
	"strings"
)

// all is how a message calls a list that leaves nothing out.
const all = "everything"

// maxShown bounds the entries that a message shows; the rest are counted.
const maxShown = 5

// tell makes a loosening of two states.
func (c *comparison) tell(q question, before, after *state) {
	row := q.row
	switch row.kind {
	case allow:
		c.tellEntries(q, before, after, gained(before, after), "gains")
		return
	case demand:
		c.tellEntries(q, before, after, lost(before, after), "loses")
		return
	}
	l := c.place(q, before, after)
	l.Before, l.After = before.words(c.hosts, q.subject), after.words(c.hosts, q.subject)
	l.Change = "goes from " + l.Before + " to " + l.After
	c.found = append(c.found, l)
}

// tellEntries makes a loosening for each setting that new entries stand in; the
// names of a "*" are one setting.
func (c *comparison) tellEntries(q question, before, after *state, changed []entry, verb string) {
	type origin struct {
		path  string
		place *place
	}
	var origins []origin
	groups := make(map[origin][]entry)
	for _, e := range changed {
		set := e.set
		if verb == "loses" {
			set = after.last()
		}
		var from origin
		if set != nil {
			from = origin{set.Path, set.place}
		}
		if groups[from] == nil {
			origins = append(origins, from)
		}
		e.set = set
		groups[from] = append(groups[from], e)
	}
	for _, from := range origins {
		l := c.place(q, before, after)
		if first := groups[from][0]; first.set != nil {
			l.Setting, l.Path, l.Line = spelled(first.set), first.set.Path, first.set.Line
			if verb == "gains" && first.line > 0 {
				l.Line = first.line
			}
		}
		l.Before, l.After = before.entries(), after.entries()
		l.Change = verb + " " + listed(groups[from])
		c.found = append(c.found, l)
	}
}

// place says where a loosening stands: at the head's setting, or where there
// was one, or at what names the package manager's version if that changed.
func (c *comparison) place(q question, before, after *state) Loosening {
	row := q.row
	l := Loosening{Tools: []Tool{row.tool}, Setting: row.name, Effect: row.effect, Remedy: row.remedy, Lockfile: row.lockfile}
	last, was := after.last(), before.last()
	unread := c.head.settings[key{row.tool, row.name, q.subject, q.folder}]
	manager := c.head.manager(row.tool, q.folder)
	switch {
	case last != nil && last.Subject == q.subject && last.Folder == q.folder:
		l.Setting, l.Path, l.Line = spelled(last), last.Path, last.Line
	case was != nil && len(unread) == 0:
		l.Setting, l.Path = spelled(was), was.Path
	case manager != nil && compareVersions(before.reading.version, after.reading.version) != 0:
		l.Path, l.Line = manager.Path, manager.Line
	case len(unread) > 0:
		l.Setting, l.Path, l.Line = spelled(unread[0]), unread[0].Path, unread[0].Line
	case last != nil:
		l.Setting, l.Path, l.Line = spelled(last), last.Path, last.Line
	}
	return l
}

// spelled gives a setting's name for a message. What stands in it for a "*" is
// the file's own text, and an address there may hold a password.
func spelled(s *Setting) string {
	switch {
	case s.place.form == routes && s.Subject == "":
		return "registries"
	case s.place.form == routes:
		return "registries of " + clip(s.Subject)
	case s.place.form == verdicts:
		return strings.Join(s.place.segments(), ".")
	}
	return clip(s.Spelling)
}

// clip quotes what is long or odd, and bounds it.
func clip(text string) string {
	if quoted := fmt.Sprintf("%.80q", text); len(quoted) != len(text)+2 {
		return quoted
	}
	return text
}

// words says what counts, for a person.
func (s *state) words(h *hosts, subject string) string {
	text := s.text
	switch {
	case s.row.kind == address:
		text = h.words(text, subject)
	case s.row.kind == duration:
		if _, known := s.row.length(text); known && strings.Trim(text, "0123456789.") == "" {
			text = count(text, s.row.unit)
		} else if !known {
			text = fmt.Sprintf("%.80q", text)
		}
	case s.row.looseness(text) == len(s.row.order):
		text = fmt.Sprintf("%.80q", strings.Trim(text, `"`))
	}
	if s.last() == nil && s.row.kind != address {
		text += " (the default)"
	}
	return text
}

// count gives "1 day" and "3 days".
func count(number, unit string) string {
	if number == "1" {
		unit = strings.TrimSuffix(unit, "s")
	}
	return number + " " + unit
}

// entries says what a list allows or demands.
func (s *state) entries() string {
	text := listed(s.allowed)
	if text == all && len(s.denied) > 0 {
		denied := make([]entry, len(s.denied))
		for i, e := range s.denied {
			e.deny = false
			denied[i] = e
		}
		text += " but " + listed(denied)
	}
	return text
}

// words names a host, never what else an address may hold: a password, say.
func (h *hosts) words(address, subject string) string {
	host, plain := h.named(address)
	switch {
	case host == "" && plain:
		return "the public registry without encryption"
	case host == "" && h.scopes[subject] != "":
		return "no registry of its own"
	case host == "":
		return "the public registry"
	case plain:
		return fmt.Sprintf("%.80q without encryption", host)
	}
	return fmt.Sprintf("%.80q", host)
}

// listed shows the entries of a list.
func listed(list []entry) string {
	if len(list) == 0 {
		return "nothing"
	}
	var shown []string
	for _, e := range list {
		if e.name == everything && e.version == "" {
			return all
		}
		if len(shown) < maxShown {
			shown = append(shown, fmt.Sprintf("%.80q", e.text()))
		}
	}
	text := strings.Join(shown, ", ")
	if rest := len(list) - len(shown); rest > 0 {
		text += fmt.Sprintf(" and %d more", rest)
	}
	return text
}
