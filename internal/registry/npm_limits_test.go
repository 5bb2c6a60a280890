package registry

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"
)

// pieces reads a document that is written as it is read, so that a test's own
// copy of it counts for nothing.
type pieces struct {
	next func() (string, bool)
	rest string
	size int
	// every is called now and then, if set.
	every func()
	count int
}

func read(seq iter.Seq[string]) *pieces {
	next, _ := iter.Pull(seq)
	return &pieces{next: next}
}

func (p *pieces) Read(b []byte) (int, error) {
	for p.rest == "" {
		piece, ok := p.next()
		if !ok {
			return 0, io.EOF
		}
		p.rest = piece
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	p.size += n
	if p.count++; p.every != nil && p.count%100 == 0 {
		p.every()
	}
	return n, nil
}

// members writes an object whose members come from f.
func members(n int, f func(i int) string) string {
	var b strings.Builder
	b.WriteString("{")
	for i := range n {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(f(i))
	}
	return b.String() + "}"
}

func list(n int, element string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + "]"
}

func TestReadNPMLimits(t *testing.T) {
	release := func(member string) string { return `"versions":{"1.0.0":{` + member + `}}` }
	dependencies := func(n int) string {
		return `"dependencies":` + members(n, func(i int) string { return fmt.Sprintf(`"d%d":"1"`, i) })
	}
	text := func(n int) string { return `"` + strings.Repeat("x", n) + `"` }
	tests := []struct {
		name       string
		fits, over string // members of the document beside its name
		limit      string
	}{
		{
			"releases",
			`"versions":` + members(maxVersions, func(i int) string { return fmt.Sprintf(`"0.0.%d":{}`, i) }),
			`"versions":` + members(maxVersions+1, func(i int) string { return fmt.Sprintf(`"0.0.%d":{}`, i) }),
			"100000 releases",
		},
		{
			"times",
			`"versions":{},"time":` + members(maxVersions, func(i int) string { return fmt.Sprintf(`"0.0.%d":"2026-01-01T00:00:00Z"`, i) }),
			`"versions":{},"time":` + members(maxVersions+1, func(i int) string { return fmt.Sprintf(`"0.0.%d":"2026-01-01T00:00:00Z"`, i) }),
			"100000 publication times",
		},
		{
			"unpublished",
			`"time":{"unpublished":{"versions":` + list(maxVersions, `"1"`) + `}}`,
			`"time":{"unpublished":{"versions":` + list(maxVersions+1, `"1"`) + `}}`,
			"100000 unpublished versions",
		},
		{"dependencies", release(dependencies(maxListed)), release(dependencies(maxListed + 1)), "5000 dependencies of a release"},
		{
			"maintainers",
			release(`"maintainers":` + list(maxListed, `"ann"`)),
			release(`"maintainers":` + list(maxListed+1, `"ann"`)),
			"5000 maintainers of a release",
		},
		{
			"hashes",
			release(`"dist":{"integrity":"` + strings.Repeat("a ", maxHashes) + `b"}`),
			release(`"dist":{"integrity":"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17"}`),
			"16 hashes of a release",
		},
		{
			"signatures",
			release(`"dist":{"signatures":` + list(maxSignatures, `{"keyid":"k","sig":"s"}`) + `}`),
			release(`"dist":{"signatures":` + list(maxSignatures+1, `{}`) + `}`),
			"8 signatures of a release",
		},
		{"kept text", release(`"gitHead":` + text(maxText)), release(`"gitHead":` + text(maxText+1)), "65536 bytes in a string"},
		{"kept name", release(`"dependencies":{` + text(maxText) + `:"1"}`), release(`"dependencies":{` + text(maxText+1) + `:"1"}`), "65536 bytes in a string"},
		{
			"depth",
			`"versions":{},"x":` + strings.Repeat("[", maxDepth-1) + strings.Repeat("]", maxDepth-1),
			`"versions":{},"x":` + strings.Repeat(`{"x":`, maxDepth) + "1" + strings.Repeat("}", maxDepth),
			"64 levels of nesting",
		},
		{
			"number",
			`"versions":{},"x":` + strings.Repeat("9", maxLiteral),
			`"versions":{},"x":` + strings.Repeat("9", maxLiteral+1),
			"256 bytes in a number",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ReadNPM(strings.NewReader(`{"name":"wren",`+tt.fits+`}`), "wren"); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			_, err := ReadNPM(strings.NewReader(`{"name":"wren",`+tt.over+`}`), "wren")
			var broken *Broken
			if !errors.As(err, &broken) || !strings.Contains(broken.Reason, "more than "+tt.limit) {
				t.Errorf("past the limit: %v, want more than %s", err, tt.limit)
			}
		})
	}
}

// bigDocument is one of 30 MB: many releases with long texts that nobody keeps.
func bigDocument() iter.Seq[string] {
	const releases = 6000
	readme := strings.Repeat(`a line of prose with \"quotes\", \u00fcmlauts and a newline\n`, 40)
	return func(yield func(string) bool) {
		yield(`{"_id":"wren","name":"wren","dist-tags":{"latest":"1.0.1"},"versions":{`)
		for i := range releases {
			deps := members(25, func(d int) string { return fmt.Sprintf(`"dependency-%d":"^%d.%d.0"`, d, d, i/100) })
			yield(fmt.Sprintf(`"1.0.%d":{"name":"wren","version":"1.0.%d","readme":"%s","dependencies":%s,`+
				`"scripts":{"test":"jest","prepare":"tsc --project %d"},"gitHead":"%040d",`+
				`"_npmUser":{"name":"ann","email":"ann@example.com"},`+
				`"maintainers":[{"name":"ann","email":"ann@example.com"},{"name":"bob","email":"bob@example.com"}],`+
				`"dist":{"integrity":"sha512-%086d==","shasum":"%040d","tarball":"https://npm.example.com/wren/-/wren-1.0.%d.tgz"}},`,
				i, i, readme, deps, i, i, i, i, i))
		}
		yield(`"2.0.0":{}},"time":{"created":"2020-01-01T00:00:00.000Z"`)
		for i := range releases {
			yield(fmt.Sprintf(`,"1.0.%d":"2020-01-01T00:%02d:%02d.000Z"`, i, i/60%60, i%60))
		}
		yield(`},"readme":"`)
		for range 4000 {
			yield(readme) // one string of 10 MB
		}
		yield(`"}`)
	}
}

// A document of 30 MB costs less than 20 MiB, what is kept of it included.
func TestReadNPMMemory(t *testing.T) {
	const limit = 20 << 20
	heap := func() int64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	runtime.GC()
	before, peak := heap(), int64(0)
	document := read(bigDocument())
	document.every = func() { peak = max(peak, heap()) }
	p, err := ReadNPM(document, "wren")
	if err != nil {
		t.Fatal(err)
	}
	if document.size < 30<<20 || len(p.Releases) != 6001 {
		t.Fatalf("read %d bytes and %d releases", document.size, len(p.Releases))
	}
	peak = max(peak, heap())
	runtime.GC()
	t.Logf("%d bytes: %d KiB at the peak, %d KiB kept", document.size, (peak-before)>>10, (heap()-before)>>10)
	if peak-before > limit {
		t.Errorf("%d bytes of memory for %d of document", peak-before, document.size)
	}
	runtime.KeepAlive(p)
}

// A text without end is read in constant memory, wherever it stands.
func TestReadNPMEndless(t *testing.T) {
	for name, edges := range map[string][2]string{
		"skipped string": {`{"name":"wren","versions":{},"readme":"`, `"}`},
		"kept string":    {`{"name":"wren","versions":{"1.0.0":{"deprecated":"`, `"}}}`},
		"name":           {`{"name":"wren","versions":{"1.0.0":{"dependencies":{"`, `":"1"}}}}`},
		"blanks":         {`{"name":"wren","versions":{}`, `}`},
	} {
		t.Run(name, func(t *testing.T) {
			filler := strings.Repeat(map[bool]string{true: " ", false: "x"}[name == "blanks"], 1<<20)
			document := read(func(yield func(string) bool) {
				yield(edges[0])
				for range 16 {
					yield(filler)
				}
				yield(edges[1])
			})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := ReadNPM(document, "wren")
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 2<<20 {
				t.Errorf("%d bytes of memory for %d of one token", used, document.size)
			}
			if fails := strings.HasPrefix(name, "kept") || name == "name"; (err != nil) != fails {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func BenchmarkReadNPM(b *testing.B) {
	var text strings.Builder
	for piece := range bigDocument() {
		text.WriteString(piece)
	}
	document := text.String()
	b.SetBytes(int64(len(document)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadNPM(strings.NewReader(document), "wren"); err != nil {
			b.Fatal(err)
		}
	}
}
