package lockfile

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// BenchmarkBerry reads files of growing size: the time for an entry should stay
// the same.
func BenchmarkBerry(b *testing.B) {
	for _, entries := range []int{1_000, 6_000, 40_000} {
		data := locktest.YarnBerry(entries, 1)
		b.Run(fmt.Sprint(entries), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := readYarnBerry(Input{Path: "yarn.lock", Data: data}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*entries), "ns/entry")
		})
	}
}

// BenchmarkBerryWalked is all that follows the reading of the YAML.
func BenchmarkBerryWalked(b *testing.B) {
	data := locktest.YarnBerry(6_000, 1)
	walk, err := yamlline.Parse(data)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		again := *walk
		if _, err := newBerryReader(Input{Path: "yarn.lock", Data: data}).read(&again); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBerryLineScan is for comparison: the least that a reader with lines does.
func BenchmarkBerryLineScan(b *testing.B) {
	data := locktest.YarnBerry(6_000, 1)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		lines := 0
		for rest := data; len(rest) > 0; lines++ {
			_, rest, _ = bytes.Cut(rest, []byte("\n"))
		}
	}
}

// What follows the reading of the YAML costs little memory more than the
// inventory, which shares the text of the walk.
func TestBerryMemory(t *testing.T) {
	data := locktest.YarnBerry(6_000, 1)
	walk, err := yamlline.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	read := func() *Inventory {
		again := *walk
		inv, err := newBerryReader(Input{Path: "yarn.lock", Data: data}).read(&again)
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
	read()
	runtime.ReadMemStats(&after)
	if total, most := after.TotalAlloc-before.TotalAlloc, 4*uint64(len(data)); total > most {
		t.Errorf("reading %d bytes allocated %d, more than %d", len(data), total, most)
	}
}

// The generator is read without a doubt, so the benchmarks measure the usual.
func TestBerryGenerated(t *testing.T) {
	data := locktest.YarnBerry(1_000, 7)
	inv, err := readYarnBerry(Input{Path: "yarn.lock", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if len(inv.Entries) != 1_001 || len(inv.Doubts) != 0 || len(inv.Roots[0].Dependencies) != 60 {
		t.Errorf("%d entries, %d doubts, %d requests", len(inv.Entries), len(inv.Doubts), len(inv.Roots[0].Dependencies))
	}
	for _, e := range inv.Entries {
		for _, d := range e.Dependencies {
			if d.Key == "" && d.Kind != PeerKind {
				t.Fatalf("%s: %s has no answer", e.Key, d.Name)
			}
		}
	}
	crlf, err := readYarnBerry(Input{Path: "yarn.lock", Data: bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))})
	if err != nil || !bytes.Equal(dump(inv, nil), dump(crlf, nil)) {
		t.Errorf("with CRLF it reads otherwise: %v", err)
	}
}
