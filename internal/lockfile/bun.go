package lockfile

import (
	"bytes"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// bunNewest is the newest lockfileVersion that is known, of bun 1.4.
const bunNewest = 3

const (
	hintBunRestore  = "restore it from the base, or write it anew with bun install --lockfile-only"
	hintBunConflict = "resolve the merge conflict, then run bun install --lockfile-only"
	hintBunText     = "write a text lockfile with bun install --save-text-lockfile --frozen-lockfile --lockfile-only, " +
		"commit bun.lock, and remove bun.lockb"
)

// bunReader reads one bun.lock. What is said here of bun was read in its own
// reader and writer (oven-sh/bun, src/install/lockfile/bun.lock.rs) and tried
// with bun 1.1.39, 1.2.0, 1.3.14 and 1.4.5. A file that bun refuses is an error
// with --frozen-lockfile; without it bun resolves everything anew.
type bunReader struct {
	jsonDocument

	declared string // lockfileVersion as written, or ""
	version  int

	seen       map[string]int // members of the document to their line
	workspaces []bunWorkspace // as they stand
	entries    []Entry
	owns       []bunOwn
	// asked are the packages that a request, an override or a catalog names
	// behind "npm:", to be installed under another name.
	asked map[string]bool

	tuple     bunTuple // of the entry that is being read
	edgeCount int
	scratch   []Dependency // the edges that are being read
	edgeSlab  slab[Dependency]
	hashSlab  slab[string]
	base      string // the registry of the last entry that has one
}

// bunWorkspace is one of the repository's own packages.
type bunWorkspace struct {
	Root
	version string
}

// bunOwn is an entry for one of the repository's own packages.
type bunOwn struct {
	entry  int32
	folder string
	asks   bool // it has requests of its own, as in version 0
}

// readBun reads bun.lock, of all versions.
func readBun(in Input) (*Inventory, error) {
	if len(bytes.TrimSpace(in.Data)) == 0 {
		return nil, &Unread{Path: in.Path, Reason: "the file is empty", Hint: hintBunRestore}
	}
	r := &bunReader{
		jsonDocument: jsonDocument{path: in.Path, walk: jsonline.NewTextC(in.text()), restore: hintBunRestore, conflict: hintBunConflict},
		seen:         map[string]int{},
		// An entry is an array, and takes 7 bytes at least: "a":[],
		entries: make([]Entry, 0, min(bytes.Count(in.Data, []byte("[")), len(in.Data)/7)),
		asked:   map[string]bool{},
	}
	err := r.walk.Members(r.member)
	if err == nil {
		err = r.walk.End()
	}
	if err != nil {
		return nil, r.unread(err, in.Data)
	}
	return r.inventory(), nil
}
