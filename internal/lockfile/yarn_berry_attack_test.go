package lockfile

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// berryAttacks are files that cost much for their size where a defence is
// missing: each has its own below. What they have in common is one long text
// that many things look at.
var berryAttacks = []struct {
	name string
	tree func() berryTree
}{
	{"many commas in a key", func() berryTree {
		return berryTree{"app/yarn.lock": berryFile(berryPackage(strings.Repeat("a,", 400_000)+"a@1", "a@npm:1.0.0", ""))}
	}},
	{"many ranges in a key", func() berryTree {
		return berryTree{"app/yarn.lock": berryFile(berryPackage(repeat(60_000, "a@npm:^%d, ")+"a@1", "a@npm:1.0.0", ""))}
	}},
	{"many patches in a key of a long patch", func() berryTree {
		long := "a@patch:a@npm%3A1.0.0#" + strings.Repeat("x", 500_000)
		return berryTree{"app/yarn.lock": berryFile(berryPackage(repeat(20_000, "b@patch:b@npm%%3A%d#x, ")+"a@1", long, ""))}
	}},
	{"many keys of long resolutions", func() berryTree {
		return berryTree{"app/yarn.lock": berryFile(berryPackage(repeat(40_000, "b@npm:%d, ")+"a@1", "a@nix:"+strings.Repeat("x", 500_000), ""))}
	}},
	{"paths relative to a long name", func() berryTree {
		return berryTree{"app/yarn.lock": berryFile(berryPackage("a@npm:1", "a@npm:"+strings.Repeat("1", 500_000),
			"  dependencies:\n"+repeat(20_000, "    a%d: link:./x\n")))}
	}},
	{"paths relative to a name that is not that long", func() berryTree {
		return berryTree{"app/yarn.lock": berryFile(berryPackage("a@npm:1", "a@npm:1"+strings.Repeat("@", maxBound-20),
			"  dependencies:\n"+repeat(20_000, "    a%d: link:./x\n")))}
	}},
	{"many resolutions for one name", func() berryTree {
		return berryTree{
			"app/yarn.lock":    berryFile(berryPackage("a@npm:1", "a@npm:1", "  dependencies:\n"+strings.Repeat("    b: npm:1\n", 40_000))),
			"app/package.json": `{"resolutions": {` + repeat(200_000, `"x%d/b": "1",`) + `"c": "1"}}`,
		}
	}},
	{"a long resolution", func() berryTree {
		return berryTree{
			"app/yarn.lock":    berryFile(berryPackage("a@npm:1", "a@npm:1", "  dependencies:\n"+strings.Repeat("    b: npm:1\n", 40_000))),
			"app/package.json": `{"resolutions": {"b": "` + strings.Repeat("x", 4<<20) + `"}}`,
		}
	}},
	{"a long catalog", func() berryTree {
		return berryTree{
			"app/yarn.lock":   berryFile(berryPackage("a@npm:1", "a@npm:1", "  dependencies:\n"+strings.Repeat("    b: \"catalog:\"\n", 40_000))),
			"app/.yarnrc.yml": "catalog:\n  b: " + strings.Repeat("x", 4<<20) + "\n",
		}
	}},
	{"many workspaces in one folder", func() berryTree {
		return berryTree{
			"app/yarn.lock":      repeat(5_000, "\"a%[1]d@workspace:x\":\n  resolution: \"a%[1]d@workspace:x\"\n  dependencies:\n    b: npm:1\n"),
			"app/x/package.json": `{"devDependencies": {` + repeat(20_000, `"a%d": "1",`) + `"b": "1"}}`,
		}
	}},
	{"many names that may be missing", func() berryTree {
		return berryTree{"app/yarn.lock": berryFile(berryPackage("a@npm:1", "a@npm:1",
			"  dependencies:\n"+repeat(20_000, "    a%d: npm:1\n")+"  dependenciesMeta:\n"+repeat(20_000, "    a%d: {optional: true}\n")))}
	}},
	{"dependencies over and over", func() berryTree {
		return berryTree{"app/yarn.lock": berryFile(berryPackage("a@npm:1", "a@npm:1",
			strings.Repeat("  dependencies: {a: npm:1, b: npm:1}\n  bin: {}\n", 10_000)))}
	}},
	{"one key over and over", func() berryTree {
		return berryTree{"app/yarn.lock": strings.Repeat("\"a@npm:1\": {resolution: \"a@npm:1\"}\n", 30_000)}
	}},
	{"metadata over and over", func() berryTree {
		return berryTree{"app/yarn.lock": strings.Repeat("__metadata: {version: 8, cacheKey: x}\n", 30_000)}
	}},
	{"deep patches", func() berryTree {
		return berryTree{"app/yarn.lock": repeat(4_000, "\"a@npm:%d\": {resolution: \"a@"+strings.Repeat("patch:a@", 200)+"npm:1\"}\n")}
	}},
	{"comments", func() berryTree {
		return berryTree{"app/yarn.lock": strings.Repeat("# yarn lockfile\n", 60_000) + "a: b\n"}
	}},
}

// The YAML itself is read before: what it costs is its reader's affair.
func TestBerryAttacksAreBounded(t *testing.T) {
	for _, attack := range berryAttacks {
		t.Run(attack.name, func(t *testing.T) {
			in := attack.tree().input()
			size := len(in.Data)
			for _, file := range []string{"app/package.json", "app/x/package.json", "app/.yarnrc.yml"} {
				data, _ := in.Manifest(file)
				size += len(data)
			}
			walk, err := yamlline.Parse(in.Data)
			if err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			inv, err := newBerryReader(in).read(walk)
			took := time.Since(start)
			runtime.ReadMemStats(&after)

			if limit := 3*time.Second + time.Duration(size)*time.Microsecond; took > limit {
				t.Errorf("%d bytes took %s", size, took)
			}
			if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 64<<20+50*uint64(size) {
				t.Errorf("%d bytes made %d allocated", size, allocated)
			}
			if err == nil && len(inv.Doubts) > maxDoubts+1 {
				t.Errorf("%d doubts", len(inv.Doubts))
			}
		})
	}
}

// Each cap is met by one thing too many, and its message has the number.
func TestBerryCaps(t *testing.T) {
	file := "\n" + strings.TrimPrefix(berryPackage("a@npm:1, a@npm:2", "a@npm:1", "  dependencies:\n    b: ^1\n"), "\n")
	for _, c := range []struct {
		set  func(*berryReader)
		want string
	}{
		{func(r *berryReader) { r.entryCount = maxEntries }, "app/yarn.lock:2: reading: there are more than 1000000 entries"},
		{func(r *berryReader) { r.edgeCount = maxEdges }, "app/yarn.lock:6: reading: there are more than 2000000 requests of packages for packages"},
		{func(r *berryReader) { r.keyCount = maxEdges - 1 }, "app/yarn.lock:2: reading: there are more than 2000000 ranges in the keys of all entries"},
		{func(r *berryReader) { r.keyCount = maxEdges - 2 }, "<nil>"},
	} {
		r := newBerryReader(Input{Path: "app/yarn.lock", Data: []byte(file)})
		c.set(r)
		walk, err := yamlline.Parse(r.in.Data)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.read(walk); fmt.Sprint(err) != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	long := "\n\"" + strings.Repeat("k", maxBerryKey+1) + "\": {}\n"
	const want = "app/yarn.lock:2: reading: there are more than 1048576 bytes in the key of an entry"
	if _, err := readYarnBerry(Input{Path: "app/yarn.lock", Data: []byte(long)}); fmt.Sprint(err) != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// A message from a hostile file stays short.
func TestBerryDoubtsAreShort(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	data := "__metadata:\n  version: " + long + "\n  " + long + ": a\n" +
		berryPackage(long+"@"+long+", "+long, long+"@"+long, "  "+long+": a\n  version: "+long+"\n  dependencies: "+long+"\n") +
		berryPackage("a@"+long, "b@"+long, "  resolution: [a]\n  dependenciesMeta:\n    "+long+": x\n") +
		strings.ReplaceAll(berryRoot, "soft", long)
	inv, err := readYarnBerry(Input{Path: "app/yarn.lock", Data: []byte(data), Manifest: func(string) ([]byte, bool) {
		return []byte(`{"` + long + `": `), true
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(inv.Doubts) < 12 {
		t.Errorf("%d doubts: %+v", len(inv.Doubts), inv.Doubts)
	}
	for _, d := range inv.Doubts {
		if len(d.Message) > 400 {
			t.Errorf("a message of %d bytes: %.100s", len(d.Message), d.Message)
		}
	}
}
