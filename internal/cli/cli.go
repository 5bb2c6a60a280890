// Package cli is the command line.
//
// It takes arguments and an environment and gives an exit code. It promises to
// be the only place that knows flags, and to return no code but the four of
// the contract.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// Environment is the outside world, so that tests can bring their own.
type Environment struct {
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Now            func() time.Time
	UserCacheDir   func() (string, error)
	Proxy          func(*http.Request) (*url.URL, error)
	Columns        int // of the terminal on standard output; 0 if there is none
	StdoutTerminal bool
	StderrTerminal bool
}

// The exit codes of the contract.
const (
	codePass     = 0 // pass or warn
	codeBlocked  = 1 // blocked or held by policy
	codeUsage    = 2 // wrong use, or a broken policy file
	codeUnjudged = 3 // a gap that the policy does not forgive
)

// command is a row of the table of commands.
type command struct {
	name    string
	args    string // what follows the name
	summary string
	example string // a use of it, after its name
	run     func(ctx context.Context, env Environment, args []string) (int, error)
}

// commands is filled in init, because help reads the table that holds it.
var commands []command

func init() {
	commands = []command{
		{"check", "[flags]", "judge what changed between a base and a head", "--base main --head HEAD", runCheck},
		{"scan", "[flags]", "judge everything that the head pins", "--format html --output report.html", runScan},
		{"list", "[flags]", "list every locked package with its place, source, hash and flags", "--format cyclonedx --output bom.json", runList},
		{"diff", "npm:NAME@[OLD..]NEW", "show what a release has inside that the one before had not", "npm:left-pad@1.2.0..1.3.0", runDiff},
		{"profile", "FILE.tgz [flags]", "show what is inside an archive", "left-pad-1.3.0.tgz --format json", runProfile},
		{"render", "REPORT.json [flags]", "render a saved report in any format, without network", "report.json --format markdown", runRender},
		{"explain", "[SIGNAL]", "say what a signal means, why it has its points, what to do", "install-script-gained", runExplain},
		{"version", "", "print version, commit, build date, and the dates of embedded data", "", runVersion},
		{"help", "[COMMAND]", "print this text, or a command's flags", "check", runHelp},
	}
}

// Main runs one command and gives the exit code.
func Main(ctx context.Context, args []string, env Environment) int {
	if len(args) == 0 && env.Getenv("GITHUB_ACTIONS") == "true" {
		return runAction(ctx, env)
	}
	if len(args) == 0 {
		printHelp(env.Stderr)
		return codeUsage
	}
	name := args[0]
	if known, ok := aliases[name]; ok {
		name = known
	}
	c, err := commandOf(name)
	if err != nil {
		return finish(env, 0, err)
	}
	code, err := c.run(ctx, env, args[1:])
	var broken *policy.Broken // says itself what to write
	if err != nil && hintOf(err) == "" && codeOf(err) == codeUsage && !errors.As(err, &broken) {
		err = &hintedError{err, "see lockkeeper " + c.name + " --help"}
	}
	return finish(env, code, err)
}

// aliases are what people try first.
var aliases = map[string]string{"-h": "help", "--help": "help", "-v": "version", "--version": "version"}

func commandOf(name string) (command, error) {
	var names []string
	for _, c := range commands {
		if c.name == name {
			return c, nil
		}
		names = append(names, c.name)
	}
	return command{}, usagef(meant("", name, names, "see lockkeeper help"), "%s: no such command", name)
}

// meant is a hint that asks after the nearest known name, where one is near.
func meant(dashes, name string, known []string, otherwise string) string {
	if near := policy.Nearest(name, known); near != "" {
		return "did you mean " + dashes + near + "?"
	}
	return otherwise
}

// finish prints an error with its hint, and gives the code that it asks for.
func finish(env Environment, code int, err error) int {
	if err == nil {
		return code
	}
	if errors.Is(err, pflag.ErrHelp) {
		return codePass
	}
	sink := report.NewTerminal(env.Stderr)
	fmt.Fprintln(sink, "lockkeeper: "+err.Error())
	if hint := hintOf(err); hint != "" {
		fmt.Fprintln(sink, "hint: "+hint)
	}
	return codeOf(err)
}

func runHelp(ctx context.Context, env Environment, args []string) (int, error) {
	set := flagSet("help")
	if err := parseFlags(env, set, args, 1); err != nil {
		return 0, err
	}
	if set.NArg() == 0 {
		printHelp(env.Stdout)
		return codePass, nil
	}
	c, err := commandOf(set.Arg(0))
	if err != nil {
		return 0, err
	}
	return c.run(ctx, env, []string{"--help"})
}

func printHelp(w io.Writer) {
	fmt.Fprint(w, "lockkeeper judges what a change does to a repository's dependencies.\n\n")
	for _, c := range commands {
		fmt.Fprintf(w, "  lockkeeper %-29s %s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
	}
	fmt.Fprint(w, "\nA command's flags: lockkeeper COMMAND --help\n\n"+
		"Exit codes: 0 pass or warn, 1 blocked or held, 2 wrong use or a broken policy, 3 could not judge.\n")
}
