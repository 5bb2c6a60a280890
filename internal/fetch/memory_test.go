package fetch

import (
	"context"
	"io"
	"net/http"
	"path/filepath"
	"runtime"
	"testing"
)

// TestMemory reads a 30 MB document four ways, and looks at the live heap on
// the way.
func TestMemory(t *testing.T) {
	const size, most = 30 << 20, 4 << 20
	document := bomb(size)
	a := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, document)
	}))
	dir := t.TempDir()
	bundle := filepath.Join(dir, "evidence.zip")
	for _, step := range []struct {
		name string
		cfg  Config
	}{
		{"network", Config{}},
		{"network, to cache and record", Config{CacheDir: dir, Record: bundle}},
		{"cache", Config{CacheDir: dir}},
		{"replay", Config{Replay: bundle}},
	} {
		step.cfg.Allowed = []Address{a}
		d := open(t, quick(step.cfg))
		before := liveHeap()
		rc, err := d.Fetch(context.Background(), Request{URL: a.URL})
		if err != nil {
			t.Fatal(err)
		}
		var peak int64
		buf := make([]byte, 32<<10)
		for n, next := 0, 0; ; {
			m, err := rc.Read(buf)
			if n += m; n >= next {
				peak = max(peak, liveHeap()-before)
				next += size / 5
			}
			if err == io.EOF && n == size {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v after %d bytes", step.name, err, n)
			}
		}
		_ = rc.Close()
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: the heap grew by %d kB", step.name, peak>>10)
		if peak > most {
			t.Errorf("%s: the heap grew by %d kB, more than %d", step.name, peak>>10, most>>10)
		}
	}
}

func liveHeap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
