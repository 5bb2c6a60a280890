package lockfile

import (
	"cmp"
	"slices"
	"strings"
)

// inventory makes one of what was read.
func (r *pnpmReader) inventory(in Input, documents []*pnpmDocument) (*Inventory, error) {
	if len(documents) == 0 || len(documents) == 1 && documents[0].empty {
		return nil, &Unread{Path: in.Path, Reason: "the file is empty", Hint: hintPNPMRestore}
	}
	r.boundaries(documents, in.Data)
	inv := &Inventory{Path: in.Path, Ecosystem: "npm"}
	for i, d := range documents {
		if !d.isMap {
			continue
		}
		if err := r.judge(d); err != nil {
			return nil, err
		}
		part := r.part(d)
		inv.Format = "pnpm-lock-v" + d.version // the last one is the project's
		inv.Roots = append(inv.Roots, part.Roots...)
		inv.Entries = slices.Insert(part.Entries, 0, inv.Entries...) // of the environment there are few
		documents[i] = nil
	}
	if inv.Format == "" {
		return nil, &Unread{
			Path: in.Path, Line: documents[0].line,
			Reason: "the file is no mapping", Hint: hintPNPMRestore,
		}
	}
	inv.Doubts = r.doubts.inOrder()
	return inv, nil
}

// part gives what one document pins. Its keys mean nothing in another one.
func (r *pnpmReader) part(d *pnpmDocument) *Inventory {
	r.forms(d)
	tree := newPNPMTree(d)
	r.keysTwice(tree)
	r.join(tree)
	part := &Inventory{Roots: r.roots(tree), Entries: d.entries}
	tree.answered.entries = make([]int32, 0, r.edgeCount)
	for i := range tree.entries {
		r.unite(tree, &tree.entries[i], tree.first[i])
	}
	reach := tree.answered.reach(part)
	reach.markDirect()
	if d.grammar == bareGrammar {
		reach.markDev()
		for i := range d.entries {
			d.entries[i].InstallScript = Unknown
		}
	}
	part.Entries = tree.withOthers()
	return part
}

// keysTwice notes what stands twice in `packages`.
func (r *pnpmReader) keysTwice(t *pnpmTree) {
	for _, twin := range t.twins {
		earlier, later := &t.entries[twin.earlier], &t.entries[twin.later]
		r.doubts.add(later.Line, later.Key, !sameReading(*earlier, *later),
			"the key %.80q stands twice, first on line %d, and pnpm refuses such a file", later.Key, earlier.Line)
	}
}

// withOthers gives the entries with their other readings, which share the
// flags of those.
func (t *pnpmTree) withOthers() []Entry {
	for _, twin := range t.twins {
		shareFlags(&t.entries[twin.earlier], &t.entries[twin.later])
	}
	list := slices.Grow(t.entries, len(t.others))
	for i := range t.others {
		other, of := &t.others[i].entry, &t.entries[t.others[i].of]
		other.Dependencies, other.InstallScript = of.Dependencies, of.InstallScript
		shareFlags(other, of)
		list = append(list, *other)
	}
	if len(t.others) > 0 || len(t.bases) > 0 || len(t.twins) > 0 {
		slices.SortStableFunc(list, func(a, b Entry) int { return cmp.Compare(a.Line, b.Line) })
	}
	return list
}

func shareFlags(to, from *Entry) {
	to.Direct, to.Dev, to.Optional = from.Direct, from.Dev, from.Optional
}

// roots gives the repository's packages with the keys that answer to what they
// ask for.
func (r *pnpmReader) roots(t *pnpmTree) []Root {
	importers := t.importers
	if t.own.seen != 0 || t.sections["importers"] == 0 {
		t.own.line = cmp.Or(t.own.line, t.line)
		importers = append([]pnpmImporter{t.own}, importers...)
	}
	list := make([]Root, 0, len(importers))
	for i := range importers {
		list = append(list, r.root(t, &importers[i]))
	}
	return list
}

func (r *pnpmReader) root(t *pnpmTree, importer *pnpmImporter) Root {
	root := Root{Folder: importer.folder, Line: importer.line}
	answers := make([]int32, 0, len(importer.requests))
	if importer.seen&(listConfig|listManager) != 0 {
		root.Name = "pnpm environment"
	}
	var specs map[string]string
	if len(importer.specifiers) > 0 {
		specs = make(map[string]string, len(importer.specifiers))
		for _, s := range importer.specifiers {
			specs[s.Name] = s.Spec
		}
	}
	r.scratch = r.scratch[:0]
	for i := range importer.requests {
		q := &importer.requests[i]
		if q.Spec == "" {
			q.Spec = specs[q.Name]
		}
		at := t.answer(&q.Dependency, q.ref)
		if at < 0 && !strings.HasPrefix(q.ref, "link:") {
			r.doubts.add(q.line, "", true, "nothing in packages answers to %.80q: %.80q", q.Name, q.ref)
		}
		r.scratch, answers = push(r.scratch, q.Dependency), append(answers, at)
	}
	t.answered.roots = append(t.answered.roots, answers)
	root.Dependencies = r.edgeSlab.keep(r.scratch...)
	return root
}
