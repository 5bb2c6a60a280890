package lockfile

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

const bunHash = "sha512-3GXkzvDKHmgq5XxdGDRB0pDTVLZ0kPY0jDSWQLHVBnR1HE1sqmlCRC9PnzH0oO1k2fK2MbC4PdYuE1jZxVXlgg=="

// bunLock gives a bun.lock with such members in its packages.
func bunLock(packages string) string {
	return "{\"lockfileVersion\":1,\"workspaces\":{\"\":{}},\n\"packages\":{" + packages + "}}"
}

// bunAttacks are files that cost much for their size where a defence is
// missing: each has its own below.
var bunAttacks = []struct {
	name string
	data func() string
}{
	{"a packages object repeated", func() string { return "{" + strings.Repeat(`"packages":{},`, 200_000) + "}" }},
	{"a workspaces object repeated", func() string { return "{" + strings.Repeat(`"workspaces":{"":{}},`, 100_000) + "}" }},
	{"a list of requests repeated", func() string {
		return bunLock(`"a":["a@1.0.0","",{` + strings.Repeat(`"dependencies":{"b":"1"},`, 100_000) + `},""]`)
	}},
	{"a key repeated", func() string { return bunLock(strings.Repeat(`"a":["a@1.0.0","",{},""],`, 100_000)) }},
	{"small entries", func() string { return bunLock(repeat(500_000, `"%x":[],`)) }},
	{"small entries of other kinds", func() string { return bunLock(repeat(500_000, `"%x":0,`)) }},
	{"small workspaces", func() string { return `{"workspaces":{` + repeat(500_000, `"%x":{},`) + "}}" }},
	{"small requests", func() string {
		return bunLock(`"a":["a@1.0.0","",{"dependencies":{` + repeat(500_000, `"%x":"",`) + `}},""]`)
	}},
	{"small aliases", func() string { return `{"overrides":{` + repeat(500_000, `"":"npm:%x",`) + "}}" }},
	{"arrays that are no entries", func() string { return `{"x":[` + strings.Repeat("[],", 500_000) + "]}" }},
	{"one long tuple", func() string { return bunLock(`"a":["a@1.0.0"` + strings.Repeat(`,"",{}`, 500_000) + "]") }},
	{"requests from the depth of the tree", func() string {
		var b strings.Builder
		key := ""
		for i := range 120 {
			key = strings.TrimPrefix(fmt.Sprintf("%s/a%d-%s", key, i, strings.Repeat("n", 26)), "/")
			fmt.Fprintf(&b, `%q:["a@1.0.0","",{},""],%q:["b@1.0.0","",{},""],`, key, key+"/twice")
		}
		requests := strings.Repeat(`"none":"","away":"","twice":"","b":"",`, 150_000)
		return bunLock(`"x":["x@1.0.0","",{},""],"x/away":["away@1.0.0","",{},""],` + b.String() + fmt.Sprintf(`%q:["c@1.0.0","",{"dependencies":{%s}},""]`, key+"/c", requests))
	}},
	{"a long name asked for from there", func() string {
		key, entries := "", ""
		for range 120 {
			key = strings.TrimPrefix(key+"/a", "/")
			entries += fmt.Sprintf(`%q:["a@1.0.0","",{},""],`, key)
		}
		name := strings.Repeat("n", 1<<20)
		return bunLock(entries + fmt.Sprintf(`%q:["c@1.0.0","",{"dependencies":{"%s0":"","%s1":"","%s2":""}},""]`, key+"/c", name, name, name))
	}},
	{"long keys over and over", func() string {
		return bunLock(repeat(2_000, `"`+strings.Repeat("a/"+strings.Repeat("b", 60)+"/", 60)+`%d":[],`))
	}},
	{"comments", func() string { return "{" + strings.Repeat("/**/", 500_000) + strings.Repeat("//\n", 500_000) + "}" }},
	{"one long comment", func() string { return "{//" + strings.Repeat("/*", 1_000_000) + "\n}" }},
	{"comments without an end", func() string { return strings.Repeat("/* ", 500_000) }},
	{"trailing commas", func() string { return `{"x":[` + strings.Repeat("[1,],", 300_000) + "]}" }},
	{"nothing but openings", func() string { return strings.Repeat(`{"packages":[`, 200_000) }},
}

func TestBunAttacksAreBounded(t *testing.T) {
	for _, attack := range bunAttacks {
		t.Run(attack.name, func(t *testing.T) {
			data := []byte(attack.data())
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			inv, err := Parse(Input{Path: "bun.lock", Data: data})
			took := time.Since(start)
			runtime.ReadMemStats(&after)

			megabytes := float64(len(data)) / (1 << 20)
			if most := time.Duration((1 + megabytes) * float64(time.Second)); took > most {
				t.Errorf("%.1f MB took %s, more than %s", megabytes, took, most)
			}
			// Counting what is free again, of slices that grew.
			if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 64*uint64(len(data)) {
				t.Errorf("%d bytes made %d allocated, %d times as many", len(data), allocated, allocated/uint64(len(data)))
			}
			if err == nil && len(inv.Doubts) > maxDoubts+1 {
				t.Errorf("%d doubts", len(inv.Doubts))
			}
		})
	}
}

// Each cap has a file that exceeds it, and a message with the number.
func TestBunCaps(t *testing.T) {
	for _, c := range []struct {
		name, data, want string
	}{
		{"size", strings.Repeat(" ", maxSize+1), "app/bun.lock: reading: 67108865 bytes are more than the 67108864 that are read"},
		{"entries", bunLock(repeat(maxEntries+1, `"%d":[],`)), "app/bun.lock:2: reading: there are more than 1000000 entries"},
		{"workspaces", "{\"workspaces\":{\n" + repeat(maxEntries+1, `"%d":{},`) + "}}", "app/bun.lock:2: reading: there are more than 1000000 entries"},
		{"edges", bunLock(`"a":["a@1.0.0","",{"dependencies":{` + repeat(maxEdges+1, `"%d":"",`) + `}},""]`),
			"app/bun.lock:2: reading: there are more than 2000000 requests of packages for packages"},
		{"key", bunLock(`"` + strings.Repeat("k", maxKey+1) + `":[]`), "app/bun.lock:2: reading: there are more than 4096 bytes in the key of an entry"},
		{"names", bunLock(`"` + strings.Repeat("k/", maxFolders) + `k":[]`), "app/bun.lock:2: reading: there are more than 128 folders in the key of an entry"},
		{"depth", bunLock(`"a":["a@1.0.0","",{"x":` + strings.Repeat("[", 10_000)), "app/bun.lock:2: reading: nesting is deeper than 128 levels"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse(Input{Path: "app/bun.lock", Data: []byte(c.data)})
			if err == nil || err.Error() != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

// A message from a hostile file stays short.
func TestBunDoubtsAreShort(t *testing.T) {
	long := strings.Repeat("x", 1500)
	data := fmt.Sprintf(`{"lockfileVersion":"%[1]s","lockfileVersion":%[2]s,"workspaces":{"%[1]s":{},"%[1]s":{},"":[]},"packages":{
		"%[1]s":["%[1]s","%[1]s",{"dependencies":{"%[1]s":"1","%[1]s":%[2]s},"bundled":"%[1]s"},"%[1]s"],"%[1]s":["y@git+%[1]s#%[1]s",{},"%[1]s"],
		"a":["%[1]s/b@1.0.0","%[1]s",{},"sha512-%[1]s!"],"b":["b@workspace:%[1]s"],"%[1]s/%[1]s":"%[1]s"}}`, long, strings.Repeat("9", 4000))
	inv, err := Parse(Input{Path: "bun.lock", Data: []byte(data)})
	if err != nil {
		t.Fatal(err)
	}
	if len(inv.Doubts) < 10 {
		t.Errorf("%d doubts", len(inv.Doubts))
	}
	for _, d := range inv.Doubts {
		if len(d.Message) > 400 {
			t.Errorf("a message of %d bytes: %.100s", len(d.Message), d.Message)
		}
	}
}
