package lockfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

const (
	hintPNPMRestore  = "restore it from the base, or write it anew with pnpm install --lockfile-only"
	hintPNPMConflict = "resolve the merge conflict, then run pnpm install --lockfile-only"
	hintPNPMUpdate   = "update Lockkeeper, or write the file with a pnpm that is released"
)

const (
	maxDocuments = 16      // of one file; pnpm writes two
	maxPNPMKey   = 1 << 16 // bytes of one key: peers of peers make them long, and older pnpm cuts none
)

// pnpmReader reads one pnpm-lock.yaml. What is said here of pnpm was read in
// its own readers: @pnpm/lockfile-file 8 and @pnpm/dependency-path 2 for the
// versions up to 6, @pnpm/lockfile.fs 1001 and 1100 (lib/read.js,
// lib/yamlDocuments.js and lib/lockfileFormatConverters.js), @pnpm/lockfile.utils
// and @pnpm/deps.path for those since. They parse with js-yaml.
type pnpmReader struct {
	path   string
	rest   string // the text of the documents that are to come
	walk   *yamlline.Walker
	doubts doubts

	// A hostile file may be all keys: what is kept for one is many times its
	// size. No real file has so many for its bytes.
	mostEntries, mostEdges int
	entryCount, edgeCount  int

	scratch  []Dependency // the edges of the entry that is being read
	edgeSlab slab[Dependency]
	hashSlab slab[string]
}

// readPNPM reads pnpm-lock.yaml, of all versions.
func readPNPM(in Input) (*Inventory, error) {
	if line := pnpmMarker(in.Data, "<<<<<<<"); line > 0 {
		return nil, conflictInPNPM(in.Path, line)
	}
	var inv *Inventory
	err := yamlline.Read(in.text(), func(walk *yamlline.Walker) (err error) {
		inv, err = readPNPMDocuments(in, walk)
		return err
	})
	if err != nil {
		return nil, pnpmUnread(in, err)
	}
	return inv, nil
}

// readPNPMDocuments makes an inventory of what a walk finds.
func readPNPMDocuments(in Input, walk *yamlline.Walker) (*Inventory, error) {
	size := len(in.Data)
	r := &pnpmReader{
		path: in.Path, rest: in.text(), walk: walk,
		mostEntries: min(maxEntries, 1000+size/32),
		mostEdges:   min(maxEdges, 1000+size/8),
	}
	documents, err := r.documents()
	if err != nil {
		return nil, err
	}
	return r.inventory(in, documents)
}

// isPNPMBranch reports whether a file is the lockfile of one git branch, which
// pnpm writes where gitBranchLockfile is set (@pnpm/lockfile.fs,
// lib/gitBranchLockfile.js).
func isPNPMBranch(base string) bool {
	branch, ok := strings.CutPrefix(base, "pnpm-lock.")
	return ok && strings.HasSuffix(branch, ".yaml")
}

// pnpmMarker gives the first line that begins with a conflict marker, or 0.
// pnpm looks for them where a file is no YAML, and then merges the two sides
// into a document that stands nowhere in the file (lib/gitMergeFile.js).
func pnpmMarker(data []byte, marker string) int {
	for from := 0; ; from += len(marker) {
		at := bytes.Index(data[from:], []byte(marker))
		if at < 0 {
			return 0
		}
		if from += at; from == 0 || data[from-1] == '\n' || data[from-1] == '\r' {
			return 1 + bytes.Count(data[:from], []byte("\n"))
		}
	}
}

func conflictInPNPM(file string, line int) *Unread {
	return &Unread{Path: file, Line: line, Reason: "the file holds merge conflict markers", Hint: hintPNPMConflict}
}

// pnpmUnread gives the error of a file that could not be walked to its end.
func pnpmUnread(in Input, err error) error {
	broken, ok := errors.AsType[*yamlline.Error](err)
	if !ok {
		return err // an *Unread already
	}
	// A conflict that was half resolved leaves a marker that is no YAML.
	for _, marker := range [...]string{"|||||||", "=======", ">>>>>>>"} {
		if line := pnpmMarker(in.Data, marker); line > 0 {
			return conflictInPNPM(in.Path, line)
		}
	}
	return &Unread{Path: in.Path, Line: broken.Line, Reason: broken.Reason, Hint: hintPNPMRestore}
}

// over is the error of a cap that was exceeded on the current line.
func (r *pnpmReader) over(limit int, what string) error {
	return &Unread{
		Path: r.path, Line: r.walk.Line(),
		Reason: fmt.Sprintf("there are more than %d %s", limit, what), Hint: hintIgnore,
	}
}

// entry counts one more entry and checks its key.
func (r *pnpmReader) entry(key string) error {
	if r.entryCount++; r.entryCount > r.mostEntries {
		return r.over(r.mostEntries, "entries")
	}
	if len(key) > maxPNPMKey {
		return r.over(maxPNPMKey, "bytes in the key of an entry")
	}
	return nil
}
