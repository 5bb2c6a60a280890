package tree

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const secret = "root:x:0:0"

// plant makes a folder of files, given as pairs of path and content, beside a
// file with a secret.
func plant(t *testing.T, pairs ...string) string {
	t.Helper()
	outer := t.TempDir()
	dir := filepath.Join(outer, "repo")
	write := func(file, content string) {
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(outer, "passwd"), secret)
	for i := 0; i < len(pairs); i += 2 {
		write(filepath.Join(dir, pairs[i]), pairs[i+1])
	}
	return dir
}

func openDir(t *testing.T, dir string) Tree {
	t.Helper()
	tr, err := Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestFolderListsSourcesSortedByBytes(t *testing.T) {
	dir := plant(t,
		"a/package-lock.json", "1", "a.json", "2", "B.json", "3", "a-b/x", "4", "é", "5",
		".git/config", "x", "a/.git", "gitdir: elsewhere", "node_modules/left-pad/package-lock.json", "x", "a/node_modules/b", "x")
	tr := openDir(t, dir)
	wantListing(t, tr,
		"B.json regular file", "a folder", "a-b folder", "a-b/x regular file", "a.json regular file",
		"a/package-lock.json regular file", "é regular file")
	wantContent(t, tr, "a/package-lock.json", "1")

	files, err := tr.Files(context.Background(), func(p string) bool { return p == "a.json" })
	if want := (File{Path: "a.json", Kind: Regular, Size: 1}); err != nil || len(files) != 1 || files[0] != want {
		t.Errorf("files %+v, %v; want %+v", files, err, want)
	}
	if got := tr.Ref(); got != (Ref{Name: dir}) {
		t.Errorf("ref %+v", got)
	}
}

func TestFolderReadsNamesThatAreNotUTF8(t *testing.T) {
	tr := openDir(t, plant(t, "\xff/package-lock.json", "{}"))
	wantListing(t, tr, "\xff folder", "\xff/package-lock.json regular file")
	wantContent(t, tr, "\xff/package-lock.json", "{}")
}

// A file called node_modules is no folder of dependencies: npm would not find
// any in it.
func TestFolderListsAFileCalledNodeModules(t *testing.T) {
	wantListing(t, openDir(t, plant(t, "node_modules", "x")), "node_modules regular file")
}

func TestFolderFollowsNoLink(t *testing.T) {
	links := map[string]string{ // link: target
		"absolute/package-lock.json": "",             // set below
		"up/package-lock.json":       "../../passwd", // out of the folder
		"inside/package-lock.json":   "../mine.json", // another file of it
		"chain/package-lock.json":    "../inside/package-lock.json",
		"loop/package-lock.json":     "package-lock.json",
		"dangling/package-lock.json": "nowhere",
		"linked":                     "real",
		"parent":                     "..",
	}
	dir := plant(t, "mine.json", secret, "real/package-lock.json", secret)
	links["absolute/package-lock.json"] = filepath.Join(filepath.Dir(dir), "passwd")
	for link, target := range links {
		file := filepath.Join(dir, link)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.Symlink(target, file)); err != nil {
			t.Fatal(err)
		}
	}
	tr := openDir(t, dir)
	for _, line := range listing(t, tr) {
		for _, inside := range []string{"linked/", "parent/"} {
			if strings.HasPrefix(line, inside) {
				t.Errorf("listed behind a link: %s", line)
			}
		}
	}
	for link := range links {
		file, at := link, link
		switch link {
		case "linked":
			file = "linked/package-lock.json"
		case "parent":
			file = "parent/repo/mine.json"
		}
		data, err := tr.Read(context.Background(), file, 1<<20)
		if data != nil || err == nil {
			t.Errorf("%s: read %q through a link", file, data)
			continue
		}
		if n := wantIs[*NotRegular](t, err); n.Kind != Symlink || n.Path != at {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestFolderReadsNoPathOutside(t *testing.T) {
	tr := openDir(t, plant(t, "package-lock.json", "{}", ".git/config", "token", "sub/.GIT/config", "token"))
	for _, file := range []string{
		"", ".", "..", "../passwd", "sub/../../passwd", "/etc/passwd", "./package-lock.json", "package-lock.json/", "a//b",
		".git/config", "sub/.GIT/config", "package-lock.json/x", "missing", "missing/x", "a\x00b",
		strings.Repeat("d/", 3000) + "x",
	} {
		if data, err := tr.Read(context.Background(), file, 1<<20); err == nil {
			t.Errorf("%.40q: read %q", file, data)
		} else if file != "a\x00b" && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%.40q: %v, want one that is fs.ErrNotExist", file, err)
		}
	}
}

// within fails a test that waits, as it would for the other end of a pipe.
func within(t *testing.T, d time.Duration, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(d):
		t.Fatal("still waiting after " + d.String())
	}
}

func TestFolderStopsAtTheLimit(t *testing.T) {
	dir := plant(t, "five", "12345")
	huge := filepath.Join(dir, "package-lock.json")
	if err := errors.Join(os.WriteFile(huge, nil, 0o644), os.Truncate(huge, 1<<40)); err != nil {
		t.Skip("no sparse file can be made here:", err)
	}
	tr := openDir(t, dir)
	_, err := tr.Read(context.Background(), "package-lock.json", 1<<20)
	if got := wantIs[*TooLarge](t, err); *got != (TooLarge{"package-lock.json", 1 << 40, 1 << 20}) {
		t.Errorf("%+v", got)
	}
	wantError(t, err, "package-lock.json: reading: 1099511627776 bytes, more than the limit of 1048576", "")
	if _, err := tr.Read(context.Background(), "five", 5); err != nil {
		t.Errorf("a file of just the limit: %v", err)
	}
	if _, err := tr.Read(context.Background(), "five", 4); err == nil {
		t.Error("a file of one byte more than the limit was read")
	}
}

// Files in /proc say that they are empty, as a file does that grows only once
// it is open.
func TestFolderCountsWhatItReads(t *testing.T) {
	tr, err := Dir("/proc")
	if err != nil {
		t.Skip("no /proc here")
	}
	_, err = tr.Read(context.Background(), "version", 10)
	wantIs[*TooLarge](t, err)

	// Five megabytes on most kernels.
	before := allocated()
	_, err = tr.Read(context.Background(), "kallsyms", 10)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no large file in /proc here")
	}
	wantIs[*TooLarge](t, err)
	if used := allocated() - before; used > 1<<20 {
		t.Errorf("%d bytes allocated to learn that a file has more than 10", used)
	}
}

func TestFolderNestedDeeperThanTheBound(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	const depth = 10 * maxDepth
	for range depth {
		next, err := root, root.Mkdir("d", 0o755)
		if err == nil {
			next, err = root.OpenRoot("d")
		}
		if err != nil {
			t.Fatal(err)
		}
		root.Close()
		root = next
	}
	root.Close()
	t.Cleanup(func() { flatten(dir, depth) })

	within(t, 10*time.Second, func() {
		_, err = openDir(t, dir).Files(context.Background(), everything)
	})
	if o := wantIs[*OverLimit](t, err); o.Limit != maxDepth {
		t.Errorf("%+v", o)
	}
	wantError(t, err, "more than 256 folders deep", "")
}

// flatten removes a deep chain of folders, which [os.RemoveAll] would hold a
// descriptor for each of.
func flatten(dir string, depth int) {
	at := func(name string) string { return filepath.Join(dir, name) }
	for range depth {
		_ = os.Rename(at("d/d"), at("e"))
		_ = os.Remove(at("d"))
		_ = os.Rename(at("e"), at("d"))
	}
}

func TestFolderSaysWhatItCannotEnter(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may enter every folder")
	}
	dir := plant(t, "closed/package-lock.json", "{}")
	closed := filepath.Join(dir, "closed")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(closed, 0o755) })
	_, err := openDir(t, dir).Files(context.Background(), everything)
	wantError(t, err, `"closed": reading: permission denied`, "make it readable")
}

func TestDirThatIsNone(t *testing.T) {
	dir := plant(t, "file", "x")
	_, err := Dir(filepath.Join(dir, "missing"))
	wantError(t, err, "missing: opening: no such file", "")
	_, err = Dir(filepath.Join(dir, "file"))
	wantError(t, err, "file: opening: not a directory", "")
}

func TestFolderStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	tr := openDir(t, plant(t, "a", "1"))
	if _, err := tr.Files(ctx, everything); !errors.Is(err, context.Canceled) {
		t.Errorf("files: %v", err)
	}
	if _, err := tr.Read(ctx, "a", 10); !errors.Is(err, context.Canceled) {
		t.Errorf("read: %v", err)
	}
}

func TestBounds(t *testing.T) {
	long := strings.Repeat("a", maxPath)
	deep := strings.Repeat("d/", maxDepth-1) + "x"
	for name, c := range map[string]struct {
		b    bounds
		path string
		ok   bool
	}{
		"longest path":     {bounds{}, long, true},
		"longer path":      {bounds{}, long + "a", false},
		"deepest":          {bounds{}, deep, true},
		"deeper":           {bounds{}, "d/" + deep, false},
		"last entry":       {bounds{entries: maxEntries - 1}, "x", true},
		"one entry beyond": {bounds{entries: maxEntries}, "x", false},
		"last byte":        {bounds{bytes: maxPathBytes - 1}, "x", true},
		"one byte beyond":  {bounds{bytes: maxPathBytes}, "x", false},
	} {
		if err := c.b.admit(c.path); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func ExampleDir() {
	dir, _ := os.MkdirTemp("", "example")
	defer os.RemoveAll(dir)
	_ = os.WriteFile(filepath.Join(dir, "package-lock.json"), []byte("{}"), 0o644)

	t, _ := Dir(dir)
	files, _ := t.Files(context.Background(), func(path string) bool { return path == "package-lock.json" })
	for _, f := range files {
		data, _ := t.Read(context.Background(), f.Path, 1<<20)
		fmt.Printf("%s: %s\n", f.Path, data)
	}
	// Output: package-lock.json: {}
}
