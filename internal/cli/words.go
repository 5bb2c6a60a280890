package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/action"
	"github.com/lockkeeper/lockkeeper/internal/github"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// hearing is what people said about what a step judges.
type hearing struct {
	env    Environment
	runner *action.Runner
	in     action.Inputs
	err    error
}

// words gives what asks for it; nil where the event is about nothing that people
// speak about, or nobody may be asked.
func (h *hearing) words() func(context.Context, policy.Verdict) ([]policy.Word, bool) {
	talk, err := h.runner.Talk()
	if talk == nil && err == nil || h.in.Token == "" || h.in.Offline {
		return nil
	}
	return func(ctx context.Context, verdict policy.Verdict) ([]policy.Word, bool) {
		if !h.needed(verdict, talk) {
			return nil, false
		}
		if h.err = err; err != nil {
			return nil, false
		}
		found, asked := h.listen(ctx, talk)
		h.err = asked
		words := make([]policy.Word, len(found))
		for i, w := range found {
			words[i] = policy.Word(w)
		}
		return words, asked == nil || len(words) > 0
	}
}

// listen asks for the pull requests of a talk, and for what was said on them.
func (h *hearing) listen(ctx context.Context, talk *action.Talk) ([]github.Word, error) {
	client, done, err := repository(h.env, h.in.Token)
	if err != nil {
		return nil, err
	}
	defer done()
	numbers, unheard := pullsOf(ctx, client, talk)
	words, err := client.Words(ctx, numbers, policy.CommandPrefix)
	switch {
	case err != nil && unheard != nil:
		err = fmt.Errorf("%w; %w", err, unheard)
	case err == nil && unheard == nil && talk.Others:
		err = fmt.Errorf("merge group of pull request %d: looking for comments: it may hold other pull requests, and only this one's count", talk.Pull.Number)
	}
	return words, cmp.Or(err, unheard)
}

// pullsOf gives the numbers of a talk's pull requests. Those of the event itself
// are GitHub's to know; others are looked up.
func pullsOf(ctx context.Context, client *github.Client, talk *action.Talk) ([]int, error) {
	number := talk.Pull.Number
	var err error
	switch {
	case len(talk.Merged) > 0:
		return client.Merged(ctx, talk.Branch, talk.Merged)
	case talk.Branch != "":
		err = client.Into(ctx, number, talk.Branch)
	case number == 0:
		number, err = client.PullNumber(ctx, talk.Pull.Head)
	}
	if err != nil {
		return nil, err
	}
	return []int{number}, nil
}

// needed reports whether somebody's word could make a difference: no word fills a
// gap, and what passes needs none. An accepted warning is quiet on the pull
// request itself, where people see it; elsewhere only what fails the step is
// worth the questions.
func (h *hearing) needed(v policy.Verdict, talk *action.Talk) bool {
	switch v {
	case policy.Block, policy.Hold:
		return true
	case policy.Warn:
		return h.in.FailOn == action.FailOnWarn || talk != nil && talk.Branch == ""
	}
	return false
}

// notice says that people could not be heard: nothing that they said counts.
func (h *hearing) notice() error {
	if h.err == nil {
		return nil
	}
	return h.runner.Notice("Commands in comments were not all read: "+h.err.Error(),
		"Allow it by permissions: pull-requests: read, or set acceptances: off in the policy. An exception there needs no comment.")
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
