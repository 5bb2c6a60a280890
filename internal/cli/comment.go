package cli

import (
	"bytes"
	"context"

	"github.com/lockkeeper/lockkeeper/internal/action"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// comment keeps the pull request's one comment up to date. A token that may not
// write is what a fork's pull request and a careful workflow have: that is a
// notice, and the verdict stays what it is.
func comment(ctx context.Context, env Environment, runner *action.Runner, in action.Inputs, r *report.Report) error {
	pull, ok := runner.Pull()
	if !ok || in.Comment == action.CommentNever || in.Token == "" || in.Offline {
		return nil
	}
	first := in.Comment == action.CommentAlways || r.Verdict != "pass"
	err := say(ctx, env, in.Token, pull, r, first)
	if err == nil || !first {
		return nil // nothing to say to a pull request that was never spoken to
	}
	return runner.Notice("The comment on the pull request was not written: "+err.Error(),
		"Allow it by permissions: pull-requests: write, or set comment: never.")
}

func say(ctx context.Context, env Environment, token string, pull action.Pull, r *report.Report, first bool) error {
	client, done, err := repository(env, token)
	if err != nil {
		return err
	}
	defer done()
	if pull.Number == 0 {
		if pull.Number, err = client.PullNumber(ctx, pull.Head); err != nil {
			return err
		}
	}
	var body bytes.Buffer
	if err := report.Comment(&body, r, report.Options{Repository: pages(env)}); err != nil {
		return err
	}
	return client.Comment(ctx, pull.Number, report.CommentMarker, body.String(), first)
}
