package gate

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
	"github.com/lockkeeper/lockkeeper/internal/report"
	"github.com/lockkeeper/lockkeeper/internal/target"
)

// BenchmarkOffline judges two lockfiles of 6,000 entries that differ in about a
// hundred, with nobody to ask: what a run costs before the network.
func BenchmarkOffline(b *testing.B) {
	dir := b.TempDir()
	before := locktest.NPM(6000, 1)
	after := bytes.ReplaceAll(before, []byte(`.7.7"`), []byte(`.7.8"`))
	for side, data := range map[string][]byte{"base": before, "head": after} {
		folder := filepath.Join(dir, side)
		if err := os.Mkdir(folder, 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "package-lock.json"), data, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	options := Options{Offline: true, Clock: time.Now, Getenv: func(string) string { return "" }}
	changes := 0
	for b.Loop() {
		t, err := target.Resolve(context.Background(), target.Request{Base: filepath.Join(dir, "base"), Head: filepath.Join(dir, "head")})
		if err != nil {
			b.Fatal(err)
		}
		r, err := Run(b.Context(), t, options)
		if err != nil {
			b.Fatal(err)
		}
		changes = len(r.Changes)
		var out bytes.Buffer
		if err := report.Text(&out, r, report.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	if changes == 0 {
		b.Fatal("nothing changed")
	}
	b.ReportMetric(float64(changes), "changes")
}
