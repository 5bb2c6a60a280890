package code

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"unicode/utf8"
)

// minEncoded is how long a string must be to be tried as base64 or hexadecimal.
const minEncoded = 12

// decoded gives the readable text that a string is the encoding of, nil if it
// is none. Text that decodes to bytes is no text.
func decodedText(value []byte) []byte {
	if len(value) < minEncoded {
		return nil
	}
	alphabet := alphabetOf(value)
	if alphabet&notBase64 == 0 && len(value)%4 != 1 {
		if out := readable(fromBase64(value)); out != nil {
			return out
		}
	}
	if alphabet&notHex == 0 && len(value)%2 == 0 {
		if out := make([]byte, len(value)/2); true {
			if _, err := hex.Decode(out, value); err == nil {
				return readable(out)
			}
		}
	}
	return nil
}

const (
	notBase64 = 1 << iota
	notHex
)

var alphabets = func() (table [256]uint8) {
	for c := range table {
		b := byte(c)
		letter := b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
		if !letter && b != '+' && b != '/' && b != '=' && b != '-' && b != '_' {
			table[c] |= notBase64
		}
		if !(b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'f') {
			table[c] |= notHex
		}
	}
	return table
}()

func alphabetOf(value []byte) (what uint8) {
	for _, c := range value {
		what |= alphabets[c]
		if what == notBase64|notHex {
			break
		}
	}
	return what
}

// fromBase64 decodes both alphabets, with padding or without.
func fromBase64(value []byte) []byte {
	for len(value) > 0 && value[len(value)-1] == '=' {
		value = value[:len(value)-1]
	}
	first := make([]byte, base64.RawStdEncoding.DecodedLen(min(len(value), 64)))
	encoding := base64.RawStdEncoding
	if slices.Contains(value, '-') || slices.Contains(value, '_') {
		encoding = base64.RawURLEncoding
	}
	// Most strings are words, and show it in their first bytes.
	if n, err := encoding.Decode(first, value[:min(len(value), 64)]); err != nil || !isReadable(first[:n], len(value) > 64) {
		return nil
	}
	out := make([]byte, encoding.DecodedLen(len(value)))
	n, err := encoding.Decode(out, value)
	if err != nil {
		return nil
	}
	return out[:n]
}

func readable(b []byte) []byte {
	if len(b) == 0 || !isReadable(b, false) {
		return nil
	}
	return b
}

// isReadable reports whether bytes are text that a person could have written.
// A cut text may end within a character.
func isReadable(b []byte, cut bool) bool {
	for i := 0; i < len(b); {
		c := b[i]
		if c >= ' ' && c < 0x7f || c == '\n' || c == '\r' || c == '\t' {
			i++
			continue
		}
		if c < 0x80 {
			return false
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && !(cut && len(b)-i < utf8.UTFMax) {
			return false
		}
		i += size
	}
	return true
}

// reversed gives a text's bytes backwards.
func reversed(b []byte) []byte {
	out := slices.Clone(b)
	slices.Reverse(out)
	return out
}
