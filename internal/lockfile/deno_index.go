package lockfile

import "strings"

// denoIndex finds entries by what is asked for.
type denoIndex struct {
	r      *denoReader
	at     map[string]int32 // all entries by key
	only   map[string]int32 // of npm by name; of several keys the last, as Deno takes it
	exact  map[string]int32 // specifiers by their text
	byName map[string]int32 // specifiers by scheme and name, where one asks for it

	answered answered
}

// several marks a name that more than one specifier asks for.
const several = -1

func (r *denoReader) index() *denoIndex {
	x := &denoIndex{
		r:      r,
		at:     make(map[string]int32, len(r.entries)),
		only:   make(map[string]int32, len(r.entries)),
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
		if last, ok := x.only[e.Name]; !ok || x.r.entries[last].Key <= e.Key {
			x.only[e.Name] = i
		}
	}
	at, ok := x.at[e.Key]
	if ok {
		switch earlier := &x.r.entries[at]; {
		case e.Ecosystem == JSR && earlier.Ecosystem == "":
			e.Key = JSR + ":" + e.Key
			at, ok = x.at[e.Key]
		case e.Ecosystem == "" && earlier.Ecosystem == JSR && earlier.Key == e.Key:
			x.at[e.Key] = i
			earlier.Key = JSR + ":" + earlier.Key
			e, i = earlier, at
			at, ok = x.at[e.Key]
		}
	}
	if ok {
		earlier := &x.r.entries[at]
		x.r.doubts.add(e.Line, e.Key, !sameReading(*earlier, *e),
			"the key %.80q stands twice, first on line %d", e.Key, earlier.Line)
	}
	x.at[e.Key] = i
}

// entry gives the index of the entry of a package by its key in the file, or -1.
func (x *denoIndex) entry(ecosystem, key string) int32 {
	if i, ok := x.at[key]; ok && x.r.entries[i].Ecosystem == ecosystem {
		return i
	}
	if i, ok := x.at[JSR+":"+key]; ecosystem == JSR && ok && x.r.entries[i].Ecosystem == JSR {
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
			at, ok := x.at[d.Key]
			if list[i] = at; !ok {
				list[i] = -1
			}
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
		if i, ok := x.only[d.Name]; ok {
			return i
		}
		return -1
	}
	if real, ok := strings.CutPrefix(d.Spec, "npm:"); ok {
		spec = real
	}
	return x.entry("", spec)
}
