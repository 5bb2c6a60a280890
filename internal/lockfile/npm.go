package lockfile

import (
	"bytes"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// Caps on lockfiles. The largest of the real ones that this was tested
// with has 2 MB, 2,600 entries and keys of 120 bytes.
const (
	maxEntries  = 1_000_000
	maxEdges    = 2_000_000
	maxKey      = 4096     // bytes of one key
	maxFolders  = 128      // folders in one key
	maxKeyBytes = 64 << 20 // bytes of all keys of a v1 tree, where nesting repeats them
	maxReadings = 64       // values that one entry gives a second time
)

const (
	hintIgnore   = "exclude it with lockfiles.ignore in the policy if it pins nothing that is installed"
	hintRestore  = "restore it from the base, or write it anew with npm install --package-lock-only"
	hintConflict = "resolve the merge conflict, then run npm install --package-lock-only"
)

// npmReader reads one package-lock.json or npm-shrinkwrap.json. What is said
// here of npm was read in npm's own readers: @npmcli/arborist 9.9
// (lib/shrinkwrap.js, lib/arborist/load-virtual.js and reify.js),
// npm-package-arg, parse-conflict-json and ssri.
type npmReader struct {
	jsonDocument

	name         string
	declared     string // lockfileVersion as written, or ""
	declaredLine int
	halves       []*npmHalf

	room       int // how many entries a file of this size may have
	entryCount int
	edgeCount  int
	keyBytes   int

	scratch  []Dependency // the edges of the entries that are being read
	edgeSlab slab[Dependency]
	hashSlab slab[string]
	base     string // the registry of the last entry that has one
}

// npmHalf is one `packages` or `dependencies` object at the top of the file.
type npmHalf struct {
	legacy  bool   // `dependencies`: entries nested by name, as npm 6 and older read them
	name    string // the member's name as it stands; npm reads only an exact one
	line    int
	entries []Entry
	root    *Root // the `packages` object's "" entry
	// shadows are other readings of entries: of the first of two members
	// with one name, or of a member whose name differs in case.
	shadows []Entry
}

// readNPM reads package-lock.json and npm-shrinkwrap.json, of all versions.
func readNPM(in Input) (*Inventory, error) {
	if len(bytes.TrimSpace(in.Data)) == 0 {
		return nil, &Unread{Path: in.Path, Reason: "the file is empty", Hint: hintRestore}
	}
	if line := conflictLine(in.Data); line > 0 {
		return nil, conflicted(in.Path, line, hintConflict)
	}
	r := &npmReader{
		jsonDocument: jsonDocument{path: in.Path, walk: jsonline.NewText(in.text()), restore: hintRestore, conflict: hintConflict},
		room:         len(in.Data)/448 + 8,
	}
	if err := r.document(); err != nil {
		return nil, r.unread(err, in.Data)
	}
	return r.inventory(in)
}

// conflictLine gives the first line of a file that npm would take for one with
// a merge conflict, or 0. npm looks for the markers anywhere on a line, even in
// strings (parse-conflict-json), and then puts together a document that stands
// nowhere in the file.
func conflictLine(data []byte) int {
	at := bytes.Index(data, []byte("<<<<<<<"))
	if at < 0 || !bytes.Contains(data, []byte("=======")) || !bytes.Contains(data, []byte(">>>>>>>")) {
		return 0
	}
	return 1 + bytes.Count(data[:at], []byte("\n"))
}
