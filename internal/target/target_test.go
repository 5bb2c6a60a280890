package target

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// repository is one that a test commits to, without a git binary.
type repository struct {
	t     *testing.T
	dir   string
	git   *git.Repository
	clock time.Time
}

// newRepository makes one whose working tree is the current folder, with one
// commit on main.
func newRepository(t *testing.T) *repository {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	g, err := git.PlainInitWithOptions(dir, &git.PlainInitOptions{InitOptions: git.InitOptions{DefaultBranch: "refs/heads/main"}})
	if err != nil {
		t.Fatal(err)
	}
	r := &repository{t, dir, g, time.Unix(1_700_000_000, 0)}
	r.commit("first")
	return r
}

func (r *repository) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *repository) write(file, content string) {
	r.t.Helper()
	r.must(os.MkdirAll(filepath.Dir(filepath.Join(r.dir, file)), 0o755))
	r.must(os.WriteFile(filepath.Join(r.dir, file), []byte(content), 0o644))
}

// commit commits a lockfile of that content to what is checked out.
func (r *repository) commit(content string, parents ...plumbing.Hash) plumbing.Hash {
	r.t.Helper()
	r.write("package-lock.json", content)
	w, err := r.git.Worktree()
	r.must(err)
	_, err = w.Add("package-lock.json")
	r.must(err)
	r.clock = r.clock.Add(time.Second)
	who := &object.Signature{Name: "A", Email: "a@example.com", When: r.clock}
	id, err := w.Commit(content, &git.CommitOptions{Author: who, Committer: who, Parents: parents})
	r.must(err)
	return id
}

func (r *repository) branch(name string, at plumbing.Hash) {
	r.t.Helper()
	r.must(r.git.Storer.SetReference(plumbing.NewHashReference(plumbing.ReferenceName(name), at)))
}

func (r *repository) checkout(branch string) {
	r.t.Helper()
	r.must(r.git.Storer.SetReference(plumbing.NewSymbolicReference(plumbing.HEAD, plumbing.ReferenceName(branch))))
}

// wantSide checks what a tree shows and how it is called.
func wantSide(t *testing.T, side tree.Tree, content, name string, commit plumbing.Hash) {
	t.Helper()
	data, err := side.Read(context.Background(), "package-lock.json", 1<<20)
	if err != nil || string(data) != content {
		t.Errorf("%s shows %q, %v; want %q", side.Ref().Name, data, err, content)
	}
	want := tree.Ref{Name: name}
	if !commit.IsZero() {
		want.Commit = commit.String()
	}
	if got := side.Ref(); got != want {
		t.Errorf("ref %+v, want %+v", got, want)
	}
}

func resolve(t *testing.T, q Request) *Target {
	t.Helper()
	got, err := Resolve(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func wantError(t *testing.T, err error, text, hint string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Fatalf("error %v, want one that says %q", err, text)
	}
	var advised interface{ Hint() string }
	if !errors.As(err, &advised) || !strings.Contains(advised.Hint(), hint) {
		t.Errorf("error %q has no hint that says %q", err, hint)
	}
}

func TestDefaultsOnABranch(t *testing.T) {
	r := newRepository(t)
	fork := r.commit("fork")
	r.commit("later on main")
	r.branch("refs/heads/feature", fork)
	r.checkout("refs/heads/feature")
	head := r.commit("feature")
	r.write("package-lock.json", "not committed")

	got := resolve(t, Request{})
	wantSide(t, got.Base, "fork", "merge base of HEAD and main", fork)
	wantSide(t, got.Head, "not committed", "working tree", plumbing.ZeroHash)

	// The branch that is checked out has no say in what another one changes.
	r.checkout("refs/heads/main")
	got = resolve(t, Request{Repo: r.dir, Head: "feature"})
	wantSide(t, got.Base, "fork", "merge base of feature and main", fork)
	wantSide(t, got.Head, "feature", "feature", head)
}

func TestDefaultsOnTheDefaultBranch(t *testing.T) {
	r := newRepository(t)
	head := r.commit("committed")
	r.write("package-lock.json", "not committed")
	got := resolve(t, Request{})
	wantSide(t, got.Base, "committed", "merge base of HEAD and main", head)
	wantSide(t, got.Head, "not committed", "working tree", plumbing.ZeroHash)
}

func TestDefaultsPreferTheRemotesBranch(t *testing.T) {
	r := newRepository(t)
	pushed := r.commit("pushed")
	r.branch("refs/remotes/origin/trunk", pushed)
	r.must(r.git.Storer.SetReference(plumbing.NewSymbolicReference("refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")))
	r.commit("not pushed")
	got := resolve(t, Request{})
	wantSide(t, got.Base, "pushed", "merge base of HEAD and origin/trunk", pushed)
}

func TestRevisions(t *testing.T) {
	r := newRepository(t)
	base := r.commit("base")
	head := r.commit("head")
	r.write("package-lock.json", "not committed")
	got := resolve(t, Request{Base: "HEAD~1", Head: head.String()})
	wantSide(t, got.Base, "base", "HEAD~1", base)
	wantSide(t, got.Head, "head", head.String(), head)
}

func TestFoldersNeedNoRepository(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, side := range []string{"old/base", "head"} {
		if err := errors.Join(os.MkdirAll(side, 0o755), os.WriteFile(side+"/package-lock.json", []byte(side), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	got := resolve(t, Request{Repo: "nowhere", Base: "old/base", Head: "head"})
	wantSide(t, got.Base, "old/base", "old/base", plumbing.ZeroHash)
	wantSide(t, got.Head, "head", "head", plumbing.ZeroHash)
	wantSide(t, resolve(t, Request{Repo: "head", Base: "old/base"}).Head, "head", "head", plumbing.ZeroHash)

	_, err := Resolve(context.Background(), Request{Base: "old/base", Head: "missing"})
	wantError(t, err, "is not in a git repository", "--base DIR")
	_, err = Resolve(context.Background(), Request{Base: "./missing", Head: "head"})
	wantError(t, err, "folder ./missing: opening: no such file", "")
	_, err = Resolve(context.Background(), Request{Head: "head"})
	wantError(t, err, "is not in a git repository", "--repo DIR")
}

func TestAFolderAndARevision(t *testing.T) {
	r := newRepository(t)
	base := r.commit("base")
	r.write("checked out/package-lock.json", "folder")
	got := resolve(t, Request{Base: "HEAD", Head: "checked out"})
	wantSide(t, got.Base, "base", "HEAD", base)
	wantSide(t, got.Head, "folder", "checked out", plumbing.ZeroHash)
}

// A pull request may bring a folder called as the branch that it is compared
// with, holding whatever makes it look harmless.
func TestANameOfAFolderAndOfARevision(t *testing.T) {
	r := newRepository(t)
	head := r.commit("head")
	r.branch("refs/heads/release/1", head)
	r.branch("refs/remotes/origin/main", head)
	for _, name := range []string{"main", "release/1", "origin/main", "HEAD", head.String(), head.String()[:7]} {
		r.write(name+"/package-lock.json", "planted")
		for _, q := range []Request{{Base: name}, {Head: name}} {
			_, err := Resolve(context.Background(), q)
			wantError(t, err, name+": choosing what to compare: is both a folder and a revision", "./"+name)
		}
	}
	got := resolve(t, Request{Base: "refs/heads/main", Head: "./main"})
	wantSide(t, got.Base, "head", "refs/heads/main", head)
	wantSide(t, got.Head, "planted", "./main", plumbing.ZeroHash)
	for _, path := range []string{"main/", r.dir + "/main", "../" + filepath.Base(r.dir) + "/main"} {
		wantSide(t, resolve(t, Request{Base: "refs/heads/main", Head: path}).Head, "planted", path, plumbing.ZeroHash)
	}
}

// A revision that is there but cannot be read is no reason to take the folder.
func TestANameOfAFolderAndOfABrokenRevision(t *testing.T) {
	r := newRepository(t)
	r.branch("refs/heads/release", plumbing.NewHash(strings.Repeat("1", 40)))
	r.write("release/package-lock.json", "planted")
	_, err := Resolve(context.Background(), Request{Base: "release"})
	wantError(t, err, "is both a folder and a revision", "./release")
}

func TestScan(t *testing.T) {
	r := newRepository(t)
	head := r.commit("committed")
	r.write("package-lock.json", "not committed")
	for _, c := range []struct {
		head, content, name string
		commit              plumbing.Hash
	}{
		{"", "not committed", "working tree", plumbing.ZeroHash},
		{"HEAD", "committed", "HEAD", head},
		{".", "not committed", ".", plumbing.ZeroHash},
	} {
		got := resolve(t, Request{Head: c.head, Scan: true})
		if got.Base != nil {
			t.Errorf("%s: has a base", c.head)
		}
		wantSide(t, got.Head, c.content, c.name, c.commit)
	}
	_, err := Resolve(context.Background(), Request{Head: "nothing", Scan: true})
	wantError(t, err, "revision nothing: resolving: no branch, tag or commit has that name", "check the spelling")
}

func TestScanOfAFolderThatIsNoRepository(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "package-lock.json"), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	wantSide(t, resolve(t, Request{Repo: dir, Scan: true}).Head, "{}", dir, plumbing.ZeroHash)
	_, err := Resolve(context.Background(), Request{Repo: dir + "/missing", Scan: true})
	wantError(t, err, "missing: opening: no such file", "")
}

func TestWithoutABaseToFind(t *testing.T) {
	r := newRepository(t)
	head := r.commit("head")
	r.must(r.git.Storer.RemoveReference("refs/heads/main"))
	r.branch("refs/heads/trunk", head)
	r.checkout("refs/heads/trunk")
	_, err := Resolve(context.Background(), Request{})
	wantError(t, err, "looking for the default branch", "--base REV")
}
