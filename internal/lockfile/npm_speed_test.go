//go:build !race

package lockfile

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
)

// rounds is how often each reader is measured; the fastest counts, so that a
// busy machine slows down all of them alike.
const rounds = 40

// TestSpeed measures the readers of one file of 6,000 entries and 3 MB side by
// side: this package with lines, hashes and edges, Node's JSON.parse and Go's
// encoding/json without. Node is left out where it is not installed.
func TestSpeed(t *testing.T) {
	if os.Getenv("LOCKKEEPER_SPEED") == "" {
		t.Skip("measures time, which needs the machine for itself: set LOCKKEEPER_SPEED=1; .ci/run does")
	}
	data := locktest.NPM(6_000, 1)
	ours, plain := time.Hour, time.Hour
	for range rounds {
		ours = min(ours, timed(func() error {
			_, err := Parse(Input{Path: "package-lock.json", Data: data})
			return err
		}))
	}
	for range 5 {
		plain = min(plain, timed(func() error { return json.Unmarshal(data, new(jsonLock)) }))
	}
	t.Logf("%d bytes: lockfile.Parse %s, encoding/json %s (%.1f times)", len(data), ours, plain, float64(plain)/float64(ours))
	if plain < 3*ours {
		t.Errorf("encoding/json takes only %.1f times as long, want 3", float64(plain)/float64(ours))
	}

	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed, so nothing is compared with it")
	}
	file := filepath.Join(t.TempDir(), "package-lock.json")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(node, "-e", nodeScript, file, strconv.Itoa(rounds)).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		what, text, _ := strings.Cut(line, ": ")
		took, err := time.ParseDuration(text + "ns")
		if err != nil {
			t.Fatal(err)
		}
		ratio := float64(took) / float64(ours)
		t.Logf("node, JSON.parse of %s: %s (%.1f times)", what, took, ratio)
		if ratio < 1.3 {
			t.Errorf("JSON.parse of %s takes only %.2f times as long, want 1.3", what, ratio)
		}
	}
}

// nodeScript prints the fastest JSON.parse of a file's bytes, and of the string
// that they decode to, in nanoseconds.
const nodeScript = `
const bytes = require('fs').readFileSync(process.argv[1])
const text = bytes.toString('utf8')
const fastest = what => {
  let least = Infinity
  for (let i = 0; i < Number(process.argv[2]); i++) {
    const start = process.hrtime.bigint()
    what()
    least = Math.min(least, Number(process.hrtime.bigint() - start))
  }
  return least
}
console.log('bytes: ' + fastest(() => JSON.parse(bytes)))
console.log('a string: ' + fastest(() => JSON.parse(text)))
`

func timed(read func() error) time.Duration {
	start := time.Now()
	if err := read(); err != nil {
		panic(err)
	}
	return time.Since(start)
}
