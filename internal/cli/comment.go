package cli

import (
	"bytes"
	"context"

	"github.com/lockkeeper/lockkeeper/internal/action"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// comment keeps the pull request's one comment up to date, or the repository's
// one issue after a scan. A token that may not write is what a fork's pull
// request and a careful workflow have: that is a notice, and the verdict stays
// what it is.
func comment(ctx context.Context, env Environment, runner *action.Runner, in action.Inputs, r *report.Report) error {
	if in.Comment == action.CommentNever || in.Token == "" || in.Offline {
		return nil
	}
	first := in.Comment == action.CommentAlways || r.Verdict != "pass"
	what, allow := "comment on the pull request", "pull-requests: write"
	var err error
	if pull, ok := runner.Pull(); ok {
		err = say(ctx, env, in.Token, pull, r, first)
	} else if r.Mode == report.ModeScan && runner.Scheduled() {
		what, allow = "issue about the scan", "issues: write"
		err = file(ctx, env, in.Token, r)
	}
	switch {
	case err == nil:
		return nil
	case !first: // where nothing was said before there is nothing to say, but an old comment may stand
		return runner.Log("The " + what + " was not looked at: " + err.Error() + "\n")
	}
	return runner.Notice("The "+what+" was not written: "+err.Error(), "Allow it by permissions: "+allow+", or set comment: never.")
}

// file keeps the issue that says what of all that is pinned needs attention.
func file(ctx context.Context, env Environment, token string, r *report.Report) error {
	client, done, err := repository(env, token)
	if err != nil {
		return err
	}
	defer done()
	return client.Issue(ctx, report.IssueMarker, report.IssueTitle, func(last string) (string, bool, error) {
		var body bytes.Buffer
		open, err := report.Issue(&body, r, last, report.Options{Repository: pages(env)})
		return body.String(), open, err
	})
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
