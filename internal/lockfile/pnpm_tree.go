package lockfile

import (
	"slices"
	"strings"
)

// pnpmTree finds the entries of one document by what refers to them.
type pnpmTree struct {
	*pnpmDocument
	keys  lookup           // the entries; of twins, the last one
	bases map[string]int32 // those that stand in `snapshots` only, by their keys without peers
	twins []pnpmTwin
	key   []byte // the one that is being looked for
	// The snapshots of each entry: the first and the last one of a list, or -1.
	first, last []int32
	answered    answered
}

// pnpmTwin is a pair of entries with one key.
type pnpmTwin struct{ earlier, later int32 }

func newPNPMTree(d *pnpmDocument) *pnpmTree {
	t := &pnpmTree{pnpmDocument: d, keys: newLookup(len(d.entries))}
	for i := range d.entries {
		if earlier := t.keys.putKey(t.entries, int32(i)); earlier >= 0 {
			t.twins = append(t.twins, pnpmTwin{earlier, int32(i)})
		}
	}
	t.first = slices.Repeat([]int32{-1}, len(d.entries))
	t.last = slices.Clone(t.first)
	return t
}

// entry gives the entry of a key, or -1.
func (t *pnpmTree) entry(key string) int32 {
	at := t.keys.findKey(t.entries, key)
	if at < 0 && len(t.bases) > 0 {
		if base, ok := t.bases[key]; ok {
			return base
		}
	}
	return at
}

// join finds the package of each snapshot. A snapshot without one becomes an
// entry.
func (r *pnpmReader) join(t *pnpmTree) {
	var further []int32 // snapshots beyond the first of their package
	at := int32(-1)
	for i := range t.snapshots {
		s := &t.snapshots[i]
		if at = t.packageAfter(at, s.key); at < 0 {
			at = int32(len(t.entries))
			t.entries = push(t.entries, r.orphan(s))
			t.keys.putKey(t.entries, at)
			if t.bases == nil {
				t.bases = map[string]int32{}
			}
			t.bases[pnpmBase(s.key)] = at
			t.first, t.last = append(t.first, -1), append(t.last, -1)
		} else if s.own != nil {
			r.doubts.add(s.line, s.key, true, "the snapshot %.80q says of the package what stands in packages only", s.key)
			t.others = push(t.others, pnpmOther{*s.own, int(at)})
		}
		if t.first[at] < 0 {
			t.first[at] = int32(i)
		} else {
			t.snapshots[t.last[at]].next = int32(i)
			further = push(further, int32(i))
		}
		t.last[at] = int32(i)
	}
	r.snapshotsTwice(t, further)
}

// snapshotsTwice looks for snapshots with one key. They are of one package, so
// that only those beyond the first of a package need to be looked at.
func (r *pnpmReader) snapshotsTwice(t *pnpmTree, further []int32) {
	known := make(map[string]int32, 2*len(further))
	for _, i := range further {
		at := t.packageOf(t.snapshots[i].key)
		known[t.snapshots[t.first[at]].key] = t.first[at]
	}
	for _, i := range further {
		later := &t.snapshots[i]
		if earlier, ok := known[later.key]; ok {
			r.doubts.add(later.line, later.key, false,
				"the snapshot %.80q stands twice, first on line %d, and pnpm refuses such a file", later.key, t.snapshots[earlier].line)
		}
		known[later.key] = i
	}
}

// packageOf finds the package of a snapshot, or -1.
func (t *pnpmTree) packageOf(key string) int32 {
	at := t.entry(pnpmBase(key))
	if at >= 0 {
		return at
	}
	// pnpm 12 cuts a path at its first parenthesis.
	file := strings.Index(key, "@file:")
	if cut := strings.IndexByte(key, '('); file >= 0 && cut > file {
		return t.entry(key[:cut])
	}
	return -1
}

// packageAfter is packageOf for a snapshot behind one whose package is known.
// pnpm writes both in the same order.
func (t *pnpmTree) packageAfter(before int32, key string) int32 {
	if len(t.twins) == 0 && len(t.bases) == 0 {
		base := pnpmBase(key)
		for at := max(before, 0); at < min(before+2, int32(len(t.entries))); at++ {
			if t.entries[at].Key == base {
				return at
			}
		}
	}
	return t.packageOf(key)
}

// orphan makes an entry of a snapshot without a package. pnpm reads the folder
// of one from its key, since a workspace that was cut down loses such packages
// (lockfile.fs, convertToLockfileObject), and stops at other ones.
func (r *pnpmReader) orphan(s *pnpmSnapshot) Entry {
	k := pnpmKeyOf(pnpmBase(s.key))
	folder, isFile := strings.CutPrefix(k.address, "file:")
	if s.own == nil && isFile && k.name != "" && !isTarball(folder) {
		return Entry{Line: s.line, Key: s.key, Name: k.name, Source: File, Resolved: folder}
	}
	r.doubts.add(s.line, s.key, true, "the snapshot %.80q has no entry in packages", s.key)
	if s.own != nil {
		return *s.own
	}
	e := Entry{Line: s.line, Key: s.key, Name: k.name, Version: k.version, Source: Registry}
	if k.name == "" {
		e.Name = s.key
	}
	if !k.registry {
		e.Source, _ = sourceOf(k.address)
		e.Resolved = k.address
	}
	return e
}

// unite answers the requests of an entry, and of its snapshots from the first
// one on. Those of several snapshots that say the same are one.
func (r *pnpmReader) unite(t *pnpmTree, e *Entry, first int32) {
	from := len(t.answered.entries)
	r.answerAll(t, e.Line, e.Key, e.Dependencies)
	if first < 0 {
		return
	}
	single := len(e.Dependencies) == 0 && t.snapshots[first].next < 0
	r.scratch = append(r.scratch[:0], e.Dependencies...)
	optional := true
	for i := first; i >= 0; i = t.snapshots[i].next {
		s := &t.snapshots[i]
		optional = optional && s.optional
		r.answerAll(t, s.line, s.key, s.edges)
		if single {
			e.Dependencies = s.edges
		} else {
			r.scratch = append(r.scratch, s.edges...)
		}
	}
	if !single {
		e.Dependencies = r.edgeSlab.keep(distinctEdges(r.scratch)...)
		t.answered.entries = t.answered.entries[:from]
		for i := range e.Dependencies {
			at := int32(-1)
			if key := e.Dependencies[i].Key; key != "" {
				at = t.entry(key)
			}
			t.answered.entries = append(t.answered.entries, at)
		}
	}
	if t.grammar == bareGrammar {
		e.Optional = optional
	}
}

// distinctEdges drops, in place, edges that lead where an earlier one does.
func distinctEdges(edges []Dependency) []Dependency {
	type target struct {
		name, to string
		kind     Kind
	}
	targetOf := func(d *Dependency) target {
		if d.Key == "" {
			return target{d.Name, d.Spec, d.Kind}
		}
		return target{d.Name, d.Key, d.Kind}
	}
	kept := edges[:0]
	const few = 24
	if len(edges) <= few {
		for i := range edges {
			this := targetOf(&edges[i])
			if !slices.ContainsFunc(kept, func(d Dependency) bool { return targetOf(&d) == this }) {
				kept = append(kept, edges[i])
			}
		}
		return kept
	}
	known := make(map[target]bool, len(edges))
	for i := range edges {
		if this := targetOf(&edges[i]); !known[this] {
			known[this] = true
			kept = append(kept, edges[i])
		}
	}
	return kept
}

// answerAll sets the keys of an entry's requests, whose specs are what refers
// to their answers.
func (r *pnpmReader) answerAll(t *pnpmTree, line int, key string, edges []Dependency) {
	for i := range edges {
		d := &edges[i]
		at := t.answer(d, d.Spec)
		t.answered.entries = append(t.answered.entries, at)
		if at < 0 && !strings.HasPrefix(d.Spec, "link:") {
			r.doubts.add(line, key, false, "nothing in packages answers to %.80q: %.80q", d.Name, d.Spec)
		}
	}
}

// answer sets the key of a request by what refers to its answer, and gives the
// entry, or -1. It notes the name under which that is installed.
func (t *pnpmTree) answer(d *Dependency, ref string) int32 {
	at := t.find(d.Name, ref)
	if at < 0 {
		return -1
	}
	e := &t.entries[at]
	d.Key = e.Key
	if e.Alias == "" && d.Name != e.Name {
		e.Alias = d.Name
	}
	return at
}

// find follows dependency-path's refToRelative of each generation: a reference
// is a version, or a key where the name is another one. It is -1 where nothing
// answers.
func (t *pnpmTree) find(name, ref string) int32 {
	if strings.HasPrefix(ref, "link:") {
		return -1
	}
	if t.grammar == bareGrammar {
		ref = pnpmBase(ref)
	}
	t.key = t.key[:0]
	switch {
	case t.isKey(ref):
	case t.grammar == bareGrammar:
		t.key = append(append(t.key, name...), '@')
	case t.grammar == atGrammar:
		t.key = append(append(append(t.key, '/'), name...), '@')
	default:
		t.key = append(append(append(t.key, '/'), name...), '/')
	}
	t.key = append(t.key, ref...)
	at := t.keys.find(hashOfBytes(t.key), func(at int32) bool { return t.entries[at].Key == string(t.key) })
	switch {
	case at >= 0:
		return at
	case t.grammar == bareGrammar:
		return t.packageOf(string(t.key))
	}
	return t.entry(string(t.key))
}

// isKey reports whether a reference is a key and not only a version.
func (t *pnpmTree) isKey(ref string) bool {
	if t.grammar != bareGrammar {
		slash, bracket := strings.IndexByte(ref, '/'), strings.IndexByte(ref, '(')
		return strings.HasPrefix(ref, "file:") || slash >= 0 && (bracket < 0 || slash < bracket)
	}
	for i := range len(ref) {
		switch ref[i] {
		case '@':
			return true
		case ':', '(':
			return false
		}
	}
	return false
}
