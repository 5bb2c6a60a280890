package code

import "bytes"

// shape is how a file is laid out in lines, and how many tokens its longest line
// has: one long string is data, many tokens are code.
type shape struct {
	lines      int
	longest    int
	begin, end int // of the longest line
	tokens     int // that begin in it
	calls      int // of them, opening parentheses
	used       bool
}

func shapeOf(src []byte) shape {
	s := shape{used: true}
	for at := 0; at < len(src); {
		length := bytes.IndexByte(src[at:], '\n')
		if length < 0 {
			length = len(src) - at
		}
		s.lines++
		if length > s.longest {
			s.longest, s.begin, s.end = length, at, at+length
		}
		at += length + 1
	}
	return s
}

func (s *shape) token(t token) {
	if int(t.start) >= s.begin && int(t.start) < s.end {
		s.tokens++
		if t.sign == '(' {
			s.calls++
		}
	}
}

// The figures of a packed line: longer than people write, of many tokens, and
// amid lines that people wrote.
const (
	packedLine   = 2000 // bytes
	packedTokens = 300
	packedCalls  = 25  // tokens for each call at most: a table of data has hardly any
	packedBeside = 10  // other lines, at least
	readableLine = 120 // bytes of the others, on average, at most
)

// packed reports whether the longest line is packed code in a readable file. A
// file that is minified as a whole is not: its banner has few lines.
func (s *shape) packed(size int) bool {
	others := s.lines - 1
	return s.longest >= packedLine && s.tokens >= packedTokens && s.calls*packedCalls >= s.tokens && others >= packedBeside && (size-s.longest)/others <= readableLine
}
