package code

import "sync"

// automaton finds all needles in a text in one pass (Aho and Corasick, 1975), so
// that a string costs its length and not its length times the needles.
type automaton struct {
	class [256]uint8 // of a byte, letters in one case; 0 is in no needle
	width int
	next  []uint16 // state × class → state
	list  []needle
	found []uint16 // of a state: 1 + index of the needle that ends there
}

type needle struct {
	capability Capability
	word       string
}

// searcher is made when the first file is read: it takes a megabyte and a tenth
// of the time that a process needs to start, and most runs look at no archive.
var searcher = sync.OnceValue(func() *automaton { return newAutomaton(listNeedles()) })

func listNeedles() []needle {
	var list []needle
	for _, row := range needleRows {
		for _, w := range row.words {
			list = append(list, needle{row.capability, w})
		}
	}
	return list
}

func newAutomaton(list []needle) *automaton {
	a := &automaton{width: 1, list: list}
	for _, n := range list {
		for _, c := range []byte(n.word) {
			if a.class[c] == 0 {
				a.class[c] = uint8(a.width)
				a.width++
			}
		}
	}
	for c := 'A'; c <= 'Z'; c++ {
		a.class[c] = a.class[c+'a'-'A']
	}
	a.class['\\'] = a.class['/'] // a Windows path is one too
	a.state()
	for i, n := range list {
		at := 0
		for _, c := range []byte(n.word) {
			slot := at*a.width + int(a.class[c])
			if a.next[slot] == 0 {
				a.next[slot] = a.state()
			}
			at = int(a.next[slot])
		}
		a.found[at] = uint16(i + 1)
	}
	a.link()
	return a
}

func (a *automaton) state() uint16 {
	a.next = append(a.next, make([]uint16, a.width)...)
	a.found = append(a.found, 0)
	return uint16(len(a.found) - 1)
}

// link turns the tree of needles into an automaton, breadth first.
func (a *automaton) link() {
	fail := make([]uint16, len(a.found))
	queue := []uint16{}
	for class := range a.width {
		if s := a.next[class]; s != 0 {
			queue = append(queue, s)
		}
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		if a.found[s] == 0 {
			a.found[s] = a.found[fail[s]]
		}
		for class := range a.width {
			slot := int(s)*a.width + class
			back := a.next[int(fail[s])*a.width+class]
			if to := a.next[slot]; to != 0 {
				fail[to] = back
				queue = append(queue, to)
				continue
			}
			a.next[slot] = back
		}
	}
}

// search calls hit for each needle that ends in the text, with where it ends.
func (a *automaton) search(text []byte, hit func(n needle, end int)) {
	state := 0
	for i, c := range text {
		state = int(a.next[state*a.width+int(a.class[c])])
		if f := a.found[state]; f != 0 {
			hit(a.list[f-1], i+1)
		}
	}
}
