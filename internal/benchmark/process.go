package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
)

// made is the registry that the generator writes.
const made = "https://npm.example.com/"

// usage is what a process took.
type usage struct {
	wall   time.Duration
	memory int64 // the most that was resident, in bytes
}

// execute runs a command to its end, whatever its verdict.
func execute(name string, env []string, args ...string) (usage, error) {
	// A process begins with the most that its parent had, as Linux counts: "5"
	// sets that back (https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html).
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	start := time.Now()
	err := cmd.Run()
	u := usage{wall: time.Since(start)}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return u, err
	}
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.memory = r.Maxrss * 1024
	}
	return u, nil
}

// several gives the median time and the most memory of several runs.
func several(name string, env []string, args ...string) (usage, error) {
	var most int64
	wall, err := median(func() (time.Duration, error) {
		u, err := execute(name, env, args...)
		most = max(most, u.memory)
		return u.wall, err
	})
	return usage{wall, most}, err
}

// bump gives a lockfile with n versions raised, spread over the whole file, and
// the entries as they were before.
func bump(data []byte, n int) ([]byte, []lockfile.Entry, error) {
	inv, err := lockfile.Parse(lockfile.Input{Path: "package-lock.json", Data: data})
	if err != nil {
		return nil, nil, err
	}
	lines := bytes.SplitAfter(bytes.Clone(data), []byte("\n"))
	var raised []lockfile.Entry
	for i := 0; i < len(inv.Entries) && len(raised) < n; i += len(inv.Entries) / n {
		e := inv.Entries[i]
		if e.Source != lockfile.Registry {
			continue
		}
		for at := e.Line; at < e.Line+3 && at < len(lines); at++ { // version, address, hash
			lines[at] = bytes.ReplaceAll(lines[at], []byte(e.Version), []byte(e.Version+"9"))
			lines[at] = bytes.ReplaceAll(lines[at], []byte("sha512-"), []byte("sha512-9"))
		}
		raised = append(raised, e)
	}
	return bytes.Join(lines, nil), raised, nil
}

// pair writes a base and a head with n changes, whose packages come from a
// registry.
func pair(dir, registry string, size, n int) (base, head string, raised []lockfile.Entry, err error) {
	base, head = filepath.Join(dir, fmt.Sprint("base", n)), filepath.Join(dir, fmt.Sprint("head", n))
	before := bytes.ReplaceAll(locktest.NPM(size, 1), []byte(made), []byte(registry))
	after, raised, err := bump(before, n)
	if err != nil {
		return
	}
	for folder, data := range map[string][]byte{base: before, head: after} {
		if err = errors.Join(err, os.MkdirAll(folder, 0o755), os.WriteFile(filepath.Join(folder, "package-lock.json"), data, 0o644)); err != nil {
			return
		}
	}
	return
}

// wholeProcess compares the time from start to exit with that of git diff.
func wholeProcess(dir, binary string) error {
	base, head, raised, err := pair(dir, made, entries, 100)
	if err != nil {
		return err
	}
	git, err := several("git", nil, "diff", "--no-index", "--output="+os.DevNull, base, head)
	if err != nil {
		return err
	}
	check, err := several(binary, nil, "check", "--offline", "--base", base, "--head", head, "--output", filepath.Join(dir, "report.txt"))
	if err != nil {
		return err
	}
	fmt.Printf("The whole process, two lockfiles of %d entries with %d changes\n\n", entries, len(raised))
	row("command", "median", "as a multiple of git diff", "memory, MiB")
	row("---", "---", "---", "---")
	row("git diff --no-index", git.wall, 1.0, git.memory>>20)
	row("lockkeeper check --offline", check.wall, ratio(check.wall, git.wall), check.memory>>20)
	return nil
}
