package lockfile

import (
	"path"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest"
)

// maxWorkspaces is how many workspaces of one lockfile are read.
const maxWorkspaces = 10_000

// ownPackage is a package of the repository itself.
type ownPackage struct {
	folder   string // relative to the lockfile's
	manifest *manifest.Manifest
}

// readOwnPackages reads the manifest beside a lockfile, and then those of its
// workspaces. It gives nil where the first is not to be had.
func readOwnPackages(in Input, doubts *doubts) []ownPackage {
	dir := path.Dir(in.Path)
	root := readManifest(in, dir, doubts)
	if root == nil {
		return nil
	}
	own := []ownPackage{{"", root}}
	folders, whole := workspaceFolders(root.Workspaces, foldersBelow(dir, in.Folders))
	if len(folders) > maxWorkspaces {
		folders, whole = folders[:maxWorkspaces], false
	}
	if !whole {
		doubts.add(0, "", false, "what is asked for directly is a guess: the workspaces are more than are read")
	}
	for _, folder := range folders {
		if m := readManifest(in, path.Join(dir, folder), doubts); m != nil {
			own = append(own, ownPackage{folder, m})
		}
	}
	return own
}

// readManifest reads the package.json in a folder of the tree, or gives nil.
func readManifest(in Input, folder string, doubts *doubts) *manifest.Manifest {
	if in.Manifest == nil {
		return nil
	}
	file := path.Join(folder, "package.json")
	data, ok := in.Manifest(file)
	if !ok {
		return nil
	}
	m, err := manifest.ParseNPM(file, data)
	if err != nil {
		doubts.add(0, "", false, "what is asked for directly is a guess: %.200s", err)
		return nil
	}
	return m
}

// foldersBelow gives the folders that lie below one, relative to it.
func foldersBelow(dir string, folders []string) []string {
	if dir == "." {
		return folders
	}
	var below []string
	for _, folder := range folders {
		if rest, ok := strings.CutPrefix(folder, dir+"/"); ok {
			below = append(below, rest)
		}
	}
	return below
}

// roots gives the repository's own packages with what they ask for. Peers are
// not installed by yarn 1, so nothing answers them.
func (r *classicReader) roots(index *classicIndex) ([]Root, error) {
	if r.own == nil {
		return []Root{r.unrequired(index)}, nil
	}
	roots := make([]Root, 0, len(r.own))
	for _, p := range r.own {
		root := Root{Name: p.manifest.Name, Folder: p.folder, Line: 1}
		var answers []int32
		for _, q := range p.manifest.Requests {
			if r.edges++; r.edges > maxEdges {
				return nil, r.over(maxEdges, "requests of packages for packages")
			}
			d := Dependency{Name: q.Name, Spec: q.Spec, Kind: kindOf[q.Kind]}
			at := noEntry
			if d.Kind != PeerKind {
				at = index.direct(d.Name, d.Spec)
			}
			if err := r.answer(&d, at); err != nil {
				return nil, err
			}
			root.Dependencies, answers = append(root.Dependencies, d), append(answers, at)
		}
		r.answered.roots = append(r.answered.roots, answers)
		roots = append(roots, root)
	}
	return roots, nil
}

// unrequired guesses what a repository asks for: what no entry requires.
func (r *classicReader) unrequired(index *classicIndex) Root {
	n := 0
	for _, required := range r.required {
		if !required {
			n++
		}
	}
	root := Root{Line: 1, Dependencies: make([]Dependency, 0, n)}
	answers := make([]int32, 0, n)
	last := int32(-1)
	for _, p := range r.patterns {
		if p.entry == last || r.required[p.entry] {
			continue
		}
		last = p.entry
		name, spec := p.split()
		if isAddress(name) {
			name, spec = r.entries[p.entry].Name, p.text
		}
		key, at := r.entries[p.entry].Key, p.entry
		if index.twice {
			if twin := index.exact[p.text]; r.entries[twin].Key == key {
				at = twin
			}
		}
		root.Dependencies = append(root.Dependencies, Dependency{Name: name, Spec: spec, Key: key})
		answers = append(answers, at)
	}
	r.answered.roots = [][]int32{answers}
	return root
}
