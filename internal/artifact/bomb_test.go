package artifact

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/lockkeeper/lockkeeper/internal/code"
)

// bomb repeats the compressed middle of zeros: 10 MB that unpack to 10 GB.
func bomb(t testing.TB) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	h := pack(t, item{name: "package/a.js"})[:blockSize]
	_, _ = z.Write(edit(h, 0, 124, "77777777777"))
	_ = z.Flush()
	head := b.Len()
	for range 64 {
		_, _ = z.Write(make([]byte, 1<<20))
	}
	_ = z.Flush()
	piece := bytes.Clone(b.Bytes()[head:])
	for b.Len() < 10<<20 {
		b.Write(piece)
	}
	return b.Bytes()
}

func TestBombsEndEarly(t *testing.T) {
	archive := bomb(t)
	start := time.Now()
	_, err := open(archive, Limits{})
	e, ok := errors.AsType[*Exceeded](err)
	if !ok || e.What != "bytes unpacked from one packed" || e.Cap != defaults.Ratio {
		t.Errorf("%v", err)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("it took %v", took)
	}
	if _, err := open(archive, Limits{Ratio: 1 << 20, Unpacked: 64 << 20}); err == nil || !strings.Contains(err.Error(), "67108864 bytes unpacked") {
		t.Errorf("without a cap on the ratio: %v", err)
	}
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// peak runs f and gives the most memory that it took meanwhile, garbage
// included.
func peak(f func()) (most uint64) {
	debug.FreeOSMemory()
	before := inUse()
	done := make(chan struct{})
	go func() { f(); close(done) }()
	for {
		most = max(most, inUse())
		select {
		case <-done:
			return most - min(most, before)
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// flood finds something in every few bytes.
func flood(_ string, data []byte) *code.Profile {
	p := &code.Profile{Size: len(data)}
	for at := 0; at+64 <= len(data); at += 64 {
		p.Uses = append(p.Uses, code.Use{Capability: code.Network, What: string(data[at : at+16]), Offset: at, Context: uint64(at)})
		p.Shingles = append(p.Shingles, uint64(at))
	}
	return p
}

// The largest archives that the caps allow, and those of which most is kept,
// are read and compared in less than 256 MiB.
func TestMemoryStaysBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("reads archives of 60 MB and more, which takes seconds: run without -short, as .ci/run does")
	}
	noise := rand.NewChaCha8([32]byte{1})
	for name, items := range map[string]func() []item{
		"bytes": func() []item {
			return numbered(".bin", 1, func() string { return letters(noise, defaults.Packed-2<<20) })
		},
		"code":      func() []item { return numbered(".js", 6, func() string { return letters(noise, defaults.Script/2) }) },
		"manifests": func() []item { return numbered("/package.json", 8, func() string { return members(noise, 1<<17) }) },
		"files":     func() []item { return numbered(strings.Repeat("x", 100)+".js", 90_000, func() string { return "" }) },
	} {
		archive := zip(t, pack(t, items()...))
		var p *Profile
		var err error
		most := peak(func() {
			p, err = readWith(t.Context(), bytes.NewReader(archive), []string{sri(archive)}, Limits{}, flood)
			if err == nil {
				Diff(nil, p)
			}
		})
		t.Logf("%s: %d MiB packed, a heap of %d MiB", name, len(archive)>>20, most>>20)
		if most > 256<<20 || err != nil {
			t.Errorf("%s: %d MiB, %v", name, most>>20, err)
		}
	}
}

func numbered(suffix string, n int, body func() string) (items []item) {
	for i := range n {
		items = append(items, item{name: fmt.Sprintf("package/%d%s", i, suffix), body: body()})
	}
	return items
}

// letters gives text that hardly compresses.
func letters(noise io.Reader, n int64) string {
	raw := make([]byte, n)
	_, _ = io.ReadFull(noise, raw)
	for i := range raw {
		raw[i] = ' ' + raw[i]%64
	}
	return string(raw)
}

// members gives a manifest of nothing but names.
func members(noise io.Reader, n int) string {
	raw := make([]byte, 8*n)
	_, _ = io.ReadFull(noise, raw)
	var b strings.Builder
	b.WriteString(`{"exports":[""`)
	for i := range n {
		fmt.Fprintf(&b, `,"%x"`, raw[8*i:8*i+8])
	}
	b.WriteString(`]}`)
	return b.String()
}

// The speed of unpacking, to be held against "gzip -dc" of the same file: set
// ARCHIVE to an npm archive.
func BenchmarkUnpack(b *testing.B) {
	archive, err := os.ReadFile(os.Getenv("ARCHIVE"))
	if err != nil {
		b.Skip("no ARCHIVE")
	}
	integrity := []string{sri(archive)}
	unpack := func() *Profile {
		p, err := readWith(b.Context(), bytes.NewReader(archive), integrity, Limits{Code: 1}, fakeCode)
		if err != nil {
			b.Fatal(err)
		}
		return p
	}
	b.SetBytes(unpack().Unpacked)
	for b.Loop() {
		unpack()
	}
}
