package yamlline

import "math/bits"

// readFlow reads a flow collection of one line that stands inside depth others;
// after is behind its end.
func (r *reader) readFlow(at, depth int) (after int, ok bool) {
	if depth == MaxDepth {
		return at, false
	}
	kind, end := Map, byte('}')
	if r.text[at] == '[' {
		kind, end = Sequence, ']'
	}
	r.tokens = append(r.tokens, token{line: r.line, form: form{kind: kind}})
	at = r.skipSpaces(at + 1)
	for first := true; at < r.end; first = false {
		switch {
		case first && r.text[at] == end:
			r.addEnd()
			return at + 1, true
		case kind == Map:
			if at, ok = r.readFlowName(at); !ok {
				return at, false
			}
		}
		if at, ok = r.readFlowNode(at, depth+1); !ok || at == r.end {
			return at, false
		}
		switch r.text[at] {
		case end:
			r.addEnd()
			return at + 1, true
		case ',':
			at = r.skipSpaces(at + 1)
		default:
			return at, false
		}
	}
	return at, false
}

// readFlowName reads a name, the colon and the spaces behind it.
func (r *reader) readFlowName(at int) (after int, ok bool) {
	name, at, ok := r.scanFlowScalar(at)
	if !ok || !r.addName(name) || !r.isIndicator(at, ':') {
		return at, false
	}
	at = r.skipSpaces(at + 1)
	return at, at < r.end
}

// readFlowNode reads a node and the spaces behind it.
func (r *reader) readFlowNode(at, depth int) (after int, ok bool) {
	if c := r.text[at]; c == '{' || c == '[' {
		at, ok = r.readFlow(at, depth)
	} else {
		var value token
		value, at, ok = r.scanFlowScalar(at)
		r.tokens = append(r.tokens, value)
	}
	return r.skipSpaces(at), ok
}

// scanFlowScalar reads a scalar; after is where it ends.
func (r *reader) scanFlowScalar(at int) (value token, after int, ok bool) {
	if c := r.text[at]; c == '"' || c == '\'' {
		return r.scanQuoted(at)
	}
	stop := r.flowPlainEnd(at)
	if !plainFirst[r.text[at]] {
		return token{}, at, false
	}
	for r.text[stop-1] == ' ' {
		stop--
	}
	return r.spelt(at, stop, true), stop, true
}

// flowStops marks the bytes that may end a plain scalar in a flow collection.
var flowStops = func() (table [256]bool) {
	for _, c := range ",[]{}:#" {
		table[c] = true
	}
	return table
}()

// flowStop sets the high bit of the first byte in eight that flowStops marks,
// as zeros does. Brackets and braces differ by one bit.
func flowStop(word uint64) uint64 {
	folded := word | ' '*ones
	return zeros(word^','*ones) | zeros(word^':'*ones) | zeros(word^'#'*ones) | zeros(folded^'{'*ones) | zeros(folded^'}'*ones)
}

// flowPlainEnd is the offset of the character that ends a plain scalar, or of
// the end of the line where that isn't certain.
func (r *reader) flowPlainEnd(at int) int {
	line := r.text[at:r.end]
	for i := 0; i < len(line); i++ {
		if word, whole := r.word(at + i); whole {
			if found := flowStop(word); found == 0 {
				i += 7
				continue
			} else if i += bits.TrailingZeros64(found) / 8; i >= len(line) {
				break
			}
		}
		if !flowStops[line[i]] {
			continue
		}
		switch line[i] {
		case ',', ']', '}':
			return at + i
		case '#':
			if i > 0 && line[i-1] != ' ' {
				continue
			}
			return r.end
		case ':':
			if i+1 < len(line) && line[i+1] == ' ' {
				return at + i
			}
			if i+1 < len(line) && (line[i+1] == ':' || line[i+1] == '#' || !flowStops[line[i+1]]) {
				continue
			}
			return r.end
		default:
			return r.end
		}
	}
	return r.end
}
