package lockfile

import "slices"

// otherReadings gives the entries that another reader finds than npm 7 and
// later: one that takes the first of two members with one name, one that folds
// their case, and npm 6.
func (r *npmReader) otherReadings(tree *npmTree, main, legacy *npmHalf) []Entry {
	var list []Entry
	for _, half := range r.halves {
		list = append(list, half.shadows...)
		chosen := main
		if half.legacy != main.legacy {
			chosen = legacy
		}
		if half != chosen {
			list = append(list, r.secondHalf(half, chosen)...)
		}
	}
	list = append(list, r.disagreements(tree, main, legacy)...)
	for i := range list {
		e := &list[i]
		tree.answer(tree.askingFolder(e), e.Dependencies, nil)
		if at := tree.entry(e.Key); at >= 0 {
			e.Direct = tree.entries[at].Direct
		}
	}
	return list
}

// secondHalf gives the entries of a half beside the chosen one of its kind, if
// they are others.
func (r *npmReader) secondHalf(half, chosen *npmHalf) []Entry {
	same := chosen != nil && slices.EqualFunc(half.entries, chosen.entries, sameReading)
	if half.name == "packages" || half.name == "dependencies" {
		r.doubts.add(half.line, "", !same, "%s stands twice", half.name)
	} else {
		r.doubts.add(half.line, "", !same, "a reader that folds case takes %.80q for its lower-case twin", half.name)
	}
	if same {
		return nil
	}
	return half.entries
}

// disagreements compares the two halves of a version 2 file: what npm 7 and
// later read, and what npm 6 reads. It gives npm 6's readings where they differ.
func (r *npmReader) disagreements(tree *npmTree, main, legacy *npmHalf) []Entry {
	if legacy == nil {
		return nil
	}
	var list []Entry
	met := make([]bool, len(tree.entries))
	linked := map[string]bool{"": true} // folders whose node_modules npm 6 knows
	for i := range legacy.entries {
		old := &legacy.entries[i]
		at := tree.entry(old.Key)
		if at < 0 {
			r.doubts.add(old.Line, old.Key, true, "%.80q stands in dependencies, and not in packages", old.Key)
			list = append(list, *old)
			continue
		}
		met[at] = true
		now := &tree.entries[at]
		if now.Source == Link {
			linked[linkTarget(now.Resolved)] = true
		}
		if what := disagreement(now, old); what != "" {
			r.doubts.add(old.Line, old.Key, true, "%.80q has another %s in dependencies than in packages", old.Key, what)
			list = append(list, *old)
		}
	}
	for i := range tree.entries {
		e := &tree.entries[i]
		// A folder of the repository is no entry of npm 6, and what is
		// installed in one that no link leads to isn't, either.
		if !met[i] && placeOf(e.Key).name != "" && linked[topFolder(e.Key)] {
			r.doubts.add(e.Line, e.Key, true, "%.80q stands in packages, and not in dependencies", e.Key)
		}
	}
	return list
}

// topFolder gives the folder of the repository that a key lies in.
func topFolder(key string) string {
	for in := placeOf(key); in.name != ""; in = placeOf(key) {
		key = in.within
	}
	return key
}

// disagreement names what the two halves say differently of one place, or
// gives "". What only one of them says is npm 7's way of writing some sources.
func disagreement(now, old *Entry) string {
	switch {
	case now.Source == Link || old.Source == Link:
		if now.Source != old.Source || linkTarget(now.Resolved) != linkTarget(old.Resolved) {
			return "source"
		}
	case now.Name != old.Name:
		return "name"
	case now.Version != old.Version && now.Version != "" && old.Version != "":
		return "version"
	case !sameAddress(now, old):
		return "address"
	case !slices.Equal(now.Integrity, old.Integrity):
		return "hash"
	}
	return ""
}

// sameAddress compares two addresses. That of a git repository has several
// notations, of which npm writes one in each half.
func sameAddress(now, old *Entry) bool {
	if now.Source != Git || old.Source != Git {
		return now.Resolved == old.Resolved
	}
	return GitRepository(now.Resolved) == GitRepository(old.Resolved) && GitCommit(now.Resolved) == GitCommit(old.Resolved)
}
