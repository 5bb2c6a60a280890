// Package target finds what a run compares.
//
// It takes what the user wrote, revisions or folders, and gives a [Target]: the
// trees of the base and of the head. It promises that a name which is both, as
// when a pull request brings along a folder called main, is never guessed at.
package target

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// Target is what a run compares. Base is nil where there is nothing to compare
// with, and everything that the head pins is judged.
type Target struct {
	Base, Head tree.Tree
}

// Request is what to compare, in the user's words.
type Request struct {
	Repo string // a folder of a git repository; "" is "."
	// Base is a revision or a folder. Without it the base is the merge base
	// of the head (of HEAD, where the head is a folder) and the default
	// branch. On the default branch itself that is the head's own commit, so
	// that what is not committed yet is compared with what is.
	Base string
	// Head is a revision or a folder; "" is the repository's working tree, or
	// Repo itself where that is in no repository.
	Head string
	// Scan asks for the head alone.
	Scan bool
}

// Resolve finds the trees of a request. A repository is only opened where a
// folder is not enough.
//
// A Base or Head that starts with / or ./ or ../, or ends with /, is a folder. Any other is a
// folder if there is one of that path and no revision of that name, a revision
// if it is the other way round, and an error if it is both.
func Resolve(ctx context.Context, q Request) (*Target, error) {
	if q.Repo == "" {
		q.Repo = "."
	}
	r := resolver{dir: q.Repo}
	head, err := r.head(q)
	if err != nil {
		return nil, err
	}
	if q.Scan {
		return &Target{Head: head}, nil
	}
	base, err := r.base(ctx, q, head)
	if err != nil {
		return nil, err
	}
	return &Target{Base: base, Head: head}, nil
}

// renamed is a tree that goes by another name.
type renamed struct {
	tree.Tree
	name string
}

func (r renamed) Ref() tree.Ref {
	ref := r.Tree.Ref()
	ref.Name = r.name
	return ref
}

// resolver opens the repository once, when it is first needed.
type resolver struct {
	dir        string
	repository *tree.Repository
}

func (r *resolver) git() (*tree.Repository, error) {
	if r.repository != nil {
		return r.repository, nil
	}
	var err error
	r.repository, err = tree.Git(r.dir)
	return r.repository, err
}

func (r *resolver) head(q Request) (tree.Tree, error) {
	if q.Head != "" {
		return r.named(q.Head)
	}
	repository, err := r.git()
	if errors.Is(err, tree.ErrNoRepository) {
		return tree.Dir(r.dir)
	}
	if err != nil {
		return nil, err
	}
	return repository.WorkingTree()
}

func (r *resolver) base(ctx context.Context, q Request, head tree.Tree) (tree.Tree, error) {
	if q.Base != "" {
		return r.named(q.Base)
	}
	repository, err := r.git()
	if err != nil {
		return nil, err
	}
	branch, err := repository.DefaultBranch()
	if err != nil {
		return nil, err
	}
	from := "HEAD"
	if head.Ref().Commit != "" {
		from = q.Head
	}
	commit, err := repository.MergeBase(ctx, from, branch)
	if err != nil {
		return nil, err
	}
	base, err := repository.Commit(commit)
	if err != nil {
		return nil, err
	}
	return renamed{base, "merge base of " + from + " and " + short(branch)}, nil
}

// short drops what users don't write of a reference's name.
func short(reference string) string {
	for _, prefix := range []string{"refs/heads/", "refs/remotes/"} {
		if name, ok := strings.CutPrefix(reference, prefix); ok {
			return name
		}
	}
	return reference
}

// named gives the tree of a revision or a folder.
func (r *resolver) named(name string) (tree.Tree, error) {
	if isPath(name) {
		return tree.Dir(name)
	}
	info, err := os.Stat(name)
	isFolder := err == nil && info.IsDir()
	repository, err := r.git()
	if err != nil {
		if isFolder {
			return tree.Dir(name)
		}
		return nil, err
	}
	commit, err := repository.Commit(name)
	if !isFolder {
		return commit, err
	}
	if errors.Is(err, tree.ErrUnknownRevision) {
		return tree.Dir(name)
	}
	return nil, &tree.Error{
		Subject: name, Doing: "choosing what to compare", Err: errors.New("is both a folder and a revision"),
		Advice: fmt.Sprintf("write .%c%s for the folder, or the revision in full (refs/heads/%s, or its hash)", filepath.Separator, name, name),
	}
}

// isPath reports whether a name can only be meant as a folder's.
func isPath(name string) bool {
	slashed := filepath.ToSlash(name)
	return filepath.IsAbs(name) || name == "." || name == ".." || strings.HasPrefix(slashed, "./") || strings.HasPrefix(slashed, "../") ||
		strings.HasSuffix(slashed, "/")
}
