package yamlline

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// maxBytes bounds the stream, so that offsets and lines fit a token. Callers
// have lower bounds of their own.
const maxBytes = 1 << 30

// Parse reads a whole stream. The error is an [*Error].
//
// A walker keeps one copy of the stream and 16 bytes for each token: about 2.3
// times the size of a lockfile, and never more than 20 times that of what a
// package manager could have written. For any other style see full.
func Parse(data []byte) (*Walker, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(data) > maxBytes {
		return nil, &Error{1, fmt.Sprintf("%d bytes are more than the %d that are read", len(data), maxBytes)}
	}
	if at := oddCharacter(data); at < len(data) {
		return nil, &Error{1 + bytes.Count(data[:at], []byte("\n")), whyOdd(data[at:])}
	}
	if w, ok := fast(string(data)); ok {
		return w, nil
	}
	return full(data)
}

// oddCharacter gives the offset of the first character that no reader may be
// given, or the length of the data. Package managers escape all of these.
//
// Readers differ on where a line ends, and with it a comment: libyaml and its
// heirs take U+0085, U+2028 and U+2029 for breaks, js-yaml and pnpm 12 don't. So
// one reads a package where the other sees a comment. A carriage return alone
// is a break to all of them, but not to what shows the file to a reviewer. A
// byte order mark inside the text is skipped by the library, at times together
// with a letter that follows. Control characters are refused by js-yaml in some
// places and by the library in others.
func oddCharacter(data []byte) int {
	for at := 0; ; {
		if at += printable(data[at:]); at == len(data) {
			return at
		}
		switch c := data[at]; {
		case c >= ' ' && c < 0x7f || c == '\n' || c == '\t':
			at++
		case c == '\r' && at+1 < len(data) && data[at+1] == '\n':
			at += 2
		case c < utf8.RuneSelf:
			return at
		default:
			r, size := utf8.DecodeRune(data[at:])
			if r == utf8.RuneError && size == 1 || isOdd(r) {
				return at
			}
			at += size
		}
	}
}

// printable is how many bytes, in whole words of eight, are ASCII characters
// from the space to the tilde, or line feeds.
func printable(data []byte) int {
	at := 0
	for ; len(data)-at >= 32; at += 32 { // four words are looked at side by side
		b := data[at : at+32]
		odd := oddWord(binary.LittleEndian.Uint64(b)) | oddWord(binary.LittleEndian.Uint64(b[8:])) |
			oddWord(binary.LittleEndian.Uint64(b[16:])) | oddWord(binary.LittleEndian.Uint64(b[24:]))
		if odd&highs != 0 {
			break
		}
	}
	for ; len(data)-at >= 8 && oddWord(binary.LittleEndian.Uint64(data[at:]))&highs == 0; at += 8 {
	}
	return at
}

// oddWord sets the high bit of some byte if one is not printable.
func oddWord(v uint64) uint64 {
	// The high bit of a byte is set in graphic where it is the space or above,
	// in unbroken where it is no line feed, in rubout where it is DEL. No sum or
	// difference reaches into the next byte, unless a byte is beyond ASCII.
	graphic := (v | highs) - ' '*ones
	unbroken := (v ^ '\n'*ones) + (highs - ones)
	rubout := v + ones
	return v | rubout | unbroken&^graphic
}

// isOdd is for characters beyond ASCII.
func isOdd(r rune) bool {
	switch r {
	case '\u2028', '\u2029', '\ufeff', '\ufffe', '\uffff':
		return true
	}
	return r < 0xa0
}

// whyOdd says what is wrong with the character that the data begins with.
func whyOdd(data []byte) string {
	switch r, size := utf8.DecodeRune(data); {
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf("not UTF-8 text: byte 0x%02x", data[0])
	case r == '\r':
		return "a carriage return without a line feed, which not every reader takes for a line break"
	case r == '\u0085', r == '\u2028', r == '\u2029':
		return fmt.Sprintf("the character %U, which some readers take for a line break", r)
	case r == '\ufeff':
		return "a byte order mark inside the text, which readers take for different things"
	default:
		return fmt.Sprintf("the character %U, which not every reader takes for text", r)
	}
}
