package lockfile

import (
	"bytes"
	"cmp"
	"slices"
)

// Touch finds the line by which each entry shows in a diff from base, an older
// reading of the same file: the first of its lines that the entry with its key
// had not, or its own first where there was none. Of an entry of npm or yarn the
// key stays what it is, and GitHub shows an alert only on a line that a pull
// request touches. It sets [Entry.Touched], and takes time in proportion to both
// texts.
//
// https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
func (inv *Inventory) Touch(base *Inventory, text, baseText []byte) {
	head, old := splitSpans(inv, text), splitSpans(base, baseText)
	before := make(map[string]*span, len(base.Entries))
	for i := range base.Entries {
		before[base.Entries[i].Key] = old.at(base.Entries[i].Line)
	}
	for i := range inv.Entries {
		e := &inv.Entries[i]
		was, is := before[e.Key], head.at(e.Line)
		// Where entries share a line, as in a minified file, it is the line of
		// each; to compare it for each of them would cost its length every time.
		if was == nil || is == nil || was.entries > 1 || is.entries > 1 {
			e.Touched = e.Line
			continue
		}
		if !bytes.Equal(is.text, was.text) {
			e.Touched = is.touched(was)
		}
	}
}

// spans are the stretches of a text from one entry's line to the next's, in
// order.
type spans []span

type span struct {
	line    int
	entries int // that begin on it
	text    []byte
	lines   map[string]bool // once somebody asks
}

func splitSpans(inv *Inventory, text []byte) spans {
	starts := make([]int, 0, len(inv.Entries))
	for i := range inv.Entries {
		starts = append(starts, inv.Entries[i].Line)
	}
	slices.Sort(starts)
	all := make(spans, 0, len(starts))
	line := 1
	for _, start := range starts {
		if len(all) > 0 && all[len(all)-1].line == start {
			all[len(all)-1].entries++
			continue
		}
		for ; line < start; line++ {
			_, rest, more := bytes.Cut(text, newline)
			if !more {
				return all.ended(nil)
			}
			text = rest
		}
		all = append(all.ended(text), span{line: start, entries: 1, text: text})
	}
	return all
}

var newline = []byte("\n")

// ended ends the last span where the rest begins.
func (s spans) ended(rest []byte) spans {
	if len(s) > 0 {
		last := &s[len(s)-1]
		last.text = last.text[:len(last.text)-len(rest)]
	}
	return s
}

func (s spans) at(line int) *span {
	i, ok := slices.BinarySearchFunc(s, line, func(a span, line int) int { return cmp.Compare(a.line, line) })
	if !ok {
		return nil
	}
	return &s[i]
}

// touched gives the first line of the span that the other one has not; 0 if it
// has them all.
func (s *span) touched(other *span) int {
	if other.lines == nil {
		other.lines = make(map[string]bool)
		for line := range bytes.SplitSeq(other.text, newline) {
			other.lines[string(line)] = true
		}
	}
	line := s.line
	for text := range bytes.SplitSeq(s.text, newline) {
		if !other.lines[string(text)] {
			return line
		}
		line++
	}
	return 0
}
