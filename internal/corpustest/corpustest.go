// Package corpustest gives tests the real lockfiles and attestations that stand
// beside the repository and not in it.
//
// It takes a test and gives files by path ("pairs/NAME/base/…"). It promises to
// skip the test, with the reason, where they or xz are missing.
package corpustest

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"testing"
)

// Files reads the regular files of the corpus whose paths keep takes.
func Files(t testing.TB, keep func(path string) bool) map[string][]byte {
	t.Helper()
	return unpack(t, filepath.Join("corpus", "lockfiles.tar.xz"), keep)
}

// Attestations reads npm's attestation documents, each beside its archive, with
// the keys of registry and root; a README among them tells which is which.
func Attestations(t testing.TB) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	for name, data := range unpack(t, filepath.Join("data", "attestations.tar.xz"), func(string) bool { return true }) {
		files[path.Base(name)] = data
	}
	return files
}

func unpack(t testing.TB, name string, keep func(path string) bool) map[string][]byte {
	t.Helper()
	file := filepath.Join(Root(t), "..", "shared", name)
	if _, err := os.Stat(file); err != nil {
		t.Skip(filepath.ToSlash(name) + " is not beside the repository")
	}
	xz, err := exec.LookPath("xz")
	if err != nil {
		t.Skip("xz is not installed, and the corpus is compressed with it")
	}
	archive, err := exec.Command(xz, "-dc", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string][]byte)
	for r := tar.NewReader(bytes.NewReader(archive)); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Typeflag != tar.TypeReg || !keep(header.Name) {
			continue
		}
		if files[header.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}

// Root gives the folder of go.mod.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	t.Fatal("no go.mod above the working folder")
	return ""
}
