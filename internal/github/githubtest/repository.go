package githubtest

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"time"

	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// T is as much of a test as is needed, so that what is no test, but measures or
// tries the program from outside, can have a GitHub too.
type T interface {
	Helper()
	TempDir() string
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

// Repository is a git repository on disk, with a working tree that is never
// filled: what is in it is written as objects, under whatever names.
type Repository struct {
	Dir string
	t   T
	git *git.Repository
}

// NewRepository makes one that has no commits.
func NewRepository(t T) *Repository {
	t.Helper()
	r := &Repository{Dir: t.TempDir(), t: t}
	var err error
	r.git, err = git.PlainInit(r.Dir, false)
	r.must(err)
	return r
}

// OpenRepository gives the one that is in a folder.
func OpenRepository(t T, dir string) *Repository {
	t.Helper()
	r := &Repository{Dir: dir, t: t}
	var err error
	r.git, err = git.PlainOpen(dir)
	r.must(err)
	return r
}

func (r *Repository) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// Commit writes a commit of these files, by their paths, makes it HEAD, and
// gives its hash.
func (r *Repository) Commit(message string, files map[string]string, parents ...string) string {
	r.t.Helper()
	who := object.Signature{Name: "A", Email: "a@example.invalid", When: time.Unix(1_700_000_000, 0)}
	commit := &object.Commit{Author: who, Committer: who, Message: message, TreeHash: r.tree(files)}
	for _, p := range parents {
		commit.ParentHashes = append(commit.ParentHashes, plumbing.NewHash(p))
	}
	id := r.store(commit)
	r.Point("HEAD", id.String())
	return id.String()
}

// Point sets a reference by its full name.
func (r *Repository) Point(name, hash string) {
	r.t.Helper()
	r.must(r.git.Storer.SetReference(plumbing.NewHashReference(plumbing.ReferenceName(name), plumbing.NewHash(hash))))
}

func (r *Repository) tree(files map[string]string) plumbing.Hash {
	r.t.Helper()
	var tree object.Tree
	folders := make(map[string]map[string]string)
	for path, content := range files {
		name, rest, nested := strings.Cut(path, "/")
		if !nested {
			tree.Entries = append(tree.Entries, object.TreeEntry{Name: name, Mode: filemode.Regular, Hash: r.blob(content)})
			continue
		}
		if folders[name] == nil {
			folders[name] = make(map[string]string)
		}
		folders[name][rest] = content
	}
	for name, inside := range folders {
		tree.Entries = append(tree.Entries, object.TreeEntry{Name: name, Mode: filemode.Dir, Hash: r.tree(inside)})
	}
	slices.SortFunc(tree.Entries, func(a, b object.TreeEntry) int { return cmp.Compare(sortName(a), sortName(b)) })
	return r.store(&tree)
}

// sortName is what git sorts an entry by: a folder as if it ended in a slash.
func sortName(e object.TreeEntry) string {
	if e.Mode == filemode.Dir {
		return e.Name + "/"
	}
	return e.Name
}

func (r *Repository) blob(content string) plumbing.Hash {
	r.t.Helper()
	o := r.git.Storer.NewEncodedObject()
	o.SetType(plumbing.BlobObject)
	w, err := o.Writer()
	r.must(err)
	_, err = io.WriteString(w, content)
	r.must(err)
	r.must(w.Close())
	id, err := r.git.Storer.SetEncodedObject(o)
	r.must(err)
	return id
}

func (r *Repository) store(what interface {
	Encode(plumbing.EncodedObject) error
}) plumbing.Hash {
	r.t.Helper()
	o := r.git.Storer.NewEncodedObject()
	r.must(what.Encode(o))
	id, err := r.git.Storer.SetEncodedObject(o)
	r.must(err)
	return id
}
