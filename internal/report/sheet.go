package report

import (
	"io"
	"strings"
)

// Sizes of a Markdown document, in bytes.
const (
	// GitHub drops a step's summary above 1 MiB.
	//
	// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
	summaryLimit = 900 << 10
	leastLimit   = 4 << 10 // below it not even the headline is sure to fit
	cutRoom      = 600     // kept free for the sentence on what was left out
)

// sheet collects whole pieces of Markdown up to a size.
type sheet struct {
	b       strings.Builder
	room    int // for pieces
	heading markup
	footer  markup
	kinds   []markup       // of what was left out, in order of appearance
	left    map[markup]int // by kind
}

// limit sets the size of the whole, 0 for that of a step's summary, and what
// it ends with if that is of a reasonable length.
func (s *sheet) limit(size int, footer markup) {
	if size <= 0 {
		size = summaryLimit
	}
	size = max(size, leastLimit)
	if len(footer) < size/4 {
		s.footer = footer
	}
	s.room = size - len(s.footer) - cutRoom
}

// begin sets the heading of the pieces to come. It is written with the first
// of them.
func (s *sheet) begin(heading markup) { s.heading = heading }

// put writes a piece if, with it, no more than that share of the room, in
// percent, is used, so that a long section leaves some to those after it. A
// piece that does not fit is left out and counted by its kind.
func (s *sheet) put(share int, kind, piece markup) {
	piece = s.heading + piece
	if s.b.Len()+len(piece) > s.room/100*share {
		s.leave(kind, 1)
		return
	}
	s.heading = ""
	s.b.WriteString(string(piece))
}

// leave counts pieces that are left out.
func (s *sheet) leave(kind markup, n int) {
	if n <= 0 {
		return
	}
	if s.left == nil {
		s.left = map[markup]int{}
	}
	if s.left[kind] == 0 {
		s.kinds = append(s.kinds, kind)
	}
	s.left[kind] += n
}

// end says what was left out, adds the footer and writes the whole.
func (s *sheet) end(w io.Writer) error {
	if len(s.kinds) > 0 {
		said := few(s.kinds, len(s.kinds), ", ", func(kind markup) markup {
			return digits[markup](s.left[kind]) + " × " + kind
		})
		s.b.WriteString(string("\n**Left out here, and found in the JSON report:** " + said + "\n"))
	}
	s.b.WriteString(string(s.footer))
	_, err := io.WriteString(w, s.b.String())
	return err
}
