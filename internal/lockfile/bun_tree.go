package lockfile

import "strings"

// bunPlace takes a key apart: the key of the entry that a package is nested in,
// "" at the top, and the name that it is installed under.
func bunPlace(key string) (within, name string) {
	if strings.IndexByte(key, '/') < 0 { // most: a search from the end is slower
		return "", key
	}
	slash := strings.LastIndexByte(key, '/')
	// A name with a scope has a slash of its own.
	before := strings.LastIndexByte(key[:slash], '/')
	if key[before+1] == '@' {
		slash = before
	}
	return key[:max(slash, 0)], key[slash+1:]
}

// oddBunKey counts the names in a key, and says why it is no path of package
// names, or "".
func oddBunKey(key string) (names int, odd string) {
	if isPlainName(key) {
		return 1, ""
	}
	if !isGraphic(key) && strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c == 0x7f }) ||
		strings.IndexByte(key, '\\') >= 0 {
		odd = "has a backslash or a control character"
	}
	scope := false
	for rest, more := key, true; more; {
		var segment string
		switch segment, rest, more = strings.Cut(rest, "/"); {
		case segment == "", segment == ".", segment == "..", segment == "@":
			odd = "has a segment that is no name"
		case segment[0] == '@':
			if scope || !more {
				odd = "has a scope without a name"
			}
			scope = true
			continue
		}
		scope = false
		names++
	}
	return names, odd
}

// bunTree finds the entry that answers a request as bun does: below the key of
// the asking entry, then below each that it is nested in, then at the top. Of
// two entries with one key, the last answers.
type bunTree struct {
	entries []Entry
	at      map[string]int32 // key to entry
	within  []int32          // entry to the one that it is nested in, or atTop, or nowhere
	nests   []bool           // entries that others are nested in
	// Of what is nested, names are numbered: a name that is asked for is
	// looked up once, however deep the asking entry lies.
	names  map[string]int32
	nested map[uint64]int32 // by spotKey of what it is nested in, and name
}

const (
	atTop   = -1
	nowhere = -2 // the entry that it should be nested in isn't there
)

func newBunTree(entries []Entry) *bunTree {
	return &bunTree{
		entries: entries,
		at:      make(map[string]int32, len(entries)),
		within:  make([]int32, len(entries)),
		nests:   make([]bool, len(entries)),
		names:   map[string]int32{},
		nested:  map[uint64]int32{},
	}
}

// index fills the tree. twice is told of each entry whose key an earlier one
// has, and lost of each that is nested in none.
func (t *bunTree) index(twice func(earlier, later *Entry), lost func(*Entry)) {
	for i := range t.entries {
		t.at[t.entries[i].Key] = int32(i)
	}
	if len(t.at) < len(t.entries) {
		t.twice(twice)
	}
	for i := range t.entries {
		within, name := bunPlace(t.entries[i].Key)
		if t.within[i] = atTop; within == "" {
			continue
		}
		parent, ok := t.at[within]
		if !ok {
			t.within[i] = nowhere
			lost(&t.entries[i])
			continue
		}
		t.within[i], t.nests[parent] = parent, true
		number, ok := t.names[name]
		if !ok {
			number = int32(len(t.names))
			t.names[name] = number
		}
		t.nested[spotKey(parent, number)] = int32(i)
	}
}

// twice tells of each entry whose key an earlier one has.
func (t *bunTree) twice(tell func(earlier, later *Entry)) {
	known := make(map[string]int32, len(t.at))
	for i := range t.entries {
		e := &t.entries[i]
		if earlier, ok := known[e.Key]; ok {
			tell(&t.entries[earlier], e)
		}
		known[e.Key] = int32(i)
	}
}

// find gives the entry that answers to a name asked for by one, or atTop. It
// gives -1 if none does.
func (t *bunTree) find(asking int32, name string) int32 {
	for asking >= 0 && !t.nests[asking] {
		asking = t.within[asking]
	}
	if asking >= 0 {
		if number, ok := t.names[name]; ok {
			for ; asking >= 0; asking = t.within[asking] {
				if entry, ok := t.nested[spotKey(asking, number)]; ok {
					return entry
				}
			}
		}
	}
	if entry, ok := t.at[name]; ok && t.within[entry] == atTop { // and the name is no path
		return entry
	}
	return -1
}
