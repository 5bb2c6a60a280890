package code

import "fmt"

// maxScopeSteps bounds what the parser spends on scopes: at each arrow function
// it goes through the names that the scope around has not declared, which takes
// some 20 ns for each. The largest bundles below maxParse need a tenth of it.
const maxScopeSteps = 50_000_000

// fewArrows is how many arrow functions need no counting of names.
const fewArrows = maxScopeSteps / maxParse

// tangled says why a file would take the parser too long; "" if it wouldn't.
func (r *reader) tangled(src []byte) string {
	if r.arrows <= fewArrows || r.arrows <= maxScopeSteps/max(r.names, 1) {
		return "" // few even if every name were another one
	}
	if most := maxScopeSteps / r.arrows; moreNames(src, most) {
		return fmt.Sprintf("has %d arrow functions among more than %d names, which takes too long to parse", r.arrows, most)
	}
	return ""
}

// moreNames reports whether a file uses more than so many names other than as
// members.
func moreNames(src []byte, most int) bool {
	seen := make(map[string]bool)
	s := newStream(src)
	s.each(func(i int) {
		if t := s.buf[i]; t.kind == name && !t.after && len(seen) <= most {
			seen[string(src[t.start:t.end])] = true
		}
	})
	return len(seen) > most
}
