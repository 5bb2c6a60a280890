package lockfile

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
)

// BenchmarkYarnClassic reads files of growing size: the time for an entry should
// stay the same.
func BenchmarkYarnClassic(b *testing.B) {
	for _, entries := range []int{1_000, 6_000, 10_000, 100_000} {
		data := locktest.YarnClassic(entries, 1)
		b.Run(fmt.Sprint(entries), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(Input{Path: "yarn.lock", Data: data}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*entries), "ns/entry")
		})
	}
}

// BenchmarkLineScan is for comparison with BenchmarkYarnClassic/6000: it looks
// at nothing but where lines end and how they begin.
func BenchmarkLineScan(b *testing.B) {
	data := locktest.YarnClassic(6_000, 1)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		scanLines(data)
	}
}

// scanLines counts the lines that are not indented.
func scanLines(data []byte) (keys int) {
	for rest := data; len(rest) > 0; {
		line := rest
		if end := bytes.IndexByte(rest, '\n'); end >= 0 {
			line, rest = rest[:end], rest[end+1:]
		} else {
			rest = nil
		}
		if len(line) > 0 && line[0] != ' ' {
			keys++
		}
	}
	return keys
}

// Reading costs little more memory than the inventory, which shares one copy of
// the file's text.
func TestClassicMemory(t *testing.T) {
	data := locktest.YarnClassic(6_000, 1)
	read := func() *Inventory {
		inv, err := Parse(Input{Path: "yarn.lock", Data: data})
		if err != nil {
			t.Fatal(err)
		}
		return inv
	}
	if allocations := testing.AllocsPerRun(5, func() { read() }); allocations > 3_000 {
		t.Errorf("%v allocations for 6,000 entries", allocations)
	}

	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	inv := read()
	runtime.ReadMemStats(&after)
	if total, most := after.TotalAlloc-before.TotalAlloc, 4*uint64(len(data)); total > most {
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
func TestClassicGenerated(t *testing.T) {
	inv, err := Parse(Input{Path: "yarn.lock", Data: locktest.YarnClassic(1_000, 7)})
	if err != nil {
		t.Fatal(err)
	}
	if len(inv.Entries) != 1_000 || len(inv.Doubts) != 0 {
		t.Errorf("%d entries, %d doubts", len(inv.Entries), len(inv.Doubts))
	}
	for _, e := range inv.Entries {
		for _, d := range e.Dependencies {
			if d.Key == "" {
				t.Fatalf("%s: %s has no answer", e.Key, d.Name)
			}
		}
	}
}
