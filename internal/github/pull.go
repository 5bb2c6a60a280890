package github

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	gh "github.com/google/go-github/v60/github"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// branchName keeps a base's name from being anything but one: what
// git-check-ref-format forbids, and the characters that mean something in an
// address.
var branchName = regexp.MustCompile(`^[\pL\pN_@=+,()!$-][\pL\pN_@=+,()!$./-]*$`)

// PullSides gives the commits to compare for a pull request whose head is that
// commit: its merge with the base and that merge's first parent, which is what
// merging would change; or, where GitHub has no such merge (there are
// conflicts, or it is still being made), the head and its merge base with the
// base's branch. A number of 0 is found by the head.
//
// It only ever names the head that was asked for, whatever was pushed since.
func (c *Client) PullSides(ctx context.Context, number int, head string) (base, merged string, err error) {
	if number == 0 {
		if number, err = c.PullNumber(ctx, head); err != nil {
			return "", "", err
		}
	}
	if base, merged, err = c.merge(ctx, number, head); err != nil || merged != "" {
		return base, merged, err
	}
	base, err = c.fork(ctx, number, head)
	return base, head, err
}

// merge gives the sides of a pull request's merge; "" if there is none of that
// head.
func (c *Client) merge(ctx context.Context, number int, head string) (base, merged string, err error) {
	o := object{"merge of pull request", strconv.Itoa(number)}
	ref, err := put(ctx, o, func() (*gh.Reference, *gh.Response, error) {
		return c.git.GetRef(ctx, c.owner, c.name, fmt.Sprintf("pull/%d/merge", number))
	})
	var missing *tree.Missing
	if errors.As(err, &missing) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	merged = ref.GetObject().GetSHA()
	parents, err := c.Parents(ctx, merged)
	if err != nil {
		return "", "", err
	}
	if len(parents) != 2 || parents[1] != head {
		return "", "", nil
	}
	return parents[0], merged, nil
}

// fork gives the commit at which a pull request left its base's branch.
func (c *Client) fork(ctx context.Context, number int, head string) (string, error) {
	o := object{"pull request", strconv.Itoa(number)}
	pull, err := put(ctx, o, func() (*gh.PullRequest, *gh.Response, error) {
		return c.pulls.Get(ctx, c.owner, c.name, number)
	})
	if err != nil {
		return "", err
	}
	branch := pull.GetBase().GetRef()
	if len(branch) > maxNameLength || !branchName.MatchString(branch) {
		return "", o.broken("its base is no branch's name: %.50q", branch)
	}
	// The branch, not base.sha, which stays where the branch was when the pull
	// request was last touched.
	compared, err := put(ctx, object{"comparison with", branch}, func() (*gh.CommitsComparison, *gh.Response, error) {
		return c.repos.CompareCommits(ctx, c.owner, c.name, branch, head, &gh.ListOptions{PerPage: 1})
	})
	if err != nil {
		return "", err
	}
	base := compared.GetMergeBaseCommit().GetSHA()
	if !objectName.MatchString(base) {
		return "", o.broken("its merge base is not named by a hash: %.50q", base)
	}
	return base, nil
}

// PullNumber gives the number of the one open pull request with that head, as
// an event that names none is about: a workflow_run that a fork started.
func (c *Client) PullNumber(ctx context.Context, head string) (int, error) {
	o := object{"commit", head}
	pulls, err := ask(ctx, o, func() ([]*gh.PullRequest, *gh.Response, error) {
		return c.pulls.ListPullRequestsWithCommit(ctx, c.owner, c.name, head, &gh.ListOptions{PerPage: 100})
	})
	if err != nil {
		return 0, err
	}
	number := 0
	for _, pull := range pulls {
		switch {
		case pull.GetState() != "open" || pull.GetHead().GetSHA() != head || pull.GetNumber() <= 0 || !c.ours(pull):
		case number != 0:
			return 0, o.unclear("pull requests %d and %d both have it as their head", number, pull.GetNumber())
		default:
			number = pull.GetNumber()
		}
	}
	if number == 0 {
		return 0, o.unclear("no open pull request has it as its head")
	}
	return number, nil
}

func (o object) unclear(format string, args ...any) error {
	return &tree.Error{
		Subject: o.String(), Doing: "looking for its pull request", Err: fmt.Errorf(format, args...),
		Advice: "set the inputs base and head",
	}
}
