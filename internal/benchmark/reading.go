package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
)

const entries = 6000

// plainEntry is what a reader on encoding/json would declare.
type plainEntry struct {
	Version          string
	Resolved         string
	Integrity        string
	Dev, Optional    bool
	HasInstallScript bool
	Dependencies     map[string]string
}

// reading compares parsers of the same bytes: ours gives lines, hashes and
// edges, the others none of these.
func reading(dir, _ string) error {
	data := locktest.NPM(entries, 1)
	file := filepath.Join(dir, "package-lock.json")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return err
	}
	ours, err := median(func() (time.Duration, error) { return parse(data) })
	if err != nil {
		return err
	}
	plain, err := median(func() (time.Duration, error) {
		runtime.GC()
		start := time.Now()
		var document struct{ Packages map[string]plainEntry }
		err := json.Unmarshal(data, &document)
		return time.Since(start), err
	})
	if err != nil {
		return err
	}

	fmt.Printf("Reading a package-lock of %d entries and %.1f MB\n\n", entries, float64(len(data))/1e6)
	row("reader", "median", "as a multiple of Lockkeeper's")
	row("---", "---", "---")
	row("lockkeeper, with lines, hashes and edges", ours, 1.0)
	if node, err := node(file); err == nil {
		row("node "+nodeVersion()+", JSON.parse", node, ratio(node, ours))
	} else {
		row("node, JSON.parse", "not measured: "+err.Error(), "")
	}
	row("Go encoding/json into structs", plain, ratio(plain, ours))
	return nil
}

// parse starts from a clean heap, as a check does; both Go readers are timed so.
func parse(data []byte) (time.Duration, error) {
	runtime.GC()
	start := time.Now()
	_, err := lockfile.Parse(lockfile.Input{Path: "package-lock.json", Data: data})
	return time.Since(start), err
}

// node times JSON.parse inside one warm process, of bytes decoded as npm does
// it, and gives the median of the same number of rounds.
func node(file string) (time.Duration, error) {
	script := fmt.Sprintf(`
const data = require('fs').readFileSync(process.argv[1])
const times = []
for (let i = 0; i < %d; i++) {
  const start = process.hrtime.bigint()
  JSON.parse(data.toString('utf8'))
  times.push(Number(process.hrtime.bigint() - start))
}
times.sort((a, b) => a - b)
console.log(times[times.length >> 1])`, rounds)
	out, err := exec.Command("node", "-e", script, file).Output()
	if err != nil {
		return 0, err
	}
	nanoseconds, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	return time.Duration(nanoseconds), err
}

func nodeVersion() string {
	out, _ := exec.Command("node", "--version").Output()
	return strings.TrimSpace(string(out))
}

// growth shows that the cost of reading is linear.
func growth(_, _ string) error {
	fmt.Print("Cost by number of entries\n\n")
	row("entries", "MB", "median", "µs for an entry")
	row("---", "---", "---", "---")
	for _, n := range []int{1000, 10_000, 100_000} {
		data := locktest.NPM(n, 1)
		t, err := median(func() (time.Duration, error) { return parse(data) })
		if err != nil {
			return err
		}
		row(n, float64(len(data))/1e6, t, float64(t.Microseconds())/float64(n))
	}
	return nil
}
