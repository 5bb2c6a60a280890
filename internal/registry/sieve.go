package registry

import (
	"cmp"
	"fmt"
	"io"
)

// Bounds of a document. A registry passes on what publishers wrote, so that
// none of them may be left to the document.
const (
	maxText    = 64 << 10 // bytes of a string that is kept, as written
	maxLiteral = 256      // bytes of a number
	maxDepth   = 64       // objects and arrays inside one another
)

// A limitError is a bound that a document exceeds.
type limitError struct {
	limit int
	of    string
}

func (e *limitError) Error() string { return fmt.Sprintf("has more than %d %s", e.limit, e.of) }

// A sieve passes JSON on with its tokens bounded, so that the decoder behind it
// never holds more than one short token: strings are cut after maxText bytes
// and one more, by which a reader knows a cut one, and blanks are squeezed. It
// bounds the depth too.
//
// Text that is not JSON stays text that is not JSON.
type sieve struct {
	r   io.Reader
	err error // what ended the text

	text   bool // inside a string
	cut    bool // the string's rest is dropped
	escape int  // bytes of an escape sequence that may still come
	run    int  // bytes of the string or literal so far
	blank  bool // the last byte outside strings was a blank
	depth  int
}

// Read filters in place what the source gives. An error comes alone and again
// and again: the decoder overlooks one that comes with bytes.
func (s *sieve) Read(p []byte) (int, error) {
	for s.err == nil {
		n, err := s.r.Read(p)
		kept, broken := s.filter(p[:n])
		s.err = cmp.Or(broken, err)
		if kept > 0 || len(p) == 0 {
			return kept, nil
		}
	}
	return 0, s.err
}

// filter moves the bytes that are kept to the front and counts them.
func (s *sieve) filter(p []byte) (kept int, err error) {
	for i := 0; i < len(p); i++ {
		if s.text && s.escape == 0 {
			n := plain(p[i:])
			fits := min(n, max(0, maxText+1-s.run))
			kept += copy(p[kept:], p[i:i+fits])
			s.run += n
			if i += n; i == len(p) {
				break
			}
		}
		keep, err := s.take(p[i])
		if err != nil {
			return kept, err
		}
		if keep {
			p[kept] = p[i]
			kept++
		}
	}
	return kept, nil
}

// plain counts the bytes before the next quote or backslash.
func plain(p []byte) int {
	for i, c := range p {
		if c == '"' || c == '\\' {
			return i
		}
	}
	return len(p)
}

// take says whether a byte is kept.
func (s *sieve) take(c byte) (bool, error) {
	if !s.text {
		return s.between(c)
	}
	s.run++
	switch {
	case s.escape > 0:
		var err error
		s.escape, err = afterEscape(s.escape, c)
		return !s.cut, err
	case c == '\\':
		s.escape = 5
		s.cut = s.run > maxText+1 // a sequence is kept or dropped as a whole
		return !s.cut, nil
	}
	s.text, s.cut, s.run = false, false, 0 // the closing quote
	return true, nil
}

// afterEscape counts the bytes after a backslash down: 5 before the first, and
// 4 to 1 before the digits of \u. Digits are checked, since a quote among them
// would end the string for the decoder and not for the sieve.
func afterEscape(left int, c byte) (int, error) {
	if left == 5 {
		if c == 'u' {
			return 4, nil
		}
		return 0, nil
	}
	if ('0' <= c && c <= '9') || ('a' <= c|0x20 && c|0x20 <= 'f') {
		return left - 1, nil
	}
	return 0, fmt.Errorf("is not JSON: %q in an escape sequence", c)
}

// between takes a byte outside strings and says whether it is kept.
func (s *sieve) between(c byte) (bool, error) {
	wasBlank := s.blank
	s.blank = false
	s.run++
	switch c {
	case ' ', '\t', '\r', '\n':
		s.run, s.blank = 0, true
		return !wasBlank, nil
	case '"':
		s.run, s.text = 0, true
	case '{', '[':
		s.run = 0
		s.depth++
		if s.depth > maxDepth {
			return false, &limitError{maxDepth, "levels of nesting"}
		}
	case '}', ']':
		s.run = 0
		s.depth--
	case ',', ':':
		s.run = 0
	}
	if s.run > maxLiteral {
		return false, &limitError{maxLiteral, "bytes in a number"}
	}
	return true, nil
}
