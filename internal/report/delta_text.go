package report

import (
	"io"
	"strings"
)

// How much of a kind the text shows before it counts the rest.
const (
	textFiles    = 40 // of one kind of change
	textCommands = 20
	textNews     = 30 // places, of one way to run
)

// deltaText is a delta on its way to a terminal.
type deltaText struct {
	*paper
	d *Delta
}

// DeltaText writes the document for a reviewer: what an install runs, the
// files, and the news by how it comes to run.
func DeltaText(w io.Writer, d *Delta, o Options) error {
	t := deltaText{newPaper(o), d}
	t.title()
	t.confused()
	t.commands()
	t.files()
	for _, g := range ways {
		t.news(g)
	}
	t.rest(d.MoreNews, "is", "are")
	return t.drain(w)
}

func (t deltaText) title() {
	subject := terminal(t.d.Ecosystem + ":" + t.d.Name)
	subject += " "
	word := span{bold, "PROFILE"}
	if t.d.From != nil {
		word.text = "DELTA"
		subject += terminal(t.d.From.Version) + " → "
	}
	t.head(word, span{bold, subject + terminal(t.d.To.Version)})
	if from := t.d.From; from != nil {
		t.entry(span{dim, "old"}, archiveSaid(from))
	}
	t.entry(span{dim, "new"}, archiveSaid(&t.d.To))
}

func archiveSaid(a *Archive) inert {
	said := plural[inert](a.Files, "file", "files") + ", " + bytesOf(a.Unpacked) + " unpacked, " + bytesOf(a.Packed) + " packed"
	if a.PublishedAt != nil {
		said += ", published " + moment[inert](*a.PublishedAt)
	}
	return said + ", " + terminal(a.Integrity)
}

// confused lists where registry and archive tell two stories.
func (t deltaText) confused() {
	if len(t.d.Confused) == 0 {
		return
	}
	t.section(yellow, "MANIFEST", "the registry shows another manifest than the archive has")
	for _, c := range t.d.Confused[:min(textCommands, len(t.d.Confused))] {
		t.entry(span{bold, "-"}, terminal(c.Field)+": the archive has "+orNothing(c.Inside)+", the registry shows "+orNothing(c.Listed))
	}
	t.rest(len(t.d.Confused)-textCommands, "is", "are")
}

func orNothing(s string) inert {
	if s == "" {
		return "nothing"
	}
	return terminal(s)
}

func (t deltaText) commands() {
	if len(t.d.Commands) == 0 {
		return
	}
	t.section(bold, "COMMANDS", "that an install runs by itself")
	for _, c := range t.d.Commands[:min(textCommands, len(t.d.Commands))] {
		t.entry(span{changeStyles[c.Change], changeWords[c.Change]}, terminal(c.Path)+": "+terminal(c.Text))
	}
	t.rest(len(t.d.Commands)-textCommands, "is", "are")
}

// changeWords fit the gutter. What a document says beyond them is shown as
// nothing.
var (
	changeWords = map[string]inert{
		"added": "added", "removed": "removed", "changed": "changed", "moved": "moved", "unchanged": "same",
	}
	changeStyles = map[string]style{"added": green, "removed": red, "changed": yellow, "moved": cyan}
)

func (t deltaText) files() {
	if len(t.d.Files) == 0 {
		t.section(bold, "FILES", "all the same")
		return
	}
	var counts []inert
	kinds := []string{"added", "changed", "moved", "removed"}
	for _, kind := range kinds {
		if n := len(t.changed(kind)); n > 0 {
			counts = append(counts, digits[inert](n)+" "+changeWords[kind])
		}
	}
	t.section(bold, "FILES", few(counts, len(counts), ", ", func(s inert) inert { return s }))
	for _, kind := range kinds {
		files := t.changed(kind)
		for _, f := range files[:min(textFiles, len(files))] {
			t.entry(span{changeStyles[kind], changeWords[kind]}, fileSaid(f))
		}
		t.rest(len(files)-textFiles, "is", "are")
	}
}

func (t deltaText) changed(kind string) (files []*FileChange) {
	for i := range t.d.Files {
		if f := &t.d.Files[i]; f.Change == kind {
			files = append(files, f)
		}
	}
	return files
}

func fileSaid(f *FileChange) inert {
	said := terminal(f.Path)
	if f.From != "" {
		said += " (was " + terminal(f.From) + ")"
	}
	said += ", " + bytesOf(f.Size)
	if f.Kind != "" {
		said += ", " + terminal(f.Kind)
	}
	if run := runs[f.Reach]; run != "" {
		said += ", " + run
	}
	if f.Was != f.Reach && f.Change != "added" && f.Change != "removed" {
		said += " (before: " + cmpOr(runs[f.Was], "nothing was seen to run it") + ")"
	}
	if f.Novelty > 0 && f.Change != "added" {
		said += ", " + digits[inert](f.Novelty) + " % of its code is new"
	}
	return said
}

var runs = map[string]inert{
	"install": "runs at install", "import": "runs when it is imported", "bin": "runs as a program", "test": "for tests",
}

func cmpOr(s, otherwise inert) inert {
	if s == "" {
		return otherwise
	}
	return s
}

// bytesOf writes a size so that it can be compared by eye.
func bytesOf(n int64) inert {
	switch {
	case n >= 10e6:
		return digits[inert](int(n/1e6)) + " MB"
	case n >= 10e3:
		return digits[inert](int(n/1e3)) + " kB"
	}
	return plural[inert](int(n), "byte", "bytes")
}

func (t deltaText) section(look style, word, said inert) {
	t.line()
	t.head(span{look, word}, span{text: said})
}

func (t deltaText) rest(n int, one, many inert) {
	if n <= 0 {
		return
	}
	verb := many
	if n == 1 {
		verb = one
	}
	t.entry(span{}, digits[inert](n)+" more "+verb+" in the JSON document (--format json)")
}

// way is a group of news.
type way struct {
	look style
	word inert
	said inert
	has  func(n *News) bool
}

// ofArchive are kinds of news that are about no file's code.
var ofArchive = map[string]bool{"fault": true, "bundle": true, "doubled": true, "obeyed": true}

func reaches(reach string) func(*News) bool {
	return func(n *News) bool { return n.Reach == reach && !ofArchive[n.Kind] && n.Kind != "command" }
}

var ways = []way{
	{red, "ARCHIVE", "what is odd about the whole", func(n *News) bool { return ofArchive[n.Kind] }},
	{red, "INSTALL", "new in what runs at install", reaches("install")},
	{yellow, "IMPORT", "new in what runs when the package is imported", reaches("import")},
	{yellow, "PROGRAM", "new in what runs as a program", reaches("bin")},
	{bold, "OTHER", "new in what nothing was seen to run", reaches("")},
	{dim, "TESTS", "new in tests, examples and documents", reaches("test")},
}

// spot is a line of a file, and all that is new there.
type spot struct {
	path, excerpt string
	line          int
	said          []inert
}

// news lists the places of a group. News of one excerpt stand together.
func (t deltaText) news(g way) {
	var places []spot
	count := 0
	for i := range t.d.News {
		n := &t.d.News[i]
		if !g.has(n) {
			continue
		}
		last := len(places) - 1
		if last < 0 || places[last].path != n.Path || places[last].line != n.Line || places[last].excerpt != n.Excerpt {
			places = append(places, spot{path: n.Path, line: n.Line, excerpt: n.Excerpt})
			last++
		}
		if said := t.newsSaid(n, t.d.News[:i]); said != "" {
			places[last].said = append(places[last].said, said)
			count++
		}
	}
	if count == 0 {
		return
	}
	t.section(g.look, g.word, g.said+": "+digits[inert](count))
	for _, p := range places[:min(textNews, len(places))] {
		at := terminal(p.path)
		if p.line > 0 {
			at += ":" + digits[inert](p.line)
		}
		if at != "" {
			at += ": "
		}
		t.entry(span{bold, "-"}, at+few(p.said, len(p.said), "; ", func(s inert) inert { return s }))
		if p.excerpt != "" {
			t.pad(margin)
			t.line(span{dim, terminal(strings.TrimSpace(p.excerpt))})
		}
	}
	t.rest(len(places)-textNews, "place is", "places are")
}

// newsSaid is one thing that is new; "" for a use that stands there as the
// first of its capability.
func (t deltaText) newsSaid(n *News, before []News) inert {
	if n.Kind == "use" && isFirst(n, before) {
		return ""
	}
	say, ok := newsWords[n.Kind]
	if !ok {
		return terminal(n.Kind) + " " + terminal(n.What)
	}
	said := say(n)
	if n.Kind == "capability" && t.d.From != nil {
		said += " (the package had nothing of that kind there)"
	}
	if n.Count > 1 && !counted[n.Kind] {
		said += " (" + digits[inert](n.Count) + " times)"
	}
	return said
}

// isFirst reports whether a use stands among the news before it as the first of
// its capability.
func isFirst(use *News, before []News) bool {
	for i := len(before) - 1; i >= 0 && before[i].Path == use.Path && before[i].Offset == use.Offset; i-- {
		if b := &before[i]; b.Kind == "capability" && b.What == use.What && b.Text == use.Text {
			return true
		}
	}
	return false
}

// counted are the kinds of which the count is said, or says nothing.
var counted = map[string]bool{"trait": true, "large-script": true, "doubled": true}

var newsWords = map[string]func(*News) inert{
	"use":        func(n *News) inert { return terminal(n.What) + ": " + terminal(n.Text) },
	"capability": func(n *News) inert { return terminal(n.What) + ": " + terminal(n.Text) },
	"mention":    func(n *News) inert { return "names " + terminal(n.What) },
	"module":     func(n *News) inert { return "loads " + terminal(n.Text) },
	"trait":      func(n *News) inert { return terminal(n.What) + ": " + digits[inert](n.Count) },
	"unreadable": func(n *News) inert { return "can't be read: " + terminal(n.Text) },
	"binary":     func(n *News) inert { return "compiled code: " + terminal(n.What) },
	"large-script": func(n *News) inert {
		return "a script of " + bytesOf(int64(n.Count)) + ", most of it new"
	},
	"doubled": func(n *News) inert { return "the unpacked size doubled, to " + bytesOf(int64(n.Count)) },
	"obeyed":  func(n *News) inert { return "a file that a tool obeys: " + terminal(n.What) },
	"bundle":  func(n *News) inert { return "brings along " + terminal(n.What) + " " + terminal(n.Text) },
	"fault":   func(n *News) inert { return "a fault in the archive: " + terminal(n.What) },
}
