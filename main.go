// Lockkeeper judges what a pull request does to a repository's dependencies.
package main

import (
	"context"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/lockkeeper/lockkeeper/internal/cli"
)

func main() {
	// net/http logs what a server sends out of turn, and offers no other switch.
	log.SetOutput(io.Discard)
	if os.Getenv("GOGC") == "" {
		relaxCollector(new([2]uint64))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	columns, _, _ := term.GetSize(int(os.Stdout.Fd())) // 0 in a pipe
	code := cli.Main(ctx, os.Args[1:], cli.Environment{
		Stdout:         os.Stdout,
		Stderr:         os.Stderr,
		Getenv:         os.Getenv,
		Now:            time.Now,
		UserCacheDir:   os.UserCacheDir,
		Proxy:          http.ProxyFromEnvironment,
		Columns:        columns,
		StdoutTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		StderrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
	})
	stop()
	os.Exit(code)
}

// relaxCollector lets the heap grow to five times what is in use, while that is
// little, before the garbage collector runs: most runs are over by then. It looks
// again whenever that has run, which is when it finalizes a value that nobody
// has.
func relaxCollector(sentinel *[2]uint64) {
	const little = 8 << 20 // forty lockfiles of a megabyte take as much memory either way
	inUse := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	if metrics.Read(inUse); inUse[0].Value.Uint64() >= little {
		debug.SetGCPercent(100)
		return
	}
	debug.SetGCPercent(400)
	runtime.SetFinalizer(sentinel, relaxCollector)
}
