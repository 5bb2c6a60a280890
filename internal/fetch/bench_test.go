package fetch_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/fetch/fetchtest"
)

// BenchmarkHundred asks a registry that answers after 100 ms for 100 documents
// of 500 kB.
func BenchmarkHundred(b *testing.B) {
	document := strings.Repeat("0123456789abcdef", 500_000/16)
	server := httptest.NewServer(fetchtest.Slow(100*time.Millisecond, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, document)
	})))
	defer server.Close()
	dir := b.TempDir()
	for _, bench := range []struct {
		name string
		cfg  fetch.Config
	}{
		{"network", fetch.Config{}},
		{"network+record", fetch.Config{Record: filepath.Join(dir, "evidence.zip")}},
		{"revalidated", fetch.Config{CacheDir: dir}},
		{"replay", fetch.Config{Replay: filepath.Join(dir, "evidence.zip")}},
	} {
		bench.cfg.Allowed = []fetch.Address{{URL: server.URL, Insecure: true}}
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				hundred(b, bench.cfg, server.URL)
			}
		})
	}
}

func hundred(b *testing.B, cfg fetch.Config, base string) {
	d, err := fetch.New(cfg)
	if err != nil {
		b.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			rc, err := d.Fetch(context.Background(), fetch.Request{URL: fmt.Sprintf("%s/%d", base, i)})
			if err != nil {
				b.Error(err)
				return
			}
			defer rc.Close()
			if _, err := io.Copy(io.Discard, rc); err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
	if err := d.Close(); err != nil {
		b.Fatal(err)
	}
}
