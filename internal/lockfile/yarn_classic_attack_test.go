package lockfile

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// bounded checks that reading costs less than a second for each megabyte, and
// less than fifty times the input in memory.
func bounded(t *testing.T, name string, data []byte, read func([]byte)) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	read(data)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if most := time.Second + time.Duration(len(data)>>20)*time.Second; took > most {
		t.Errorf("%s: %d bytes took %s", name, len(data), took)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 50*uint64(len(data))+1<<20 {
		t.Errorf("%s: %d bytes made %d allocated, %d times as many", name, len(data), allocated, allocated/uint64(len(data)))
	}
}

// numbered repeats a format with the numbers up to n.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// classicAttacks are files that cost much for their size where a defence is
// missing.
var classicAttacks = []struct {
	name string
	data func() string
}{
	{"numbers for keys", func() string { return numbered(400_000, "%d:\n") }},
	{"keys of nothing", func() string { return strings.Repeat("a:\n", 1_000_000) }},
	{"entries of almost nothing", func() string { return numbered(400_000, "a%d:\n  a b\n") }},
	{"one key over and over", func() string { return strings.Repeat("a@1:\n  a b\n", 200_000) }},
	{"patterns of one key line", func() string { return strings.Repeat(numbered(30_000, "a%d,")+"b:\n  a b\n", 20) }},
	{"one pattern over and over", func() string { return strings.Repeat(strings.Repeat("a,", 100_000)+"a:\n  a b\n", 20) }},
	{"patterns without ranges", func() string { return numbered(200_000, "a%d:\n  version \"1\"\n") + "a1@1:\n  a b\n" }},
	{"long keys that much is asked of", func() string {
		return numbered(20_000, "a@%d, ") + "a@x:\n  a b\n" + strings.Repeat("b@1:\n  dependencies:\n"+strings.Repeat("    a x\n", 1000), 200)
	}},
	{"long keys that is asked of as much as is allowed", func() string {
		return numbered(20_000, "a@%d, ") + "a@x:\n  a b\nb@1:\n  dependencies:\n" + strings.Repeat("    a x\n", 1400) + strings.Repeat("#\n", 1<<20)
	}},
	{"requests that nothing answers", func() string { return "a@1:\n  dependencies:\n" + strings.Repeat("    b \"1\"\n", 500_000) }},
	{"requests for what has many entries", func() string {
		return numbered(100_000, "a@%d:\n  a b\n") + "b@1:\n  dependencies:\n" + strings.Repeat("    a x\n", 300_000)
	}},
	{"a field over and over", func() string { return "a@1:\n" + strings.Repeat("  version \"1\"\n  version \"2\"\n", 200_000) }},
	{"a list over and over", func() string { return "a@1:\n" + strings.Repeat("  dependencies:\n    b c\n", 200_000) }},
	{"aliases of many packages", func() string { return strings.Repeat(numbered(10_000, "\"a@npm:b%d\", ")+"a@1:\n  a b\n", 20) }},
	{"addresses for keys", func() string { return numbered(100_000, "\"https://files.example.com/%d.tgz\":\n  a b\n") }},
	{"depth", func() string {
		var b strings.Builder
		for i := range 4000 {
			fmt.Fprintf(&b, "%sa:\n", strings.Repeat("  ", i))
		}
		return b.String()
	}},
	{"empty lines", func() string { return strings.Repeat("\n", 8<<20) }},
	{"indented empty lines", func() string { return strings.Repeat("  \n", 2<<20) }},
	{"comments", func() string { return strings.Repeat("# yarn lockfile v2\n", 400_000) }},
	{"escapes", func() string { return strings.Repeat("a@1:\n  version \""+strings.Repeat(`\u0041`, 1000)+"\"\n", 800) }},
	{"quotes", func() string { return "a@1:\n  version " + strings.Repeat(`"`, 8<<20) }},
	{"escaped quotes", func() string { return "a@1:\n  version " + strings.Repeat(`"\`, 4<<20) }},
	{"half a conflict", func() string { return strings.Repeat("<<<<<<< =======\n", 400_000) }},
	{"names of control characters", func() string { return strings.Repeat("\"\\u0000\\u0000\\u0000\":\n  a b\n", 100_000) }},
}

func TestClassicAttacksAreBounded(t *testing.T) {
	for _, attack := range classicAttacks {
		t.Run(attack.name, func(t *testing.T) {
			bounded(t, attack.name, []byte(attack.data()), func(data []byte) {
				inv, err := Parse(Input{Path: "yarn.lock", Data: data})
				if err == nil && len(inv.Doubts) > maxDoubts+1 {
					t.Errorf("%d doubts", len(inv.Doubts))
				}
			})
		})
	}
}

// Each cap has a file that exceeds it, and a message with the number.
func TestClassicCaps(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"size", strings.Repeat("\n", maxSize+1), "app/yarn.lock: reading: 67108865 bytes are more than the 67108864 that are read"},
		{"entries", strings.Repeat("a:\n  x y\n", maxEntries+1), "app/yarn.lock:2000001: reading: there are more than 1000000 entries"},
		{"edges", "a:\n  dependencies:\n" + strings.Repeat("    b c\n", maxEdges+1),
			"app/yarn.lock:2000003: reading: there are more than 2000000 requests of packages for packages"},
		{"patterns", strings.Repeat(strings.Repeat("a,", 100_000)+"a:\n  x y\n", 20),
			"app/yarn.lock:39: reading: there are more than 2000000 patterns in the keys of entries"},
		{"pattern", strings.Repeat("a", maxKey+1) + ":\n", "app/yarn.lock:1: reading: there are more than 4096 bytes in one pattern of a key"},
		{"key", strings.Repeat("a,", maxKeyLine/2) + "a:\n", "app/yarn.lock:1: reading: there are more than 262144 bytes in the key of an entry"},
		{"answers", strings.Repeat("a, ", 80_000) + "a@x:\n  a b\n  dependencies:\n" + strings.Repeat("    a x\n", 2000),
			"app/yarn.lock: reading: there are more than 268435456 bytes in the keys of all answers"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse(Input{Path: "app/yarn.lock", Data: []byte(c.data)})
			if err == nil || err.Error() != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

// A message from a hostile file stays short.
func TestClassicDoubtsAreShort(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	data := fmt.Sprintf("a@1:\n  version \"1\"\n  version \"%[1]s\"\n  name %[1]s\n  resolved \" %[1]s/%[1]s\"\n  integrity %[1]s\n  dependencies:\n    %[1]s a\n    %[1]s b\n    %[1]s 1\nb@1 \"%[1]s\"\nc@1, \"d@npm:%[2]s\":\n  integrity \"%[1]s %[1]s\"\n\"%[2]s\\u0000\":\n",
		long, long[:4000])
	inv, err := Parse(Input{Path: "yarn.lock", Data: []byte(data)})
	if err != nil {
		t.Fatal(err)
	}
	if len(inv.Doubts) < 10 {
		t.Errorf("%d doubts", len(inv.Doubts))
	}
	for _, d := range inv.Doubts {
		if len(d.Message) > 500 {
			t.Errorf("a message of %d bytes: %.100s", len(d.Message), d.Message)
		}
	}
	_, err = Parse(Input{Path: "yarn.lock", Data: []byte("a@1:\n  %" + long)})
	if err == nil || len(err.Error()) > 500 {
		t.Errorf("a reason of %d bytes", len(err.Error()))
	}
}
