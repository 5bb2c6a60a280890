// Package action is Lockkeeper as a step of a GitHub Actions job.
//
// It takes what the runner gives a step (inputs, the event, the runner's
// files) and gives back annotations, a summary, outputs and an exit code. It
// promises to be the only writer of workflow commands, and that no text from
// outside becomes one. It works with the right to read alone.
package action

import (
	"crypto/rand"
	"fmt"
	"io"
	"strings"

	"github.com/sethvargo/go-githubactions"

	"github.com/lockkeeper/lockkeeper/internal/report"
)

// Runner is the runner of the step: its environment, its files and its log.
type Runner struct {
	getenv   func(string) string
	commands *githubactions.Action
}

// New returns the runner that getenv describes and whose log is stdout.
func New(getenv func(string) string, stdout io.Writer) *Runner {
	return &Runner{
		getenv:   getenv,
		commands: githubactions.New(githubactions.WithGetenv(getenv), githubactions.WithWriter(stdout)),
	}
}

// issue runs one call of the library, which tells of a failed write by a panic
// and in no other way.
func issue(call func()) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("workflow command: writing: %v", cause)
		}
	}()
	call()
	return nil
}

// Mask keeps a secret out of the log from here on. The runner matches line by
// line, so each line of a secret is masked by itself.
func (r *Runner) Mask(secret string) error {
	for line := range strings.Lines(secret) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if err := issue(func() { r.commands.AddMask(line) }); err != nil {
			return err
		}
	}
	return nil
}

// Log writes text to the log, where a person who opens a failed step reads it
// first. Commands are stopped for its length, by a token that nobody can guess,
// so that a line of it is never obeyed even if the runner learns a syntax that
// the sink does not know.
//
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
func (r *Runner) Log(text string) error {
	token := rand.Text()
	return issue(func() {
		r.commands.IssueCommand(&githubactions.Command{Name: "stop-commands", Message: token})
		defer r.commands.IssueCommand(&githubactions.Command{Name: token})
		for l := range strings.Lines(text) {
			r.commands.Infof("%s", report.LogLine(strings.TrimRight(l, "\r\n")))
		}
	})
}

// Fail shows an error as an annotation of the run, with what its reader can do.
func (r *Runner) Fail(cause error, hint string) error {
	return r.announce("error", cause.Error(), hint)
}

// Notice shows what was left undone as an annotation of the run.
func (r *Runner) Notice(said, hint string) error { return r.announce("notice", said, hint) }

func (r *Runner) announce(level, said, hint string) error {
	var message strings.Builder
	lines := report.NewTerminal(&message)
	fmt.Fprintln(lines, said)
	if hint != "" {
		fmt.Fprintln(lines, hint)
	}
	at := r.commands.WithFieldsMap(map[string]string{"title": report.ActionTitle})
	return issue(func() { levels[level](at, "%s", strings.TrimSpace(message.String())) })
}
