// Lockkeeper judges what a pull request does to a repository's dependencies.
package main

import (
	"context"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/lockkeeper/lockkeeper/internal/cli"
)

func main() {
	// net/http logs what a server sends out of turn, and offers no other switch.
	log.SetOutput(io.Discard)
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
