package report

import (
	"slices"
	"strconv"
	"time"
)

// column is one of the table of all packages: what a cell shows, and by what it
// is sorted.
type column struct {
	title hypertext
	class hypertext // "n" for a number, "line" for what should stand on one line
	cell  func(d *document, c *Change) (shown, key hypertext)
}

// unknown is what a cell shows of a number that nobody knows.
const unknown = "?"

var tableColumns = []column{
	{"verdict", "", func(_ *document, c *Change) (shown, key hypertext) {
		v := rulingOf(c.Verdict)
		return `<span class="` + escaped(v.id) + `">` + escaped(v.id) + "</span>", digits[hypertext](rank(c.Verdict))
	}},
	{"package", "", func(d *document, c *Change) (shown, key hypertext) {
		label := d.label(c)
		if d.o.Page != nil {
			label = anchor(label, d.o.Page(c.Ecosystem, c.Name, c.To))
		}
		return label, escaped(c.Name)
	}},
	{"version", "", func(d *document, c *Change) (shown, key hypertext) { return d.versions(c), escaped(c.To) }},
	{"score", "n", func(_ *document, c *Change) (shown, key hypertext) {
		return digits[hypertext](c.Score), digits[hypertext](c.Score)
	}},
	{"days old", "n", func(d *document, c *Change) (shown, key hypertext) {
		age, ok := d.r.age(c)
		if !ok {
			return unknown, "-1"
		}
		return digits[hypertext](int(age / day)), digits[hypertext](int(age / day))
	}},
	{"publisher", "", func(_ *document, c *Change) (shown, key hypertext) { return escaped(c.Publisher), escaped(c.Publisher) }},
	{"depth", "n", func(_ *document, c *Change) (shown, key hypertext) {
		n := digits[hypertext](depth(c))
		if n == "0" {
			return unknown, n
		}
		return n, n
	}},
	{"at install", "", func(_ *document, c *Change) (shown, key hypertext) {
		if c.Installs {
			return "runs code", "1"
		}
		return "", "2"
	}},
	{"signals", "line", func(d *document, c *Change) (shown, key hypertext) {
		return d.signals(c), digits[hypertext](100 - len(c.Findings))
	}},
	{"where", "line", func(d *document, c *Change) (shown, key hypertext) {
		if len(c.Locations) == 0 {
			return "", ""
		}
		first := c.Locations[0]
		return d.at(first), escaped(first.Path + ":" + strconv.Itoa(1e8+first.Line))
	}},
}

// all is the table of every package.
func (d *document) all() {
	if len(d.r.Changes) == 0 {
		return
	}
	columns := slices.DeleteFunc(slices.Clone(tableColumns), d.mute)
	d.put("<h2>All ", d.changes(len(d.r.Changes)), "</h2>\n",
		`<input id="filter" type="search" placeholder="Search" aria-label="Search the table">`, "\n",
		`<div id="all" class="scroll"><table><thead><tr>`)
	for _, col := range columns {
		d.put("<th", class(col), "><button>", col.title, "</button></th>")
	}
	d.put("</tr></thead><tbody>\n")
	for i := range d.r.Changes {
		d.put("<tr>")
		for _, col := range columns {
			shown, key := col.cell(d, &d.r.Changes[i])
			d.put("<td", class(col), ` data-v="`, key, `">`, shown, "</td>")
		}
		d.put("</tr>\n")
	}
	d.put("</tbody></table></div>\n")
}

// mute reports whether a column says nothing of any package.
func (d *document) mute(col column) bool {
	for i := range d.r.Changes {
		if shown, _ := col.cell(d, &d.r.Changes[i]); shown != "" && shown != unknown {
			return false
		}
	}
	return true
}

func class(col column) hypertext {
	if col.class == "" {
		return ""
	}
	return ` class="` + col.class + `"`
}

// age is how old a release was when it was judged.
func (r *Report) age(c *Change) (time.Duration, bool) {
	if c.PublishedAt == nil {
		return 0, false
	}
	return max(0, r.JudgedAt.Sub(*c.PublishedAt)), true
}

// depth is how many steps a package is from the repository, 1 for what it asks
// for itself, 0 if that is not known.
func depth(c *Change) int {
	switch {
	case c.Direct:
		return 1
	case len(c.Via) == 0:
		return 0
	}
	return len(c.Via[0])
}
