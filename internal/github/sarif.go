package github

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"

	gh "github.com/google/go-github/v60/github"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// maxLog is how many bytes of a compressed SARIF log GitHub takes. Of the two
// things that "10 MB" can mean it is the smaller.
//
// https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#validating-your-sarif-file
const maxLog = 10_000_000

// What to do where code scanning takes no log.
const (
	allowUpload = "Allow it by permissions: security-events: write. The token of a fork's pull request never has that right, " +
		"and a private repository needs GitHub Code Security."
	uploadLess  = "Set sarif and look at the file, or ask the policy to ignore lockfiles that nobody installs from."
	uploadLater = "The next run uploads again."
)

// uploadHints say what to do about the statuses that code scanning refuses a log
// with.
//
// https://docs.github.com/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data
var uploadHints = map[int]string{
	http.StatusUnauthorized:          allowUpload,
	http.StatusForbidden:             allowUpload,
	http.StatusNotFound:              allowUpload,
	http.StatusRequestEntityTooLarge: uploadLess,
	http.StatusBadRequest:            "GitHub found the log, its ref or its commit wrong. Set sarif, and report the file as a bug.",
	http.StatusUnprocessableEntity:   "GitHub found the log, its ref or its commit wrong. Set sarif, and report the file as a bug.",
	http.StatusTooManyRequests:       "Wait until the limit is reset (an hour at most). " + uploadLater,
}

// UploadSARIF hands a SARIF log to code scanning, as found in a commit to which
// a full ref leads, and gives the name under which GitHub works on it: that it
// took the log doesn't say that it has read it. The error is a [*tree.Error]
// with a hint.
func (c *Client) UploadSARIF(ctx context.Context, ref, commit string, log []byte) (id string, err error) {
	o := object{"SARIF log of", ref}
	packed, err := pack(log)
	if err == nil && len(packed) > maxLog {
		err = fmt.Errorf("it has %d bytes compressed, and GitHub takes at most %d", len(packed), maxLog)
	}
	if err != nil {
		return "", &tree.Error{Subject: o.String(), Doing: "uploading", Err: err, Advice: uploadLess}
	}
	taken, resp, err := c.scanning.UploadSarif(ctx, c.owner, c.name, &gh.SarifAnalysis{
		CommitSHA: &commit, Ref: &ref, Sarif: gh.String(base64.StdEncoding.EncodeToString(packed)), ToolName: gh.String("Lockkeeper"),
	})
	if err == nil && taken.GetID() == "" {
		err = errors.New("the answer has no id")
	}
	if err != nil {
		return "", notTaken(ctx, o, resp, err)
	}
	return taken.GetID(), nil
}

// pack compresses a log. The same log gives the same bytes.
func pack(log []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(log)
	err = errors.Join(err, w.Close())
	return b.Bytes(), err
}

// notTaken explains why code scanning didn't take a log.
func notTaken(ctx context.Context, o object, resp *gh.Response, err error) error {
	why := &tree.Error{Subject: o.String(), Doing: "uploading", Err: ctx.Err(), Advice: uploadLater}
	if why.Err != nil {
		return why
	}
	status := 0
	if resp != nil {
		status = resp.StatusCode
		if limitsRate(resp.Response) || errors.As(err, new(*gh.RateLimitError)) || errors.As(err, new(*gh.AbuseRateLimitError)) {
			status = http.StatusTooManyRequests
		}
	}
	if hint, ok := uploadHints[status]; ok {
		why.Advice = hint
	}
	var said *tree.Error
	if explained := o.unanswered(err); errors.As(explained, &said) {
		why.Err = said.Err
	} else { // not found, in the words for an object
		why.Err = fmt.Errorf("HTTP %d: code scanning is not on here, or the token may not write to it", status)
	}
	return why
}
