package lockfile

import "strings"

// denoIndex finds entries by what is asked for.
type denoIndex struct {
	r      *denoReader
	at     lookup           // all entries by key
	only   lookup           // of npm by name; of several keys the last, as Deno takes it
	exact  map[string]int32 // specifiers by their text
	byName map[string]int32 // specifiers by scheme and name, where one asks for it

	answered answered
}

// several marks a name that more than one specifier asks for.
const several = -1

func (r *denoReader) index() *denoIndex {
	x := &denoIndex{
		r:      r,
		at:     newLookup(len(r.entries)),
		only:   newLookup(len(r.entries)),
		exact:  make(map[string]int32, len(r.specifiers)),
		byName: make(map[string]int32, len(r.specifiers)),
	}
	for i := range r.entries {
		x.add(int32(i))
	}
	if r.redirects > 0 {
		x.follow()
	}
	x.indexSpecifiers()
	return x
}

// add indexes one entry. A package of npm may have the name and the version of
// one of JSR, which then has its scheme in its key.
func (x *denoIndex) add(i int32) {
	e := &x.r.entries[i]
	if e.Ecosystem == "" {
		hash, isName := hashOfText(e.Name), x.isName(e.Name)
		if last := x.only.find(hash, isName); last < 0 || x.r.entries[last].Key <= e.Key {
			x.only.put(hash, i, isName)
		}
	}
	if at := x.at.findKey(x.r.entries, e.Key); at >= 0 {
		switch earlier := &x.r.entries[at]; {
		case e.Ecosystem == JSR && earlier.Ecosystem == "":
			e.Key = JSR + ":" + e.Key
		case e.Ecosystem == "" && earlier.Ecosystem == JSR:
			x.at.putKey(x.r.entries, i)
			earlier.Key = JSR + ":" + earlier.Key
			e, i = earlier, at
		}
	}
	if at := x.at.putKey(x.r.entries, i); at >= 0 {
		earlier := &x.r.entries[at]
		x.r.doubts.add(e.Line, e.Key, !sameReading(*earlier, *e),
			"the key %.80q stands twice, first on line %d", e.Key, earlier.Line)
	}
}

// isName tells whether an entry has a name.
func (x *denoIndex) isName(name string) func(at int32) bool {
	return func(at int32) bool { return x.r.entries[at].Name == name }
}

// entry gives the index of the entry of a package by its key in the file, or -1.
func (x *denoIndex) entry(ecosystem, key string) int32 {
	if i := x.at.findKey(x.r.entries, key); i >= 0 && x.r.entries[i].Ecosystem == ecosystem {
		return i
	}
	if ecosystem != JSR {
		return -1
	}
	if i := x.at.findKey(x.r.entries, JSR+":"+key); i >= 0 && x.r.entries[i].Ecosystem == JSR {
		return i
	}
	return -1
}

// keyOf gives the key of an entry; "" of -1.
func (x *denoIndex) keyOf(entry int32) string {
	if entry < 0 {
		return ""
	}
	return x.r.entries[entry].Key
}

// follow gives redirects the hashes of what they lead to.
func (x *denoIndex) follow() {
	for i := range x.r.entries {
		e := &x.r.entries[i]
		if e.Ecosystem == Deno && e.Resolved != e.Key {
			if target := x.entry(Deno, e.Resolved); target >= 0 {
				e.Integrity = x.r.entries[target].Integrity
			}
		}
	}
}

// answer finds the entries that answer each entry's requests.
func (x *denoIndex) answer() {
	x.answered.entries = make([]int32, 0, x.r.edgeCount)
	for i := range x.r.entries {
		e := &x.r.entries[i]
		for j := range e.Dependencies {
			d := &e.Dependencies[j]
			at := int32(-1)
			if e.Ecosystem == JSR {
				d.Name, at = x.ask(d.Spec)
			} else {
				at = x.answerNPM(d)
			}
			d.Key = x.keyOf(at)
			x.answered.entries = append(x.answered.entries, at)
		}
	}
}

// reach finds what is reached, with the answers of the roots by their keys.
func (x *denoIndex) reach(inv *Inventory) *reach {
	for _, root := range inv.Roots {
		list := make([]int32, len(root.Dependencies))
		for i, d := range root.Dependencies {
			list[i] = x.at.findKey(x.r.entries, d.Key)
		}
		x.answered.roots = append(x.answered.roots, list)
	}
	return x.answered.reach(inv)
}

// answerNPM finds the answer to a request of an npm package: "name" where one
// version of it is pinned, "name@1.0.0", "alias@npm:name@1.0.0"; in versions 2
// and 3 a key by the name asked for. It gives the entry, or -1.
func (x *denoIndex) answerNPM(d *Dependency) int32 {
	if d.Name != "" {
		return x.entry("", d.Spec)
	}
	spec := d.Spec
	d.Name, d.Spec = cutVersion(spec)
	if d.Spec == "" {
		return x.only.find(hashOfText(d.Name), x.isName(d.Name))
	}
	if real, ok := strings.CutPrefix(d.Spec, "npm:"); ok {
		spec = real
	}
	return x.entry("", spec)
}
