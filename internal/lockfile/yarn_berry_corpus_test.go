package lockfile

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// plainBerry is a berry lockfile as the YAML library reads it.
type plainBerry map[string]struct {
	Resolution   string
	Version      string
	Checksum     string
	Dependencies map[string]string
	Peers        map[string]string `yaml:"peerDependencies"`
	CacheKey     string            `yaml:"cacheKey"`
}

var plainLocator = regexp.MustCompile(`^((?:@[^/]+/)?[^@/]+)@(.+)$`)

func TestBerryCorpus(t *testing.T) {
	files := corpus(t, "yarn.lock", "package.json", ".yarnrc.yml")
	locks, entries, edges := 0, 0, 0
	for file, data := range files {
		if path.Base(file) != "yarn.lock" || !bytes.Contains(data, []byte("\n__metadata:")) {
			continue
		}
		locks++
		inv, err := readYarnBerry(Input{Path: file, Data: data, Manifest: func(path string) ([]byte, bool) {
			data, ok := files[path]
			return data, ok
		}})
		if err != nil {
			t.Error(err)
			continue
		}
		entries += len(inv.Entries)
		// These are files that yarn wrote, so nothing about them is doubtful.
		for _, d := range inv.Doubts {
			t.Errorf("%s:%d: doubt: %s", file, d.Line, d.Message)
		}
		if inv.Roots[0].Folder != "" || inv.Roots[0].Line < 2 {
			t.Errorf("%s: the first root is %q on line %d", file, inv.Roots[0].Folder, inv.Roots[0].Line)
		}
		for _, e := range inv.Entries {
			edges += len(e.Dependencies)
			for _, d := range e.Dependencies {
				if d.Key == "" && d.Kind != PeerKind {
					t.Errorf("%s:%d: nothing answers %s@%s", file, e.Line, d.Name, d.Spec)
				}
			}
		}
		berryIsComplete(t, file, data, inv)
		berryKeysAreFound(t, data, inv)
		berryEdgesAreAnswered(t, inv)
	}
	if locks < 40 || entries < 18_000 || edges < 40_000 {
		t.Errorf("%d lockfiles with %d entries and %d edges", locks, entries, edges)
	}
}

// berryIsComplete compares an inventory with what the YAML library makes of its
// file.
func berryIsComplete(t *testing.T, file string, data []byte, inv *Inventory) {
	t.Helper()
	plain := plainBerry{}
	if err := yaml.Unmarshal(data, &plain); err != nil {
		t.Fatal(err)
	}
	if len(inv.Entries) != len(plain)-1 {
		t.Errorf("%s: %d entries, want %d", file, len(inv.Entries), len(plain)-1)
	}
	for i := range inv.Entries {
		e := &inv.Entries[i]
		want := plain[e.Key]
		parts := plainLocator.FindStringSubmatch(want.Resolution)
		version, isVersion := strings.CutPrefix(parts[2], "npm:")
		if e.Version != want.Version || isVersion && (version != want.Version || parts[1] != e.Name || e.Source != Registry) {
			t.Errorf("%s:%d: %s@%s of %s, want %s@%s", file, e.Line, e.Name, e.Version, e.Source, want.Resolution, want.Version)
		}
		if cache, sum, _ := strings.Cut(e.Checksum, "/"); !strings.HasSuffix(want.Checksum, sum) || sum == "" != (want.Checksum == "") ||
			isVersion && sum != "" && cache != plain["__metadata"].CacheKey {
			t.Errorf("%s:%d: checksum %s, want %s", file, e.Line, e.Checksum, want.Checksum)
		}
		asked := 0
		for _, d := range e.Dependencies {
			from := want.Dependencies
			if d.Kind == PeerKind {
				from = want.Peers
			}
			if from[d.Name] == d.Spec {
				asked++
			}
		}
		if asked != len(want.Dependencies)+len(want.Peers) {
			t.Errorf("%s:%d: %d requests, want %d", file, e.Line, asked, len(want.Dependencies)+len(want.Peers))
		}
	}
}

// A migration of yarn changes all keys of cached files, and most checksums not
// at all.
func TestBerryCorpusMigration(t *testing.T) {
	files := corpus(t, "yarn.lock", "package.json")
	const base, head = "pairs/babel_babel-3/base/yarn.lock", "pairs/babel_babel-3/head/yarn.lock"
	if files[base] == nil || files[head] == nil {
		t.Skip("the corpus has no babel_babel-3")
	}
	known := make(map[string]bool)
	before, err := readYarnBerry(Input{Path: base, Data: files[base]})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range before.Entries {
		known[e.Name+"@"+e.Version] = true
	}
	after, err := readYarnBerry(Input{Path: head, Data: files[head]})
	if err != nil {
		t.Fatal(err)
	}
	if before.Format != "yarn-berry-v6" || after.Format != "yarn-berry-v8" {
		t.Fatalf("%s and %s", before.Format, after.Format)
	}
	moved := 0
	for _, e := range after.Entries {
		if !known[e.Name+"@"+e.Version] {
			moved++
		}
	}
	if moved > 20 {
		t.Errorf("%d of %d packages moved", moved, len(after.Entries))
	}
}
