package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing/fstest"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
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
// the names that changed.
func bump(data []byte, n int) ([]byte, []string, error) {
	inv, err := lockfile.Parse(lockfile.Input{Path: "package-lock.json", Data: data})
	if err != nil {
		return nil, nil, err
	}
	lines := bytes.SplitAfter(bytes.Clone(data), []byte("\n"))
	var names []string
	for i := 0; i < len(inv.Entries) && len(names) < n; i += len(inv.Entries) / n {
		e := inv.Entries[i]
		if e.Source != lockfile.Registry {
			continue
		}
		for at := e.Line; at < e.Line+3 && at < len(lines); at++ { // version, address, hash
			lines[at] = bytes.ReplaceAll(lines[at], []byte(e.Version), []byte(e.Version+"9"))
			lines[at] = bytes.ReplaceAll(lines[at], []byte("sha512-"), []byte("sha512-9"))
		}
		names = append(names, e.Name)
	}
	return bytes.Join(lines, nil), names, nil
}

// pair writes a base and a head with n changes, whose packages come from a
// registry.
func pair(dir, registry string, size, n int) (base, head string, names []string, err error) {
	base, head = filepath.Join(dir, fmt.Sprint("base", n)), filepath.Join(dir, fmt.Sprint("head", n))
	before := bytes.ReplaceAll(locktest.NPM(size, 1), []byte(made), []byte(registry))
	after, names, err := bump(before, n)
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
	base, head, names, err := pair(dir, made, entries, 100)
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
	fmt.Printf("The whole process, two lockfiles of %d entries with %d changes\n\n", entries, len(names))
	row("command", "median", "as a multiple of git diff", "memory, MiB")
	row("---", "---", "---", "---")
	row("git diff --no-index", git.wall, 1.0, git.memory>>20)
	row("lockkeeper check --offline", check.wall, ratio(check.wall, git.wall), check.memory>>20)
	return nil
}

// network judges changes against a registry that answers late.
func network(dir, binary string) error {
	const latency = 100 * time.Millisecond
	fmt.Printf("Changed packages against a loopback registry that answers each request after %s, no cache\n\n", latency)
	row("changed packages", "median", "requests", "memory, MiB")
	row("---", "---", "---", "---")
	for _, n := range []int{1, 100, 400} {
		world := &worldtest.World{Latency: latency}
		world.Start()
		base, head, names, err := pair(dir, world.NPM(), entries, n)
		if err != nil {
			return err
		}
		world.Files = documents(names)
		u, err := several(binary, []string{"NPM_CONFIG_REGISTRY=" + world.NPM(), "LOCKKEEPER_OSV_URL=" + world.OSV()},
			"check", "--base", base, "--head", head, "--cache-dir", filepath.Join(dir, "cache"), "--output", filepath.Join(dir, "report.txt"))
		world.Close()
		if err != nil {
			return err
		}
		row(len(names), u.wall, world.Requests()/rounds, u.memory>>20)
	}
	return nil
}

// documents makes a registry's documents of ordinary length for the names.
func documents(names []string) fstest.MapFS {
	files := make(fstest.MapFS)
	for _, name := range names {
		var versions, times bytes.Buffer
		for i := range 100 {
			fmt.Fprintf(&versions, `"1.%d.0":{"name":%q,"version":"1.%d.0","scripts":{"test":"x"},"_npmUser":{"name":"someone"},"dist":{"shasum":"00"}},`, i, name, i)
			fmt.Fprintf(&times, `"1.%d.0":"2024-01-01T00:00:00Z",`, i)
		}
		document := fmt.Sprintf(`{"name":%q,"versions":{%s},"time":{%s"created":"2020-01-01T00:00:00Z"}}`,
			name, bytes.TrimSuffix(versions.Bytes(), []byte(",")), times.Bytes())
		files[name+".json"] = &fstest.MapFile{Data: []byte(document)}
	}
	return files
}
