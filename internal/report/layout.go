package report

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// style is how a terminal shows a span. It only repeats what the words say.
type style uint8

const (
	normal style = iota
	bold
	dim
	red
	yellow
	cyan
	magenta
	green
)

// sgr holds the parameters of "select graphic rendition" (ECMA-48, 8.3.117).
var sgr = [...]string{
	bold: "1", dim: "2", red: "1;31", yellow: "1;33", cyan: "1;36", magenta: "1;35", green: "1;32",
}

// span is a piece of a line.
type span struct {
	style style
	text  inert
}

// Columns: labels stand right-aligned in a gutter as wide as the longest
// verdict, and all text beside them, package names included, in one column.
const (
	gutter = 8
	margin = gutter + 2
)

// paper lays lines out for a terminal.
type paper struct {
	b     bytes.Buffer
	color bool
	width int
}

func newPaper(o Options) *paper {
	width := o.Width
	if width <= 0 {
		width = 100
	}
	return &paper{color: o.Color, width: max(width, 40)}
}

// drain writes what is laid out so far.
func (p *paper) drain(w io.Writer) error {
	_, err := p.b.WriteTo(w)
	return err
}

// line writes one line as it is, an empty one between sections.
func (p *paper) line(spans ...span) {
	for _, s := range spans {
		p.write(s)
	}
	p.b.WriteByte('\n')
}

// head begins a section: a word in the gutter, left-aligned, and a line beside
// it.
func (p *paper) head(word span, rest ...span) {
	p.write(word)
	p.pad(margin - utf8.RuneCountInString(string(word.text)))
	p.line(rest...)
}

// entry writes a label and text that wraps between words.
func (p *paper) entry(label span, text inert) {
	p.label(label)
	p.flow(margin, normal, words(text), "")
}

// list writes a label and items that wrap between, not within, each other.
func (p *paper) list(label span, items []inert) {
	p.label(label)
	p.flow(margin, normal, items, ",")
}

// flow fills lines with pieces of text. One that is longer than a line stands
// on a line of its own, unbroken: it may be an address that somebody copies.
func (p *paper) flow(indent int, look style, pieces []inert, joint inert) {
	column := indent
	for i, piece := range pieces {
		if i < len(pieces)-1 {
			piece += joint
		}
		width := utf8.RuneCountInString(string(piece))
		switch {
		case i == 0:
		case column+1+width > p.width:
			p.b.WriteByte('\n')
			p.pad(indent)
			column = indent
		default:
			p.b.WriteByte(' ')
			column++
		}
		p.write(span{look, piece})
		column += width
	}
	p.b.WriteByte('\n')
}

func (p *paper) label(s span) {
	p.pad(gutter - utf8.RuneCountInString(string(s.text)))
	p.write(s)
	p.pad(margin - gutter)
}

func (p *paper) pad(n int) {
	for range n {
		p.b.WriteByte(' ')
	}
}

func (p *paper) write(s span) {
	if !p.color || s.style == normal || s.text == "" {
		p.b.WriteString(string(s.text))
		return
	}
	p.b.WriteString("\x1b[" + sgr[s.style] + "m" + string(s.text) + "\x1b[0m")
}
