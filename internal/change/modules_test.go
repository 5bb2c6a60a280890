package change

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// modules is a deno.lock of modules, "path hash" each, below one host.
func modules(lines ...string) []*lockfile.Inventory {
	inv := &lockfile.Inventory{Path: "deno.lock", Ecosystem: "npm", Format: "deno-lock-v5"}
	for i, line := range lines {
		path, hash, _ := strings.Cut(line, " ")
		e := lockfile.Entry{
			Line: i + 1, Key: "https://modules.example/" + path, Ecosystem: lockfile.Deno, Source: lockfile.URL,
			Resolved: "https://modules.example/" + path, Integrity: []string{fmt.Sprintf("%064s", hash)},
		}
		e.Name, e.Version = lockfile.Module(e.Key)
		inv.Entries = append(inv.Entries, e)
	}
	return []*lockfile.Inventory{inv}
}

// tell writes changes with the number of their places.
func tell(changes []Change) []string {
	var lines []string
	for _, c := range changes {
		name := strings.TrimPrefix(c.Name, "https://modules.example/")
		lines = append(lines, fmt.Sprintf("%s %s %v>%s %d/%d", c.Kind, name, c.From, c.To, len(c.Base), len(c.Head)))
	}
	return lines
}

func TestModules(t *testing.T) {
	for _, test := range []struct {
		name       string
		base, head []string
		want       []string
	}{
		{"an update of a package is one change",
			[]string{"std@1.0.0/a.ts 1", "std@1.0.0/b.ts 2"}, []string{"std@1.1.0/a.ts 3", "std@1.1.0/b.ts 2", "std@1.1.0/c.ts 4"},
			[]string{"upgraded std [1.0.0]>1.1.0 2/3"}},
		{"tags are ordered", []string{"x@v1.9.0/a.ts 1"}, []string{"x@v1.10.0/a.ts 2"}, []string{"upgraded x [v1.9.0]>v1.10.0 1/1"}},
		{"one more file", []string{"std@1.0.0/a.ts 1"}, []string{"std@1.0.0/a.ts 1", "std@1.0.0/b.ts 2"}, []string{"added std []>1.0.0 1/1"}},
		{"one file less", []string{"std@1.0.0/a.ts 1", "std@1.0.0/b.ts 2"}, []string{"std@1.0.0/a.ts 1"}, []string{"removed std [1.0.0]> 1/0"}},
		{"another hash", []string{"std@1.0.0/a.ts 1", "std@1.0.0/b.ts 2"}, []string{"std@1.0.0/a.ts 1", "std@1.0.0/b.ts 3"},
			[]string{"relocked std [1.0.0]>1.0.0 1/1"}},
		{"hashes that are swapped", []string{"std@1.0.0/a.ts 1", "std@1.0.0/b.ts 2"}, []string{"std@1.0.0/a.ts 2", "std@1.0.0/b.ts 1"},
			[]string{"relocked std [1.0.0]>1.0.0 2/2"}},
		{"all at once", []string{"std@1.0.0/a.ts 1", "std@1.0.0/b.ts 2"}, []string{"std@1.0.0/b.ts 3", "std@1.0.0/c.ts 4"},
			[]string{"added std []>1.0.0 2/1", "relocked std [1.0.0]>1.0.0 1/1", "removed std [1.0.0]> 1/0"}},
		{"another hash where no version is named", []string{"main/a.ts 1"}, []string{"main/a.ts 2"}, []string{"relocked main/a.ts []> 1/1"}},
		{"the same again", []string{"std@1.0.0/a.ts 1", "main/a.ts 2"}, []string{"main/a.ts 2", "std@1.0.0/a.ts 1"}, nil},
	} {
		got := tell(Between(modules(test.base...), modules(test.head...)))
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// A package has hundreds of modules, each with its own hash.
func TestModulesOfOnePackageAreMany(t *testing.T) {
	var lines []string
	for i := range 20_000 {
		lines = append(lines, fmt.Sprintf("std@1.0.0/%d.ts %d", i, i))
	}
	start := time.Now()
	base := modules(lines...)
	if same := Between(base, base); len(same) != 0 {
		t.Errorf("diff(a, a) = %q", tell(same))
	}
	lines[7] = "std@1.0.0/7.ts 8"
	if got, want := tell(Between(base, modules(lines...))), []string{"relocked std [1.0.0]>1.0.0 1/1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("20,000 modules took %s", took)
	}
}

// What nobody sees of a module's change is a module that runs unseen.
func TestEachModuleIsSeen(t *testing.T) {
	line := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("std@%d.0.0/%s.ts %d", rapid.IntRange(1, 2).Draw(t, "version"),
			rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "file"), rapid.IntRange(0, 1).Draw(t, "hash"))
	})
	address := func(line string) string { path, _, _ := strings.Cut(line, " "); return path }
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfNDistinct(line, 0, 5, address).Draw(t, "a")
		b := rapid.SliceOfNDistinct(line, 0, 5, address).Draw(t, "b")
		seen := make(map[string]bool)
		for _, c := range Between(modules(a...), modules(b...)) {
			for _, p := range c.Head {
				seen[strings.TrimPrefix(p.Entry.Key, "https://modules.example/")] = true
			}
		}
		alone := len(a) == 1 && len(b) == 1 // the same bytes of the same version, at another address
		for _, l := range b {
			if !slices.Contains(a, l) && !seen[address(l)] && !alone {
				t.Fatalf("%s is in no change from %q to %q", l, a, b)
			}
		}
	})
}

// Packages of two registries that share a name are two packages.
func TestEcosystemsOfOneLockfile(t *testing.T) {
	side := func(version string) []*lockfile.Inventory {
		return []*lockfile.Inventory{{Path: "deno.lock", Ecosystem: "npm", Entries: []lockfile.Entry{
			{Key: "@s/a@1.0.0", Name: "@s/a", Version: "1.0.0", Source: lockfile.Registry},
			{Key: "jsr:@s/a@" + version, Ecosystem: lockfile.JSR, Name: "@s/a", Version: version, Source: lockfile.Registry},
		}}}
	}
	got := Between(side("1.9.0"), side("1.10.0"))
	if len(got) != 1 || got[0].Ecosystem != "jsr" || got[0].Kind != Upgraded {
		t.Errorf("changes %+v", got)
	}
}
