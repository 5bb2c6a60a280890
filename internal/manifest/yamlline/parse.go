package yamlline

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxBytes bounds the stream, so that offsets and lines fit a token. Callers
// have lower bounds of their own.
const maxBytes = 1 << 30

// Parse reads a whole stream. The error is an [*Error].
//
// A walker keeps a copy of the stream and 16 bytes for each token: about 2.3
// times the size of what package managers write, and never more than 20 times
// that of what one could have written. For any other style see full.
func Parse(data []byte) (*Walker, error) {
	text, err := checked(string(data))
	if err != nil {
		return nil, err
	}
	if w, ok := fast(text); ok {
		return w, nil
	}
	return full([]byte(text))
}

// Read calls read with a walker over a stream, of which a few lines are looked at
// at a time: it is for lockfiles. Where the stream turns out, on the way, to be in
// a style that takes more than that, read is called again with another walker,
// and what it made of the first one is void. The error is that of read, or an
// [*Error].
func Read(text string, read func(*Walker) error) error {
	text, err := checked(text)
	if err != nil {
		return err
	}
	r := newReader(text)
	if !r.lost {
		err := read(&Walker{text: text, reader: r})
		if r.finish() {
			return err
		}
	}
	w, err := full([]byte(text))
	if err != nil {
		return err
	}
	return read(w)
}

// checked gives a stream without its byte order mark, all of characters that
// readers may be given.
func checked(text string) (string, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	if len(text) > maxBytes {
		return "", &Error{1, fmt.Sprintf("%d bytes are more than the %d that are read", len(text), maxBytes)}
	}
	if at := oddCharacter(text); at < len(text) {
		return "", &Error{1 + strings.Count(text[:at], "\n"), whyOdd(text[at:])}
	}
	return text, nil
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
func oddCharacter(text string) int {
	for at := 0; ; {
		if at += printable(text[at:]); at == len(text) {
			return at
		}
		switch c := text[at]; {
		case c >= ' ' && c < 0x7f || c == '\n' || c == '\t':
			at++
		case c == '\r' && at+1 < len(text) && text[at+1] == '\n':
			at += 2
		case c < utf8.RuneSelf:
			return at
		default:
			r, size := utf8.DecodeRuneInString(text[at:])
			if r == utf8.RuneError && size == 1 || isOdd(r) {
				return at
			}
			at += size
		}
	}
}

// printable is how many bytes, in whole words of eight, are ASCII characters
// from the space to the tilde, or line feeds.
func printable(text string) int {
	at := 0
	for ; len(text)-at >= 32; at += 32 { // four words are looked at side by side
		b := text[at : at+32]
		odd := oddWord(wordOf(b)) | oddWord(wordOf(b[8:])) | oddWord(wordOf(b[16:])) | oddWord(wordOf(b[24:]))
		if odd&highs != 0 {
			break
		}
	}
	for ; len(text)-at >= 8 && oddWord(wordOf(text[at:]))&highs == 0; at += 8 {
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

// whyOdd says what is wrong with the character that a text begins with.
func whyOdd(text string) string {
	switch r, size := utf8.DecodeRuneInString(text); {
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf("not UTF-8 text: byte 0x%02x", text[0])
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
