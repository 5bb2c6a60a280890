package lockfile

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
)

// inventory makes one of what was read.
func (r *npmReader) inventory(in Input) (*Inventory, error) {
	main, legacy := r.choose()
	format, err := r.format(main, legacy)
	if err != nil {
		return nil, err
	}
	if main == nil {
		main = &npmHalf{}
	}
	tree := newNPMTree(main.entries)
	tree.index(func(earlier, later *Entry) {
		r.doubts.add(later.Line, later.Key, !sameReading(*earlier, *later),
			"the key %.80q stands twice, first on line %d", later.Key, earlier.Line)
	})
	inv := &Inventory{Path: in.Path, Ecosystem: "npm", Format: format}
	inv.Roots = r.roots(in, tree, main)
	if !main.legacy {
		r.links(tree)
	}
	inv.Entries = main.entries
	if extra := r.otherReadings(tree, main, legacy); extra != nil {
		inv.Entries = append(inv.Entries, extra...)
		slices.SortStableFunc(inv.Entries, func(a, b Entry) int { return cmp.Compare(a.Line, b.Line) })
	}
	inv.Doubts = r.doubts.inOrder()
	return inv, nil
}

// choose gives the half that npm reads, and the older one beside it. npm goes
// by what the file holds, not by its lockfileVersion.
func (r *npmReader) choose() (main, legacy *npmHalf) {
	for _, half := range r.halves {
		switch half.name {
		case "packages": // the last one counts, as with JSON.parse
			main = half
		case "dependencies":
			legacy = half
		}
	}
	if main == nil {
		return legacy, nil
	}
	return main, legacy
}

// format gives the format's name, and notes where lockfileVersion and the
// halves of the file don't fit each other.
func (r *npmReader) format(main, legacy *npmHalf) (string, error) {
	kind := "npm-lock-v"
	if path.Base(r.path) == "npm-shrinkwrap.json" {
		kind = "npm-shrinkwrap-v"
	}
	declared, err := strconv.Atoi(r.declared)
	if r.declared != "" && (err != nil || declared < 1) {
		r.doubts.add(r.declaredLine, "", false, "lockfileVersion is %s, which npm never writes", r.declared)
		declared = 0
	}
	if main == nil {
		if declared > 3 {
			return "", &Unread{
				Path: r.path, Line: r.declaredLine,
				Reason: fmt.Sprintf("lockfileVersion %d is not known, and there are neither packages nor dependencies", declared),
				Hint:   "update Lockkeeper, or write the file with an npm that is released",
			}
		}
		return kind + strconv.Itoa(declared), nil
	}

	actual := actualVersion(declared, main, legacy)
	switch {
	case declared == actual:
	case r.declared == "":
		r.doubts.add(main.line, "", false, "there is no lockfileVersion, and yet there are packages: the file is read as version %d", actual)
	case declared > 0:
		r.doubts.add(r.declaredLine, "", false, "lockfileVersion is %d, and what the file holds is read as version %d", declared, actual)
	}
	if actual == 2 && legacy == nil && len(main.entries) > 0 {
		r.doubts.add(r.declaredLine, "", false, "lockfileVersion is 2, and there are no dependencies, which npm 6 reads")
	}
	return kind + strconv.Itoa(actual), nil
}

// actualVersion gives the version that a file is read as: the declared one
// where the halves allow it.
func actualVersion(declared int, main, legacy *npmHalf) int {
	switch {
	case main.legacy && declared == 0:
		return 0
	case main.legacy:
		return 1
	case declared == 2 || declared == 3:
		return declared
	case legacy != nil && declared < 2:
		return 2
	}
	return 3
}

// links looks for links that lead nowhere; npm refuses such a file.
func (r *npmReader) links(tree *npmTree) {
	for i := range tree.entries {
		e := &tree.entries[i]
		if e.Source != Link {
			continue
		}
		if target := linkTarget(e.Resolved); target != "" && tree.entry(target) < 0 {
			r.doubts.add(e.Line, e.Key, false, "the link's target %.80q has no entry", e.Resolved)
		}
	}
}
