package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"io"
	"slices"
	"strings"
)

// The page's own style and script. Its policy lets in these two, by their
// hashes, and nothing else from anywhere.
var (
	//go:embed page/style.css
	pageStyle string
	//go:embed page/sort.js
	pageScript string

	// https://www.w3.org/TR/CSP3/#grammardef-hash-source
	pagePolicy = "default-src 'none'; style-src '" + digestSource(pageStyle) + "'; script-src '" + digestSource(pageScript) +
		"'; base-uri 'none'; form-action 'none'"
)

func digestSource(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// document is an HTML page on its way out.
type document struct {
	wording[hypertext]
	r *Report
	o Options
	b strings.Builder
}

func (d *document) put(parts ...hypertext) {
	for _, p := range parts {
		d.b.WriteString(string(p))
	}
}

// HTML writes the document as one page that needs nothing else: the verdict,
// plots of what is pinned, what needs attention, and a table of all that can be
// sorted and searched.
func HTML(w io.Writer, r *Report, o Options) error {
	d := &document{wording: newWording(r, literal, escaped), r: r, o: o}
	v := rulingOf(r.Verdict)
	d.b.WriteString("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
		"<meta http-equiv=\"Content-Security-Policy\" content=\"" + pagePolicy + "\">\n<title>Lockkeeper</title>\n<style>" + pageStyle + "</style>\n</head>\n<body>\n")
	d.put(`<h1><span class="`, escaped(v.id), `">`, escaped(string(v.word)), "</span>: ", d.headline(r), "</h1>\n")
	d.put(`<p class="dim">`, d.line(d.inputs(r)), "<br>", d.line(d.judges(r)), "</p>\n")
	d.tiles()
	d.charts()
	d.attention()
	d.repository()
	d.gaps()
	d.exceptions()
	d.all()
	if len(r.Changes) > 0 {
		d.b.WriteString("<script>" + pageScript + "</script>\n")
	}
	d.b.WriteString("</body>\n</html>\n")
	_, err := io.WriteString(w, d.b.String())
	return err
}

func (d *document) line(parts []hypertext) hypertext {
	return few(parts, len(parts), " · ", func(p hypertext) hypertext { return p })
}

// tiles shows how many packages have each verdict.
func (d *document) tiles() {
	d.put(`<div class="tiles">`)
	for _, v := range verdicts {
		d.put(`<div class="tile"><b class="`, escaped(v.id), `">`, digits[hypertext](len(withVerdict(d.r, v.id))), "</b>", escaped(v.id), "</div>")
	}
	d.put("</div>\n")
}

// attention tells of each package that something speaks against, worst first.
func (d *document) attention() {
	first := true
	for i := range d.r.Changes {
		c := &d.r.Changes[i]
		if !weighty(c) {
			continue
		}
		if first {
			d.put("<h2>What needs attention</h2>\n")
			first = false
		}
		v := rulingOf(c.Verdict)
		d.put(`<details open><summary><span class="`, escaped(v.id), `">`, escaped(string(v.word)), "</span> ", d.title(c),
			", score ", digits[hypertext](c.Score), "</summary>\n<p>", d.circumstances(c), "</p>\n")
		d.findings(c)
		d.put("</details>\n")
	}
}

func (d *document) circumstances(c *Change) hypertext {
	parts := []hypertext{few(c.Locations, 5, ", ", d.at), d.role(c), d.age(c)}
	if route := d.route(c); route != "" {
		parts = append(parts, "via "+route)
	}
	if c.Publisher != "" {
		parts = append(parts, "published by "+d.prose(c.Publisher))
	}
	parts = append(parts, d.advisories(c)...)
	return d.line(slices.DeleteFunc(parts, func(p hypertext) bool { return p == "" }))
}

func (d *document) findings(c *Change) {
	d.put(`<div class="scroll"><table><thead><tr><th class="n">points</th><th>finding</th><th>evidence</th></tr></thead><tbody>`, "\n")
	for _, f := range reasons(c.Findings) {
		told := d.evidence(f, c.HoldUntil)
		d.put(`<tr><td class="n">`, d.points(f.Finding), "</td><td>", d.subject(f.Finding), "</td><td>",
			few(told, len(told), "<br>", func(s hypertext) hypertext { return s }), "</td></tr>\n")
	}
	d.put("</tbody></table></div>\n")
	for _, remedy := range remedies(d.r, c.Findings, c.HoldUntil) {
		d.put("<p><b>Next:</b> ", d.prose(remedy), "</p>\n")
	}
	if links := pages(c.Findings); len(links) > 0 {
		d.put("<p>See ", few(links, len(links), ", ", func(l Link) hypertext { return anchor(d.prose(l.Title), l.URL) }), "</p>\n")
	}
}

// repository tells of findings that are about no package.
func (d *document) repository() {
	if len(d.r.Findings) == 0 {
		return
	}
	d.put("<h2>The repository's own files</h2>\n<ul>\n")
	for i := range d.r.Findings {
		f := &d.r.Findings[i]
		d.put("<li><b>", d.points(f), "</b> ", d.subject(f), ": ", d.prose(f.Message))
		if f.Location != nil {
			d.put(" At ", d.at(*f.Location), ".")
		}
		if f.Remedy != "" {
			d.put("<br><b>Next:</b> ", d.prose(f.Remedy))
		}
		d.put("</li>\n")
	}
	d.put("</ul>\n")
}

// gaps tells what could not be had, each reason once.
func (d *document) gaps() {
	decisive := func(g gapGroup) bool { return mildness(g.Gap) == 0 }
	all := gapGroups(d.r)
	d.gapList("Evidence that the policy asks for could not be had", slices.DeleteFunc(slices.Clone(all), func(g gapGroup) bool { return !decisive(g) }))
	d.gapList("Evidence that could not be had; the policy lets that pass", slices.DeleteFunc(all, decisive))
}

func (d *document) gapList(title hypertext, groups []gapGroup) {
	if len(groups) == 0 {
		return
	}
	d.put("<h2>", title, "</h2>\n<ul>\n")
	for _, g := range groups {
		d.put("<li><b>", d.prose(g.Check), "</b>: ")
		if g.Location != nil {
			d.put(d.at(*g.Location), ": ")
		}
		d.put(d.prose(g.Reason))
		if n := g.packages(); n > 0 {
			d.put(" (", plural[hypertext](n, "package", "packages"), ")")
		}
		if g.Hint != "" {
			d.put("<br><b>Next:</b> ", d.prose(g.Hint))
		}
		d.put("</li>\n")
	}
	d.put("</ul>\n")
}

// exceptions lists what the policy excuses and what people asked for.
func (d *document) exceptions() {
	ofPolicy, ofPeople := bySource(d.r)
	d.excuses("Exceptions of the policy", ofPolicy)
	d.excuses("Commands in comments", ofPeople)
}

func (d *document) excuses(title hypertext, all []Exception) {
	if len(all) == 0 {
		return
	}
	d.put("<h2>", title, "</h2>\n<ul>\n")
	for _, e := range all {
		d.put("<li><b>", anchor(d.prose(e.State), e.Link), "</b> ", d.exception(e), "</li>\n")
	}
	d.put("</ul>\n")
}
