package code

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// value gives what a literal stands for, at most limit bytes of it. Without
// escapes it is a slice of the source.
func (t token) value(src []byte, limit int) []byte {
	body := t.body(src)
	body = body[:min(len(body), limit)]
	if !t.escaped {
		return body
	}
	return unescape(body)
}

// simpleEscapes are the escapes of one letter.
var simpleEscapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', 'v': '\v'}

// unescape decodes the escapes of a string, a template or a name. An escape that
// is none stands for itself.
// https://tc39.es/ecma262/#sec-literals-string-literals
func unescape(body []byte) []byte {
	out := make([]byte, 0, len(body))
	for i := 0; i < len(body); i++ {
		c := body[i]
		if c != '\\' || i+1 == len(body) {
			out = append(out, c)
			continue
		}
		i++
		switch c = body[i]; {
		case c == 'x' || c == 'u':
			r, size := codePoint(body[i:])
			if size == 0 {
				out = append(out, c)
				continue
			}
			out = utf8.AppendRune(out, r)
			i += size - 1
		case c >= '0' && c <= '7':
			r, size := octal(body[i:])
			out = utf8.AppendRune(out, r)
			i += size - 1
		case c == '\n':
		case c == '\r':
			if i+1 < len(body) && body[i+1] == '\n' {
				i++
			}
		case simpleEscapes[c] != 0:
			out = append(out, simpleEscapes[c])
		default:
			out = append(out, c)
		}
	}
	return out
}

// maxDigits is the length of an escape that is looked at, in bytes.
const maxDigits = 1 << 10

// codePoint reads x41, u0041 or u{41}; size is 0 where b is none.
func codePoint(b []byte) (r rune, size int) {
	var digits []byte
	size = 3
	switch {
	case b[0] == 'u' && len(b) > 1 && b[1] == '{':
		end := bytes.IndexByte(b[:min(len(b), maxDigits)], '}')
		if end < 3 {
			return 0, 0
		}
		// Any number of zeros may stand in front.
		digits, size = append([]byte("0"), bytes.TrimLeft(b[2:end], "0")...), end+1
	case b[0] == 'u':
		size = 5
		fallthrough
	default:
		if len(b) < size {
			return 0, 0
		}
		digits = b[1:size]
	}
	value, err := strconv.ParseUint(string(digits), 16, 32)
	if err != nil {
		return 0, 0
	}
	return rune(value), size
}

func octal(b []byte) (r rune, size int) {
	for size < len(b) && size < 3 && b[size] >= '0' && b[size] <= '7' && r < 32 {
		r = r*8 + rune(b[size]-'0')
		size++
	}
	return r, size
}
