package github

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

func TestFiles(t *testing.T) {
	f := newFake(t)
	sub := strings.Repeat("5", 40)
	odd := entry{Path: "odd", Mode: "010000", SHA: otherID}
	unsized := file("unsized", "x")
	unsized.Size = nil
	f.listing(rootID, false,
		file("z", "last"), dir("web", sub), file("web/package-lock.json", "{}"), link("web/link", "../z"), submodule("vendor"),
		dir("node_modules", sub), file("node_modules/package-lock.json", "{}"), dir("node_modules/x", sub), file("node_modules/x/y", ""),
		dir("web/node_modules", sub), file("web/node_modules/a", ""), odd, unsized,
		dir("lib", sub), link("lib/node_modules", "../web"))
	got, err := f.tree(t).Files(context.Background(), everything)
	if err != nil {
		t.Fatal(err)
	}
	want := []tree.File{
		{Path: "lib", Kind: tree.Folder, Size: -1, ID: sub},
		{Path: "lib/node_modules", Kind: tree.Symlink, Size: -1, ID: blobName([]byte("../web"))},
		{Path: "node_modules", Kind: tree.Folder, Size: -1, ID: sub},
		{Path: "odd", Kind: tree.Other, Size: -1, ID: otherID},
		{Path: "unsized", Kind: tree.Regular, Size: -1, ID: blobName([]byte("x"))},
		{Path: "vendor", Kind: tree.Submodule, Size: -1, ID: commitID},
		{Path: "web", Kind: tree.Folder, Size: -1, ID: sub},
		{Path: "web/link", Kind: tree.Symlink, Size: -1, ID: blobName([]byte("../z"))},
		{Path: "web/node_modules", Kind: tree.Folder, Size: -1, ID: sub},
		{Path: "web/package-lock.json", Kind: tree.Regular, Size: 2, ID: blobName([]byte("{}"))},
		{Path: "z", Kind: tree.Regular, Size: 4, ID: blobName([]byte("last"))},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if want := []string{"commits/" + commitID, "trees/" + rootID + "?recursive=1"}; !slices.Equal(f.asked, want) {
		t.Errorf("asked for %q, want %q", f.asked, want)
	}
}

func TestRead(t *testing.T) {
	f := newFake(t)
	sub := strings.Repeat("5", 40)
	liar := file("liar", "0123456789")
	*liar.Size = 3
	unsized := file("unsized", "0123456789")
	unsized.Size = nil
	f.listing(rootID, false, file("a", "one"), file("empty", ""), dir("web", sub), file("web/b", "two"), file("swapped", "genuine"),
		link("link", "web"), submodule("module"), file("large", "0123456789"), liar, unsized, dir("node_modules", sub), file("node_modules/c", "c"))
	f.blob(blobName([]byte("one")), "one")
	f.blob(blobName(nil), "")
	f.blob(blobName([]byte("two")), "two")
	f.blob(blobName([]byte("genuine")), "swapped")
	f.blob(blobName([]byte("0123456789")), "0123456789")
	files := f.tree(t)
	for _, c := range []struct {
		path, want string
		err        error // nil: its bytes are wanted
	}{
		{"a", "one", nil},
		{"empty", "", nil},
		{"web/b", "two", nil},
		{"", "", fs.ErrNotExist},
		{"/a", "", fs.ErrNotExist},
		{"b", "", fs.ErrNotExist},
		{"a/b", "", fs.ErrNotExist},
		{"web/../a", "", fs.ErrNotExist},
		{"web//b", "", fs.ErrNotExist},
		{"node_modules/c", "", fs.ErrNotExist},
		{"web", "", &tree.NotRegular{Path: "web", Kind: tree.Folder}},
		{"link", "", &tree.NotRegular{Path: "link", Kind: tree.Symlink}},
		{"link/b", "", &tree.NotRegular{Path: "link", Kind: tree.Symlink}},
		{"module/x", "", &tree.NotRegular{Path: "module", Kind: tree.Submodule}},
		{"large", "", &tree.TooLarge{Path: "large", Size: 10, Limit: 9}},
		{"liar", "", &tree.TooLarge{Path: "liar", Size: 10, Limit: 9}},
		{"unsized", "", &tree.TooLarge{Path: "unsized", Size: 10, Limit: 9}},
	} {
		got, err := files.Read(context.Background(), c.path, 9)
		if string(got) != c.want || (err == nil) != (c.err == nil) || err != nil && !errors.Is(err, c.err) && err.Error() != c.err.Error() {
			t.Errorf("%q: %q, %v; want %q, %v", c.path, got, err, c.want, c.err)
		}
	}
	asked := len(f.asked)
	if _, err := files.Read(context.Background(), "large", 9); err == nil || len(f.asked) != asked {
		t.Errorf("asked for a file that was listed as too large: %v", err)
	}
	if got, err := files.Read(context.Background(), "large", 10); string(got) != "0123456789" || err != nil {
		t.Errorf("of the very size: %q, %v", got, err)
	}
	_, err := files.Read(context.Background(), "swapped", 9)
	wantError(t, err, "its content does not match its name", "between this job and GitHub")
}

// git hash-object prints these.
func TestBlobName(t *testing.T) {
	for content, want := range map[string]string{
		"":        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
		"hello\n": "ce013625030ba8dba906f756967f9e9ca394464a",
	} {
		if got := blobName([]byte(content)); got != want {
			t.Errorf("%q: %s, want %s", content, got, want)
		}
	}
}

func TestConcurrentReadersListOnce(t *testing.T) {
	f := newFake(t)
	f.listing(rootID, false, file("a", "one"))
	f.blob(blobName([]byte("one")), "one")
	files := f.tree(t)
	if ref := files.Ref(); ref.Name != commitID || ref.Commit != commitID {
		t.Errorf("ref is %v", ref)
	}
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			if got, err := files.Read(context.Background(), "a", 9); string(got) != "one" || err != nil {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	readers.Wait()
	listed := 0
	for _, asked := range f.asked {
		if strings.HasPrefix(asked, "trees/") {
			listed++
		}
	}
	if listed != 1 {
		t.Errorf("listed %d times", listed)
	}
}
