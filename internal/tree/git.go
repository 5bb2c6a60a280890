package tree

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"
)

const (
	// deltaCache is how much of the objects that others are deltas of is kept.
	deltaCache = 16 * cache.MiByte
	// treeCache is how many entries of decoded trees are kept: 10 MB of them.
	treeCache = 100_000
)

// Repository is a git repository on disk, opened for reading. Its methods may
// be called concurrently.
type Repository struct {
	name     string // as the user wrote it
	worktree string // "" for a bare repository
	partial  bool
	shallow  map[plumbing.Hash]bool // commits whose parents were left out on purpose

	// mu guards what follows: go-git's storages are for one goroutine.
	mu     sync.Mutex
	refs   *filesystem.Storage
	layers []layer // the repository's own objects, then those that it borrows

	// decoded holds trees, as two commits share most of theirs, and as a tree
	// may hold itself many times over. It is emptied when it is full.
	decoding sync.Mutex
	decoded  map[plumbing.Hash][]object.TreeEntry
	entered  int // entries in decoded
}

// Git opens the repository that a folder is in: an ordinary, bare, shallow,
// partial or sparse clone, a linked worktree or a submodule, whoever owns it.
// No program is started and no configuration obeyed.
//
// The storage is opened below go-git's own opening, which refuses every
// repository that has been sparse once: https://github.com/go-git/go-git/issues/1943
func Git(dir string) (*Repository, error) {
	fail := func(err error, advice string) (*Repository, error) {
		return nil, &Error{Subject: "repository " + dir, Doing: "opening", Err: err, Advice: advice}
	}
	at, err := locate(dir)
	if errors.Is(err, ErrNoRepository) {
		return fail(err, "name one with --repo DIR, or compare two plain folders with --base DIR --head DIR")
	}
	if err != nil {
		return fail(err, "")
	}
	s := readSettings(at.common)
	if s.objectFormat != "" && s.objectFormat != "sha1" {
		return fail(fmt.Errorf("its objects are named by %s; only sha1 is read", s.objectFormat),
			"check both commits out and compare the two folders with --base DIR --head DIR")
	}
	if s.refStorage != "" && s.refStorage != "files" {
		return fail(fmt.Errorf("its references are stored as %s; only files are read", s.refStorage),
			"run git refs migrate --ref-format=files, or clone with --ref-format=files")
	}

	r := &Repository{name: dir, worktree: at.worktree, partial: s.partial, shallow: map[plumbing.Hash]bool{}}
	deltas := cache.NewObjectLRU(deltaCache)
	for _, objects := range alternates(filepath.Join(at.common, "objects")) {
		r.layers = append(r.layers, layer{objects, newStorage(osfs.New(filepath.Dir(objects)), deltas)})
	}
	r.refs = newStorage(dotgit.NewRepositoryFilesystem(osfs.New(at.git), osfs.New(at.common)), deltas)
	grafts, err := r.refs.Shallow()
	if err != nil {
		return fail(fmt.Errorf("reading where the history ends: %w", cause(err)), "")
	}
	for _, id := range grafts {
		r.shallow[id] = true
	}
	return r, nil
}

// newStorage keeps packs open until the repository is collected: opening one
// reads its whole index.
func newStorage(dir billy.Filesystem, deltas cache.Object) *filesystem.Storage {
	return filesystem.NewStorageWithOptions(dir, deltas, filesystem.Options{KeepDescriptors: true})
}

// WorkingTree gives the files that are checked out, as they are now.
func (r *Repository) WorkingTree() (Tree, error) {
	if r.worktree == "" {
		return nil, &Error{
			Subject: "repository " + r.name, Doing: "opening the working tree", Err: errors.New("it is bare and has none"),
			Advice: "name a revision with --head REV",
		}
	}
	return openFolder(r.worktree, Ref{Name: "working tree"}, true)
}

// Commit gives the files of a commit.
func (r *Repository) Commit(rev string) (Tree, error) {
	c, err := r.commit(rev)
	if err != nil {
		return nil, err
	}
	return &commitTree{repository: r, ref: Ref{Name: rev, Commit: c.id.String()}, root: c.tree}, nil
}
