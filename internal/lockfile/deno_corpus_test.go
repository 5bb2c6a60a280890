package lockfile

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
	"testing"
)

// plainDeno is a deno.lock as encoding/json reads it.
type plainDeno struct {
	denoParts
	Version  string
	Packages denoParts
	Remote   map[string]string
	Redirect map[string]string `json:"redirects"`
}

type denoParts struct {
	Specifiers map[string]string
	JSR, NPM   map[string]json.RawMessage
}

// pins lists what a plain reading finds: ecosystem, key, hash and target.
func (p *plainDeno) pins(t *testing.T) []string {
	var list []string
	add := func(ecosystem string, packages map[string]json.RawMessage) {
		for key, text := range packages {
			var e struct {
				Integrity, Tarball string
				Scripts            bool
			}
			if err := json.Unmarshal(text, &e); err != nil {
				t.Fatal(err)
			}
			flag := ""
			if e.Scripts {
				flag = "scripts"
			}
			list = append(list, strings.Join([]string{ecosystem, key, e.Integrity, e.Tarball, flag}, " "))
		}
	}
	add("npm", p.NPM)
	add("npm", p.Packages.NPM)
	add("jsr", p.JSR)
	add("jsr", p.Packages.JSR)
	for key, hash := range p.Remote {
		list = append(list, strings.Join([]string{"deno", key, hash, key, ""}, " "))
	}
	for key, target := range p.Redirect {
		list = append(list, strings.Join([]string{"deno", key, p.Remote[target], target, ""}, " "))
	}
	slices.Sort(list)
	return list
}

func TestDenoCorpus(t *testing.T) {
	files := corpus(t, "deno.lock", "deno.json", "package.json")
	locks, entries := 0, 0
	for file, data := range files {
		if path.Base(file) != "deno.lock" {
			continue
		}
		locks++
		inv, err := Parse(Input{Path: file, Data: data, Manifest: func(path string) ([]byte, bool) {
			data, ok := files[path]
			return data, ok
		}})
		if err != nil {
			t.Error(err)
			continue
		}
		entries += len(inv.Entries)
		// These are files that Deno wrote, so nothing about them is doubtful.
		for _, d := range inv.Doubts {
			t.Errorf("%s:%d: doubt: %s", file, d.Line, d.Message)
		}
		var plain plainDeno
		if err := json.Unmarshal(data, &plain); err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range inv.Entries {
			e := &inv.Entries[i]
			flag := ""
			if e.InstallScript == Yes {
				flag = "scripts"
			}
			got = append(got, strings.Join([]string{inv.EcosystemOf(e), e.Key, strings.Join(e.Integrity, " "), e.Resolved, flag}, " "))
			if e.Ecosystem != Deno && e.Key != e.Name+"@"+e.Version && !strings.HasPrefix(e.Key, e.Name+"@"+e.Version+"_") {
				t.Errorf("%s:%d: %s is read as %s@%s", file, e.Line, e.Key, e.Name, e.Version)
			}
		}
		slices.Sort(got)
		if want := plain.pins(t); !slices.Equal(got, want) {
			t.Errorf("%s: %d entries, want %d", file, len(got), len(want))
		}
		if inv.Format != "deno-lock-v"+plain.Version {
			t.Errorf("%s: %s, want version %s", file, inv.Format, plain.Version)
		}
		denoLinesAreRight(t, data, inv)
		denoEdgesAreAnswered(t, file, inv)
	}
	if locks < 10 || entries < 3_000 {
		t.Errorf("%d lockfiles with %d entries", locks, entries)
	}
}

// denoEdgesAreAnswered checks that all edges lead somewhere, and from the roots
// to each package, as they do in what Deno writes.
func denoEdgesAreAnswered(t *testing.T, file string, inv *Inventory) {
	t.Helper()
	way, at := newReach(inv), byKey(inv)
	for i, reached := range way.from(func(Kind) bool { return true }) {
		e := &inv.Entries[i]
		// Of modules no edges are written, and Deno left over some packages.
		leftover := e.Ecosystem == Deno || e.Ecosystem == JSR && strings.Contains(file, "denoland_fresh-")
		if !reached && !leftover {
			t.Errorf("%s:%d: no root leads to %s", file, e.Line, e.Key)
		}
		for _, d := range e.Dependencies {
			answer, ok := at[d.Key]
			switch {
			case !ok && d.Kind != PeerKind: // an optional peer may be missing
				t.Errorf("%s:%d: %s asks for %s@%s in vain", file, e.Line, e.Key, d.Name, d.Spec)
			case ok && d.Name != inv.Entries[answer].Name && !strings.HasPrefix(d.Spec, "npm:"+inv.Entries[answer].Name+"@") &&
				!strings.HasPrefix(d.Spec, inv.Entries[answer].Name+"@"):
				t.Errorf("%s:%d: %s asks for %s@%s, answered by %s", file, e.Line, e.Key, d.Name, d.Spec, d.Key)
			}
		}
	}
}

// A migration of the format changes no package.
func TestDenoCorpusMigration(t *testing.T) {
	files := corpus(t, "deno.lock")
	const base, head = "pairs/denoland_fresh-2/base/deno.lock", "pairs/denoland_fresh-2/head/deno.lock"
	if files[base] == nil || files[head] == nil {
		t.Skip("the corpus has no denoland_fresh-2")
	}
	before, err := Parse(Input{Path: base, Data: files[base]})
	if err != nil {
		t.Fatal(err)
	}
	after, err := Parse(Input{Path: head, Data: files[head]})
	if err != nil {
		t.Fatal(err)
	}
	if before.Format != "deno-lock-v4" || after.Format != "deno-lock-v5" || len(before.Entries) != len(after.Entries) {
		t.Fatalf("%s with %d, and %s with %d", before.Format, len(before.Entries), after.Format, len(after.Entries))
	}
	for i := range before.Entries {
		if b, a := before.Entries[i], after.Entries[i]; !sameReading(a, b) {
			t.Errorf("%s: %+v became %+v", b.Key, b, a)
		}
	}
}
