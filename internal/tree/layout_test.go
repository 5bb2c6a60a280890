package tree

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
)

func (f *fixture) rename(from, to string) {
	f.t.Helper()
	to = filepath.Join(f.dir, to)
	f.must(os.MkdirAll(filepath.Dir(to), 0o755))
	f.must(os.Rename(filepath.Join(f.dir, from), to))
}

func openGit(t *testing.T, dir string) *Repository {
	t.Helper()
	r, err := Git(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// wantHead checks that a repository opens and shows its commit.
func wantHead(t *testing.T, dir, content string) *Repository {
	t.Helper()
	r := openGit(t, dir)
	tr, err := r.Commit("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	wantListing(t, tr, "package-lock.json regular file")
	wantContent(t, tr, "package-lock.json", content)
	return r
}

func TestGitOpensBareRepositories(t *testing.T) {
	f := newFixture(t)
	f.main(f.files("package-lock.json", "{}"))
	f.rename(".git", "bare.git")
	r := wantHead(t, filepath.Join(f.dir, "bare.git"), "{}")
	_, err := r.WorkingTree()
	wantError(t, err, "opening the working tree: it is bare and has none", "--head REV")
}

func TestGitFindsTheRepositoryAbove(t *testing.T) {
	f := newFixture(t)
	f.main(f.files("package-lock.json", "{}"))
	f.write("a/b/c", "x")
	f.write("a/.git/not-a-repository", "x")
	r := wantHead(t, filepath.Join(f.dir, "a/b"), "{}")
	wt, err := r.WorkingTree()
	f.must(err)
	wantListing(t, wt, "a submodule")
	if got := wt.Ref(); got != (Ref{Name: "working tree"}) {
		t.Errorf("ref %+v", got)
	}
}

// A pull request may bring a folder that looks like a bare repository: it is
// only one to whoever names it.
func TestGitTakesNoBareRepositoryOnTheWayUp(t *testing.T) {
	f := newFixture(t)
	f.main(f.files("package-lock.json", "real"))
	planted := newFixtureIn(t, filepath.Join(f.dir, "planted"))
	planted.main(planted.files("package-lock.json", "planted"))
	f.rename("planted/.git", "planted/fake")
	f.write("planted/fake/sub/x", "x")
	wantHead(t, filepath.Join(f.dir, "planted/fake/sub"), "real")
}

func TestGitOpensLinkedWorktrees(t *testing.T) {
	for name, path := range map[string]func(f *fixture, rel string) string{
		"absolute": func(f *fixture, rel string) string { return filepath.Join(f.dir, rel) },
		"relative": func(_ *fixture, rel string) string { return "../" + rel },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.main(f.files("package-lock.json", "main"))
			f.ref("refs/heads/feature", f.commit(f.files("package-lock.json", "feature")))
			f.pack()
			f.write("linked/.git", "gitdir: "+path(f, ".git/worktrees/linked")+"\n")
			f.write("linked/package-lock.json", "uncommitted")
			f.write(".git/worktrees/linked/HEAD", "ref: refs/heads/feature\n")
			f.write(".git/worktrees/linked/commondir", "../..\n")
			r := wantHead(t, filepath.Join(f.dir, "linked"), "feature")
			wt, err := r.WorkingTree()
			f.must(err)
			wantListing(t, wt, "package-lock.json regular file")
			wantContent(t, wt, "package-lock.json", "uncommitted")
		})
	}
}

func TestGitOpensSubmodules(t *testing.T) {
	f := newFixture(t)
	sub := newFixtureIn(t, filepath.Join(f.dir, "sub"))
	sub.main(sub.files("package-lock.json", "sub"))
	f.rename("sub/.git", ".git/modules/sub")
	f.write(".git/modules/sub/config", "[core]\n\tworktree = ../../../sub\n")
	f.write("sub/.git", "gitdir: ../.git/modules/sub\n")
	f.write("sub/package-lock.json", "sub")
	wantHead(t, filepath.Join(f.dir, "sub"), "sub")

	// Seen from outside it is a submodule, as it is in a commit: its files
	// are not the project's.
	wt, err := f.open().WorkingTree()
	f.must(err)
	wantListing(t, wt, "sub submodule")
	plain := openDir(t, f.dir)
	wantListing(t, plain, "sub folder", "sub/package-lock.json regular file")
}

func TestGitOpensSparseCheckouts(t *testing.T) {
	for _, version := range []string{"0", "1"} {
		f := newFixture(t)
		f.main(f.files("package-lock.json", "{}"))
		f.write(".git/config", "[core]\n\trepositoryformatversion = "+version+"\n[extensions]\n\tworktreeConfig = true\n")
		f.write(".git/config.worktree", "[core]\n\tsparseCheckout = true\n\tsparseCheckoutCone = true\n")
		f.write(".git/info/sparse-checkout", "/*\n!/*/\n")
		wantHead(t, f.dir, "{}")
	}
}

func TestGitOpensForeignRepositories(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may give files away")
	}
	f := newFixture(t)
	f.main(f.files("package-lock.json", "{}"))
	f.must(filepath.WalkDir(f.dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, 12345, 12345)
	}))
	wantHead(t, f.dir, "{}")
}

func TestGitReadsAlternates(t *testing.T) {
	lender := newFixture(t)
	blob := lender.blob("borrowed")
	lender.pack()
	for name, line := range map[string]func(f *fixture) string{
		"absolute": func(*fixture) string { return filepath.Join(lender.git, "objects") },
		"relative": func(f *fixture) string {
			rel, err := filepath.Rel(filepath.Join(f.git, "objects"), filepath.Join(lender.git, "objects"))
			f.must(err)
			return rel
		},
	} {
		t.Run(name, func(t *testing.T) {
			middle, f := newFixture(t), newFixture(t)
			middle.write(".git/objects/info/alternates", line(middle)+"\n"+filepath.Join(middle.git, "objects")+"\n")
			f.write(".git/objects/info/alternates", "# comment\n\n/nowhere/objects\n"+filepath.Join(middle.git, "objects")+"\n")
			f.main(f.tree(entry{"100644", "package-lock.json", blob}))
			r := wantHead(t, f.dir, "borrowed")
			if len(r.layers) != 4 {
				t.Errorf("%d folders of objects, want each of the four that are named once", len(r.layers))
			}
		})
	}
}

func TestGitInAPartialClone(t *testing.T) {
	for name, config := range map[string]string{
		"extension": "[extensions]\n\tpartialClone = origin\n",
		"remote":    "[remote \"origin\"]\n\turl = x\n\tpromisor = true\n\tpartialclonefilter = blob:none\n",
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.main(f.files("here.json", "1", "package-lock.json", "left out"))
			gone := f.blob("left out")
			f.drop(gone)
			f.write(".git/config", config)
			tr := f.openCommit("HEAD")
			wantListing(t, tr, "here.json regular file", "package-lock.json regular file")
			wantContent(t, tr, "here.json", "1")
			_, err := tr.Read(context.Background(), "package-lock.json", 1<<20)
			if m := wantIs[*Missing](t, err); m.ID != gone.String() || m.Object != "blob" {
				t.Errorf("%+v", m)
			}
			wantError(t, err, "blob "+gone.String()+" is not in this clone", "--filter")
			wantError(t, err, "", "git cat-file -e "+gone.String())
		})
	}
}

func TestGitRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		damage     func(f *fixture)
		text, hint string
	}{
		"no repository": {func(f *fixture) { f.must(os.RemoveAll(f.git)) },
			"opening: is not in a git repository", "--repo DIR"},
		"no folder": {func(f *fixture) { f.dir += "/missing" }, "missing: opening: no such file", ""},
		"a file":    {func(f *fixture) { f.write("file", "x"); f.dir += "/file" }, "file: opening: is not a folder", ""},
		"SHA-256": {func(f *fixture) {
			f.write(".git/config", "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n")
		}, "its objects are named by sha256; only sha1 is read", "--base DIR --head DIR"},
		"reftable": {func(f *fixture) {
			f.write(".git/config", "[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n")
		}, "its references are stored as reftable", "--ref-format=files"},
		"a pointer to nowhere": {func(f *fixture) { f.must(os.RemoveAll(f.git)); f.write(".git", "gitdir: nowhere\n") },
			"nowhere, which is not a repository", ""},
		"a pointer that is none": {func(f *fixture) { f.must(os.RemoveAll(f.git)); f.write(".git", "x\n") },
			"does not say where the repository is", ""},
		"an endless pointer": {func(f *fixture) {
			f.must(os.RemoveAll(f.git))
			f.write(".git", "gitdir: "+strings.Repeat("x", maxPointer))
		}, "more than 65536 bytes", ""},
		"a worktree without its repository": {func(f *fixture) { f.write(".git/commondir", "../gone\n") },
			"its main repository", ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			c.damage(f)
			_, err := Git(f.dir)
			wantError(t, err, c.text, c.hint)
			wantError(t, err, "repository "+f.dir+": opening: ", "")
		})
	}
}

// What this parser does not understand of a configuration costs a message at
// most: git may well read it.
func TestGitWithAnOddConfiguration(t *testing.T) {
	f := newFixture(t)
	f.main(f.files("package-lock.json", "{}"))
	f.write(".git/config", "[core\n]]]\x00= \"\n")
	wantHead(t, f.dir, "{}")
	f.must(os.Remove(filepath.Join(f.git, "config")))
	wantHead(t, f.dir, "{}")
}

func TestMissingSaysHowToGetTheObject(t *testing.T) {
	shallow := map[plumbing.Hash]bool{plumbing.ZeroHash: true}
	for _, c := range []struct {
		r    *Repository
		kind plumbing.ObjectType
		hint string
	}{
		{&Repository{partial: true, shallow: shallow}, plumbing.BlobObject, "without --filter"},
		{&Repository{partial: true}, plumbing.AnyObject, "without --filter"},
		{&Repository{shallow: shallow}, plumbing.AnyObject, "fetch-depth: 0"},
		{&Repository{}, plumbing.AnyObject, "git fetch origin 0000"},
		{&Repository{shallow: shallow}, plumbing.TreeObject, "git fsck"},
		{&Repository{}, plumbing.BlobObject, "git fsck"},
	} {
		wantError(t, c.r.missing(c.kind, plumbing.ZeroHash), "is not in this clone", c.hint)
	}
}
