// Emulator runs Lockkeeper as a step of a job against a GitHub that somebody
// else wrote: Vercel's emulator, where it is true to the real one. A fake of our
// own can only say what we believe of GitHub.
//
// It writes commits, a pull request and an issue through the emulator's API, and
// looks at exit codes and at what a person finds there afterwards: one comment,
// brought up to date in its place; one issue, opened and closed. It needs node
// and npm, which installs the emulator in a temporary folder from
// package-lock.json:
//
//	go run ./internal/emulator [-v]
package main

import (
	"embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
	"github.com/lockkeeper/lockkeeper/internal/npmtest"
)

// pinned is the emulator, by version and hash. The name's newest release is
// another project's.
//
//go:embed package.json package-lock.json .npmrc emulate.yaml
var pinned embed.FS

func main() {
	verbose := flag.Bool("v", false, "print the log of each step")
	flag.Parse()
	if err := npmtest.Skip("emulator", run(*verbose)); err != nil {
		fmt.Fprintln(os.Stderr, "emulator:", err)
		os.Exit(1)
	}
}

func run(verbose bool) (err error) {
	dir, err := os.MkdirTemp("", "lockkeeper-emulator-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	home := filepath.Join(dir, "emulator")
	if err := npmtest.Install(home, pinned, "the emulator is of JavaScript"); err != nil {
		return err
	}
	binary := filepath.Join(dir, "lockkeeper")
	build := exec.Command("go", "build", "-trimpath", "-tags=grpcnotrace", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building: %w: %s", err, out)
	}
	process, address, err := start(home)
	if err != nil {
		return err
	}
	defer stop(process)

	program := &githubtest.Program{Dir: dir}
	defer func() { err = errors.Join(err, program.End()) }()
	s := newStory(program, binary, address, verbose)
	for _, chapter := range chapters {
		if chapter.happens(s); s.err != nil {
			return fmt.Errorf("%s: %w", chapter.name, s.err)
		}
		fmt.Println("emulator:", chapter.name)
	}
	return nil
}
