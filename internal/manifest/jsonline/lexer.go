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
type lexer struct {
	text  string
	pos   int // of the first byte that is not consumed
	state state
	// comments allows comments, and a comma behind the last of a container.
	comments bool
	// nest says of each open container whether it is an object.
	nest  [MaxDepth]bool
	depth int
	// begun is set between peek and the reading of the token that it saw.
	begun bool
}

// state is what the grammar allows next.
type state uint8

const (
	wantValue   state = iota // at the start, or after a comma of an array
	wantFirst                // after { or [: the first of its content, or its end
	wantName                 // after a comma of an object
	wantColon                // after a name
	wantMore                 // after a value in a container: a comma, or its end
	wantNothing              // after the document
	broken
)

// peek consumes what stands before the next token, and gives the token's first
// byte: 0 at the end of the text and where the document is broken. It is small
// enough to be inlined, since each token is looked at several times.
func (l *lexer) peek() byte {
	if l.begun {
		return l.text[l.pos]
	}
	return l.seek()
}

// seek is peek for a token that was not seen yet.
func (l *lexer) seek() byte {
	var c byte
	if l.pos < len(l.text) {
		c = l.text[l.pos]
	}
	if c <= ' ' || c == '/' {
		c = l.space()
	}
	switch l.state {
	case wantColon:
		if c != ':' {
			return l.fail()
		}
		l.pos++
		c = l.space()
		l.state = wantValue
	case wantMore:
		if c == ',' {
			l.pos++
			c = l.space()
			switch {
			case l.comments && (c == '}' || c == ']'):
			case l.nest[l.depth-1]:
				l.state = wantName
			default:
				l.state = wantValue
			}
		} else if c != '}' && c != ']' {
			return l.fail()
		}
	case broken:
		return 0
	}
	l.begun = c != 0
	return c
}

// space consumes white space, and comments where they are allowed, and gives
// the byte behind it, or 0.
func (l *lexer) space() byte {
	text, i := l.text, l.pos
	for i < len(text) {
		if c := text[i]; c > ' ' || c != '\n' && c != ' ' && c != '\r' && c != '\t' {
			if c == '/' && l.comments {
				if end := commentEnd(text, i); end >= 0 {
					i = end
					continue
				}
			}
			l.pos = i
			return c
		}
		i++
		if i < len(text) && text[i] > ' ' { // a single space, or a line without indentation
			continue
		}
		if i+8 <= len(text) { // the indentation of a line
			other := load(text, i) ^ ones*' '
			i += bits.TrailingZeros64(other) / 8
		}
	}
	l.pos = i
	return 0
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

func (l *lexer) fail() byte {
	l.state = broken
	return 0
}

// value notes that a value was read whose last byte stands before end.
func (l *lexer) value(end int) {
	l.pos, l.begun = end, false
	if l.state = wantMore; l.depth == 0 {
		l.state = wantNothing
	}
}

// open consumes a { or [ where a value fits, above MaxDepth.
func (l *lexer) open(object bool) {
	l.nest[l.depth] = object
	l.depth++
	l.pos, l.begun, l.state = l.pos+1, false, wantFirst
}

// close consumes a } or ].
func (l *lexer) close(object bool) bool {
	if l.state != wantFirst && l.state != wantMore || l.nest[l.depth-1] != object {
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

// str consumes a string, a name or a value, whose quote was seen.
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
		l.pos, l.begun, l.state = end+1, false, wantColon
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
// whether the string is all of ASCII and without escapes. It looks at eight
// bytes at a time.
func stringEnd(text string, i int) (end int, plain bool) {
	plain = true
	for {
		for ; i+8 <= len(text); i += 8 {
			if odd := oddBytes(load(text, i)); odd != 0 {
				i += bits.TrailingZeros64(odd) / 8
				break
			}
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
// backslash, a control character or beyond ASCII; bits above it may be set
// without a cause.
func oddBytes(v uint64) uint64 {
	quote := v ^ ones*'"'
	escape := v ^ ones*'\\'
	return ((quote-ones)&^quote | (escape-ones)&^escape | (v-ones*' ')&^v | v) & highs
}

func load(text string, i int) uint64 {
	b := text[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// next consumes one token of any kind that fits.
func (l *lexer) next() bool {
	switch c := l.peek(); c {
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

// literal consumes a number, true, false or null.
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
