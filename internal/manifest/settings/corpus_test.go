package settings

import (
	"bytes"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/corpustest"
)

// corpus gives the texts of real base and head pairs: by the pair's name, by
// side, by path. Lockfiles are there without their bytes.
func corpus(t *testing.T) map[string]map[string]map[string]string {
	t.Helper()
	pairs := make(map[string]map[string]map[string]string)
	for file, data := range corpustest.Files(t, func(file string) bool { return strings.Count(file, "/") >= 3 }) {
		parts := strings.SplitN(file, "/", 4) // pairs/NAME/SIDE/PATH
		name, which, file := parts[1], parts[2], parts[3]
		if pairs[name] == nil {
			pairs[name] = map[string]map[string]string{"base": {}, "head": {}}
		}
		if _, lock := lockTools[path.Base(file)]; lock {
			data = formatOf(data)
		}
		pairs[name][which][file] = string(data)
	}
	return pairs
}

var berry = regexp.MustCompile(`(?m)^__metadata:\n  version: (\d+)`)

// formatOf gives what [side] takes for the format of a lockfile, as far as it
// tells versions.
func formatOf(lock []byte) []byte {
	if m := berry.FindSubmatch(lock); m != nil {
		return append([]byte("format yarn-berry-v"), m[1]...)
	}
	if bytes.Contains(lock, []byte("# yarn lockfile v1")) {
		return []byte("format yarn-classic-v1")
	}
	return nil
}

// Real changes are read without a doubt, and only those that loosen something
// are told of.
func TestCorpus(t *testing.T) {
	want := map[string]string{}
	files, settings := 0, 0
	pairs := corpus(t)
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		base, head := side(t, pairs[name]["base"]), side(t, pairs[name]["head"])
		for _, f := range slices.Concat(base.Files, head.Files) {
			files++
			settings += len(f.Settings)
		}
		if diff := cmp.Diff(want[name], told(Loosened(base, head, publicly))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if files < 100 || settings < 50 {
		t.Errorf("only %d files and %d settings were read", files, settings)
	}
	t.Logf("%d pairs, %d files, %d settings", len(pairs), files, settings)
}
