package code

import "bytes"

// reader finds uses, modules and strings in the tokens of JavaScript.
type reader struct {
	*stream
	c       *collector
	aliases map[string][]string // a name to the path that it stands for
	sieve   [256]uint64         // of the names that may begin a path
	fold    fold
	table   table
	sketch  *sketch // nil in decoded text
	shape   shape

	turns    int // push(shift())
	turn     int // offset of the first
	hexNames int
	tables   int // strings in tables of any look
	firstHex int
	arrows   int
	names    int  // that stand by themselves
	asks     bool // the tokens leave a question: see hands
	kept     int  // how often it was asked whether the global object matters, which is bounded
	traced   int  // calls whose arguments were traced
}

// javascript reads a text that was decoded from a string.
func (c *collector) javascript(src []byte) {
	r := newReader(c, src)
	r.run()
}

func newReader(c *collector, src []byte) *reader {
	return &reader{stream: newStream(src), c: c, aliases: map[string][]string{}, sieve: *rootLengths}
}

func (r *reader) run() {
	r.each(r.visit)
	r.flush(token{})
	if r.turns > 0 && (r.hexNames > 0 || r.c.has(StringTable)) { // a queue turns too
		r.c.trait(Rotation, r.turns, r.turn)
	}
	if r.hexNames > 0 {
		r.c.trait(HexNames, r.hexNames, r.firstHex)
		if r.tables > 0 && !r.c.has(StringTable) {
			r.c.trait(StringTable, r.tables, r.table.start)
		}
	}
}

func (c *collector) has(kind string) bool {
	_, ok := c.traits[kind]
	return ok
}

func (r *reader) visit(i int) {
	t := r.buf[i]
	r.shape.token(t)
	switch t.kind {
	case text, template:
		r.literal(i, t)
		return
	case mark:
		if t.sign == arrow {
			r.arrows++
		}
		if t.sign == '+' && r.fold.parts > 0 && !r.fold.pending {
			r.fold.pending = true
			return
		}
	case name:
		if r.fold.parts > 0 {
			r.flush(t)
		}
		r.name(i, t)
		return
	case number:
		if r.is(i-1, '[') || r.is(i-1, '(') {
			r.codes(i)
		}
	case pattern:
		r.c.accountPattern(r.src[t.start:t.end], int(t.start))
	}
	if r.fold.parts > 0 {
		r.flush(t)
	}
}

// name looks at a name: a member, a key, or where a path may begin.
func (r *reader) name(i int, t token) {
	word := r.src[t.start:t.end]
	if t.escaped {
		word = unescape(word)
	}
	if len(word) > 6 && word[0] == '_' && word[1] == '0' && word[2] == 'x' && alphabetOf(word[3:])&notHex == 0 {
		if r.hexNames == 0 {
			r.firstHex = int(t.start)
		}
		r.hexNames++
	}
	if r.is(i-1, '.') {
		r.anchor(word)
		r.member(i, word)
		return
	}
	r.names++
	switch {
	case r.is(i+1, ':') && (r.is(i-1, '{') || r.is(i-1, ',')):
		r.anchor(word)
	case mayBe(&r.sieve, word):
		if path, ok := r.aliases[string(word)]; ok {
			r.path(i, path)
			return
		}
		if roots[string(word)] {
			r.root(i, string(word))
		}
	}
}

// member looks at the name of a member whose object isn't known.
func (r *reader) member(i int, word []byte) {
	r.coded(i, word)
	if !mayBe(methodLength, word) {
		return
	}
	if p, ok := methodPowers[string(word)]; ok && r.is(i+1, '(') {
		what := string(word)
		switch p.capability {
		case Evaluate:
			r.decodes(i)
		case Process:
			r.launches(i)
		case WriteFile:
			what += r.copies(i, what)
		}
		r.use(i, p.capability, what)
	}
}

// coded looks for the marks of decoders: text made of character codes, tables
// that are turned; and for what makes a function of text, or an element load
// from an address.
func (r *reader) coded(i int, word []byte) {
	switch string(word) {
	case "constructor":
		r.constructor(i)
	case "src":
		r.source(i)
	case "join", "resolve":
		r.joinedPath(i)
	case "fromCharCode", "fromCodePoint":
		if r.near(i, "charCodeAt") && r.nearMark(i, '^') {
			r.c.trait(Decoder, 1, int(r.at(i).start))
		}
	case "push":
		if r.is(i+1, '(') && r.is(i+3, '.') && string(r.named(i+4)) == "shift" && r.is(i+5, '(') {
			r.turned(i)
		}
	}
}

func (r *reader) turned(i int) {
	if r.turns == 0 {
		r.turn = int(r.at(i).start)
	}
	r.turns++
}

// decoderReach is how many tokens the parts of a decoder lie apart.
const decoderReach = 48

func (r *reader) near(i int, word string) bool {
	for j := i - decoderReach; j < i+decoderReach; j++ {
		if t := r.at(j); t.kind == name && string(r.src[t.start:t.end]) == word {
			return true
		}
	}
	return false
}

func (r *reader) nearMark(i int, sign byte) bool {
	for j := i - decoderReach; j < i+decoderReach; j++ {
		if r.is(j, sign) {
			return true
		}
	}
	return false
}

// use records a use at a token.
func (r *reader) use(i int, capability Capability, what string) {
	r.c.use(capability, what, int(r.at(i).start), func() uint64 { return r.context(i) })
}

// maxCodes is how many character codes in a row are read as text.
const maxCodes = around / 2

// codes reads a list of character codes as text.
func (r *reader) codes(i int) {
	var out []byte
	for j := i; r.at(j).kind == number && len(out) < maxCodes; j += 2 {
		code, ok := characterCode(r.word(j))
		if !ok {
			return
		}
		out = append(out, code)
		if !r.is(j+1, ',') {
			break
		}
	}
	if len(out) < 6 {
		return
	}
	if r.c.decoded(out, int(r.at(i).start)) {
		r.c.trait(EncodedText, 1, int(r.at(i).start))
	}
}

// characterCode reads a number that is the code of a readable character.
func characterCode(b []byte) (code byte, ok bool) {
	base := 10
	if len(b) > 2 && b[0] == '0' && b[1]|0x20 == 'x' {
		b, base = b[2:], 16
	}
	if len(b) == 0 || len(b) > 3 {
		return 0, false
	}
	n := 0
	for _, c := range bytes.ToLower(b) {
		switch {
		case c >= '0' && c <= '9':
			n = n*base + int(c-'0')
		case base == 16 && c >= 'a' && c <= 'f':
			n = n*base + int(c-'a') + 10
		default:
			return 0, false
		}
	}
	return byte(n), n >= ' ' && n < 0x7f || n == '\n' || n == '\t'
}
