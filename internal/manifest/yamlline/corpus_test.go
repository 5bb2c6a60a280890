package yamlline

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/corpustest"
)

// corpus gives the YAML files of real base and head pairs, by path: pnpm's and
// yarn berry's lockfiles and settings.
func corpus(t testing.TB) map[string][]byte {
	t.Helper()
	names := []string{"pnpm-lock.yaml", "pnpm-workspace.yaml", ".yarnrc.yml", "yarn.lock"}
	files := corpustest.Files(t, func(file string) bool { return slices.Contains(names, path.Base(file)) })
	maps.DeleteFunc(files, func(file string, data []byte) bool { // classic's yarn.lock is no YAML
		return path.Base(file) == "yarn.lock" && !bytes.Contains(data, []byte("\n__metadata:"))
	})
	return files
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
	}
	t.Logf("%v, %d bytes, %d tokens", kinds, size, tokens)
	if kinds["pnpm-lock.yaml"] < 60 || kinds["yarn.lock"] < 12 {
		t.Errorf("only %v", kinds)
	}
}
