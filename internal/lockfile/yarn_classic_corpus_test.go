package lockfile

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestClassicCorpus compares what is read of each real file with what yarn's own
// parser, copied in the oracle, reads of it.
func TestClassicCorpus(t *testing.T) {
	files := corpus(t, "yarn.lock", "package.json")
	manifests := make(map[string]string)
	for file, data := range files {
		if path.Base(file) == "package.json" {
			manifests[file] = string(data)
		}
	}
	locks, entries, edges, answered := 0, 0, 0, 0
	for file, data := range files {
		if path.Base(file) == "package.json" || metadataLine(data) > 0 {
			continue
		}
		locks++
		inv, err := Parse(withManifests(file, string(data), manifests))
		if err != nil {
			t.Error(err)
			continue
		}
		entries += len(inv.Entries)
		// These are files that yarn wrote, so nothing about them is doubtful.
		for _, d := range inv.Doubts {
			t.Errorf("%s:%d: doubt: %s", file, d.Line, d.Message)
		}
		sameAsOracle(t, string(data), inv)
		keysAreSeen(t, string(data), inv)
		for _, e := range inv.Entries {
			edges += len(e.Dependencies)
			for _, d := range e.Dependencies {
				if d.Key != "" {
					answered++
				}
			}
		}
		crlf, err := Parse(withManifests(file, strings.ReplaceAll(string(data), "\n", "\r\n"), manifests))
		if err != nil || !bytes.Equal(dump(inv, nil), dump(crlf, nil)) {
			t.Errorf("%s: with CRLF it reads otherwise: %v", file, err)
		}
	}
	if locks < 19 || entries < 9_000 {
		t.Errorf("%d lockfiles with %d entries", locks, entries)
	}
	// One asks for a package of the repository itself.
	if edges-answered > 1 {
		t.Errorf("%d of %d requests have no answer", edges-answered, edges)
	}
}

// sameAsOracle checks that yarn's parser has the same entries for the same
// patterns, with the same fields and requests.
func sameAsOracle(t rapid.TB, data string, inv *Inventory) {
	t.Helper()
	oracle, err := oracleParse(data)
	if err != nil {
		t.Fatalf("%q: yarn refuses what is read without a doubt as %s", data, dump(inv, nil))
	}
	left := make(map[string]bool, len(oracle))
	for pattern := range oracle {
		left[pattern] = true
	}
	for i := range inv.Entries {
		e := &inv.Entries[i]
		for _, pattern := range patternsOf(oracle, e.Key) {
			delete(left, pattern)
			node := oracle[pattern]
			integrity, _ := hashes(node.member("integrity").text, new(slab[string]))
			if node.member("version").text != e.Version || !slices.Equal(integrity, e.Integrity) {
				t.Fatalf("%q: yarn reads %+v, and this reader %+v", pattern, node.members, e)
			}
			// yarn takes the address of files and links from the pattern.
			if resolved := node.member("resolved").text; resolved != e.Resolved && (resolved != "" || e.Source != File && e.Source != Link) {
				t.Fatalf("%q: yarn reads the address %q, and this reader %q", pattern, resolved, e.Resolved)
			}
			requests := append(node.requests("dependencies", ""), node.requests("optionalDependencies", "optional ")...)
			var own []string
			for _, d := range e.Dependencies {
				own = append(own, map[Kind]string{OptionalKind: "optional "}[d.Kind]+d.Name+" "+d.Spec)
			}
			slices.Sort(requests)
			slices.Sort(own)
			if !slices.Equal(requests, own) {
				t.Fatalf("%q: yarn reads the requests %q, and this reader %q", pattern, requests, own)
			}
		}
	}
	for pattern := range left {
		t.Fatalf("%q: yarn reads %q, which is not in %s", data, pattern, dump(inv, nil))
	}
}

// patternsOf gives the patterns of a key: the parts of it that yarn has, too.
func patternsOf(oracle map[string]*oracleNode, key string) (patterns []string) {
	if oracle[key] != nil {
		return []string{key}
	}
	for _, part := range strings.Split(key, ", ") {
		if oracle[part] != nil {
			patterns = append(patterns, part)
		}
	}
	return patterns
}

func (n *oracleNode) member(name string) *oracleNode {
	if m := n.members[name]; m != nil {
		return m
	}
	return &oracleNode{}
}

func (n *oracleNode) requests(list, prefix string) (requests []string) {
	for name, spec := range n.member(list).members {
		requests = append(requests, prefix+name+" "+spec.text)
	}
	return requests
}

// keysAreSeen checks that each line which begins an entry for the plainest
// reader is one, and that lines are right.
func keysAreSeen(t rapid.TB, data string, inv *Inventory) {
	t.Helper()
	entries := make(map[int]string, len(inv.Entries))
	for _, e := range inv.Entries {
		entries[e.Line] = e.Key
	}
	doubted := make(map[int]bool)
	for _, d := range inv.Doubts {
		doubted[d.Line] = doubted[d.Line] || d.Packages
		if d.Line == 0 && d.Packages { // there are more than are listed
			return
		}
	}
	for i, line := range strings.Split(data, "\n") {
		if i == 0 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		line = strings.TrimSuffix(line, "\r")
		if line == "" || strings.IndexByte(" \t#", line[0]) >= 0 || doubted[i+1] {
			continue
		}
		key, ok := entries[i+1]
		if !ok {
			t.Fatalf("line %d, %q, is lost in %s", i+1, line, dump(inv, nil))
		}
		bare := strings.NewReplacer(`"`, "", " ", "")
		if strings.IndexByte(line, '\\') < 0 && !strings.HasPrefix(bare.Replace(line), bare.Replace(key)) {
			t.Fatalf("line %d is %q, and should hold %q", i+1, line, key)
		}
	}
}
