package tree

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
)

func TestCommitListsTreesLooseAndPacked(t *testing.T) {
	f := newFixture(t)
	tree := f.tree(
		entry{"100644", "B.json", f.blob("1")},
		entry{"40000", "a", f.files("package-lock.json", "2")},
		entry{"100755", "a.sh", f.blob("3")},
		entry{"100664", "group", f.blob("4")}, // written by git before 2005
		entry{"120000", "link", f.blob("a")},
		entry{"40000", "node_modules", f.files("package-lock.json", "5")},
		entry{"160000", "sub", plumbing.NewHash(strings.Repeat("1", 40))},
	)
	id := f.main(tree)
	for _, state := range []string{"loose", "packed"} {
		t.Run(state, func(t *testing.T) {
			if state == "packed" {
				f.pack()
			}
			tr := f.openCommit("main")
			wantListing(t, tr, "B.json regular file", "a folder", "a.sh regular file", "a/package-lock.json regular file",
				"group regular file", "link symbolic link", "node_modules folder", "sub submodule")
			wantContent(t, tr, "a/package-lock.json", "2")
			wantContent(t, tr, "a.sh", "3")
			if got := tr.Ref(); got != (Ref{"main", id.String()}) {
				t.Errorf("ref %+v", got)
			}
			files, err := tr.Files(context.Background(), func(p string) bool { return p == "B.json" })
			if want := (File{"B.json", Regular, -1, f.blob("1").String()}); err != nil || len(files) != 1 || files[0] != want {
				t.Errorf("files %+v, %v; want %+v", files, err, want)
			}
		})
	}
}

// The working tree may hold anything: a commit was asked for.
func TestCommitIgnoresTheWorkingTree(t *testing.T) {
	f := newFixture(t)
	f.main(f.files("package-lock.json", "committed"))
	f.write("package-lock.json", "checked out")
	f.write("other.json", "untracked")
	f.write(".gitattributes", "* text=auto filter=evil diff=evil\n")
	f.write(".git/config", "[filter \"evil\"]\n\tsmudge = touch pwned\n[core]\n\tfsmonitor = touch pwned\n")
	f.write(".git/index", "not an index")
	tr := f.openCommit("HEAD")
	wantListing(t, tr, "package-lock.json regular file")
	wantContent(t, tr, "package-lock.json", "committed")
	if _, err := os.Stat(filepath.Join(f.dir, "pwned")); err == nil {
		t.Error("a configured program was run")
	}
}

func TestCommitReadsRegularFilesOnly(t *testing.T) {
	f := newFixture(t)
	f.main(f.tree(
		entry{"120000", "dir-link", f.blob("real")},
		entry{"40000", "folder", f.files("package-lock.json/x", "1")},
		entry{"120000", "package-lock.json", f.blob("/etc/passwd")},
		entry{"40000", "real", f.files("package-lock.json", "{}")},
		entry{"160000", "sub", plumbing.NewHash(strings.Repeat("1", 40))},
	))
	tr := f.openCommit("main")
	for file, want := range map[string]NotRegular{
		"package-lock.json":          {"package-lock.json", Symlink},
		"dir-link/package-lock.json": {"dir-link", Symlink},
		"folder/package-lock.json":   {"folder/package-lock.json", Folder},
		"sub/package-lock.json":      {"sub", Submodule},
		"sub":                        {"sub", Submodule},
	} {
		data, err := tr.Read(context.Background(), file, 1<<20)
		if got := wantIs[*NotRegular](t, err); *got != want || data != nil {
			t.Errorf("%s: %+v %q", file, got, data)
		}
	}
	for _, file := range []string{"", ".", "../x", "/etc/passwd", ".git/config", "missing", "real/missing", "real/package-lock.json/x", "real//x"} {
		if _, err := tr.Read(context.Background(), file, 1<<20); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v, want one that is fs.ErrNotExist", file, err)
		}
	}
}

// None of these trees is made by git; each would let two readers of one commit
// see different files, or a path leave the tree.
func TestCommitRefusesNamesThatGitChecksOutNever(t *testing.T) {
	f := newFixture(t)
	file := f.blob("{}")
	inner := f.tree(entry{"100644", "passwd", file})
	for name, c := range map[string]struct {
		entries []entry
		text    string
	}{
		"parent":            {[]entry{{"40000", "..", inner}}, `has an entry named ".."`},
		"itself":            {[]entry{{"40000", ".", inner}}, `has an entry named "."`},
		"slash":             {[]entry{{"100644", "../../etc/passwd", file}}, `has an entry named "../../etc/passwd"`},
		"absolute":          {[]entry{{"100644", "/etc/passwd", file}}, `has an entry named "/etc/passwd"`},
		"git folder":        {[]entry{{"40000", ".git", inner}}, `has an entry named ".git"`},
		"git folder, upper": {[]entry{{"40000", ".GIT", inner}}, `has an entry named ".GIT"`},
		"git file":          {[]entry{{"100644", ".git", file}}, `has an entry named ".git"`},
		"twice":             {[]entry{{"100644", "package-lock.json", file}, {"100644", "package-lock.json", f.blob("evil")}}, `has two entries named "package-lock.json"`},
		"file and folder":   {[]entry{{"100644", "a", file}, {"100644", "a.b", file}, {"40000", "a", inner}}, `has two entries named "a"`},
		"empty":             {[]entry{{"100644", "", file}}, "malformed tree"},
		"cut":               {[]entry{{"100644", "a\x00short", plumbing.ZeroHash}}, "malformed tree"},
	} {
		t.Run(name, func(t *testing.T) {
			nested := f.tree(entry{"40000", "sub", f.tree(c.entries...)})
			tr := f.openCommit(f.commit(nested).String())
			files, err := tr.Files(context.Background(), everything)
			wantError(t, err, c.text, "")
			if files != nil {
				t.Errorf("gave %v", files)
			}
			_, err = tr.Read(context.Background(), "sub/package-lock.json", 10)
			wantError(t, err, c.text, "")
		})
	}
}

// Odd names that git does check out stay as they are.
func TestCommitKeepsOddNames(t *testing.T) {
	f := newFixture(t)
	names := []string{"\x01\x1b[31m", " ", "...", "::error::x", "C:\\x", "a\nb", "\xff\xfe"}
	slices.Sort(names)
	var entries []entry
	for _, n := range names {
		entries = append(entries, entry{"100644", n, f.blob(n)})
	}
	f.main(f.tree(entries...))
	tr := f.openCommit("main")
	var want []string
	for _, n := range names {
		want = append(want, n+" regular file")
	}
	wantListing(t, tr, want...)
	for _, n := range names {
		wantContent(t, tr, n, n)
	}
}

// A few kilobytes of trees that stand for 10^12 files.
func TestCommitTreeBomb(t *testing.T) {
	f := newFixture(t)
	level := f.tree(entry{"100644", "package-lock.json", f.blob("{}")})
	for range 4 {
		var entries []entry
		for i := range 1000 {
			entries = append(entries, entry{"40000", fmt.Sprintf("d%03d", i), level})
		}
		level = f.tree(entries...)
	}
	f.main(level)
	tr := f.openCommit("main")
	before := allocated()
	_, err := tr.Files(context.Background(), everything)
	if o := wantIs[*OverLimit](t, err); o.Limit != maxEntries {
		t.Errorf("%+v", o)
	}
	if used := allocated() - before; used > 4<<30 {
		t.Errorf("%d bytes allocated: each tree was read more than once", used)
	}
}

func TestCommitNestedDeeperThanTheBound(t *testing.T) {
	f := newFixture(t)
	tree := f.tree(entry{"100644", "package-lock.json", f.blob("{}")})
	for range 10 * maxDepth {
		tree = f.tree(entry{"40000", "d", tree})
	}
	f.main(tree)
	_, err := f.openCommit("main").Files(context.Background(), everything)
	if o := wantIs[*OverLimit](t, err); o.Limit != maxDepth {
		t.Errorf("%+v", o)
	}
}

func TestCommitStopsAtTheLimit(t *testing.T) {
	for _, state := range []string{"loose", "packed"} {
		t.Run(state, func(t *testing.T) {
			f := newFixture(t)
			f.main(f.files("five", "12345", "package-lock.json", strings.Repeat("x", 16<<20)))
			if state == "packed" {
				f.pack()
			}
			tr := f.openCommit("main")
			listing(t, tr)
			before := allocated()
			_, err := tr.Read(context.Background(), "package-lock.json", 1<<20)
			if got := wantIs[*TooLarge](t, err); *got != (TooLarge{"package-lock.json", 16 << 20, 1 << 20}) {
				t.Errorf("%+v", got)
			}
			if used := allocated() - before; used > 4<<20 {
				t.Errorf("%d bytes allocated to learn that a file is too large", used)
			}
			wantContent(t, tr, "five", "12345")
			if _, err := tr.Read(context.Background(), "five", 4); err == nil {
				t.Error("a file of one byte more than the limit was read")
			}
		})
	}
}

// allocated counts the bytes that this process has asked for so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func TestCommitWithATreeOfTooManyBytes(t *testing.T) {
	f := newFixture(t)
	entries := make([]entry, 12)
	for i := range entries {
		entries[i] = entry{"100644", fmt.Sprint(i) + strings.Repeat("n", maxMeta/10), plumbing.ZeroHash}
	}
	f.main(f.tree(entries...))
	_, err := f.openCommit("main").Files(context.Background(), everything)
	if o := wantIs[*OverLimit](t, err); o.Limit != maxMeta {
		t.Errorf("%+v", o)
	}
}

func TestTreesAreKeptUpToABound(t *testing.T) {
	f := newFixture(t)
	var folders []entry
	for i := range 3 {
		entries := make([]entry, treeCache/2)
		for j := range entries {
			entries[j] = entry{"100644", fmt.Sprintf("%d-%d", i, j), plumbing.ZeroHash}
		}
		folders = append(folders, entry{"40000", fmt.Sprint(i), f.tree(entries...)})
	}
	f.main(f.tree(folders...))
	r := f.open()
	tr, err := r.Commit("HEAD")
	f.must(err)
	if _, err := tr.Files(context.Background(), func(string) bool { return false }); err != nil {
		t.Fatal(err)
	}
	if r.entered > treeCache || len(r.decoded) > 2 {
		t.Errorf("%d entries of %d trees are kept", r.entered, len(r.decoded))
	}
}

func TestCommitOfEqualFilesHasEqualIDs(t *testing.T) {
	f := newFixture(t)
	one := f.main(f.files("a.json", "same", "b.json", "one"))
	f.main(f.files("a.json", "same", "b.json", "two"), one)
	ids := func(rev string) [2]string {
		files, err := f.openCommit(rev).Files(context.Background(), everything)
		if err != nil || len(files) != 2 {
			t.Fatalf("%v %v", files, err)
		}
		return [2]string{files[0].ID, files[1].ID}
	}
	a, b := ids("HEAD^"), ids("HEAD")
	if a[0] != b[0] || a[1] == b[1] {
		t.Errorf("%v %v", a, b)
	}
}

func TestTreesOfOneRepositoryAreReadConcurrently(t *testing.T) {
	f := newFixture(t)
	one := f.main(f.files("a/b/package-lock.json", "one", "package.json", strings.Repeat("p", 40_000)))
	f.main(f.files("a/b/package-lock.json", "two", "package.json", strings.Repeat("p", 40_001)), one)
	f.pack()
	r := f.open()
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			rev, want := "HEAD", "two"
			if i%2 == 0 {
				rev, want = "HEAD^", "one"
			}
			tr, err := r.Commit(rev)
			if err != nil {
				t.Error(err)
				return
			}
			if n := len(listing(t, tr)); n != 4 {
				t.Errorf("%d paths", n)
			}
			wantContent(t, tr, "a/b/package-lock.json", want)
			if _, err := tr.Read(context.Background(), "package.json", 1<<20); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestCommitStopsWhenCancelled(t *testing.T) {
	f := newFixture(t)
	f.main(f.files("a", "1"))
	tr := f.openCommit("HEAD")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := tr.Files(ctx, everything); !errors.Is(err, context.Canceled) {
		t.Errorf("files: %v", err)
	}
	if _, err := tr.Read(ctx, "a", 10); !errors.Is(err, context.Canceled) {
		t.Errorf("read: %v", err)
	}
}
