// Benchmark measures Lockkeeper side by side with what people know, in one
// run, and prints the tables of docs/performance.md. It needs git, and node and
// npm for some rows:
//
//	go run ./internal/benchmark [SECTION…]
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"
)

// rounds is how often each measurement is taken; the median counts.
const rounds = 11

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
}

func run() error {
	debug.SetGCPercent(400) // as for lockfiles of a few megabytes in the program
	dir, err := os.MkdirTemp("", "lockkeeper-benchmark-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "lockkeeper")
	build := exec.Command("go", "build", "-trimpath", "-tags=grpcnotrace", "-ldflags=-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building: %w: %s", err, out)
	}

	for _, section := range []struct {
		name string
		run  func(dir, binary string) error
	}{
		{"reading", reading}, {"formats", formats}, {"process", wholeProcess}, {"monorepo", monorepo}, {"network", network}, {"content", content}, {"growth", growth}, {"container", container},
	} {
		if len(os.Args) > 1 && !slices.Contains(os.Args[1:], section.name) {
			continue
		}
		if err := section.run(dir, binary); err != nil {
			return err
		}
		fmt.Println()
	}
	return nil
}

// median runs a measurement several times.
func median(measure func() (time.Duration, error)) (time.Duration, error) {
	all, err := medians(measure)
	if err != nil {
		return 0, err
	}
	return all[0], nil
}

// medians takes turns with several measurements, so that a busy moment of the
// machine meets all of them.
func medians(measures ...func() (time.Duration, error)) ([]time.Duration, error) {
	return mediansOf(rounds, measures...)
}

// mediansOf is medians with another number of rounds, an odd one: what takes a
// few milliseconds needs more of them.
func mediansOf(rounds int, measures ...func() (time.Duration, error)) ([]time.Duration, error) {
	times := make([][]time.Duration, len(measures))
	for range rounds {
		for i, measure := range measures {
			t, err := measure()
			if err != nil {
				return nil, err
			}
			times[i] = append(times[i], t)
		}
	}
	all := make([]time.Duration, len(measures))
	for i, list := range times {
		slices.Sort(list)
		all[i] = list[rounds/2]
	}
	return all, nil
}

// row prints a line of a table.
func row(cells ...any) {
	fmt.Print("|")
	for _, c := range cells {
		switch v := c.(type) {
		case time.Duration:
			fmt.Printf(" %s |", v.Round(10*time.Microsecond))
		case float64:
			fmt.Printf(" %.2f |", v)
		default:
			fmt.Printf(" %v |", v)
		}
	}
	fmt.Println()
}

// ratio says how often b fits into a.
func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }
