package change

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// inventory reads one line an entry: "name version [source] [hash…] [key=value…]".
// Words with a dash after an algorithm are hashes; "direct", "dev" and
// "bundled" are flags; "at=ADDRESS", "sum=CHECKSUM" and "needs=KEY" are what they
// say.
func inventory(path string, lines ...string) *lockfile.Inventory {
	inv := &lockfile.Inventory{Path: path, Ecosystem: "npm", Format: "npm-lock-v3"}
	var root lockfile.Root
	for i, line := range lines {
		words := strings.Fields(line)
		e := lockfile.Entry{
			Line: i + 1, Name: words[0], Version: words[1], Source: lockfile.Registry,
			Key: fmt.Sprintf("%s@%s#%d", words[0], words[1], i),
		}
		for _, w := range words[2:] {
			switch {
			case w == "direct":
				e.Direct = true
				root.Dependencies = append(root.Dependencies, lockfile.Dependency{Name: e.Name, Key: e.Key})
			case w == "dev":
				e.Dev = true
			case w == "bundled":
				e.Bundled = true
			case strings.HasPrefix(strings.ToLower(w), "sha"), strings.HasPrefix(w, "md5"):
				e.Integrity = append(e.Integrity, w)
			case strings.HasPrefix(w, "sum="):
				e.Checksum = w[4:]
			case strings.HasPrefix(w, "at="):
				e.Resolved = w[3:]
			case strings.HasPrefix(w, "needs="):
				e.Dependencies = append(e.Dependencies, lockfile.Dependency{Key: w[6:]})
			default:
				e.Source = lockfile.Source(w)
			}
		}
		inv.Entries = append(inv.Entries, e)
	}
	inv.Roots = []lockfile.Root{root}
	return inv
}

// show writes a change in one line.
func show(changes []Change) []string {
	var lines []string
	for _, c := range changes {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %v>%s", c.Kind, c.Name, c.From, c.To)))
	}
	return lines
}

func TestBetween(t *testing.T) {
	tests := []struct {
		name       string
		base, head []string
		want       []string
	}{
		{"nothing", []string{"a 1.0.0"}, []string{"a 1.0.0"}, nil},
		{"a new name", nil, []string{"a 1.0.0"}, []string{"added a []>1.0.0"}},
		{"a name gone", []string{"a 1.0.0"}, nil, []string{"removed a [1.0.0]>"}},
		{"up", []string{"a 1.9.0"}, []string{"a 1.10.0"}, []string{"upgraded a [1.9.0]>1.10.0"}},
		{"down", []string{"a 1.10.0"}, []string{"a 1.9.0"}, []string{"downgraded a [1.10.0]>1.9.0"}},
		{
			"each line has its own predecessor",
			[]string{"a 1.0.0", "a 2.0.0"}, []string{"a 1.0.1", "a 2.0.1"},
			[]string{"upgraded a [1.0.0]>1.0.1", "upgraded a [2.0.0]>2.0.1"},
		},
		{
			"a second version beside the first is compared with it",
			[]string{"a 1.0.0"}, []string{"a 1.0.0", "a 2.0.0"}, []string{"upgraded a [1.0.0]>2.0.0"},
		},
		{
			"a version that nothing replaces is removed",
			[]string{"a 1.0.0", "a 2.0.0"}, []string{"a 2.0.1"},
			[]string{"upgraded a [2.0.0]>2.0.1", "removed a [1.0.0]>"},
		},
		{
			"a duplicate version that goes away",
			[]string{"a 1.0.0", "a 2.0.0"}, []string{"a 2.0.0"}, []string{"removed a [1.0.0]>"},
		},
		{
			"another hash of the same algorithm",
			[]string{"a 1.0.0 sha512-A"}, []string{"a 1.0.0 sha512-B"}, []string{"relocked a [1.0.0]>1.0.0"},
		},
		{
			"a stronger hash beside the same one",
			[]string{"a 1.0.0 sha1-A"}, []string{"a 1.0.0 sha1-A sha512-B"}, nil,
		},
		{
			"a forged weak hash beside a strong one that differs",
			[]string{"a 1.0.0 sha1-A sha512-B"}, []string{"a 1.0.0 sha1-A sha512-C"},
			[]string{"relocked a [1.0.0]>1.0.0"},
		},
		{
			"an alternative more, which lets other bytes in",
			[]string{"a 1.0.0 sha512-A"}, []string{"a 1.0.0 sha512-A sha512-EVIL"},
			[]string{"relocked a [1.0.0]>1.0.0"},
		},
		{"an alternative less", []string{"a 1.0.0 sha512-A sha512-B"}, []string{"a 1.0.0 sha512-A"}, nil},
		{
			"a strong hash that nobody vouches for, from another host",
			[]string{"a 1.0.0 sha1-A at=https://one.example/a/-/a-1.0.0.tgz"},
			[]string{"a 1.0.0 sha1-A sha512-EVIL at=https://two.example/a/-/a-1.0.0.tgz"},
			[]string{"relocked a [1.0.0]>1.0.0"},
		},
		{
			"an algorithm spelt so that no installer checks it",
			[]string{"a 1.0.0 sha512-A"}, []string{"a 1.0.0 shA512-A"}, []string{"relocked a [1.0.0]>1.0.0"},
		},
		{"options are no part of a hash", []string{"a 1.0.0 sha512-A?x"}, []string{"a 1.0.0 sha512-A"}, nil},
		{"a stronger algorithm instead", []string{"a 1.0.0 sha1-A"}, []string{"a 1.0.0 sha512-B"}, nil},
		{
			"a weaker algorithm instead",
			[]string{"a 1.0.0 sha512-B"}, []string{"a 1.0.0 sha1-A"}, []string{"relocked a [1.0.0]>1.0.0"},
		},
		{"a hash that goes away", []string{"a 1.0.0 sha512-A"}, []string{"a 1.0.0"}, []string{"relocked a [1.0.0]>1.0.0"}},
		{"a hash that goes away in a bundle", []string{"a 1.0.0 sha512-A"}, []string{"a 1.0.0 bundled"}, nil},
		{
			"one of two places goes bad",
			[]string{"a 1.0.0 sha512-A", "a 1.0.0 sha512-A"}, []string{"a 1.0.0 sha512-A", "a 1.0.0 sha512-B"},
			[]string{"relocked a [1.0.0]>1.0.0"},
		},
		{
			"the same bytes from a mirror",
			[]string{"a 1.0.0 sha512-A at=https://one.example/a/-/a-1.0.0.tgz"},
			[]string{"a 1.0.0 sha512-A at=https://two.example/a/-/a-1.0.0.tgz"}, nil,
		},
		{
			"another host and no hash to vouch for it",
			[]string{"a 1.0.0 at=https://one.example/a/-/a-1.0.0.tgz"},
			[]string{"a 1.0.0 at=https://two.example/a/-/a-1.0.0.tgz"},
			[]string{"relocked a [1.0.0]>1.0.0"},
		},
		{
			"an address that is left out is the same registry",
			[]string{"a 1.0.0 at=https://one.example/a/-/a-1.0.0.tgz"}, []string{"a 1.0.0"}, nil,
		},
		{
			"another source",
			[]string{"a 1.0.0 sha512-A"}, []string{"a 1.0.0 git at=git+https://git.example/a.git#1"},
			[]string{"relocked a [1.0.0]>1.0.0"},
		},
		{
			"another commit",
			[]string{"a 1.0.0 git at=git+https://git.example/a.git#1"},
			[]string{"a 1.0.0 git at=git+https://git.example/a.git#2"},
			[]string{"relocked a [1.0.0]>1.0.0"},
		},
		{
			"the same commit in another notation",
			[]string{"a 1.0.0 git at=github:o/a#1"}, []string{"a 1.0.0 git at=git+ssh://git@github.com/o/a.git#1"}, nil,
		},
		{
			"another folder of the same commit",
			[]string{"a 1.0.0 git at=git+https://git.example/o/a.git#1&path:/packages/a"},
			[]string{"a 1.0.0 git at=git+https://git.example/o/a.git#1&path:/packages/b"},
			[]string{"relocked a [1.0.0]>1.0.0"},
		},
		{"the repository's own packages", nil, []string{"a 1.0.0 workspace", "b 1.0.0 link", "c 1.0.0 file at=packages/c"}, nil},
		{"an archive in the repository", nil, []string{"a 1.0.0 file at=file:a.tgz"}, []string{"added a []>1.0.0"}},
		{"yarn's own checksum", []string{"a 1.0.0 sum=10/A"}, []string{"a 1.0.0 sum=10/A"}, nil},
		{"another checksum", []string{"a 1.0.0 sum=10/A"}, []string{"a 1.0.0 sum=10/B"}, []string{"relocked a [1.0.0]>1.0.0"}},
		{"a checksum of another yarn says nothing", []string{"a 1.0.0 sum=8/A"}, []string{"a 1.0.0 sum=10c0/B"}, nil},
		{"a checksum that yarn no longer insists on", []string{"a 1.0.0 sum=10/A"}, []string{"a 1.0.0 sum=8~/B"}, []string{"relocked a [1.0.0]>1.0.0"}},
		{"the same checksum in a file for a newer cache", []string{"a 1.0.0 sum=8/A"}, []string{"a 1.0.0 sum=8~/A"}, nil},
		{"one that it never insisted on", []string{"a 1.0.0 sum=8~/A"}, []string{"a 1.0.0 sum=10/B"}, nil},
		{"a checksum that goes away", []string{"a 1.0.0 sum=8/A"}, []string{"a 1.0.0"}, []string{"relocked a [1.0.0]>1.0.0"}},
		{"from berry to another package manager", []string{"a 1.0.0 sum=8/A"}, []string{"a 1.0.0 sha512-A at=https://one.example/a/-/a-1.0.0.tgz"}, nil},
		{"to berry", []string{"a 1.0.0 sha512-A at=https://one.example/a/-/a-1.0.0.tgz"}, []string{"a 1.0.0 sum=8/A"}, nil},
		{
			"classic's sum in the address",
			[]string{"a 1.0.0 at=https://one.example/a/-/a-1.0.0.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709"},
			[]string{"a 1.0.0 at=https://one.example/a/-/a-1.0.0.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80700"},
			[]string{"relocked a [1.0.0]>1.0.0"},
		},
		{
			"from classic to a package manager that writes no address",
			[]string{"a 1.0.0 at=https://one.example/a/-/a-1.0.0.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709"},
			[]string{"a 1.0.0 sha512-A"}, nil,
		},
		{
			"versions that don't parse differ by their text",
			[]string{"a one"}, []string{"a two"}, []string{"upgraded a [one]>two"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := show(Between(
				[]*lockfile.Inventory{inventory("package-lock.json", test.base...)},
				[]*lockfile.Inventory{inventory("package-lock.json", test.head...)}))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAVersionOfAnotherLockfileIsNoChange(t *testing.T) {
	base := []*lockfile.Inventory{inventory("a/package-lock.json", "x 1.0.0 sha512-A"), inventory("b/package-lock.json")}
	head := []*lockfile.Inventory{inventory("a/package-lock.json"), inventory("b/npm-shrinkwrap.json", "x 1.0.0 sha512-A")}
	if got := Between(base, head); len(got) != 0 {
		t.Errorf("moving a pin between lockfiles gave %v", show(got))
	}
	head = []*lockfile.Inventory{inventory("b/package-lock.json", "x 1.0.0 sha512-B")}
	if got := show(Between(base, head)); !slices.Equal(got, []string{"relocked x [1.0.0]>1.0.0"}) {
		t.Errorf("the same version with another hash in another lockfile gave %v", got)
	}
}

func TestFlagsAndPlaces(t *testing.T) {
	inv := inventory("package-lock.json",
		"top 1.0.0 direct needs=mid@1.0.0#1",
		"mid 1.0.0 needs=low@1.0.0#2",
		"low 1.0.0 dev needs=mid@1.0.0#1",
		"other 1.0.0 direct dev needs=low@1.0.0#2",
		"lost 1.0.0")
	changes := Between(nil, []*lockfile.Inventory{inv})
	got := make(map[string]string)
	for _, c := range changes {
		got[c.Name] = fmt.Sprintf("direct=%v dev=%v line=%d via=%v", c.Direct, c.Dev, c.Head[0].Entry.Line, c.Via)
	}
	want := map[string]string{
		"top":   "direct=true dev=false line=1 via=[top]",
		"mid":   "direct=false dev=false line=2 via=[top › mid]",
		"low":   "direct=false dev=true line=3 via=[other › low]",
		"other": "direct=true dev=true line=4 via=[other]",
		"lost":  "direct=false dev=false line=5 via=[]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestMirror(t *testing.T) {
	entry := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("%s %d.%d.0 sha512-%d",
			rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name"),
			rapid.IntRange(1, 2).Draw(t, "major"), rapid.IntRange(0, 2).Draw(t, "minor"), rapid.IntRange(0, 1).Draw(t, "hash"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a := []*lockfile.Inventory{inventory("p", rapid.SliceOfN(entry, 0, 5).Draw(t, "a")...)}
		b := []*lockfile.Inventory{inventory("p", rapid.SliceOfN(entry, 0, 5).Draw(t, "b")...)}
		if same := Between(a, a); len(same) != 0 {
			t.Fatalf("diff(a, a) = %v", show(same))
		}
		forth, back := Between(a, b), Between(b, a)
		if got, want := appear(forth), disappear(back, a); !slices.Equal(got, want) {
			t.Fatalf("forth brings %v, back takes away %v", got, want)
		}
	})
}

// appear lists the versions that changes bring in.
func appear(changes []Change) []string {
	var all []string
	for _, c := range changes {
		if c.Kind != Removed && c.Kind != Relocked {
			all = append(all, c.Name+"@"+c.To)
		}
	}
	slices.Sort(all)
	return all
}

// disappear lists the versions that changes take away: those removed, and
// those replaced that the other side no longer has.
func disappear(changes []Change, after []*lockfile.Inventory) []string {
	kept := collect(after, nil)
	var all []string
	for _, c := range changes {
		for _, from := range c.From {
			p := kept[packageName{c.Ecosystem, c.Name}]
			if c.Kind != Relocked && (p == nil || byVersion(p.before)[from] == nil) {
				all = append(all, c.Name+"@"+from)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestManyPlacesOfOneVersionCostLittle(t *testing.T) {
	side := func(hash string) []*lockfile.Inventory {
		lines := make([]string, 50_000)
		for i := range lines {
			lines[i] = fmt.Sprintf("a 1.0.0 sha512-%s%d", hash, i)
		}
		return []*lockfile.Inventory{inventory("p", lines...)}
	}
	start := time.Now()
	if got := Between(side("A"), side("B")); len(got) != 1 || len(got[0].Head) != 50_000 {
		t.Errorf("got %d changes", len(got))
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("50,000 places on each side took %s", took)
	}
}

func TestPathsDoNotRecurse(t *testing.T) {
	const depth = 200_000
	inv := &lockfile.Inventory{Path: "p", Ecosystem: "npm"}
	inv.Roots = []lockfile.Root{{Dependencies: []lockfile.Dependency{{Key: "0"}}}}
	for i := range depth {
		inv.Entries = append(inv.Entries, lockfile.Entry{
			Key: fmt.Sprint(i), Name: "n", Version: "1.0.0", Source: lockfile.Registry,
			Dependencies: []lockfile.Dependency{{Key: fmt.Sprint(i + 1)}},
		})
	}
	path := newGraph(inv).pathTo(&inv.Entries[depth-1])
	if len(path) != depth {
		t.Errorf("a chain of %d has a path of %d", depth, len(path))
	}
}
