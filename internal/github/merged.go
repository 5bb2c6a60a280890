package github

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// How many of the closed pull requests are looked through for those that a push
// merged, and how many of them are heard. A merge queue merges up to 100 at once,
// and five unless it is told otherwise.
const (
	maxClosed = 100
	maxMerged = 10
)

// Into makes sure that a number which was read from a name is that of one of
// this repository's pull requests into that branch, open or merged.
func (c *Client) Into(ctx context.Context, number int, branch string) error {
	o := object{"pull request", strconv.Itoa(number)}
	pull, err := put(ctx, o, func() (*gh.PullRequest, *gh.Response, error) {
		return c.pulls.Get(ctx, c.owner, c.name, number)
	})
	switch {
	case err != nil:
		return err
	case pull.GetNumber() != number || !c.leads(pull, branch):
		return o.unheard("it is not one into this repository's %.100q", branch)
	case pull.GetState() != "open" && pull.GetMergedAt().IsZero():
		return o.unheard("it is closed and was not merged")
	}
	return nil
}

// leads reports whether a pull request is one of this repository's, into that
// branch.
func (c *Client) leads(pull *gh.PullRequest, branch string) bool {
	base := pull.GetBase()
	return base.GetRef() == branch && c.ours(pull)
}

// ours reports whether a pull request is this repository's: commits are shared
// with forks, and numbers mean something else there.
func (c *Client) ours(pull *gh.PullRequest) bool {
	return strings.EqualFold(pull.GetBase().GetRepo().GetFullName(), c.owner+"/"+c.name)
}

// Merged gives the numbers of the pull requests that a push of those commits
// merged into a branch, in the order of the commits, the newest of which is the
// last. What a commit's message says is no evidence: a pull request is one of
// them if GitHub says that it was merged, into this branch, as one of these
// commits; or, where none was merged as the newest one (its commits were pushed
// by hand), if GitHub says that it brought that commit.
//
// It asks once or twice. The error says that some could not be found, beside
// those that could.
//
// https://docs.github.com/rest/pulls/pulls#get-a-pull-request (merge_commit_sha)
// https://docs.github.com/rest/commits/commits#list-pull-requests-associated-with-a-commit
func (c *Client) Merged(ctx context.Context, branch string, commits []string) ([]int, error) {
	o := object{"branch", branch}
	if len(branch) > maxNameLength || !branchName.MatchString(branch) {
		return nil, object{"branch", fmt.Sprintf("%.50q", branch)}.unheard("it is no branch's name")
	}
	newest := commits[len(commits)-1]
	if !objectName.MatchString(newest) {
		return nil, object{"commit", newest}.nameless()
	}
	closed, err := put(ctx, object{"pull requests into", branch}, func() ([]*gh.PullRequest, *gh.Response, error) {
		return c.pulls.List(ctx, c.owner, c.name, &gh.PullRequestListOptions{
			State: "closed", Base: branch, Sort: "updated", Direction: "desc", ListOptions: gh.ListOptions{PerPage: maxClosed},
		})
	})
	if err != nil {
		return nil, err
	}
	place := make(map[string]int, len(commits))
	for i, commit := range commits {
		place[commit] = i
	}
	found := make(map[int]int) // number to the place of its commit
	var last time.Time         // when the latest of them was merged
	keep := func(pull *gh.PullRequest, at int) {
		found[pull.GetNumber()] = at
		if merged := pull.GetMergedAt().Time; merged.After(last) {
			last = merged
		}
	}
	direct := true
	for _, pull := range closed {
		at, pushed := place[pull.GetMergeCommitSHA()]
		if pushed && !pull.GetMergedAt().IsZero() && c.leads(pull, branch) && pull.GetNumber() > 0 {
			keep(pull, at)
			direct = direct && at != len(commits)-1
		}
	}
	if direct {
		brought, err := c.brought(ctx, branch, newest)
		if err != nil {
			return order(found), err
		}
		for _, pull := range brought {
			keep(pull, len(commits)-1)
		}
	}
	numbers := order(found)
	switch {
	case len(numbers) == 0:
		return nil, o.unheard("no pull request is known to have brought commit %s", newest)
	case len(numbers) > maxMerged:
		return numbers[len(numbers)-maxMerged:], o.unheard("%d pull requests were merged at once, and the last %d are heard", len(numbers), maxMerged)
	case len(closed) >= maxClosed && !closed[len(closed)-1].GetUpdatedAt().Before(last.Add(-apart)):
		return numbers, o.unheard("only the %d pull requests that were closed or changed last are looked through", maxClosed)
	}
	return numbers, nil
}

// apart is more than the time between the first and the last merge of one push.
const apart = time.Hour

// brought lists the pull requests into a branch that brought a commit there.
func (c *Client) brought(ctx context.Context, branch, commit string) ([]*gh.PullRequest, error) {
	pulls, err := ask(ctx, object{"commit", commit}, func() ([]*gh.PullRequest, *gh.Response, error) {
		return c.pulls.ListPullRequestsWithCommit(ctx, c.owner, c.name, commit, &gh.ListOptions{PerPage: maxClosed})
	})
	return slices.DeleteFunc(pulls, func(pull *gh.PullRequest) bool {
		return pull.GetMergedAt().IsZero() || !c.leads(pull, branch) || pull.GetNumber() <= 0
	}), err
}

// unheard is about people whose word doesn't count because where they spoke
// can't be found.
func (o object) unheard(format string, args ...any) error {
	return &tree.Error{
		Subject: o.String(), Doing: "looking for comments", Err: fmt.Errorf(format, args...),
		Advice: "let what must pass here pass by an exception in the policy",
	}
}

// order gives numbers by the places of their commits.
func order(found map[int]int) []int {
	var numbers []int
	for number := range found {
		numbers = append(numbers, number)
	}
	slices.SortFunc(numbers, func(a, b int) int {
		if found[a] != found[b] {
			return found[a] - found[b]
		}
		return a - b
	})
	return numbers
}
