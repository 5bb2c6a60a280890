package cli

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"lockkeeper": func() {
			os.Exit(Main(context.Background(), os.Args[1:], Environment{
				Stdout:       os.Stdout,
				Stderr:       os.Stderr,
				Getenv:       os.Getenv,
				Now:          time.Now,
				UserCacheDir: func() (string, error) { return os.Getenv("WORK"), nil },
				Proxy:        http.ProxyFromEnvironment,
			}))
		},
	})
}

// The scripts are the commands as a user sees them: files, a command, its
// output and its exit code.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "e2e"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			demo, err := filepath.Abs(filepath.Join("..", "..", "testdata", "demo"))
			env.Setenv("DEMO", demo)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"world":   world,
			"code":    code,
			"github":  githubSHA,
			"outputs": outputs,
			"pack":    packs,
			"shop":    shop,
		},
	})
}

// world starts a registry and advisories that answer from a folder: world DIR.
func world(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: world DIR")
	}
	w := &worldtest.World{Files: os.DirFS(ts.MkAbs(args[0]))}
	w.Start()
	ts.Defer(w.Close)
	ts.Setenv("NPM_CONFIG_REGISTRY", w.NPM())
	ts.Setenv("LOCKKEEPER_REGISTRY_JSR", w.JSR())
	ts.Setenv("LOCKKEEPER_OSV_URL", w.OSV())
	ts.Setenv("GITHUB_API_URL", w.GitHub())
}

// code runs a command and wants one exact exit code: code 1 lockkeeper check.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N COMMAND…")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

// githubSHA sets GITHUB_SHA to what a file holds: github FILE.
func githubSHA(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: github FILE")
	}
	ts.Setenv("GITHUB_SHA", strings.TrimSpace(ts.ReadFile(args[0])))
}

// outputs prints a step's outputs, read as the runner does: outputs FILE.
func outputs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: outputs FILE")
	}
	lines := strings.Split(ts.ReadFile(args[0]), "\n")
	for i := 0; i < len(lines); i++ {
		name, delimiter, ok := strings.Cut(lines[i], "<<")
		if !ok {
			continue
		}
		var value []string
		for i++; i < len(lines) && lines[i] != delimiter; i++ {
			value = append(value, lines[i])
		}
		fmt.Fprintf(ts.Stdout(), "%s=%s\n", name, strings.Join(value, "\n"))
	}
}
