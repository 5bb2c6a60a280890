package lockfile

import (
	"path"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/manifest"
)

// roots answers all requests of the tree and marks the entries that the
// repository's own packages ask for. The first root is the lockfile's own
// folder; the others are the folders that have entries.
func (r *npmReader) roots(in Input, tree *npmTree, main *npmHalf) []Root {
	root, known := r.ownRoot(in, main)
	var require func(entry int32)
	var required []bool
	if !known {
		required = make([]bool, len(tree.entries))
		require = func(entry int32) { required[entry] = true }
	}
	for i := range tree.entries {
		e := &tree.entries[i]
		if e.Source == Link {
			tree.asks[i] = tree.askingFolder(e)
		}
		tree.answer(tree.asks[i], e.Dependencies, require)
	}
	if !known {
		root.Dependencies = unrequired(tree.entries, required)
	}

	direct := func(entry int32) { tree.entries[entry].Direct = true }
	tree.answer(0, root.Dependencies, direct)
	roots := []Root{root}
	for i := range tree.entries {
		if e := &tree.entries[i]; e.Source == Workspace {
			tree.answer(tree.asks[i], e.Dependencies, direct)
			roots = append(roots, Root{Name: e.Name, Folder: e.Key, Line: e.Line, Dependencies: e.Dependencies})
		}
	}
	if r.declared == "" && main.legacy {
		markDevelopment(tree, root.Dependencies)
	}
	return roots
}

// ownRoot gives the root of the lockfile's own folder with its requests: from
// the lockfile, or from the package.json beside it. known is false if neither
// says what is asked for.
func (r *npmReader) ownRoot(in Input, main *npmHalf) (root Root, known bool) {
	root = Root{Name: r.name, Line: 1}
	if main.root != nil {
		if main.root.Name == "" {
			main.root.Name = root.Name
		}
		return *main.root, true
	}
	if in.Manifest == nil {
		return root, false
	}
	file := path.Join(path.Dir(in.Path), "package.json")
	data, ok := in.Manifest(file)
	if !ok {
		return root, false
	}
	m, err := manifest.ParseNPM(file, data)
	if err != nil {
		r.doubts.add(0, "", false, "what is asked for directly is a guess: %.200s", err)
		return root, false
	}
	if m.Name != "" {
		root.Name = m.Name
	}
	for _, q := range m.Requests {
		root.Dependencies = append(root.Dependencies, Dependency{Name: q.Name, Spec: q.Spec, Kind: kindOf[q.Kind]})
	}
	return root, true
}

var kindOf = [...]Kind{
	manifest.Production:  Production,
	manifest.Development: Development,
	manifest.Optional:    OptionalKind,
	manifest.Peer:        PeerKind,
}

// unrequired guesses what a repository asks for: what lies at the top and
// nothing in the tree requires.
func unrequired(entries []Entry, required []bool) []Dependency {
	var list []Dependency
	for i := range entries {
		e := &entries[i]
		in := placeOf(e.Key)
		if in.within != "" || in.name == "" || required[i] {
			continue
		}
		kind := Production
		switch {
		case e.Dev:
			kind = Development
		case e.Optional:
			kind = OptionalKind
		}
		list = append(list, Dependency{Name: in.name, Spec: e.Version, Kind: kind})
	}
	return list
}

// markDevelopment sets Dev in the files that are older than that flag: for what
// only the manifest's development list asks for, and what is nested in it. Of
// the rest such a file doesn't say who needs it.
func markDevelopment(tree *npmTree, asked []Dependency) {
	if slices.ContainsFunc(tree.entries, func(e Entry) bool { return e.Dev }) {
		return
	}
	kinds := map[string]bool{} // key to whether it is for development only
	for _, d := range asked {
		only, known := kinds[d.Key]
		kinds[d.Key] = d.Kind == Development && (only || !known)
	}
	for i := range tree.entries {
		e := &tree.entries[i]
		top := e.Key
		for in := placeOf(top); in.within != "" && in.name != ""; in = placeOf(top) {
			top = in.within
		}
		e.Dev = kinds[top]
	}
}
