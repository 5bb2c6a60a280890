package yamlline

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// corpus gives the YAML files of real base and head pairs, by path: pnpm's and
// yarn berry's lockfiles and settings. It skips the test where the corpus or xz
// is missing.
func corpus(t testing.TB) map[string][]byte {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "..", "shared", "corpus", "lockfiles.tar.xz")
	if _, err := os.Stat(file); err != nil {
		t.Skip("the corpus of real lockfiles is not beside the repository")
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
		switch path.Base(header.Name) {
		case "pnpm-lock.yaml", "pnpm-workspace.yaml", ".yarnrc.yml", "yarn.lock":
			data, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			// Classic's yarn.lock is no YAML.
			if path.Base(header.Name) != "yarn.lock" || bytes.Contains(data, []byte("\n__metadata:")) {
				files[header.Name] = data
			}
		}
	}
}

// All files that package managers wrote are read fast, and so are the settings
// beside them.
func TestCorpus(t *testing.T) {
	kinds := map[string]int{}
	size, tokens := 0, 0
	for file, data := range corpus(t) {
		w, ok := fast(string(data))
		if !ok {
			t.Errorf("%s is not read fast", file)
			continue
		}
		sameAsFull(t, string(data), w)
		crlf, ok := fast(strings.ReplaceAll(string(data), "\n", "\r\n"))
		if !ok || !slices.Equal(list(crlf), list(w)) {
			t.Errorf("%s is read in another way with CRLF", file)
		}
		kinds[path.Base(file)]++
		size += len(data)
		tokens += len(w.tokens)
		if len(data) > 100_000 && cap(w.tokens) != len(data)/tokenEvery+room {
			t.Errorf("%s has %d tokens, more than a lockfile of %d bytes should", file, len(w.tokens), len(data))
		}
	}
	t.Logf("%v, %d bytes, %d tokens", kinds, size, tokens)
	if kinds["pnpm-lock.yaml"] < 60 || kinds["yarn.lock"] < 12 {
		t.Errorf("only %v", kinds)
	}
}
