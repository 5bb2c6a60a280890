package yamlline

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// skipSpaces gives where the spaces at an offset end.
func (r *reader) skipSpaces(at int) int {
	for at < r.end && r.text[at] == ' ' {
		at++
	}
	return at
}

// isRest reports whether nothing but a comment stands behind the spaces before
// an offset.
func (r *reader) isRest(at int) bool {
	return at == r.end || r.text[at] == '#' && r.text[at-1] == ' '
}

// isIndicator reports whether a dash, question mark or colon at an offset
// stands for itself.
func (r *reader) isIndicator(at int, c byte) bool {
	return at < r.end && r.text[at] == c && (at+1 == r.end || r.text[at+1] == ' ')
}

func (r *reader) isDash(at int) bool     { return r.isIndicator(at, '-') }
func (r *reader) isExplicit(at int) bool { return r.isIndicator(at, '?') }

// plainFirst marks the bytes with which plain scalars begin, for certain.
var plainFirst = func() (table [256]bool) {
	for c := range table {
		table[c] = c > ' ' && strings.IndexByte("-?:,[]{}#&*!|>'\"%@`", byte(c)) < 0
	}
	return table
}()

// scanName reads a name and the colon behind it; after is where the colon ends.
func (r *reader) scanName(at int) (name token, after int, ok bool) {
	if c := r.text[at]; c == '"' || c == '\'' {
		name, at, ok = r.scanQuoted(at)
		return name, at + 1, ok && r.isIndicator(at, ':')
	}
	stop := r.plainEnd(at)
	if !plainFirst[r.text[at]] || !r.isIndicator(stop, ':') || r.text[stop-1] == ' ' {
		return token{}, at, false
	}
	return r.spelt(at, stop, true), stop + 1, true
}

// scanScalar reads a scalar of one line; after is where it ends, which is for
// the caller to look at: a colon makes a name of it.
func (r *reader) scanScalar(at int) (value token, after int, ok bool) {
	if at == r.end {
		return token{}, at, false
	}
	if c := r.text[at]; c == '"' || c == '\'' {
		return r.scanQuoted(at)
	}
	stop := r.plainEnd(at)
	if !plainFirst[r.text[at]] {
		return token{}, at, false
	}
	for r.text[stop-1] == ' ' {
		stop--
	}
	return r.spelt(at, stop, true), stop, true
}

// plainEnd is the offset of the colon or comment that ends a plain scalar, or
// of the end of the line.
func (r *reader) plainEnd(at int) int {
	const long = 64 // a checksum, or the name of one: finding none is quickest with the library
	if line := r.text[at:r.end]; len(line) >= long && strings.IndexByte(line, ':') < 0 && strings.IndexByte(line, '#') < 0 {
		return r.end
	}
	for i := at; i < r.end; i++ {
		if word, whole := r.word(i); whole {
			// Most words of a hash or a long name hold neither.
			found := (zeros(word^':'*ones) | zeros(word^'#'*ones))
			if found == 0 {
				i += 7
				continue
			}
			if i += bits.TrailingZeros64(found) / 8; i >= r.end {
				break
			}
		}
		switch r.text[i] {
		case ':':
			if i+1 == r.end || r.text[i+1] == ' ' {
				return i
			}
		case '#':
			if i > at && r.text[i-1] == ' ' {
				return i
			}
		}
	}
	return r.end
}

const ones, highs = 0x0101010101010101, 0x8080808080808080

// word is the eight bytes at an offset, if the text has as many. They may go on
// behind the end of the line.
func (r *reader) word(at int) (word uint64, whole bool) {
	if len(r.text)-at < 8 {
		return 0, false
	}
	return wordOf(r.text[at:]), true
}

// wordOf is the first eight bytes of a text, the first one lowest.
func wordOf(text string) uint64 {
	b := text[:8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// zeros sets the high bit of the first byte that is zero; bits above it may be
// set without a cause.
func zeros(word uint64) uint64 { return (word - ones) &^ word & highs }

// spelt is a scalar whose text stands in the stream.
func (r *reader) spelt(at, end int, plain bool) token {
	return token{at: uint32(at), size: uint32(end - at), line: r.line, form: form{Scalar, plain, true}}
}

// decodedFrom is a scalar whose text is all that was decoded since an offset.
func (r *reader) decodedFrom(at int, line uint32) token {
	return token{at: uint32(at), size: uint32(len(r.decoded) - at), line: line, form: form{kind: Scalar}}
}

func (r *reader) textOf(t token) string {
	if t.spelt {
		return r.text[t.at : t.at+t.size]
	}
	return string(r.decoded[t.at : t.at+t.size])
}

// scanQuoted reads a quoted scalar of one line; after is behind its end.
func (r *reader) scanQuoted(at int) (value token, after int, ok bool) {
	quote := r.text[at]
	at++
	i := strings.IndexByte(r.text[at:r.end], quote)
	switch {
	case i < 0:
		return token{}, at, false // goes on in the next line
	case quote == '\'' && (at+i+1 == r.end || r.text[at+i+1] != quote),
		quote == '"' && strings.IndexByte(r.text[at:at+i], '\\') < 0:
		return r.spelt(at, at+i, false), at + i + 1, true
	case quote == '\'':
		return r.decodeSingle(at)
	}
	return r.decodeDouble(at)
}

// decodeSingle reads a text in which two quotes stand for one.
func (r *reader) decodeSingle(at int) (value token, after int, ok bool) {
	begin := len(r.decoded)
	for {
		i := strings.IndexByte(r.text[at:r.end], '\'')
		if i < 0 {
			return token{}, at, false
		}
		r.decoded = append(r.decoded, r.text[at:at+i]...)
		if at += i + 1; at == r.end || r.text[at] != '\'' {
			return r.decodedFrom(begin, r.line), at, true
		}
		r.decoded = append(r.decoded, '\'')
		at++
	}
}

// escapes are the characters for which one stands behind a backslash.
var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
	' ': " ", '"': `"`, '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// digits are how many of a character's hexadecimal number follow a letter.
var digits = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// decodeDouble reads a text with escapes.
func (r *reader) decodeDouble(at int) (value token, after int, ok bool) {
	begin := len(r.decoded)
	for {
		i := strings.IndexAny(r.text[at:r.end], `"\`)
		if i < 0 {
			return token{}, at, false
		}
		r.decoded = append(r.decoded, r.text[at:at+i]...)
		at += i + 1
		if r.text[at-1] == '"' {
			return r.decodedFrom(begin, r.line), at, true
		}
		if at == r.end {
			return token{}, at, false
		}
		c := r.text[at]
		at++
		if s, ok := escapes[c]; ok {
			r.decoded = append(r.decoded, s...)
			continue
		}
		n := digits[c]
		char, ok := hexadecimal(r.text[at:min(at+n, r.end)])
		if n == 0 || at+n > r.end || !ok {
			return token{}, at, false
		}
		r.decoded = utf8.AppendRune(r.decoded, char)
		at += n
	}
}

// hexadecimal is the character of a number, which has up to 8 digits.
func hexadecimal(digits string) (char rune, ok bool) {
	number := uint32(0)
	for _, c := range []byte(digits) {
		switch {
		case c >= '0' && c <= '9':
			number = number<<4 | uint32(c-'0')
		case c|' ' >= 'a' && c|' ' <= 'f':
			number = number<<4 | uint32(c|' '-'a'+10)
		default:
			return 0, false
		}
	}
	return rune(number), number <= utf8.MaxRune && utf8.ValidRune(rune(number))
}
