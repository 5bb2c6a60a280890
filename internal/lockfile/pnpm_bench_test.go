package lockfile

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// BenchmarkPNPM reads files of growing size: the time for an entry should stay
// the same.
func BenchmarkPNPM(b *testing.B) {
	for _, entries := range []int{300, 3_000, 30_000} {
		data := locktest.PNPM(entries, 1)
		b.Run(fmt.Sprint(entries), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(Input{Path: "pnpm-lock.yaml", Data: data}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*entries), "ns/entry")
		})
	}
}

// BenchmarkPNPMWalked leaves out what yamlline takes.
func BenchmarkPNPMWalked(b *testing.B) {
	data := locktest.PNPM(3_000, 1)
	parsed, err := yamlline.Parse(data)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	fastest := time.Hour
	for b.Loop() {
		walk := *parsed
		start := time.Now()
		if _, err := readPNPMDocuments(Input{Path: "pnpm-lock.yaml", Data: data}, &walk); err != nil {
			b.Fatal(err)
		}
		fastest = min(fastest, time.Since(start))
	}
	b.ReportMetric(float64(len(data))/1e6/fastest.Seconds(), "MB/s-fastest")
}

// BenchmarkPNPMLines finds the lines of the same bytes, for comparison with
// BenchmarkPNPM/3000.
func BenchmarkPNPMLines(b *testing.B) {
	data := locktest.PNPM(3_000, 1)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		lines := 0
		for rest := data; len(rest) > 0; lines++ {
			_, rest, _ = bytes.Cut(rest, []byte("\n"))
		}
		if lines < 3_000 {
			b.Fatal(lines)
		}
	}
}

// What is kept for an inventory costs little more than its text, and is made in
// few pieces.
func TestPNPMMemory(t *testing.T) {
	data := locktest.PNPM(3_000, 1)
	parsed, err := yamlline.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	read := func() *Inventory {
		walk := *parsed
		inv, err := readPNPMDocuments(Input{Path: "pnpm-lock.yaml", Data: data}, &walk)
		if err != nil {
			t.Fatal(err)
		}
		return inv
	}
	if allocations := testing.AllocsPerRun(5, func() { read() }); allocations > 500 {
		t.Errorf("%v allocations for 3,000 entries", allocations)
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
	if held, most := after.HeapAlloc-before.HeapAlloc, 3*uint64(len(data)); held > most {
		t.Errorf("the inventory of %d bytes holds %d, more than %d", len(data), held, most)
	}
	runtime.KeepAlive(inv)
	runtime.KeepAlive(parsed)
}

// The generator is read without a doubt, so the benchmarks measure the usual.
func TestPNPMGenerated(t *testing.T) {
	data := locktest.PNPM(1_000, 7)
	inv, err := Parse(Input{Path: "pnpm-lock.yaml", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if len(inv.Entries) != 1_000 || len(inv.Doubts) != 0 || len(inv.Roots[0].Dependencies) != 60 {
		t.Errorf("%d entries, %d doubts, %d requests", len(inv.Entries), len(inv.Doubts), len(inv.Roots[0].Dependencies))
	}
	crlf, err := Parse(Input{Path: "pnpm-lock.yaml", Data: bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))})
	if err != nil || !bytes.Equal(dump(inv, nil), dump(crlf, nil)) {
		t.Errorf("with CRLF it reads otherwise: %v", err)
	}
}
