package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/action"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// upload hands the findings to code scanning, if an input asks for it. A token
// that may not write is what a fork's pull request and a careful workflow have:
// that is a notice, and the verdict stays what it is.
func upload(ctx context.Context, env Environment, runner *action.Runner, in action.Inputs, r *report.Report) error {
	const not = "The findings were not uploaded to code scanning: "
	switch {
	case !in.SARIFUpload:
		return nil
	case in.Offline:
		return runner.Log(not + "the step is offline.\n")
	case in.Token == "":
		return runner.Notice(not+"there is no token", "Give the step a token with permissions: security-events: write.")
	}
	at, id, err := scanned(ctx, env, runner, in, r)
	switch {
	case errors.Is(err, action.ErrQueue):
		return runner.Log(not + err.Error() + ".\n")
	case err != nil:
		return runner.Notice(not+err.Error(), hintOf(err))
	}
	return runner.Log(fmt.Sprintf("The findings were uploaded to code scanning, for %s at %s; GitHub works on them as %s.\n", at.Ref, at.Commit, id))
}

// scanned uploads, and gives where to and the name under which it is worked on.
func scanned(ctx context.Context, env Environment, runner *action.Runner, in action.Inputs, r *report.Report) (at action.Analysis, id string, err error) {
	client, done, err := repository(env, in.Token)
	if err != nil {
		return at, "", err
	}
	defer done()
	pull, ok := runner.Pull()
	if ok && pull.Number == 0 {
		if pull.Number, err = client.PullNumber(ctx, pull.Head); err != nil {
			return at, "", err
		}
	}
	if at, err = runner.Analysis(in, pull, r.Head.Commit); err != nil {
		return at, "", err
	}
	var log bytes.Buffer
	if err := report.SARIF(&log, r, report.Options{}); err != nil {
		return at, "", err
	}
	id, err = client.UploadSARIF(ctx, at.Ref, at.Commit, log.Bytes())
	return at, id, err
}
