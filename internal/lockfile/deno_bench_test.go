package lockfile

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
)

// BenchmarkDeno reads files of growing size: the time for an entry should stay
// the same. BenchmarkDenoScan is what the lines of the same bytes cost.
func BenchmarkDeno(b *testing.B) {
	for _, entries := range []int{1_000, 10_000, 100_000} {
		data := locktest.Deno(entries, 1)
		b.Run(fmt.Sprint(entries), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(Input{Path: "deno.lock", Data: data}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*entries), "ns/entry")
		})
	}
}

func BenchmarkDenoScan(b *testing.B) {
	data := locktest.Deno(10_000, 1)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		lines := 0
		for range bytes.Lines(data) {
			lines++
		}
		if lines == 0 {
			b.Fatal("no lines")
		}
	}
}

// The generator is read without a doubt and every edge is answered, so the
// benchmarks measure the usual.
func TestDenoGenerated(t *testing.T) {
	data := locktest.Deno(1_000, 7)
	inv, err := Parse(Input{Path: "deno.lock", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if len(inv.Entries) != 1_000 || len(inv.Doubts) != 0 || len(inv.Roots[0].Dependencies) != 110 {
		t.Errorf("%d entries, %d doubts, %d requests", len(inv.Entries), len(inv.Doubts), len(inv.Roots[0].Dependencies))
	}
	for _, e := range inv.Entries {
		for _, d := range e.Dependencies {
			if d.Key == "" {
				t.Fatalf("%s: %s has no answer", e.Key, d.Name)
			}
		}
	}
	for name, other := range map[string][]byte{
		"CRLF":              bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")),
		"a byte order mark": append([]byte("\ufeff"), data...),
	} {
		same, err := Parse(Input{Path: "deno.lock", Data: other})
		if err != nil || !bytes.Equal(dump(inv, nil), dump(same, nil)) {
			t.Errorf("with %s it reads otherwise: %v", name, err)
		}
	}
}

func TestDenoMemory(t *testing.T) {
	data := locktest.Deno(6_000, 1)
	read := func() {
		if _, err := Parse(Input{Path: "deno.lock", Data: data}); err != nil {
			t.Fatal(err)
		}
	}
	if allocations := testing.AllocsPerRun(5, read); allocations > 3_000 {
		t.Errorf("%v allocations for 6,000 entries", allocations)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	read()
	runtime.ReadMemStats(&after)
	if total, most := after.TotalAlloc-before.TotalAlloc, 5*uint64(len(data)); total > most {
		t.Errorf("reading %d bytes allocated %d, more than %d", len(data), total, most)
	}
}
