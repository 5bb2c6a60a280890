//go:build !race

package lockfile

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
)

// TestDenoSpeed measures the reader of one deno.lock of 10,000 entries beside
// Node's JSON.parse of the same bytes, which gives neither lines nor edges; for
// comparison also of a string, whose decoding is then not counted.
func TestDenoSpeed(t *testing.T) {
	if os.Getenv("LOCKKEEPER_SPEED") == "" {
		t.Skip("measures time, which needs the machine for itself: set LOCKKEEPER_SPEED=1; .ci/run doesn't, because it falls short of its aim now and then")
	}
	data := locktest.Deno(10_000, 1)
	ours := time.Hour
	for range rounds {
		ours = min(ours, timed(func() error {
			_, err := Parse(Input{Path: "deno.lock", Data: data})
			return err
		}))
	}
	t.Logf("%d bytes: lockfile.Parse %s", len(data), ours)
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed, so nothing is compared with it")
	}
	file := filepath.Join(t.TempDir(), "deno.lock")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(node, "-e", nodeScript, file, strconv.Itoa(rounds)).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		what, text, _ := strings.Cut(strings.TrimSpace(line), ": ")
		took, err := time.ParseDuration(text + "ns")
		if err != nil {
			t.Fatal(err)
		}
		ratio := float64(took) / float64(ours)
		t.Logf("node, JSON.parse of %s: %s (%.1f times)", what, took, ratio)
		if what == "bytes" && ratio < 1.3 {
			t.Errorf("JSON.parse of %s takes only %.2f times as long, want 1.3", what, ratio)
		}
	}
}
