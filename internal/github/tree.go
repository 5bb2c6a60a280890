package github

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// commitTree is the [tree.Tree] of a commit. Its names are data: none is ever
// put into an address.
type commitTree struct {
	client *Client
	ref    tree.Ref
	root   object

	// turn is held by who looks at files or asks for them. It is no mutex, so
	// that whoever waits can give up.
	turn  chan struct{}
	known bool
	files []tree.File // everything, sorted by path; not changed once known
	// wanted are the files that were asked for by Files, which may be read.
	wanted   []tree.File
	together bool // they were asked for
}

func newCommitTree(c *Client, sha string, root object) *commitTree {
	return &commitTree{client: c, ref: tree.Ref{Name: sha, Commit: sha}, root: root, turn: make(chan struct{}, 1)}
}

func (t *commitTree) Ref() tree.Ref { return t.ref }

func (t *commitTree) Files(ctx context.Context, keep func(string) bool) ([]tree.File, error) {
	all, err := t.list(ctx)
	if err != nil {
		return nil, err
	}
	var kept []tree.File
	for _, f := range all {
		if keep(f.Path) {
			kept = append(kept, f)
		}
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case t.turn <- struct{}{}:
	}
	t.wanted = kept
	<-t.turn
	return slices.Clone(kept), nil
}

// list asks once; an error is not remembered, as it may be one caller's end of
// patience.
func (t *commitTree) list(ctx context.Context) ([]tree.File, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case t.turn <- struct{}{}:
	}
	defer func() { <-t.turn }()
	if err := ctx.Err(); err != nil || t.known {
		return t.files, err
	}
	files, err := walk(ctx, t.client, t.root)
	var missing *tree.Missing
	if t.root.kind == "commit" && errors.As(err, &missing) && missing.ID == t.root.id {
		files, err = t.listCommit(ctx)
	}
	if err != nil {
		return nil, err
	}
	t.files, t.known = files, true
	return files, nil
}

// listCommit lists the tree that a commit names, where GitHub doesn't take the
// commit for it.
func (t *commitTree) listCommit(ctx context.Context) ([]tree.File, error) {
	commit, err := t.client.commit(ctx, t.root.id)
	if err != nil {
		return nil, err
	}
	t.root = object{"tree", treeName(commit.Tree)}
	return walk(ctx, t.client, t.root)
}

func (t *commitTree) Read(ctx context.Context, file string, limit int64) ([]byte, error) {
	all, err := t.list(ctx)
	if err != nil {
		return nil, err
	}
	found, err := regular(all, file)
	if err != nil {
		return nil, err
	}
	if found.Size > limit {
		return nil, &tree.TooLarge{Path: file, Size: found.Size, Limit: limit}
	}
	t.readTogether(ctx)
	data, err := t.client.blob(ctx, found.ID, limit)
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return nil, &tree.TooLarge{Path: file, Size: limit + 1, Limit: limit}
	}
	return data, err
}

// regular finds a regular file. Each folder on the way to it is listed, so that
// a link among them is told from nothing.
func regular(all []tree.File, file string) (tree.File, error) {
	for end := 0; ; end++ {
		name, _, more := strings.Cut(file[end:], "/")
		end += len(name)
		found, ok := find(all, file[:end])
		switch {
		case !ok || more && found.Kind == tree.Regular:
			return found, &fs.PathError{Op: "open", Path: file, Err: fs.ErrNotExist}
		case !more && found.Kind == tree.Regular:
			return found, nil
		case !more || found.Kind != tree.Folder:
			return found, &tree.NotRegular{Path: file[:end], Kind: found.Kind}
		}
	}
}

// find looks a path up in a sorted listing.
func find(files []tree.File, path string) (tree.File, bool) {
	i, ok := slices.BinarySearchFunc(files, path, func(f tree.File, path string) int { return cmp.Compare(f.Path, path) })
	if !ok {
		return tree.File{}, false
	}
	return files[i], true
}
