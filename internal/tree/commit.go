package tree

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// commitTree is the [Tree] of a commit. Its names are data: none is ever given
// to the file system.
type commitTree struct {
	repository *Repository
	ref        Ref
	root       plumbing.Hash
}

func (c *commitTree) Ref() Ref { return c.ref }

// Files reads trees and no blob, so that a listing works in a clone without
// blobs and the sizes are not known.
func (c *commitTree) Files(ctx context.Context, keep func(string) bool) ([]File, error) {
	type folder struct {
		path string
		id   plumbing.Hash
	}
	var (
		files   []File
		seen    bounds
		pending = []folder{{"", c.root}}
	)
	for len(pending) > 0 {
		dir := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		entries, err := c.repository.entries(dir.id)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			file := below(dir.path, e.Name)
			if err := seen.admit(file); err != nil {
				return nil, err
			}
			if e.Mode == filemode.Dir {
				if e.Name != dependencyFolder {
					pending = append(pending, folder{file, e.Hash})
				}
			}
			if keep(file) {
				files = append(files, File{Path: file, Kind: modeKind(e.Mode), Size: -1, ID: e.Hash.String()})
			}
		}
	}
	slices.SortFunc(files, byPath)
	return files, nil
}

func (c *commitTree) Read(ctx context.Context, file string, limit int64) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	id, err := c.find(file)
	if err != nil {
		return nil, err
	}
	_, data, err := c.repository.object(plumbing.BlobObject, id, limit)
	var large *TooLarge
	if errors.As(err, &large) {
		return nil, &TooLarge{Path: file, Size: large.Size, Limit: limit}
	}
	return data, err
}

// find gives the blob of a regular file. Steps like .. need no care: trees
// with such names are refused.
func (c *commitTree) find(file string) (plumbing.Hash, error) {
	at := c.root
	for end := 0; ; end++ {
		entries, err := c.repository.entries(at)
		if err != nil {
			return at, err
		}
		name, _, more := strings.Cut(file[end:], "/")
		i := slices.IndexFunc(entries, func(e object.TreeEntry) bool { return e.Name == name })
		if i < 0 {
			return at, notExist(file)
		}
		end += len(name)
		at = entries[i].Hash
		switch kind := modeKind(entries[i].Mode); {
		case !more && kind == Regular:
			return at, nil
		case more && kind == Folder:
			continue
		case more && kind == Regular:
			return at, notExist(file)
		default:
			return at, &NotRegular{Path: file[:end], Kind: kind}
		}
	}
}

func modeKind(mode filemode.FileMode) Kind {
	switch mode {
	case filemode.Dir:
		return Folder
	case filemode.Symlink:
		return Symlink
	case filemode.Submodule:
		return Submodule
	}
	return Regular
}

// entries gives the content of a tree object, which the caller must not change.
func (r *Repository) entries(id plumbing.Hash) ([]object.TreeEntry, error) {
	r.decoding.Lock()
	known, ok := r.decoded[id]
	r.decoding.Unlock()
	if ok {
		return known, nil
	}
	entries, err := r.decodeTree(id)
	if err != nil {
		return nil, err
	}
	r.decoding.Lock()
	defer r.decoding.Unlock()
	r.entered += len(entries) + 1
	if r.decoded == nil || r.entered > treeCache {
		r.decoded, r.entered = map[plumbing.Hash][]object.TreeEntry{}, len(entries)+1
	}
	r.decoded[id] = entries
	return entries, nil
}

func (r *Repository) decodeTree(id plumbing.Hash) ([]object.TreeEntry, error) {
	_, data, err := r.object(plumbing.TreeObject, id, maxMeta)
	var large *TooLarge
	if errors.As(err, &large) {
		return nil, &OverLimit{What: "bytes in tree " + id.String(), Limit: maxMeta}
	}
	if err != nil {
		return nil, err
	}
	decoded, err := object.DecodeTree(nil, encoded(plumbing.TreeObject, data))
	if err != nil {
		return nil, broken(plumbing.TreeObject, id, err)
	}
	if err := checkNames(decoded.Entries); err != nil {
		return nil, &Error{
			Subject: "tree " + id.String(), Doing: "reading", Err: err,
			Advice: "git itself makes no such tree and checks none out: find out who pushed it",
		}
	}
	return decoded.Entries, nil
}

// checkNames refuses the names that git refuses to check out, and a name that
// is there twice: which of the two files a checkout ends up with is for
// nobody to guess.
//
// https://git-scm.com/docs/git-fsck#_fsck_messages
func checkNames(entries []object.TreeEntry) error {
	seen := make(map[string]struct{}, len(entries))
	for _, e := range entries {
		if e.Name == "." || e.Name == ".." || strings.EqualFold(e.Name, repositoryFolder) || strings.Contains(e.Name, "/") {
			return fmt.Errorf("has an entry named %.80q", e.Name)
		}
		if _, twice := seen[e.Name]; twice {
			return fmt.Errorf("has two entries named %.80q", e.Name)
		}
		seen[e.Name] = struct{}{}
	}
	return nil
}
