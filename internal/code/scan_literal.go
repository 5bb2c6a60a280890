package code

import "bytes"

// text reads a string literal, up to its quote or the end of the line.
func (s *scanner) text(q byte) token {
	t := token{kind: text}
	src, i := s.src, s.pos+1
	for ; i < len(src); i++ {
		switch c := src[i]; c {
		case q:
			s.pos = i + 1
			return t
		case '\\':
			t.escaped = true
			i++
			if i+1 < len(src) && src[i] == '\r' && src[i+1] == '\n' {
				i++
			}
		case '\n', '\r':
			return s.unfinished(t, i)
		}
	}
	return s.unfinished(t, len(src))
}

func (s *scanner) unfinished(t token, end int) token {
	t.open = true
	s.broken++
	s.pos = end
	return t
}

// template reads a template from where its text begins, up to ${ or its end.
func (s *scanner) template() token {
	t := token{kind: template}
	src, i := s.src, s.pos
	for ; i < len(src); i++ {
		switch src[i] {
		case '`':
			s.pos = i + 1
			return t
		case '\\':
			t.escaped = true
			i++
		case '$':
			// Nested too deep to remember, the expression is read as text.
			if i+1 < len(src) && src[i+1] == '{' && len(s.nest) < maxNesting {
				s.push(embedded)
				s.pos = i + 2
				t.open = true
				return t
			}
		}
	}
	return s.unfinished(t, len(src))
}

// pattern reads a regular expression; ok is false where none ends on the line,
// and then the slash divides.
func (s *scanner) pattern() (ok bool) {
	if s.pos < s.plain {
		return false
	}
	src, class := s.src, false
	for i := s.pos + 1; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case '[':
			class = true
		case ']':
			class = false
		case '/':
			if class {
				continue
			}
			for i++; i < len(src) && classes[src[i]] == letter && src[i] != '\\' && src[i] != '#'; i++ {
			}
			s.pos = i
			return true
		case '\n', '\r':
			s.plain = i
			return false
		}
	}
	s.plain = len(src)
	return false
}

// body gives the bytes between a literal's delimiters.
func (t token) body(src []byte) []byte {
	b := src[t.start:t.end]
	switch {
	case t.kind == text && t.open:
		return b[1:]
	case t.kind == text:
		return b[1 : len(b)-1]
	case t.kind != template:
		return b
	}
	b = b[1:] // the ` or the } of the expression before
	if t.open {
		return bytes.TrimSuffix(b, []byte("${"))
	}
	return bytes.TrimSuffix(b, []byte("`"))
}
