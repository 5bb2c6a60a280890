package tree

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// fixture is a repository that a test writes object by object, with no git
// binary and with none of the checks that git makes.
type fixture struct {
	t       testing.TB
	dir     string // the working tree
	git     string
	storage *filesystem.Storage
	clock   int64
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	return newFixtureIn(t, t.TempDir())
}

func newFixtureIn(t testing.TB, dir string) *fixture {
	t.Helper()
	git := filepath.Join(dir, ".git")
	f := &fixture{
		t: t, dir: dir, git: git, clock: 1_700_000_000,
		storage: filesystem.NewStorage(osfs.New(git), cache.NewObjectLRUDefault()),
	}
	f.must(f.storage.Init())
	f.write(".git/HEAD", "ref: refs/heads/main\n")
	f.write(".git/config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n")
	return f
}

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// write makes a file of the working tree, or of .git.
func (f *fixture) write(name, content string) {
	f.t.Helper()
	file := filepath.Join(f.dir, name)
	f.must(os.MkdirAll(filepath.Dir(file), 0o755))
	f.must(os.WriteFile(file, []byte(content), 0o644))
}

func (f *fixture) object(kind plumbing.ObjectType, content string) plumbing.Hash {
	f.t.Helper()
	id, err := f.storage.SetEncodedObject(encoded(kind, []byte(content)))
	f.must(err)
	return id
}

func (f *fixture) blob(content string) plumbing.Hash {
	f.t.Helper()
	return f.object(plumbing.BlobObject, content)
}

// entry is one line of a tree object, well-formed or not.
type entry struct {
	mode, name string
	id         plumbing.Hash
}

func (f *fixture) tree(entries ...entry) plumbing.Hash {
	f.t.Helper()
	var raw strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&raw, "%s %s\x00%s", e.mode, e.name, e.id[:])
	}
	return f.object(plumbing.TreeObject, raw.String())
}

// files makes the tree of a set of paths and contents, given in pairs and
// sorted.
func (f *fixture) files(pairs ...string) plumbing.Hash {
	f.t.Helper()
	var entries []entry
	for i := 0; i < len(pairs); {
		name, _, nested := strings.Cut(pairs[i], "/")
		if !nested {
			entries = append(entries, entry{"100644", name, f.blob(pairs[i+1])})
			i += 2
			continue
		}
		var inside []string
		for ; i < len(pairs) && strings.HasPrefix(pairs[i], name+"/"); i += 2 {
			inside = append(inside, strings.TrimPrefix(pairs[i], name+"/"), pairs[i+1])
		}
		entries = append(entries, entry{"40000", name, f.files(inside...)})
	}
	return f.tree(entries...)
}

// commit makes a commit one second younger than the one before.
func (f *fixture) commit(tree plumbing.Hash, parents ...plumbing.Hash) plumbing.Hash {
	f.t.Helper()
	f.clock++
	var raw strings.Builder
	fmt.Fprintf(&raw, "tree %s\n", tree)
	for _, p := range parents {
		fmt.Fprintf(&raw, "parent %s\n", p)
	}
	fmt.Fprintf(&raw, "author A <a@example.com> %d +0000\ncommitter A <a@example.com> %d +0000\n\nm\n", f.clock, f.clock)
	return f.object(plumbing.CommitObject, raw.String())
}

func (f *fixture) tag(name string, kind plumbing.ObjectType, target plumbing.Hash) plumbing.Hash {
	f.t.Helper()
	id := f.object(plumbing.TagObject, fmt.Sprintf("object %s\ntype %s\ntag %s\ntagger A <a@example.com> 1 +0000\n\nm\n", target, kind, name))
	f.ref("refs/tags/"+name, id)
	return id
}

func (f *fixture) ref(name string, id plumbing.Hash) {
	f.t.Helper()
	f.write(".git/"+name, id.String()+"\n")
}

// main commits a tree to the branch that is checked out.
func (f *fixture) main(tree plumbing.Hash, parents ...plumbing.Hash) plumbing.Hash {
	f.t.Helper()
	id := f.commit(tree, parents...)
	f.ref("refs/heads/main", id)
	return id
}

func (f *fixture) loose(id plumbing.Hash) string {
	return filepath.Join(f.git, "objects", id.String()[:2], id.String()[2:])
}

// drop takes an object away, as a clone that leaves it out does.
func (f *fixture) drop(ids ...plumbing.Hash) {
	f.t.Helper()
	for _, id := range ids {
		f.must(os.Remove(f.loose(id)))
	}
}

// pack moves every loose object to one pack, with deltas.
func (f *fixture) pack() {
	f.t.Helper()
	var ids []plumbing.Hash
	f.must(f.storage.ForEachObjectHash(func(id plumbing.Hash) error {
		ids = append(ids, id)
		return nil
	}))
	w, err := f.storage.PackfileWriter()
	f.must(err)
	_, err = packfile.NewEncoder(w, f.storage, false).Encode(ids, 10)
	f.must(err)
	f.must(w.Close())
	f.drop(ids...)
}

func (f *fixture) open() *Repository {
	f.t.Helper()
	r, err := Git(f.dir)
	f.must(err)
	return r
}

func (f *fixture) openCommit(rev string) Tree {
	f.t.Helper()
	c, err := f.open().Commit(rev)
	f.must(err)
	return c
}

func everything(string) bool { return true }

// listing renders a tree as lines of path and kind.
func listing(t testing.TB, tr Tree) []string {
	t.Helper()
	files, err := tr.Files(context.Background(), everything)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range files {
		lines = append(lines, f.Path+" "+f.Kind.String())
	}
	return lines
}

func wantListing(t testing.TB, tr Tree, want ...string) {
	t.Helper()
	if got := listing(t, tr); !slices.Equal(got, want) {
		t.Errorf("files:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func wantContent(t testing.TB, tr Tree, file, want string) {
	t.Helper()
	got, err := tr.Read(context.Background(), file, 1<<20)
	if err != nil {
		t.Errorf("%s: %v", file, err)
	} else if !bytes.Equal(got, []byte(want)) {
		t.Errorf("%s: read %q, want %q", file, got, want)
	}
}

// wantError checks an error's text and hint by a part of each.
func wantError(t testing.TB, err error, text, hint string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", text)
	}
	if !strings.Contains(err.Error(), text) {
		t.Errorf("error %q does not say %q", err, text)
	}
	var advised interface{ Hint() string }
	if hint != "" && (!errors.As(err, &advised) || !strings.Contains(advised.Hint(), hint)) {
		t.Errorf("error %q has no hint that says %q", err, hint)
	}
}

func wantIs[E error](t testing.TB, err error) E {
	t.Helper()
	var want E
	if !errors.As(err, &want) {
		t.Fatalf("error %v (%T), want a %T", err, err, want)
	}
	return want
}
