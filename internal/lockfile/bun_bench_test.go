package lockfile

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
)

// BenchmarkBun reads files of growing size: the time for an entry should stay
// the same.
func BenchmarkBun(b *testing.B) {
	for _, entries := range []int{1_000, 6_000, 10_000, 100_000} {
		data := locktest.Bun(entries, 1)
		b.Run(fmt.Sprint(entries), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(Input{Path: "bun.lock", Data: data}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*entries), "ns/entry")
		})
	}
}

// BenchmarkBunLines is a bare scan of the same lines, for comparison with
// BenchmarkBun/6000.
func BenchmarkBunLines(b *testing.B) {
	data := locktest.Bun(6_000, 1)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		lines := 0
		for range bytes.Lines(data) {
			lines++
		}
		if lines < 6_000 {
			b.Fatal(lines)
		}
	}
}

// Reading costs little more memory than the inventory, which shares one copy of
// the file's text.
func TestBunMemory(t *testing.T) {
	data := locktest.Bun(6_000, 1)
	read := func() *Inventory {
		inv, err := Parse(Input{Path: "bun.lock", Data: data})
		if err != nil {
			t.Fatal(err)
		}
		return inv
	}
	if allocations := testing.AllocsPerRun(5, func() { read() }); allocations > 500 {
		t.Errorf("%v allocations for 6,000 entries", allocations)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	inv := read()
	runtime.ReadMemStats(&after)
	if total, most := after.TotalAlloc-before.TotalAlloc, 8*uint64(len(data)); total > most {
		t.Errorf("reading %d bytes allocated %d, more than %d", len(data), total, most)
	}
	runtime.KeepAlive(inv)
}

// The generator is read without a doubt, so the benchmark measures the usual.
func TestBunGenerated(t *testing.T) {
	data := locktest.Bun(1_000, 7)
	inv, err := Parse(Input{Path: "bun.lock", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	aliases := 0
	for _, e := range inv.Entries {
		if e.Alias != "" {
			aliases++
		}
	}
	if len(inv.Entries) != 1_000 || aliases != 8 || len(inv.Doubts) > 0 {
		t.Errorf("%d entries, %d aliases, doubts: %v", len(inv.Entries), aliases, inv.Doubts)
	}
}
