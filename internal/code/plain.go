package code

import "bytes"

// piece is a word, a string or a sign of a shell or Python text.
type piece struct {
	start, end int
	sign       byte // 'w' a word, 's' a string, else the byte itself
	begins     bool // nothing but a separator stands before it: a command's place
}

// plain splits the text of a language with # comments into pieces.
type plain struct {
	src    []byte
	pos    int
	inWord [256]bool
	triple bool // """ strings run over lines, and a ' ends at its line
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

func newPlain(src []byte, alsoInWord string, triple bool) *plain {
	p := &plain{src: src, triple: triple}
	for _, c := range []byte(letters + alsoInWord) {
		p.inWord[c] = true
	}
	for c := 0x80; c < 0x100; c++ {
		p.inWord[c] = true
	}
	return p
}

// next gives the next piece; sign is 0 at the end.
func (p *plain) next() piece {
	begins := p.pos == 0
	for ; p.pos < len(p.src); p.pos++ {
		switch c := p.src[p.pos]; {
		case c == '\n' || c == ';' || c == '|' || c == '&' || c == '(' || c == '`' || c == '{':
			if c != '\n' {
				p.pos++
				return piece{start: p.pos - 1, end: p.pos, sign: c}
			}
			begins = true
		case c == ' ' || c == '\t' || c == '\r':
		case c == '\\' && !p.triple && p.pos+1 < len(p.src) && (p.src[p.pos+1] == '\n' || p.src[p.pos+1] == '\r'):
			p.pos++ // a line that goes on
		case c == '#' && (p.triple || p.pos == 0 || p.src[p.pos-1] <= ' ' || p.src[p.pos-1] == ';'):
			end := bytes.IndexByte(p.src[p.pos:], '\n')
			if end < 0 {
				end = len(p.src) - p.pos
			}
			p.pos += end - 1
		case c == '"' || c == '\'':
			return p.text(c, begins)
		case p.inWord[c]:
			start := p.pos
			for p.pos < len(p.src) && p.inWord[p.src[p.pos]] {
				p.pos++
			}
			return piece{start: start, end: p.pos, sign: 'w', begins: begins}
		default:
			p.pos++
			return piece{start: p.pos - 1, end: p.pos, sign: c, begins: begins}
		}
	}
	return piece{start: len(p.src), end: len(p.src)}
}

// text reads a string; start and end are those of what is in it.
func (p *plain) text(q byte, begins bool) piece {
	start, long := p.pos+1, false
	if p.triple && bytes.HasPrefix(p.src[p.pos:], []byte{q, q, q}) {
		start, long = p.pos+3, true
	}
	i := start
	for ; i < len(p.src); i++ {
		c := p.src[i]
		if c == '\\' && (q == '"' || p.triple) {
			i++
			continue
		}
		if c == q && (!long || bytes.HasPrefix(p.src[i:], []byte{q, q, q})) || p.triple && !long && c == '\n' {
			break
		}
	}
	end := min(i, len(p.src))
	p.pos = min(end+1, len(p.src))
	if long {
		p.pos = min(end+3, len(p.src))
	}
	return piece{start: min(start, end), end: end, sign: 's', begins: begins}
}
