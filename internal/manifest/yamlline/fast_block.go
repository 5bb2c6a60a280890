package yamlline

// blockHeader is what stands behind the | or > of a block scalar.
type blockHeader struct {
	folded bool // >
	chomp  byte // which of the last line breaks stay: '-' none, '+' all, 0 one
	indent int  // of the lines; 0 says that the first one tells
}

// scanBlockHeader reads the header of a block scalar inside a collection of an
// indentation.
func (r *reader) scanBlockHeader(at, outer int) (h blockHeader, ok bool) {
	h.folded = r.text[at] == '>'
	for at++; at < r.end; at++ {
		switch c := r.text[at]; {
		case (c == '-' || c == '+') && h.chomp == 0:
			h.chomp = c
		case c >= '1' && c <= '9' && h.indent == 0:
			h.indent = outer + int(c-'0')
		default:
			return h, r.isRest(r.skipSpaces(at))
		}
	}
	return h, true
}

// readBlockScalar reads a literal or folded scalar. It gives up on one without
// text.
func (r *reader) readBlockScalar(at int) bool {
	line, begin := r.line, len(r.decoded)
	outer := r.open[r.depth-1].indent
	h, ok := r.scanBlockHeader(at, outer)
	if !ok {
		return false
	}
	some, spaced := false, false // whether there was a line with text, and it began with a space
	empty := 0                   // how many lines without followed
	for {
		before := r.cursor
		if !r.nextLine() {
			break
		}
		at := r.skipSpaces(r.start)
		indent := at - r.start
		if at == r.end && indent <= h.indent {
			empty++
			continue
		}
		if at == r.end && h.indent == 0 {
			return false // may tell the indentation
		}
		if h.indent == 0 {
			h.indent = indent
		}
		if indent < h.indent || indent <= outer {
			r.cursor = before
			break
		}
		wasSpaced := spaced
		spaced = indent > h.indent
		if some && (!h.folded || spaced || wasSpaced) {
			empty++ // the end of the line before stays a line break
		} else if some && empty == 0 {
			r.decoded = append(r.decoded, ' ')
		}
		r.addBreaks(empty)
		r.decoded = append(r.decoded, r.text[r.start+h.indent:r.end]...)
		some, empty = true, 0
	}
	if !some {
		return false
	}
	switch h.chomp {
	case 0:
		r.addBreaks(1)
	case '+':
		r.addBreaks(1 + empty)
	}
	r.tokens = append(r.tokens, r.decodedFrom(begin, line))
	return true
}

func (r *reader) addBreaks(n int) {
	for range n {
		r.decoded = append(r.decoded, '\n')
	}
}
