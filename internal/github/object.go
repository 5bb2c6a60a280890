package github

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	gh "github.com/google/go-github/v60/github"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// object is a commit, a tree or a blob that is asked for.
type object struct{ kind, id string }

func (o object) String() string { return o.kind + " " + o.id }

// ask checks an object's name before it becomes part of an address, and puts
// the question.
func ask[T any](ctx context.Context, o object, question func() (T, *gh.Response, error)) (T, error) {
	var none T
	if !objectName.MatchString(o.id) {
		return none, o.nameless()
	}
	return put(ctx, o, question)
}

// ErrNoHash is the error of a revision that only a checkout could know.
var ErrNoHash = errors.New("is not a full hash")

func (o object) nameless() error {
	return &tree.Error{
		Subject: fmt.Sprintf("%s %.50q", o.kind, o.id), Doing: "asking GitHub", Err: ErrNoHash,
		Advice: "name it by the 40 hexadecimal digits that git rev-parse gives",
	}
}

// put asks, and explains what went wrong.
func put[T any](ctx context.Context, o object, question func() (T, *gh.Response, error)) (T, error) {
	answer, _, err := question()
	if err == nil {
		return answer, nil
	}
	var none T
	if cause := ctx.Err(); cause != nil {
		return none, cause
	}
	return none, o.unanswered(err)
}

func (c *Client) commit(ctx context.Context, sha string) (*gh.Commit, error) {
	o := object{"commit", sha}
	if commit, ok := c.known.commit(sha); ok {
		return commit, nil
	}
	commit, err := ask(ctx, o, func() (*gh.Commit, *gh.Response, error) {
		return c.git.GetCommit(ctx, c.owner, c.name, sha)
	})
	if err == nil && commit.GetSHA() != sha {
		return nil, o.broken("the answer is about commit %.50q", commit.GetSHA())
	}
	if err == nil {
		c.known.keepCommit(commit)
	}
	return commit, err
}

// tree lists a tree, or a commit's; of a commit the answer's name is its own or
// its tree's.
func (c *Client) tree(ctx context.Context, o object, recursive bool) (*gh.Tree, error) {
	found, err := ask(ctx, o, func() (*gh.Tree, *gh.Response, error) {
		return c.git.GetTree(ctx, c.owner, c.name, o.id, recursive)
	})
	if name := treeName(found); err == nil && name != o.id && (o.kind == "tree" || !objectName.MatchString(name)) {
		return nil, o.broken("the answer is about tree %.50q", treeName(found))
	}
	return found, err
}

func treeName(t *gh.Tree) string {
	if t == nil || t.SHA == nil {
		return ""
	}
	return *t.SHA
}

// blob gives a blob's bytes, checked against its name; with more than limit of
// them the error is an [*http.MaxBytesError].
func (c *Client) blob(ctx context.Context, sha string, limit int64) ([]byte, error) {
	if data, ok := c.known.blob(sha); ok && int64(len(data)) <= limit {
		return data, nil
	}
	ctx = atMost(ctx, limit)
	o := object{"blob", sha}
	c.known.count()
	data, err := ask(ctx, o, func() ([]byte, *gh.Response, error) {
		return c.git.GetBlobRaw(ctx, c.owner, c.name, sha)
	})
	if err != nil {
		return nil, err
	}
	if blobName(data) != sha {
		return nil, o.broken("its content does not match its name")
	}
	c.known.keepBlob(sha, data)
	return data, nil
}

// blobName is the name that git gives to a file's bytes. What it is compared
// with is a file of the base, so that no pull request can bring a collision.
//
// https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
func blobName(data []byte) string {
	h := sha1.New()
	_, _ = fmt.Fprintf(h, "blob %d\x00", len(data)) // a hash takes everything
	_, _ = h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// What to do without an answer.
const (
	withoutAPI = "or let actions/checkout bring the commits: fetch-depth: 2 on pull_request, else 0"
	allowRead  = "give the step a token with permissions: contents: read; " + withoutAPI
)

// broken is an answer that can't be true.
func (o object) broken(format string, args ...any) error {
	return &tree.Error{
		Subject: o.String(), Doing: "asking GitHub", Err: fmt.Errorf(format, args...),
		Advice: "find out what stands between this job and GitHub; " + withoutAPI,
	}
}

// absent is a [*tree.Missing] in the words that fit an API.
type absent struct{ *tree.Missing }

func (a absent) Error() string { return a.Object + " " + a.ID + ": asking GitHub: not found" }

func (a absent) Unwrap() error { return a.Missing }

// unanswered explains an error of go-github, whose own text may hold all that
// the server said.
func (o object) unanswered(err error) error {
	var (
		limited   *gh.RateLimitError
		secondary *gh.AbuseRateLimitError
		refused   *gh.ErrorResponse
		unreached *url.Error
		long      *http.MaxBytesError
	)
	why := &tree.Error{Subject: o.String(), Doing: "asking GitHub", Advice: "try again, " + withoutAPI}
	switch {
	case errors.As(err, &limited), errors.As(err, &secondary), errors.As(err, &refused) && limitsRate(refused.Response):
		why.Err = errors.New("the rate limit is exceeded")
		when := "an hour at most"
		if limited != nil && !limited.Rate.Reset.IsZero() {
			when = limited.Rate.Reset.UTC().Format("2006-01-02 15:04 MST")
		}
		why.Advice = "wait until it is reset (" + when + "), " + withoutAPI
	case refused != nil && refused.Response.StatusCode == http.StatusNotFound:
		return absent{&tree.Missing{Object: o.kind, ID: o.id, Advice: "the repository may not have it any more, or the token may not read it: " + allowRead}}
	case refused != nil:
		why.Err = fmt.Errorf("HTTP %d", refused.Response.StatusCode)
		if refused.Message != "" {
			why.Err = fmt.Errorf("%w: %.120q", why.Err, refused.Message)
		}
		if code := refused.Response.StatusCode; code == http.StatusUnauthorized || code == http.StatusForbidden {
			why.Advice = allowRead
		}
	case errors.As(err, &unreached):
		why.Err = unreached.Err
	case errors.As(err, &long):
		why.Err = fmt.Errorf("an answer of more than %d bytes: %w", long.Limit, long)
	default:
		why.Err = fmt.Errorf("an answer that can't be read: %.120s", err)
	}
	return why
}

// limitsRate knows the ways of saying it that go-github v60 does not.
//
// https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
func limitsRate(r *http.Response) bool {
	return r.StatusCode == http.StatusTooManyRequests ||
		r.StatusCode == http.StatusForbidden && r.Header.Get("Retry-After") != ""
}
