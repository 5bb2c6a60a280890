package code

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// kind is what a token is. Comments and blanks are no tokens.
type kind uint8

const (
	none     kind = iota // the end, or a place outside of the window
	name                 // an identifier, a keyword or a private name
	number               // a numeric literal
	text                 // a string literal
	template             // a piece of a template: up to ${ or to the closing `
	pattern              // a regular expression
	mark                 // a punctuator; sign tells which
	stray                // a byte that begins nothing
)

// The signs of punctuators of more than one byte that a reader must not take
// for their first byte.
const (
	arrow    = 'A' // =>
	equals   = 'E' // == != === !== <= >=
	spread   = 'S' // ...
	step     = 'U' // ++ --
	compound = 'O' // += -= and the like
)

// token is one token. Positions are bytes in the scanned text.
type token struct {
	start, end int32
	kind       kind
	sign       byte // of a mark; '?' before a '.' is left away, so that a?.b is a.b
	escaped    bool // a literal or a name with a backslash
	open       bool // a literal without its end
	// after tells of a template piece that it follows a ${}, of a name that it
	// follows a dot, and of a closing bracket that a statement follows it.
	after bool
}

// maxNesting is how many open brackets a scanner remembers. Beyond, brackets are
// only counted: what is inside is read as an expression.
const maxNesting = 1 << 16

// scanner splits JavaScript, TypeScript and JSX into tokens. It reads each byte
// a bounded number of times, whatever they are.
type scanner struct {
	src  []byte
	pos  int
	last token
	// nest holds the open brackets: what the slash after the closing one begins,
	// and whether a } goes on with a template.
	nest []byte
	over int // brackets opened beyond maxNesting
	// plain is the position up to which no regular expression can end.
	plain      int
	unbalanced bool
	broken     int // literals without an end
	hidden     []hiddenRune
	far        []int // offsets of tokens that follow a wide blank
}

// What an open bracket is.
const (
	group    = iota // ( or [ or an object: a slash after it divides
	control         // the ( of if, while, for, with, or the { of a block: a slash after it begins a pattern
	embedded        // the ${ of a template
)

func newScanner(src []byte) *scanner {
	s := &scanner{src: src}
	if bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) {
		s.pos = 3
	}
	if bytes.HasPrefix(src[s.pos:], []byte("#!")) {
		s.skipLine()
	}
	return s
}

// next gives the next token; ok is false at the end.
func (s *scanner) next() (t token, ok bool) {
	s.blank()
	if s.pos >= len(s.src) {
		return token{}, false
	}
	start := s.pos
	c := s.src[start]
	switch class := classes[c]; class {
	case letter:
		t = s.name()
		t.after = s.last.kind == mark && s.last.sign == '.'
	case digit:
		t = s.number()
	case quote:
		t = s.text(c)
	case backtick:
		s.pos++
		t = s.template()
	case high:
		t = s.rune()
	default:
		t = s.mark(c)
	}
	t.start, t.end = int32(start), int32(s.pos)
	s.last = t
	return t, true
}

// farColumns is how wide a blank must be to push code out of sight: wider than
// any screen, and wider than any indentation.
const farColumns = 200

// blank skips what lies between tokens: blanks, line ends and comments.
func (s *scanner) blank() {
	src, width := s.src, 0
	for s.pos < len(src) {
		switch c := src[s.pos]; {
		case c == ' ' || c == '\v' || c == '\f':
			width++
		case c == '\t':
			width += 4
		case c == '\n' || c == '\r':
			width = 0
		case c == '/' && s.pos+1 < len(src) && src[s.pos+1] == '/':
			s.skipLine()
			continue
		case c == '/' && s.pos+1 < len(src) && src[s.pos+1] == '*':
			s.skipComment()
			continue
		default:
			if width >= farColumns {
				s.far = appendFew(s.far, s.pos)
			}
			return
		}
		s.pos++
	}
}

func (s *scanner) skipLine() {
	end := bytes.IndexByte(s.src[s.pos:], '\n')
	if end < 0 {
		s.pos = len(s.src)
		return
	}
	s.pos += end
}

func (s *scanner) skipComment() {
	end := bytes.Index(s.src[s.pos+2:], []byte("*/"))
	if end < 0 {
		s.pos = len(s.src)
		s.broken++
		return
	}
	s.pos += end + 4
}

func (s *scanner) name() token {
	t := token{kind: name}
	src, i := s.src, s.pos
	for i < len(src) {
		c := src[i]
		if class := classes[c]; class == letter || class == digit {
			if c == '\\' {
				t.escaped = true
				if i+2 < len(src) && src[i+1] == 'u' && src[i+2] == '{' {
					i += 2 // the braces are no blocks
					for i < len(src) && i < s.pos+64 && src[i] != '}' {
						i++
					}
				}
			}
			i++
			continue
		}
		if c < utf8.RuneSelf {
			break
		}
		r, size := utf8.DecodeRune(src[i:])
		if !isNameRune(r, size) {
			break
		}
		i += size
	}
	s.pos = min(max(i, s.pos+1), len(src))
	return t
}

// isNameRune reports whether a rune beyond ASCII may stand in a name. Bytes that
// are no UTF-8 may: another reader could take them for letters.
func isNameRune(r rune, size int) bool {
	return r == utf8.RuneError && size == 1 || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r)
}

func (s *scanner) number() token {
	src, i := s.src, s.pos+1
	for i < len(src) {
		c := src[i]
		exponent := (c == '+' || c == '-') && (src[i-1]|0x20 == 'e') && src[s.pos] != '0'
		if class := classes[c]; c != '.' && !exponent && (class != letter && class != digit || c == '\\') {
			break
		}
		if c == '.' && i+1 < len(src) && src[i+1] == '.' {
			break
		}
		i++
	}
	s.pos = i
	return token{kind: number}
}

// rune reads a token that begins beyond ASCII.
func (s *scanner) rune() token {
	r, size := utf8.DecodeRune(s.src[s.pos:])
	if isNameRune(r, size) {
		return s.name()
	}
	if hiddenKind(r) != "" {
		s.hidden = appendFew(s.hidden, hiddenRune{s.pos, r})
	}
	s.pos += size
	return token{kind: stray}
}

// few is how many places a list of one kind keeps.
const few = 256

func appendFew[T any](list []T, value T) []T {
	if len(list) >= few {
		return list
	}
	return append(list, value)
}
