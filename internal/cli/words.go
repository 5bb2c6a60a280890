package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/action"
	"github.com/lockkeeper/lockkeeper/internal/github"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// hearing is what people said on the pull request that a step judges.
type hearing struct {
	env    Environment
	runner *action.Runner
	in     action.Inputs
	err    error
}

// words gives what asks for it; nil where the event is about no pull request,
// or nobody may be asked.
func (h *hearing) words() func(context.Context) ([]policy.Word, bool) {
	pull, ok := h.runner.Pull()
	if !ok || h.in.Token == "" || h.in.Offline {
		return nil
	}
	return func(ctx context.Context) ([]policy.Word, bool) {
		client, done, err := repository(h.env, h.in.Token)
		if err != nil {
			h.err = err
			return nil, false
		}
		defer done()
		found, err := client.Words(ctx, pull.Number, pull.Head, policy.CommandPrefix)
		h.err = err
		words := make([]policy.Word, len(found))
		for i, w := range found {
			words[i] = policy.Word(w)
		}
		return words, err == nil || len(words) > 0
	}
}

// notice says that people could not be heard: nothing that they said counts.
func (h *hearing) notice() error {
	if h.err == nil {
		return nil
	}
	return h.runner.Notice("Commands in the pull request's comments were not all read: "+h.err.Error(),
		"Allow it by permissions: pull-requests: read, or set acceptances: off in the policy.")
}

// obey runs the failed checks of a pull request again on which somebody who may
// write just gave a command. What the command asks for is judged by the check
// itself, when it runs. Every other comment is passed over without a word.
func obey(ctx context.Context, env Environment, runner *action.Runner, in action.Inputs) (int, error) {
	said, written, err := runner.Comment()
	if err != nil {
		return 0, usagef("see the events that Lockkeeper runs on in its README", "%s", err)
	}
	if !written || !strings.HasPrefix(github.FirstLine(said.Body), policy.CommandPrefix) {
		return codePass, nil
	}
	if in.Token == "" || in.Offline {
		return 0, usagef("give the step a token with actions: write, checks: read and pull-requests: read", "event issue_comment: a command needs GitHub's API")
	}
	client, done, err := repository(env, in.Token)
	if err != nil {
		return 0, err
	}
	defer done()
	if why := client.Denied(ctx, said.Author); why != "" {
		return codePass, runner.Log("the command is not followed: " + why + "\n")
	}
	runs, err := client.Failed(ctx, said.Pull, report.Told)
	if err != nil {
		return 0, err
	}
	for _, run := range runs {
		if err := client.Rerun(ctx, run); err != nil {
			return 0, err
		}
	}
	return codePass, runner.Log(fmt.Sprintf("pull request %d: %d failed checks run again\n", said.Pull, len(runs)))
}
