package lockfile

import (
	"bytes"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// Ecosystems of entries that are not of their inventory's own.
const (
	JSR = "jsr" // packages of JSR
	// Deno is the ecosystem of modules: single files at addresses, several of
	// which make a package where the addresses name one; see [Module].
	Deno = "deno"
)

const (
	denoRestore  = "restore it from the base, or delete it and run deno install"
	denoConflict = "resolve the merge conflict, then run deno install"
	denoUpdate   = "update Lockkeeper, or write the file with a Deno that is released"
)

// denoNewest is the newest version of the format that is known.
const denoNewest = 5

// maxMembers is how many members of a workspace have their manifests looked at.
const maxMembers = 4096

// denoReader reads one deno.lock. What is said here of Deno was read in Deno's
// own reader: libs/lockfile of denoland/deno 2.9 (lib.rs, transforms.rs), which
// was the crate deno_lockfile before.
type denoReader struct {
	jsonDocument

	version   denoVersion
	parts     []denoPart // that hold something, in file order
	held      map[string]bool
	opened    map[string]bool
	strangers []denoPart // members that Deno doesn't know

	entries    []Entry
	specifiers []denoSpecifier
	redirects  int // entries that are redirects
	workspace  *denoWorkspace

	entryCount int
	edgeCount  int
	scratch    []Dependency // the edges of the entry that is being read
	edgeSlab   slab[Dependency]
	hashSlab   slab[string]
}

// denoVersion is the document's `version`.
type denoVersion struct {
	text   string // as written; "" if there is none
	quoted bool
	line   int
}

// denoPart is a part of the document, such as "packages.npm".
type denoPart struct {
	name string
	line int
}

// denoTop is the part that all of a version 1 is: addresses at the top.
const denoTop = "an address at the top"

// readDeno reads deno.lock, of all versions.
func readDeno(in Input) (*Inventory, error) {
	if len(bytes.TrimSpace(in.Data)) == 0 {
		return nil, &Unread{Path: in.Path, Reason: "the file is empty", Hint: denoRestore}
	}
	// Deno puts the two sides together by itself, as npm does.
	if line := conflictLine(in.Data); line > 0 {
		return nil, conflicted(in.Path, line, denoConflict)
	}
	r := &denoReader{
		jsonDocument: jsonDocument{path: in.Path, walk: jsonline.NewText(in.text()), restore: denoRestore, conflict: denoConflict},
		held:         make(map[string]bool),
		opened:       make(map[string]bool),
		entries:      make([]Entry, 0, len(in.Data)/200+8), // of the real ones none has less for an entry
	}
	err := r.walk.Members(r.member)
	if err == nil {
		err = r.walk.End()
	}
	if err != nil {
		return nil, r.unread(err, in.Data)
	}
	return r.inventory(in)
}
