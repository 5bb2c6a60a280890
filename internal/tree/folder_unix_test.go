//go:build unix

package tree

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestFolderReadsRegularFilesOnly(t *testing.T) {
	dir := plant(t, "folder/package-lock.json/x", "1", "plain", "2")
	fifo := filepath.Join(dir, "package-lock.json")
	if err := syscall.Mkfifo(fifo, 0o644); err != nil {
		t.Skip("no pipes can be made here:", err)
	}
	tr := openDir(t, dir)
	wantListing(t, tr, "folder folder", "folder/package-lock.json folder", "folder/package-lock.json/x regular file",
		"package-lock.json special file", "plain regular file")
	for file, kind := range map[string]Kind{"package-lock.json": Other, "folder/package-lock.json": Folder} {
		within(t, 5*time.Second, func() {
			_, err := tr.Read(context.Background(), file, 1<<20)
			var n *NotRegular
			if !errors.As(err, &n) || n.Kind != kind {
				t.Errorf("%s: %v", file, err)
			}
		})
	}
}

// A file may be swapped between the look at it and its opening.
func TestFolderReadsTheFileThatItLookedAt(t *testing.T) {
	swaps := map[string]func(file string) error{
		"a link inside": func(file string) error { return os.Symlink("other", file) },
		"a pipe":        func(file string) error { return syscall.Mkfifo(file, 0o644) },
		"another file":  func(file string) error { return os.WriteFile(file, []byte(secret), 0o644) },
	}
	for name, swap := range swaps {
		t.Run(name, func(t *testing.T) {
			dir := plant(t, "package-lock.json", "{}", "other", secret)
			f := openDir(t, dir).(*folder)
			seen, err := f.lstat("package-lock.json")
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, "package-lock.json")
			// Keeping the first one alive keeps its inode from being reused.
			if err := errors.Join(os.Rename(file, file+".old"), swap(file)); err != nil {
				t.Fatal(err)
			}
			within(t, 5*time.Second, func() {
				data, err := f.readSeen("package-lock.json", seen, 1<<20)
				if err == nil || !strings.Contains(err.Error(), "was replaced") {
					t.Errorf("read %q, %v", data, err)
				}
			})
		})
	}
}
