package code

// The window of tokens that a reader sees: so many before and behind the one
// that it is at. A longer construct is seen in parts.
const (
	windowSize = 1 << 13
	around     = 128
)

// stream moves a window over the tokens of a text, so that a text of a million
// brackets needs no memory for them.
type stream struct {
	scan  *scanner
	src   []byte
	buf   []token
	first int // index in buf of the first token not yet visited
	done  bool
}

func newStream(src []byte) *stream {
	return &stream{scan: newScanner(src), src: src, buf: make([]token, 0, min(windowSize, len(src)/4+around))}
}

// each calls visit with the index of each token in the window.
func (s *stream) each(visit func(i int)) {
	for {
		if drop := s.first - around; drop > 0 && s.first > 0 {
			s.buf = s.buf[:copy(s.buf, s.buf[drop:])]
			s.first = around
		}
		for !s.done && len(s.buf) < windowSize {
			t, ok := s.scan.next()
			if !ok {
				s.done = true
				break
			}
			s.buf = append(s.buf, t)
		}
		last := len(s.buf)
		if !s.done {
			last -= around
		}
		for i := s.first; i < last; i++ {
			visit(i)
		}
		s.first = last
		if s.done {
			return
		}
	}
}

// at gives a token of the window, or none.
func (s *stream) at(i int) token {
	if i < 0 || i >= len(s.buf) {
		return token{}
	}
	return s.buf[i]
}

// is reports whether a token of the window is that mark.
func (s *stream) is(i int, sign byte) bool {
	t := s.at(i)
	return t.kind == mark && t.sign == sign
}

// word gives the text of a token as written.
func (s *stream) word(i int) []byte {
	t := s.at(i)
	return s.src[t.start:t.end]
}

// named gives the name at i with its escapes decoded, nil if there is none.
func (s *stream) named(i int) []byte {
	t := s.at(i)
	switch {
	case t.kind != name:
		return nil
	case t.escaped:
		return unescape(s.src[t.start:t.end])
	}
	return s.src[t.start:t.end]
}
