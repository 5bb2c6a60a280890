package jsonline

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// lexer cuts a document into tokens. It accepts what jsontext accepts, which a
// fuzz test holds it to, and gives no reasons: where it breaks off, jsontext is
// asked. It is here because a token of a lockfile then costs half as much.
//
// It stands before a token always: whoever reads one goes on to the next, over
// white space, colon and comma, while it is known which of them may come.
type lexer struct {
	text  string
	pos   int  // of the next token, or of what stands in its place
	next  byte // the token's first byte; 0 at the end of the text and where the document is broken
	state state
	// comments allows comments, and a comma behind the last of a container.
	comments bool
	// nest says of each open container whether it is an object.
	nest  [MaxDepth]bool
	depth int
}

// state is what the grammar allows next.
type state uint8

const (
	wantValue   state = iota // at the start, after a colon, or after a comma of an array
	wantFirst                // after { or [: the first of its content, or its end
	wantName                 // after a comma of an object
	wantEnd                  // after a value without a comma: the end of its container
	wantNothing              // after the document
	broken
)

// space gives the first offset from i on that is not of white space or a
// comment, and the byte there, or 0 at the end of the text.
func (l *lexer) space(i int) (int, byte) {
	text := l.text
	if i+9 < len(text) && (text[i] == ' ' || text[i] == '\n') { // as between nearly all tokens
		i++
		if c := text[i]; c > ' ' && c != '/' { // a single space, or a line without indentation
			return i, c
		}
		i += bits.TrailingZeros64(load(text, i)^ones*' ') / 8 // indentation
		if c := text[i]; c > ' ' && c != '/' {
			return i, c
		}
	}
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c == ' ', c == '\n', c == '\r', c == '\t':
		case c == '/' && l.comments:
			end := commentEnd(text, i)
			if end < 0 {
				return i, c
			}
			i = end - 1
		default:
			return i, c
		}
	}
	return i, 0
}

// commentEnd gives the offset behind a comment, or -1 where none begins, where
// it has no end, and where readers disagree about its end: bun, like
// JavaScript, goes on behind a lone CR, LS or PS, and others only on the next
// line.
func commentEnd(text string, from int) int {
	switch {
	case strings.HasPrefix(text[from:], "//"):
		end := len(text)
		if i := strings.IndexByte(text[from:], '\n'); i >= 0 {
			end = from + i
		}
		if strings.ContainsAny(strings.TrimSuffix(text[from:end], "\r"), "\r\u2028\u2029") {
			return -1
		}
		return end
	case strings.HasPrefix(text[from:], "/*"):
		const opening = len("/*")
		if i := strings.Index(text[from+opening:], "*/"); i >= 0 {
			return from + opening + i + len("*/")
		}
	}
	return -1
}

// begin goes to the first token.
func (l *lexer) begin() { l.pos, l.next = l.space(0) }

func (l *lexer) fail() { l.state, l.next = broken, 0 }

// named goes on to a value from behind its name.
func (l *lexer) named(i int) {
	c := byte(0)
	if i < len(l.text) {
		c = l.text[i]
	}
	if c != ':' {
		if i, c = l.space(i); c != ':' {
			l.pos = i
			l.fail()
			return
		}
	}
	l.pos, l.next = l.space(i + 1)
	l.state = wantValue
}

// value goes on to the next token from behind a value.
func (l *lexer) value(i int) {
	c := byte(0)
	if i < len(l.text) {
		c = l.text[i]
	}
	if c <= ' ' || c == '/' {
		i, c = l.space(i)
	}
	switch {
	case l.depth == 0:
		l.state = wantNothing
	case c == ',':
		l.state = wantValue
		if l.nest[l.depth-1] {
			l.state = wantName
		}
		if i, c = l.space(i + 1); l.comments && (c == '}' || c == ']') {
			l.state = wantEnd
		}
	case c == '}' || c == ']':
		l.state = wantEnd
	default:
		l.state, c = broken, 0
	}
	l.pos, l.next = i, c
}

// open reads a { or [ where a value fits, above MaxDepth.
func (l *lexer) open(object bool) {
	l.nest[l.depth] = object
	l.depth++
	l.pos, l.next = l.space(l.pos + 1)
	l.state = wantFirst
}

// close reads a } or ].
func (l *lexer) close(object bool) bool {
	if l.state != wantFirst && l.state != wantEnd || l.nest[l.depth-1] != object {
		return false
	}
	l.depth--
	l.value(l.pos + 1)
	return true
}

// valueFits reports whether a value may stand here, and not only a name.
func (l *lexer) valueFits() bool {
	return l.state == wantValue || l.state == wantFirst && !l.nest[l.depth-1]
}

// nameFits reports whether a name may stand here.
func (l *lexer) nameFits() bool {
	return l.state == wantName || l.state == wantFirst && l.nest[l.depth-1]
}

// str reads a string, a name or a value, before whose quote the lexer stands.
func (l *lexer) str() (string, bool) {
	name := l.nameFits()
	if !name && !l.valueFits() {
		return "", false
	}
	from := l.pos + 1
	end, plain := stringEnd(l.text, from)
	if end < 0 {
		return "", false
	}
	content := l.text[from:end]
	if !plain {
		var ok bool
		if content, ok = unquote(l.text[from-1 : end+1]); !ok {
			return "", false
		}
	}
	if name {
		l.named(end + 1)
	} else {
		l.value(end + 1)
	}
	return content, true
}

// unquote gives the content of a quoted string with escapes or with bytes
// beyond ASCII.
func unquote(quoted string) (string, bool) {
	content := quoted[1 : len(quoted)-1]
	if strings.IndexByte(content, '\\') < 0 {
		return content, utf8.ValidString(content)
	}
	unquoted, err := jsontext.AppendUnquote(nil, quoted)
	return string(unquoted), err == nil
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// stringEnd gives the offset of the quote that ends a string, or -1, and
// whether the string is all of ASCII and without escapes. It looks at sixteen
// bytes at a time: most strings are shorter, and what comes after one then is
// no guess for the processor.
func stringEnd(text string, i int) (end int, plain bool) {
	plain = true
	for {
		for i+16 <= len(text) {
			first, second := oddBytes(load(text, i)), oddBytes(load(text, i+8))
			if first|second == 0 {
				i += 16
				continue
			}
			if first == 0 {
				first = second
				i += 8
			}
			i += bits.TrailingZeros64(first) / 8
			break
		}
		if i >= len(text) {
			return -1, false
		}
		switch c := text[i]; {
		case c == '"':
			return i, plain
		case c < ' ':
			return -1, false
		case c == '\\':
			plain = false
			i++ // what it escapes is no end
		case c >= utf8.RuneSelf:
			plain = false
		}
		i++
	}
}

// oddBytes sets the high bit of the first byte in v that is a quote, a
// backslash, a control character or beyond ASCII; of the bytes above it, it says
// nothing.
func oddBytes(v uint64) uint64 {
	quote := v ^ ones*'"'
	escape := v ^ ones*'\\'
	return ^((quote + ones*0x7f) & (escape + ones*0x7f) & (v + ones*(0x80-' ')) &^ v) & highs
}

func load(text string, i int) uint64 {
	b := text[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// skip reads one token of any kind that fits.
func (l *lexer) skip() bool {
	switch c := l.next; c {
	case 0:
		return false
	case '"':
		_, ok := l.str()
		return ok
	case '{', '[':
		if !l.valueFits() || l.depth == MaxDepth {
			return false
		}
		l.open(c == '{')
		return true
	case '}', ']':
		return l.close(c == '}')
	}
	_, ok := l.literal()
	return ok
}

// literal reads a number, true, false or null.
func (l *lexer) literal() (string, bool) {
	if !l.valueFits() {
		return "", false
	}
	rest := l.text[l.pos:]
	n := numberLen(rest)
	for _, word := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(rest, word) {
			n = len(word)
		}
	}
	if n == 0 {
		return "", false
	}
	l.value(l.pos + n)
	return rest[:n], true
}

// numberLen gives the length of the number that a text begins with, or 0.
func numberLen(text string) int {
	i := 0
	if i < len(text) && text[i] == '-' {
		i++
	}
	whole := digits(text[i:])
	if whole == 0 || whole > 1 && text[i] == '0' {
		return 0
	}
	i += whole
	if i < len(text) && text[i] == '.' {
		part := digits(text[i+1:])
		if part == 0 {
			return 0
		}
		i += 1 + part
	}
	if i < len(text) && text[i]|0x20 == 'e' {
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		part := digits(text[i:])
		if part == 0 {
			return 0
		}
		i += part
	}
	return i
}

func digits(text string) int {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return i
		}
	}
	return len(text)
}
