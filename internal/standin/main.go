// Standin runs a command beside a GitHub that has one repository, a registry and
// OSV, all on the loopback address, for .ci/act: a file has the variables by
// which a step finds them while the command runs.
//
// It ends as the command does, or with an error if GitHub was asked for what it
// does not know, and prints which texts were written to it:
//
//	standin REPOSITORY REGISTRY VARIABLES COMMAND [ARGUMENT…]
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
)

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "standin:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func run(args []string) (code int, err error) {
	if len(args) < 4 {
		return 2, errors.New("standin REPOSITORY REGISTRY VARIABLES COMMAND [ARGUMENT…]")
	}
	program := &githubtest.Program{Dir: os.TempDir()}
	defer func() { err = errors.Join(err, program.End()) }()
	github := githubtest.Serve(program, githubtest.OpenRepository(program, args[0]))
	world := &worldtest.World{Files: os.DirFS(args[1])}
	world.Start()
	defer world.Close()

	variables := fmt.Sprintf("GITHUB_API_URL=%s\nGITHUB_GRAPHQL_URL=%[1]s/graphql\nNPM_CONFIG_REGISTRY=%s\nLOCKKEEPER_OSV_URL=%s\n", github.URL, world.NPM(), world.OSV())
	if err := os.WriteFile(args[2], []byte(variables), 0o600); err != nil {
		return 0, err
	}
	cmd := exec.Command(args[3], args[4:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err = cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code, err = exit.ExitCode(), nil
	}
	writes := slices.DeleteFunc(github.Asked(), func(asked string) bool { return !strings.HasPrefix(asked, "POST /repos/") })
	for i, text := range github.Written() {
		fmt.Printf("standin: %s\n%s\n", writes[i], text)
	}
	fmt.Printf("standin: GitHub was asked %d times, the registry and OSV %d times\n", len(github.Asked()), world.Requests())
	return code, err
}
