package lockfile

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// attacks are files that cost much for their size where a defence is missing:
// each has its own below.
var attacks = []struct {
	name string
	data func() string
}{
	{"a packages object repeated", func() string {
		return "{" + strings.Repeat(`"packages":{},`, 200_000) + `"lockfileVersion":3}`
	}},
	{"a field repeated", func() string {
		return `{"lockfileVersion":3,"packages":{"node_modules/a":{` + strings.Repeat(`"version":"1.0.0","resolved":"x",`, 100_000) + `"dev":true}}}`
	}},
	{"a key repeated", func() string {
		return `{"lockfileVersion":3,"packages":{` + strings.Repeat(`"node_modules/a":{"version":"1.0.0"},`, 100_000) + `"":{}}}`
	}},
	{"an odd entry repeated", func() string {
		return `{"lockfileVersion":3,"packages":{` + strings.Repeat(`"//":{"version":1,"dev":7,"resolved":[]},`, 100_000) + `"":{}}}`
	}},
	{"halves that disagree", func() string {
		var a, b strings.Builder
		for i := range 50_000 {
			fmt.Fprintf(&a, `,"node_modules/a%d":{"version":"1.0.0"}`, i)
			fmt.Fprintf(&b, `"a%d":{"version":"2.0.0"},"b%d":{"version":"1.0.0"},`, i, i)
		}
		return `{"lockfileVersion":2,"packages":{"":{}` + a.String() + `},"dependencies":{` + b.String() + `"z":{}}}`
	}},
	{"requests from the depth of the tree", func() string {
		var b strings.Builder
		key := ""
		for i := range 60 {
			key = childKey(key, fmt.Sprint("a", i))
			fmt.Fprintf(&b, `%q:{"version":"1.0.0"},`, key)
			fmt.Fprintf(&b, `%q:{"version":"1.0.0"},`, childKey(key, "twice"))
		}
		requests := strings.Repeat(`"twice":"","none":"","a0":"",`, 100_000)
		return `{"lockfileVersion":3,"packages":{` + b.String() + fmt.Sprintf("%q", key) + `:{"version":"1","dependencies":{` + requests + `"x":""}}}}`
	}},
	{"long keys over and over", func() string {
		var b strings.Builder
		for i := range 2_000 {
			fmt.Fprintf(&b, `"%s%d":{"dependencies":{"a":"1"}},`, strings.Repeat("a/"+strings.Repeat("b", 60)+"/", 60), i)
		}
		return `{"lockfileVersion":3,"packages":{` + b.String() + `"":{}}}`
	}},
	{"nested names that add up", func() string {
		deep := ""
		for range 50 {
			deep += `"` + strings.Repeat("n", 60) + `":{"dependencies":{`
		}
		return `{"lockfileVersion":1,"dependencies":{` + deep + strings.Repeat(`"b":{},`, 100_000) + `"b":{}` + strings.Repeat("}}", 50) + `}}`
	}},
	{"links to links", func() string {
		deep := strings.Repeat(`"a":{"version":"file:x","dependencies":{`, 60)
		return `{"lockfileVersion":1,"dependencies":{` + deep + strings.Repeat(`"b":{},`, 20_000) + `"b":{}` + strings.Repeat("}}", 60) + `}}`
	}},
	{"a link with a long target", func() string {
		link := `"version":"file:` + strings.Repeat("x/", 1<<20) + `","dependencies":{` + strings.Repeat(`"b":{},`, 20_000) + `"b":{}}`
		return `{"lockfileVersion":1,"dependencies":{"a":{` + link + `}}}`
	}},
	{"links with long targets", func() string {
		var b strings.Builder
		for i := range 1000 {
			fmt.Fprintf(&b, `"node_modules/a%d":{"link":true,"resolved":"%s","dependencies":{"b":"1"}},`, i, strings.Repeat("x/", 2000))
		}
		long := `"node_modules/a":{"link":true,"resolved":"` + strings.Repeat("x/", 1<<20) + `","dependencies":{"b":"1"}},`
		return `{"lockfileVersion":3,"packages":{` + b.String() + long + `"":{}}}`
	}},
	{"half a conflict", func() string { return strings.Repeat("<<<<<< =======\n", 200_000) }},
	{"nothing but openings", func() string { return strings.Repeat(`{"dependencies":`, 200_000) }},
}

func TestAttacksAreBounded(t *testing.T) {
	for _, attack := range attacks {
		t.Run(attack.name, func(t *testing.T) {
			data := []byte(attack.data())
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			inv, err := Parse(Input{Path: "package-lock.json", Data: data})
			took := time.Since(start)
			runtime.ReadMemStats(&after)

			if took > 5*time.Second {
				t.Errorf("%d bytes took %s", len(data), took)
			}
			if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 2*maxKeyBytes+64*uint64(len(data)) {
				t.Errorf("%d bytes made %d allocated", len(data), allocated)
			}
			if err == nil && len(inv.Doubts) > maxDoubts+1 {
				t.Errorf("%d doubts", len(inv.Doubts))
			}
		})
	}
}

// Each cap has a file that exceeds it, and a message with the number.
func TestCaps(t *testing.T) {
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	v3 := func(packages string) string { return "{\"lockfileVersion\":3,\n\"packages\":{" + packages + `"":{}}}` }
	for _, c := range []struct {
		name, data, want string
	}{
		{"size", strings.Repeat(" ", maxSize+1), "app/package-lock.json: reading: 67108865 bytes are more than the 67108864 that are read"},
		{"entries", v3(many(maxEntries+1, "\"%d\":{},")), "app/package-lock.json:2: reading: there are more than 1000000 entries"},
		{"edges", v3(`"node_modules/a":{"dependencies":{` + many(maxEdges, "\"%d\":\"\",") + `"x":""}},`),
			"app/package-lock.json:2: reading: there are more than 2000000 requests of packages for packages"},
		{"key", v3(`"` + strings.Repeat("k", maxKey+1) + `":{},`),
			"app/package-lock.json:2: reading: there are more than 4096 bytes in the key of an entry"},
		{"folders", v3(`"` + strings.Repeat("k/", maxFolders) + `k":{},`),
			"app/package-lock.json:2: reading: there are more than 128 folders in the key of an entry"},
		{"keys", `{"lockfileVersion":1,"dependencies":{"` + strings.Repeat("k", 4000) + `":{"dependencies":{` + many(17_000, "\n\"%d\":{},") + `"x":{}}}}}`,
			"app/package-lock.json:16647: reading: there are more than 67108864 bytes in the keys of all entries"},
		{"depth", v3(`"node_modules/a":{"funding":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "},"),
			"app/package-lock.json:2: reading: nesting is deeper than 128 levels"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse(Input{Path: "app/package-lock.json", Data: []byte(c.data)})
			if err == nil || err.Error() != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

// What is beyond the list of doubts still says whether packages are in doubt.
func TestDoubtsBeyondTheList(t *testing.T) {
	body := strings.Repeat(`"node_modules/a":{"version":"1.0.0"},`, maxDoubts+10) + `"node_modules/a":{"version":"6.6.6"}`
	inv, err := Parse(Input{Path: "package-lock.json", Data: []byte(`{"lockfileVersion":3,"packages":{` + body + `}}`)})
	if err != nil {
		t.Fatal(err)
	}
	if len(inv.Entries) != maxDoubts+11 {
		t.Errorf("%d entries", len(inv.Entries))
	}
	last := inv.Doubts[len(inv.Doubts)-1]
	if want := "10 more doubts are not listed"; last.Message != want || !last.Packages {
		t.Errorf("the last doubt is %+v, want %s", last, want)
	}
}

// A message from a hostile file stays short.
func TestDoubtsAreShort(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	data := fmt.Sprintf(`{"lockfileVersion":%q,"packages":{"node_modules/a":{"version":[%q],"resolved":%q,"integrity":%q,"resolved":"y","Version":%q,"dev":%q,"link":%s}}}`,
		long, long, long, long, long, long, strings.Repeat("9", 100_000))
	inv, err := Parse(Input{Path: "package-lock.json", Data: []byte(data)})
	if err != nil {
		t.Fatal(err)
	}
	if len(inv.Doubts) < 5 {
		t.Errorf("%d doubts", len(inv.Doubts))
	}
	for _, d := range inv.Doubts {
		if len(d.Message) > 400 {
			t.Errorf("a message of %d bytes: %.100s", len(d.Message), d.Message)
		}
	}
}
