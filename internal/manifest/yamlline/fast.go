package yamlline

import "strings"

// reader reads the styles in which pnpm (js-yaml's dump) and yarn berry
// (stringifySyml) write: block collections of which each line holds a name or
// an element, one-line scalars, one-line flow collections and block scalars.
// The text's characters were checked. It reads line by line and knows what is
// open around the line. It gives exactly what full gives, or is lost: on a shape
// that it doesn't know for certain it gives up and leaves the stream to full,
// which says what is wrong with it, if anything is.
type reader struct {
	text    string
	tokens  []token
	decoded []byte // texts of scalars that the stream doesn't hold in one piece
	cursor
	ended     bool
	lost      bool
	forgotten uint32 // the line of the last token that was taken away

	open    [MaxDepth]collection // block collections, from the root to the innermost
	depth   int                  // how many of them
	waiting bool                 // the innermost has a name or dash whose value comes in a later line
	asked   uint32               // the line of the colon or dash that waits
	marked  bool                 // --- has begun a document
}

func newReader(text string) *reader {
	r := &reader{text: text}
	if strings.IndexByte(text, '\t') >= 0 {
		r.ended, r.lost = true, true // neither writes one, and YAML has many rules for them
	}
	return r
}

// fast reads the whole of a stream.
func fast(text string) (w *Walker, ok bool) {
	r := newReader(text)
	for r.step() {
	}
	return &Walker{text: text, decoded: string(r.decoded), tokens: r.tokens}, !r.lost
}

// atOnce is for how many tokens lines are read at a time. They stay in the
// processor's nearest cache until the walker has read them, and no memory is
// needed for those of the whole stream, which would be more than the stream.
const atOnce = 256

// further gives tokens in the place of the last ones, or none at the end.
func (r *reader) further() []token {
	r.forget()
	for len(r.tokens) < atOnce && r.step() {
	}
	if r.lost {
		return nil
	}
	return r.tokens
}

func (r *reader) forget() {
	if len(r.tokens) > 0 {
		r.forgotten = r.tokens[len(r.tokens)-1].line
	}
	r.tokens, r.decoded = r.tokens[:0], r.decoded[:0]
}

// step reads a line, or several for what takes them, and reports whether there
// is more.
func (r *reader) step() bool {
	switch {
	case r.ended:
	case r.nextLine():
		r.lost = !r.readLine()
		r.ended = r.lost
	default:
		r.lost = !r.endDocument()
		r.ended = true
	}
	return !r.ended
}

// finish reads on to the end, and reports whether all of it could be read.
func (r *reader) finish() bool {
	for r.step() {
		r.forget()
	}
	return !r.lost
}

// cursor is where a reader is.
type cursor struct {
	line       uint32 // counted from 1
	start, end int    // of the line in the text, without its break
	next       int    // where the next line starts
}

// collection is an open block mapping or sequence.
type collection struct {
	indent int // the column of its names or dashes, counted from 0
	kind   Kind
}

// nextLine moves to the next line and reports whether there is one.
func (r *reader) nextLine() bool {
	if r.next >= len(r.text) {
		return false
	}
	r.line++
	r.start = r.next
	if i := strings.IndexByte(r.text[r.start:], '\n'); i >= 0 {
		r.end = r.start + i
		r.next = r.end + 1
		if i > 0 && r.text[r.end-1] == '\r' {
			r.end--
		}
		return true
	}
	r.end, r.next = len(r.text), len(r.text)
	return true
}

// readLine reads one line, or several for a scalar or a name that takes them.
func (r *reader) readLine() bool {
	at := r.skipSpaces(r.start)
	switch {
	case at == r.end || r.text[at] == '#':
		return true
	case at > r.start:
	case r.text[at:r.end] == "---":
		if !r.endDocument() {
			return false
		}
		r.marked = true
		return true
	case r.text[at:r.end] == "..." || strings.HasPrefix(r.text[at:r.end], "... "):
		return false // a marker, which full refuses
	}
	return r.readContent(at)
}

// readContent finds the collection to which a line belongs by its indentation.
func (r *reader) readContent(at int) bool {
	indent := at - r.start
	if r.depth == 0 {
		return indent == 0 && r.readNode(at, false)
	}
	top := &r.open[r.depth-1]
	dash := r.isDash(at)
	// A sequence may have the indentation of the mapping that it is in.
	if indent > top.indent || r.waiting && dash && indent == top.indent && top.kind == Map {
		if !r.waiting {
			return false // the scalar before it goes on
		}
		r.waiting = false
		return r.readNode(at, false)
	}
	if r.waiting && !r.leaveEmpty() {
		return false
	}
	for top.indent > indent || top.kind == Sequence && !dash {
		r.closeBlock()
		if r.depth == 0 {
			return false
		}
		top = &r.open[r.depth-1]
	}
	switch {
	case top.indent != indent:
		return false
	case top.kind == Sequence:
		return r.readElement(at)
	}
	return r.readMember(at)
}

// readNode reads the first line of a node of a block collection. inline is
// true where a dash stands before it.
func (r *reader) readNode(at int, inline bool) bool {
	if r.isDash(at) {
		return r.openBlock(Sequence, at) && r.readElement(at)
	}
	if r.isExplicit(at) {
		return r.openBlock(Map, at) && r.readExplicit(at)
	}
	if name, after, ok := r.scanName(at); ok {
		return r.openBlock(Map, at) && r.addName(name) && r.readValue(after)
	}
	return inline && r.readInline(at)
}

// readElement reads a dash, or the colon of an explicit name, and what follows:
// unlike behind another colon, that may be a block collection.
func (r *reader) readElement(at int) bool {
	if at = r.skipSpaces(at + 1); r.isRest(at) {
		r.waiting, r.asked = true, r.line
		return true
	}
	return r.readNode(at, true)
}

// readMember reads a name and what follows it.
func (r *reader) readMember(at int) bool {
	if r.isExplicit(at) {
		return r.readExplicit(at)
	}
	name, after, ok := r.scanName(at)
	return ok && r.addName(name) && r.readValue(after)
}

// readExplicit reads a name behind a question mark, as one of more than 1024
// characters is written, and the colon in the next line.
func (r *reader) readExplicit(at int) bool {
	indent := at - r.start
	name, after, ok := r.scanScalar(r.skipSpaces(at + 1))
	if !ok || after != r.end || !r.addName(name) || !r.nextLine() {
		return false
	}
	at = r.start + indent
	return r.skipSpaces(r.start) == at && r.isIndicator(at, ':') && r.readElement(at)
}

// readValue reads what follows a colon.
func (r *reader) readValue(at int) bool {
	if at = r.skipSpaces(at); r.isRest(at) {
		r.waiting, r.asked = true, r.line
		return true
	}
	return r.readInline(at)
}

// readInline reads a node that is no block collection.
func (r *reader) readInline(at int) bool {
	switch r.text[at] {
	case '{', '[':
		after, ok := r.readFlow(at, r.depth)
		return ok && r.isRest(r.skipSpaces(after))
	case '|', '>':
		return r.readBlockScalar(at)
	}
	value, after, ok := r.scanScalar(at)
	r.tokens = append(r.tokens, value)
	return ok && r.isRest(r.skipSpaces(after))
}

// openBlock begins a block collection whose first name or dash is at an offset.
func (r *reader) openBlock(kind Kind, at int) bool {
	if r.depth == MaxDepth {
		return false
	}
	r.open[r.depth] = collection{indent: at - r.start, kind: kind}
	r.depth++
	r.tokens = append(r.tokens, token{line: r.line, form: form{kind: kind}})
	return true
}

// closeBlock ends the innermost block collection.
func (r *reader) closeBlock() {
	r.depth--
	r.addEnd()
}

// addEnd ends a collection.
func (r *reader) addEnd() {
	r.tokens = append(r.tokens, token{line: r.lastLine(), form: form{kind: End}})
}

// lastLine is the line of the last token.
func (r *reader) lastLine() uint32 {
	if len(r.tokens) == 0 {
		return r.forgotten
	}
	return r.tokens[len(r.tokens)-1].line
}

// addName appends a name and reports whether it is read as it stands by all.
func (r *reader) addName(name token) bool {
	r.tokens = append(r.tokens, name)
	return name.spelt && !oddFirst[r.text[name.at]] || oddName(r.textOf(name), name.plain) == ""
}

// leaveEmpty gives the name that waits an empty value. A dash can't be left so.
func (r *reader) leaveEmpty() bool {
	r.waiting = false
	r.tokens = append(r.tokens, token{line: r.asked, form: form{Scalar, true, true}})
	return r.open[r.depth-1].kind == Map
}

// endDocument closes what is open. It gives up on an empty document.
func (r *reader) endDocument() bool {
	if r.depth == 0 {
		return !r.marked
	}
	if r.waiting && !r.leaveEmpty() {
		return false
	}
	for r.depth > 0 {
		r.closeBlock()
	}
	r.tokens = append(r.tokens, token{line: r.lastLine()})
	return true
}
