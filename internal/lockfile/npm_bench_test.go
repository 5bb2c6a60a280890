package lockfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
)

// BenchmarkNPM reads files of growing size: the time for an entry should stay
// the same.
func BenchmarkNPM(b *testing.B) {
	for _, entries := range []int{1_000, 6_000, 10_000, 100_000} {
		data := locktest.NPM(entries, 1)
		b.Run(fmt.Sprint(entries), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(Input{Path: "package-lock.json", Data: data}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*entries), "ns/entry")
		})
	}
}

// jsonLock is what a reader on encoding/json declares: no lines, no edges.
type jsonLock struct {
	Packages map[string]struct {
		Version, Resolved, Integrity string
		Dev, Optional                bool
		Dependencies                 map[string]string
	}
}

// BenchmarkEncodingJSON is for comparison with BenchmarkNPM/6000.
func BenchmarkEncodingJSON(b *testing.B) {
	data := locktest.NPM(6_000, 1)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var v jsonLock
		if err := json.Unmarshal(data, &v); err != nil {
			b.Fatal(err)
		}
	}
}

// Reading costs little more memory than the inventory, which shares one copy of
// the file's text.
func TestMemory(t *testing.T) {
	data := locktest.NPM(6_000, 1)
	read := func() *Inventory {
		inv, err := Parse(Input{Path: "package-lock.json", Data: data})
		if err != nil {
			t.Fatal(err)
		}
		return inv
	}
	if allocations := testing.AllocsPerRun(5, func() { read() }); allocations > 2_000 {
		t.Errorf("%v allocations for 6,000 entries", allocations)
	}

	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	inv := read()
	runtime.ReadMemStats(&after)
	if total, most := after.TotalAlloc-before.TotalAlloc, 5*uint64(len(data))/2; total > most {
		t.Errorf("reading %d bytes allocated %d, more than %d", len(data), total, most)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if held, most := after.HeapAlloc-before.HeapAlloc, 5*uint64(len(data))/2; held > most {
		t.Errorf("the inventory of %d bytes holds %d, more than %d", len(data), held, most)
	}
	runtime.KeepAlive(inv)
}

// The generator is read without a doubt, so the benchmarks measure the usual.
func TestGenerated(t *testing.T) {
	data := locktest.NPM(1_000, 7)
	inv, err := Parse(Input{Path: "package-lock.json", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if len(inv.Entries) != 1_000 || len(inv.Doubts) != 0 || len(inv.Roots[0].Dependencies) != 60 {
		t.Errorf("%d entries, %d doubts, %d requests", len(inv.Entries), len(inv.Doubts), len(inv.Roots[0].Dependencies))
	}
	for _, e := range inv.Entries {
		for _, d := range e.Dependencies {
			if d.Key == "" {
				t.Fatalf("%s: %s has no answer", e.Key, d.Name)
			}
		}
	}
	crlf, err := Parse(Input{Path: "package-lock.json", Data: bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))})
	if err != nil || !bytes.Equal(dump(inv, nil), dump(crlf, nil)) {
		t.Errorf("with CRLF it reads otherwise: %v", err)
	}
}
