package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/action"
	"github.com/lockkeeper/lockkeeper/internal/github"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// recheck runs the checks again whose hold has passed, so that nobody has to
// remember. It judges nothing itself: the check that runs again does.
func recheck(ctx context.Context, env Environment, runner *action.Runner, in action.Inputs) (int, error) {
	if in.Token == "" || in.Offline {
		return 0, usagef("give the step a token with actions: write, checks: read and pull-requests: read", "input mode: recheck needs GitHub's API")
	}
	client, done, err := repository(env, in.Token)
	if err != nil {
		return 0, err
	}
	defer done()
	held, err := client.Held(ctx, report.HeldUntil)
	if err != nil {
		return 0, err
	}
	now := env.Now()
	var said strings.Builder
	code := codePass
	for _, h := range held {
		outcome, err := renew(ctx, client, h, now)
		if err != nil {
			code = codeUnjudged
			if err := runner.Notice(fmt.Sprintf("pull request %d was not checked again: %s", h.Pull, err), "Allow it by permissions: actions: write."); err != nil {
				return 0, err
			}
		}
		fmt.Fprintf(&said, "- pull request %d: held until %s: %s\n", h.Pull, h.Until.Format("2006-01-02 15:04 MST"), outcome)
	}
	if len(held) == 0 {
		said.WriteString("No open pull request is held.\n")
	}
	if err := runner.Log(said.String()); err != nil {
		return 0, err
	}
	return code, runner.Summarize("## Held pull requests\n\n" + said.String())
}

// renew runs one check again, if its time has come, and says what was done.
func renew(ctx context.Context, client *github.Client, h github.Held, now time.Time) (string, error) {
	if now.Before(h.Until) {
		return "not yet", nil
	}
	if err := client.Rerun(ctx, h.Run); err != nil {
		return "could not be run again", err
	}
	return "run again", nil
}
