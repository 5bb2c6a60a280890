package lockfile

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// repeat writes n numbered parts.
func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// denoAttacks are files that cost much for their size where a defence is
// missing.
var denoAttacks = []struct {
	name string
	data func() string
}{
	{"a section repeated", func() string {
		return `{"version":"5",` + strings.Repeat(`"npm":{},`, 100_000) + `"jsr":{}}`
	}},
	{"members that nobody knows", func() string { return "{" + repeat(100_000, `"x%d":{},`) + `"version":"5"}` }},
	{"a key repeated", func() string {
		return `{"version":"5","npm":{` + strings.Repeat(`"a@1":{},`, 100_000) + `"b@1":{}}}`
	}},
	{"a field repeated", func() string {
		return `{"version":"5","npm":{"a@1":{` + strings.Repeat(`"integrity":"x",`, 100_000) + `"bin":true}}}`
	}},
	{"small entries", func() string { return `{"version":"5","npm":{` + repeat(100_000, `"%d@1":{},`) + `"a@1":{}}}` }},
	{"small modules", func() string { return "{" + repeat(100_000, `"%d":"",`) + `"a":""}` }},
	{"specifiers without packages", func() string {
		return `{"version":"5","specifiers":{` + repeat(100_000, `"jsr:%d":"1",`) + `"jsr:a":"1"}}`
	}},
	{"keys of jsr on keys of npm on keys of jsr", func() string {
		key, npm, jsr := "a@1", "", ""
		for range 1000 {
			npm += `"` + key + `":{},`
			jsr += `"` + key + `":{},`
			key = "jsr:" + key
		}
		return `{"version":"5","npm":{` + npm + `"b@1":{}},"jsr":{` + strings.Repeat(`"a@1":{},`, 20_000) + jsr + `"b@1":{}}}`
	}},
	{"requests for a name with many keys", func() string {
		return `{"version":"5","npm":{` + repeat(50_000, `"a@1_%d":{"dependencies":["a","a@1","x@npm:a@1"]},`) + `"b@1":{}}}`
	}},
	{"long specifiers", func() string {
		long := strings.Repeat("@/", 2000)
		return `{"version":"5","specifiers":{` + repeat(1000, `"npm:`+long+`%d":"`+long+`",`) + `"a":"1"}}`
	}},
	{"requests with long names", func() string {
		long := strings.Repeat("@npm:/", 1<<18)
		return `{"version":"5","jsr":{"@s/a@1":{"dependencies":[` + strings.Repeat(`"jsr:`+long+`",`, 4) + `"npm:b"]}}}`
	}},
	{"addresses of many folders", func() string {
		return "{" + repeat(2000, `"https://modules.example/`+strings.Repeat("a@/", 1200)+`%d":"",`) + `"a":""}`
	}},
	{"redirects in a ring", func() string {
		return `{"version":"5","redirects":{` + repeat(100_000, `"https://modules.example/%[1]d":"https://modules.example/%[1]d0",`) + `"a":"a"}}`
	}},
	{"members of a workspace", func() string {
		return `{"version":"5","workspace":{"members":{` + repeat(100_000, `"%d":{"dependencies":["npm:a"]},`) + `"a":{}}}}`
	}},
	{"nothing but openings", func() string { return strings.Repeat(`{"packages":`, 100_000) }},
}

func TestDenoAttacksAreBounded(t *testing.T) {
	manifest := []byte(`{"imports":{` + repeat(20_000, `"%[1]d":"https://modules.example/a@/%[1]d/",`) + `"a":"npm:a"}}`)
	for _, attack := range denoAttacks {
		t.Run(attack.name, func(t *testing.T) {
			data := []byte(attack.data())
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			inv, err := Parse(Input{Path: "deno.lock", Data: data, Manifest: func(path string) ([]byte, bool) { return manifest, path == "deno.json" }})
			took := time.Since(start)
			runtime.ReadMemStats(&after)

			if took > 5*time.Second {
				t.Errorf("%d bytes took %s", len(data), took)
			}
			if allocated, most := after.TotalAlloc-before.TotalAlloc, 128*uint64(len(data))+64<<20; allocated > most {
				t.Errorf("%d bytes made %d allocated, more than %d", len(data), allocated, most)
			}
			runtime.GC()
			var held runtime.MemStats
			runtime.ReadMemStats(&held)
			if kept := int64(held.HeapAlloc) - int64(before.HeapAlloc); kept > 50*int64(len(data)) {
				t.Errorf("%d bytes are held by %d", len(data), kept)
			}
			if err == nil && len(inv.Doubts) > maxDoubts+1 {
				t.Errorf("%d doubts", len(inv.Doubts))
			}
		})
	}
}

// Each cap has a file that exceeds it, and a message with the number.
func TestDenoCaps(t *testing.T) {
	npm := func(packages string) string { return "{\"version\":\"5\",\n\"npm\":{" + packages + `"b@1":{}}}` }
	for _, c := range []struct{ name, data, want string }{
		{"size", strings.Repeat(" ", maxSize+1), "app/deno.lock: reading: 67108865 bytes are more than the 67108864 that are read"},
		{"entries", npm(repeat(maxEntries, `"%d@1":{},`)), "app/deno.lock:2: reading: there are more than 1000000 entries and specifiers"},
		{"specifiers", "{\"specifiers\":{" + repeat(maxEntries, `"npm:%d":"",`) + "\n\"npm:a\":\"\"}}",
			"app/deno.lock:2: reading: there are more than 1000000 entries and specifiers"},
		{"edges", npm(`"a@1":{"dependencies":[` + strings.Repeat(`"a",`, maxEdges) + `"a"]},`),
			"app/deno.lock:2: reading: there are more than 2000000 requests of packages for packages"},
		{"requests of roots", "{\n\"workspace\":{\"dependencies\":[" + strings.Repeat(`"a",`, maxEdges) + "\"a\"]}}",
			"app/deno.lock:2: reading: there are more than 2000000 requests of packages for packages"},
		{"key", npm(`"` + strings.Repeat("k", maxKey+1) + `":{},`),
			"app/deno.lock:2: reading: there are more than 4096 bytes in the key of an entry"},
		{"depth", npm(`"a@1":{"os":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "},"),
			"app/deno.lock:2: reading: nesting is deeper than 128 levels"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse(Input{Path: "app/deno.lock", Data: []byte(c.data)})
			if err == nil || err.Error() != c.want {
				t.Errorf("%.200v, want %s", err, c.want)
			}
		})
	}
}

// A message from a hostile file stays short.
func TestDenoDoubtsAreShort(t *testing.T) {
	long := strings.Repeat("x", 4000)
	data := fmt.Sprintf(`{"version":[%[1]q],%[1]q:{},"specifiers":{%[1]q:%[1]q,"npm:%[1]s":%[1]q,"npm:b":1},"jsr":{%[1]q:{"integrity":%[1]q}},
		"npm":{%[1]q:{"integrity":%[1]q,"tarball":%[1]q,"Integrity":%[1]q,"scripts":%[1]q,"dependencies":%[1]q}},"redirects":{%[1]q:%[1]q},"remote":{%[1]q:%[2]s}}`,
		long, strings.Repeat("9", 4000))
	inv, err := Parse(Input{Path: "deno.lock", Data: []byte(data)})
	if err != nil {
		t.Fatal(err)
	}
	if len(inv.Doubts) < 12 {
		t.Errorf("%d doubts", len(inv.Doubts))
	}
	for _, d := range inv.Doubts {
		if len(d.Message) > 400 {
			t.Errorf("a message of %d bytes: %.100s", len(d.Message), d.Message)
		}
	}
}
