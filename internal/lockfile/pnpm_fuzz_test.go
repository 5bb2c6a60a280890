package lockfile

import (
	"bytes"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
	"pgregory.net/rapid"
)

// pnpmSightings lists the keys of every `packages` and `snapshots` mapping in a
// stream, in the plainest way there is.
func pnpmSightings(data []byte) (packages, snapshots []sighting) {
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return nil, nil
	}
	for {
		var document yaml.Node
		if loader.Load(&document) != nil || len(document.Content) != 1 {
			return packages, snapshots
		}
		members := document.Content[0].Content
		if document.Content[0].Kind != yaml.MappingNode {
			continue
		}
		for i := 0; i < len(members); i += 2 {
			if members[i+1].Kind != yaml.MappingNode {
				continue
			}
			list := &packages
			switch members[i].Value {
			case "packages":
			case "snapshots":
				list = &snapshots
			default:
				continue
			}
			for j := 0; j < len(members[i+1].Content); j += 2 {
				key := members[i+1].Content[j]
				*list = append(*list, sighting{key.Line, key.Value})
			}
		}
	}
}

func FuzzPNPM(f *testing.F) {
	for _, list := range [...][]pnpmAttack{pnpmTextAttacks, pnpmEntryAttacks} {
		for _, attack := range list {
			f.Add([]byte(attack.data))
		}
	}
	fuzzReader(f, "pnpm-*", named("pnpm-lock.yaml"), func(t *testing.T, data []byte, inv *Inventory) {
		noPackageIsLost(t, data, inv)
		pnpmLinesAreRight(t, data, inv)
		pnpmEdgesAreAnswered(t, inv)
	})
}

// noPackageIsLost checks that each key which an obvious reader finds is an
// entry, or belongs to one.
func noPackageIsLost(t rapid.TB, data []byte, inv *Inventory) {
	t.Helper()
	found := make(map[sighting]bool)
	keys := make(map[string]bool)
	for _, e := range inv.Entries {
		found[sighting{e.Line, e.Key}] = true
		keys[e.Key] = true
		keys[pnpmBase(e.Key)] = true
	}
	packages, snapshots := pnpmSightings(data)
	for _, at := range packages {
		if !found[at] {
			t.Fatalf("packages: %+v is lost in %s", at, dump(inv, nil))
		}
	}
	for _, at := range snapshots {
		cut, _, _ := strings.Cut(at.key, "(")
		if !keys[pnpmBase(at.key)] && !keys[cut] {
			t.Fatalf("snapshots: %+v is lost in %s", at, dump(inv, nil))
		}
	}
}

// pnpmLinesAreRight checks that the line of each entry holds its key.
func pnpmLinesAreRight(t rapid.TB, data []byte, inv *Inventory) {
	t.Helper()
	lines := strings.Split(string(data), "\n")
	if bytes.ContainsAny(data, "\r\u0085\u2028\u2029") {
		return // YAML may count more lines
	}
	last := 0
	for _, e := range inv.Entries {
		if e.Line < last || e.Line > len(lines) {
			t.Fatalf("%q is on line %d, after %d of %d", e.Key, e.Line, last, len(lines))
		}
		last = e.Line
		text := lines[e.Line-1]
		// One that is written in several lines, or with escapes, begins here.
		if key, _, _ := strings.Cut(e.Key, " "); !strings.ContainsAny(text, `"'?|>`) && !strings.ContainsAny(e.Key, "\n") && !strings.Contains(text, key) {
			t.Fatalf("line %d is %q, and should hold %q", e.Line, text, e.Key)
		}
	}
}

// pnpmEdgesAreAnswered checks that each answer is an entry.
func pnpmEdgesAreAnswered(t rapid.TB, inv *Inventory) {
	t.Helper()
	keys := make(map[string]bool, len(inv.Entries))
	for _, e := range inv.Entries {
		keys[e.Key] = true
	}
	check := func(who string, d Dependency) {
		if d.Key != "" && !keys[d.Key] {
			t.Fatalf("%q asks for %q, answered by %q, which is no entry", who, d.Name, d.Key)
		}
	}
	for _, root := range inv.Roots {
		for _, d := range root.Dependencies {
			check(root.Folder, d)
		}
	}
	for _, e := range inv.Entries {
		for _, d := range e.Dependencies {
			check(e.Key, d)
		}
	}
}
