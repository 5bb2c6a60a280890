package lockfile

import (
	"strconv"
	"strings"
)

// inventory makes one of what was read.
func (r *bunReader) inventory() *Inventory {
	if r.declared == "" {
		r.doubts.add(1, "", false, "there is no lockfileVersion, and bun refuses the file")
	}
	r.aliases()
	tree := newBunTree(r.entries)
	tree.index(
		func(earlier, later *Entry) {
			r.doubts.add(later.Line, later.Key, !sameReading(*earlier, *later),
				"the key %.80q stands twice, first on line %d", later.Key, earlier.Line)
		},
		func(e *Entry) {
			r.doubts.add(e.Line, e.Key, true, "the key %.80q is nested in an entry that isn't there", e.Key)
		},
	)
	roots, folders := r.ordered()
	inv := &Inventory{
		Path: r.path, Ecosystem: "npm", Format: "bun-lock-v" + strconv.Itoa(r.version),
		Entries: r.entries, Roots: roots,
	}
	marks := r.answer(inv, tree)
	marks.markDirect()
	marks.markDev()
	marks.markOptional()
	r.ownRequests(folders)
	inv.Doubts = r.doubts.inOrder()
	return inv
}

// aliases looks for packages of the registry under a name that nobody gave
// them: bun installs what the entry says, whatever name was asked for.
func (r *bunReader) aliases() {
	for i := range r.entries {
		e := &r.entries[i]
		if e.Alias != "" && e.Version != "" && !r.asked[e.Name] {
			r.doubts.add(e.Line, e.Key, true, "%.80q is installed as %.80q, and nothing asks for that", e.Name, e.Alias)
		}
	}
}

// ordered gives the repository's own packages, its root first, and the number
// in workspaces that each folder has.
func (r *bunReader) ordered() ([]Root, map[string]int32) {
	line := max(r.seen["workspaces"], 1)
	roots := append(make([]Root, 0, len(r.workspaces)+1), Root{Line: line})
	folders := make(map[string]int32, len(r.workspaces))
	for i := range r.workspaces {
		root := r.workspaces[i].Root
		first, again := folders[root.Folder]
		if again {
			r.doubts.add(root.Line, "", true, "the workspace %.80q stands twice, first on line %d", root.Folder, r.workspaces[first].Line)
		} else {
			folders[root.Folder] = int32(i)
		}
		if root.Folder == "" && !again {
			roots[0] = root
		} else {
			roots = append(roots, root)
		}
	}
	if _, ok := folders[""]; !ok {
		r.doubts.add(line, "", false, "the root is not among the workspaces, and bun refuses the file")
	}
	return roots, folders
}

// answer answers all requests: those of a workspace as if its entry asked, and
// those of the root at the top.
func (r *bunReader) answer(inv *Inventory, tree *bunTree) *reach {
	asking := make([]int32, len(inv.Roots))
	for i, root := range inv.Roots {
		asking[i] = atTop
		if entry, ok := tree.at[root.Name]; ok && root.Folder != "" {
			asking[i] = entry
		}
	}
	return reachBy(inv, func(from int32, _ int, d *Dependency) int32 {
		at := from
		if from < 0 {
			at = asking[^from]
		}
		to := tree.find(at, d.Name)
		if to >= 0 {
			d.Key = r.entries[to].Key
			return to
		}
		// bun may leave these open: a package's own catalog is not here.
		if d.Kind == OptionalKind || d.Kind == PeerKind || strings.HasPrefix(d.Spec, "catalog:") {
			return -1
		}
		line, key := 0, ""
		if from < 0 {
			line = inv.Roots[^from].Line
		} else {
			line, key = r.entries[from].Line, r.entries[from].Key
		}
		r.doubts.add(line, key, false, "%.80q is asked for, and no entry answers: bun refuses the file", d.Name)
		return -1
	})
}

// ownRequests gives the entries of the repository's own packages what the
// workspaces say of them. Only in version 0 the entries say so themselves.
func (r *bunReader) ownRequests(folders map[string]int32) {
	for _, own := range r.owns {
		e := &r.entries[own.entry]
		i, ok := folders[own.folder]
		if !ok {
			r.doubts.add(e.Line, e.Key, false, "there is no workspace %.80q, and bun refuses the file", own.folder)
			continue
		}
		e.Version = r.workspaces[i].version
		switch {
		case !own.asks:
			e.Dependencies = r.workspaces[i].Dependencies
		case r.version > 0:
			r.doubts.add(e.Line, e.Key, false, "the entry is a workspace, and yet has requests of its own, which bun doesn't read")
		}
	}
}
