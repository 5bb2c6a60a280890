package lockfile

import (
	"path"
	"strconv"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest"
)

// inventory makes one of what was read.
func (r *berryReader) inventory() *Inventory {
	if !r.metadata {
		r.doubts.add(1, "", true, "there is no __metadata, and then yarn takes nothing from the file")
	}
	inv := &Inventory{Path: r.in.Path, Ecosystem: "npm", Format: "yarn-berry-v" + strconv.Itoa(r.version), Entries: r.entries}
	root := r.manifest("")
	r.readOverrides(root)
	r.answerAll()
	inv.Roots = r.roots(root)
	marks := r.answered.reach(inv)
	marks.markDirect()
	marks.markDev()
	marks.markOptional()
	r.answerPeers()
	inv.Doubts = r.doubts.inOrder()
	return inv
}

// manifest reads the package.json of a folder below the lockfile's; nil if there
// is none.
func (r *berryReader) manifest(folder string) *manifest.Manifest {
	if r.in.Manifest == nil {
		return nil
	}
	file := path.Join(path.Dir(r.in.Path), folder, "package.json")
	data, ok := r.in.Manifest(file)
	if !ok {
		return nil
	}
	m, err := manifest.ParseNPM(file, data)
	if err != nil {
		r.doubts.add(0, "", false, "what is for development only is a guess: %.200s", err)
		return nil
	}
	return m
}

// rootPin gives the locator of the lockfile's own folder, or nil.
func (r *berryReader) rootPin() *berryPin {
	if r.rootAt < 0 {
		return nil
	}
	return &r.pins[r.rootAt]
}

// roots gives the workspaces, the lockfile's own folder first.
func (r *berryReader) roots(own *manifest.Manifest) []Root {
	roots, answers := make([]Root, 1, 8), make([][]int32, 1, 8)
	if r.rootAt < 0 {
		r.doubts.add(0, "", false, "there is no entry for the lockfile's own folder, which yarn always writes")
		roots[0], answers[0] = r.asked(own)
	}
	spaces := berryWorkspaces{".": workspaceOf(own)}
	var missing []int32
	asked := r.answered.entries // from those of the entry on
	for i := range r.entries {
		e, pin := &r.entries[i], &r.pins[i]
		own := asked[:len(e.Dependencies)]
		asked = asked[len(own):]
		written, ok := strings.CutPrefix(pin.reference, "workspace:")
		if !ok {
			continue
		}
		folder := path.Clean(written)
		space, known := spaces[folder]
		if known && int32(i) != r.rootAt {
			r.doubts.add(e.Line, e.Key, false, "the folder %.80q has two entries", folder)
		} else if !known { // many entries may name one folder
			space = workspaceOf(r.manifest(folder))
			spaces[folder] = space
		}
		if r.absent(folder) && answersRange(e.Key) || space.name != "" && space.name != pin.name {
			missing = append(missing, int32(i))
		}
		space.setKinds(e.Dependencies)
		root := Root{Name: e.Name, Line: e.Line, Dependencies: e.Dependencies}
		if folder != "." {
			root.Folder = folder
		}
		if int32(i) == r.rootAt {
			roots[0], answers[0] = root, own
		} else {
			roots, answers = append(roots, root), append(answers, own)
		}
	}
	r.answered.roots = answers
	r.doubtMissing(missing, len(roots))
	return roots
}

// doubtMissing notes the workspaces that the repository doesn't have and that
// yet answer what a registry could: yarn finds its workspaces by itself, and
// asks the registry for others. Where most are missing it is the tree that is
// not whole, which is said once.
func (r *berryReader) doubtMissing(missing []int32, workspaces int) {
	if 2*len(missing) > workspaces {
		e := &r.entries[missing[0]]
		r.doubts.add(e.Line, "", true, "most of the workspaces are not in the repository")
		return
	}
	for _, i := range missing {
		e, pin := &r.entries[i], &r.pins[i]
		r.doubts.add(e.Line, e.Key, true, "there is no workspace %.80q in the folder %.80q",
			pin.name, path.Clean(strings.TrimPrefix(pin.reference, "workspace:")))
	}
}

// asked gives the root of a lockfile that has no entry for it, and the entries
// that answer it.
func (r *berryReader) asked(own *manifest.Manifest) (root Root, answers []int32) {
	root = Root{Line: 1}
	if own == nil {
		return root, nil
	}
	root.Name = own.Name
	for _, q := range own.Requests {
		d := Dependency{Name: q.Name, Spec: q.Spec, Kind: kindOf[q.Kind]}
		at := int32(-1)
		if d.Kind != PeerKind {
			at = r.answer(&berryPin{}, d.Name, d.Spec)
			d.Key = r.keyOf(at)
		}
		root.Dependencies, answers = append(root.Dependencies, d), append(answers, at)
	}
	return root, answers
}

// answersRange reports whether a key holds a descriptor that names no workspace.
func answersRange(key string) bool {
	for key != "" {
		var descriptor string
		descriptor, key = cutDescriptor(key)
		if _, wanted, _ := splitBerry(strings.TrimSpace(descriptor)); !strings.HasPrefix(wanted, "workspace:") {
			return true
		}
	}
	return false
}

// absent reports whether a folder is known to have no package.json.
func (r *berryReader) absent(folder string) bool {
	if r.in.Folders == nil {
		return false
	}
	if r.folders == nil {
		r.folders = make(map[string]bool, len(r.in.Folders))
		for _, folder := range r.in.Folders {
			r.folders[folder] = true
		}
	}
	full := path.Join(path.Dir(r.in.Path), folder)
	return !r.folders[full] && !(full == "." && r.folders[""])
}

// berryWorkspaces is what the manifests of workspaces say, by folder.
type berryWorkspaces map[string]berryWorkspace

// berryWorkspace is what the entry of a workspace doesn't tell.
type berryWorkspace struct {
	name        string
	development map[string]bool // which names it asks for in development only
}

func workspaceOf(m *manifest.Manifest) berryWorkspace {
	if m == nil {
		return berryWorkspace{}
	}
	only := make(map[string]bool, len(m.Requests))
	for _, q := range m.Requests {
		if earlier, ok := only[q.Name]; q.Kind != manifest.Peer {
			only[q.Name] = q.Kind == manifest.Development && (earlier || !ok)
		}
	}
	return berryWorkspace{m.Name, only}
}

// setKinds tells the development dependencies of a workspace from the others.
func (w berryWorkspace) setKinds(list []Dependency) {
	for i := range list {
		if list[i].Kind != PeerKind && w.development[list[i].Name] {
			list[i].Kind = Development
		}
	}
}
