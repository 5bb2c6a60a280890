//go:build !race

package lockfile

import (
	"os"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
)

// TestSpeedYarnClassic measures the reader of a file of 6,000 entries and 2 MB,
// with lines, hashes and edges, beside a bare scan for where its lines end.
func TestSpeedYarnClassic(t *testing.T) {
	if os.Getenv("LOCKKEEPER_SPEED") == "" {
		t.Skip("measures time, which needs the machine for itself: set LOCKKEEPER_SPEED=1; .ci/run does")
	}
	data := locktest.YarnClassic(6_000, 1)
	ours, scan := time.Hour, time.Hour
	for range rounds {
		ours = min(ours, timed(func() error {
			_, err := Parse(Input{Path: "yarn.lock", Data: data})
			return err
		}))
		scan = min(scan, timed(func() error {
			scanLines(data)
			return nil
		}))
	}
	speed := float64(len(data)) / ours.Seconds() / 1e6
	t.Logf("%d bytes: lockfile.Parse %s (%.0f MB/s), a line scan %s (%.1f times)", len(data), ours, speed, scan, float64(ours)/float64(scan))
	if speed < 150 {
		t.Errorf("%.0f MB/s, want 150", speed)
	}
}
