package lockfile

import (
	"slices"
	"strings"
)

// classicIndex finds the entry that answers a request.
type classicIndex struct {
	patterns    []classicPattern
	exact       map[string]int32  // pattern to entry
	names       map[string]int32  // name to its only entry, or manyEntries; made when it is needed
	workspaces  map[string]bool   // names of the repository's own packages
	resolutions map[string]string // name to what the root's manifest makes of every request for it
	request     []byte            // the last one, put together
	twice       bool              // a pattern stands twice
}

const (
	noEntry     int32 = -1
	manyEntries int32 = -2
)

// index indexes all patterns. Of two entries with one pattern yarn takes the
// last.
func (r *classicReader) index() *classicIndex {
	x := &classicIndex{
		patterns:    r.patterns,
		exact:       make(map[string]int32, len(r.patterns)),
		workspaces:  make(map[string]bool, len(r.own)),
		resolutions: map[string]string{},
	}
	for i, p := range r.own {
		x.workspaces[p.manifest.Name] = true
		if i > 0 {
			continue // yarn reads the root's resolutions only
		}
		for _, o := range p.manifest.Overrides {
			x.resolutions[strings.TrimPrefix(o.Name, "**/")] = o.Spec
		}
	}
	for _, p := range r.patterns {
		x.exact[p.text] = p.entry
	}
	if x.twice = len(x.exact) < len(r.patterns); x.twice {
		r.twice()
	}
	for _, p := range r.patterns {
		if name, _ := p.split(); len(name) == len(p.text) && x.only(name) == manyEntries {
			e := &r.entries[p.entry]
			r.doubts.add(e.Line, e.Key, true, "the key %.80q has no range, and yarn takes it for any that a manifest asks for", p.text)
		}
	}
	return x
}

// twice doubts patterns that two entries have, or one has twice.
func (r *classicReader) twice() {
	known := make(map[string]int32, len(r.patterns))
	for _, p := range r.patterns {
		if earlier, ok := known[p.text]; ok {
			first, last := &r.entries[earlier], &r.entries[p.entry]
			r.doubts.add(last.Line, last.Key, !samePin(first, last),
				"the pattern %.80q stands twice, first on line %d", p.text, first.Line)
		}
		known[p.text] = p.entry
	}
}

// samePin reports whether two entries pin the same bytes, whatever their keys.
func samePin(a, b *Entry) bool {
	return a.Name == b.Name && a.Version == b.Version && a.Source == b.Source &&
		a.Resolved == b.Resolved && slices.Equal(a.Integrity, b.Integrity)
}

// direct gives the entry that answers a manifest of the repository, or noEntry.
// A pattern without a range answers it before all others (yarn's
// fetchRequestFromCwd).
func (x *classicIndex) direct(name, spec string) int32 {
	if at, ok := x.exact[name]; ok {
		return at
	}
	return x.find(name, spec)
}

// find gives the entry that answers a request, or noEntry. A request that no key
// has can be answered by another one's version all the same, where resolutions
// say so, or where a path in it is written in another way: then the resolution
// tells the entry, or it is the only one of the name.
func (x *classicIndex) find(name, spec string) int32 {
	if at := x.lookUp(name, spec); at != noEntry || x.workspaces[name] {
		return at
	}
	if spec, ok := x.resolutions[name]; ok {
		if at := x.lookUp(name, spec); at != noEntry {
			return at
		}
	}
	return max(x.only(name), noEntry)
}

// lookUp gives the entry of a pattern, or noEntry.
func (x *classicIndex) lookUp(name, spec string) int32 {
	x.request = append(append(append(x.request[:0], name...), '@'), spec...)
	if at, ok := x.exact[string(x.request)]; ok {
		return at
	}
	return noEntry
}

// only gives the only entry of a name, noEntry or manyEntries.
func (x *classicIndex) only(name string) int32 {
	if x.names == nil {
		x.names = make(map[string]int32, len(x.patterns))
		for _, p := range x.patterns {
			name, _ := p.split()
			if at, ok := x.names[name]; ok && at != p.entry {
				x.names[name] = manyEntries
				continue
			}
			x.names[name] = p.entry
		}
	}
	if at, ok := x.names[name]; ok {
		return at
	}
	return noEntry
}

// answerEntries answers what the entries ask for.
func (r *classicReader) answerEntries(x *classicIndex) error {
	r.line = 0 // what goes wrong from here on has none
	r.required = make([]bool, len(r.entries))
	r.answered.entries = make([]int32, 0, r.edges)
	for i := range r.entries {
		list := r.entries[i].Dependencies
		for j := range list {
			at := x.find(list[j].Name, list[j].Spec)
			r.answered.entries = append(r.answered.entries, at)
			if err := r.answer(&list[j], at); err != nil {
				return err
			}
			if at != noEntry && at != int32(i) {
				r.required[at] = true
			}
		}
	}
	return nil
}

// answer sets the key of the entry that answers a request. All that walks the
// edges looks keys up by their text, so their length is bounded in sum.
func (r *classicReader) answer(d *Dependency, at int32) error {
	if at == noEntry {
		return nil
	}
	d.Key = r.entries[at].Key
	if r.keyBytes += len(d.Key); r.keyBytes > maxAnswers {
		return r.over(maxAnswers, "bytes in the keys of all answers")
	}
	return nil
}
