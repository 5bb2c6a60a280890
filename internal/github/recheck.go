package github

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// Held is a failed run on the head of an open pull request, which a job of it
// says it holds.
type Held struct {
	Pull  int
	Run   int64
	Until time.Time
}

// How far back held runs are looked for. A hold of a week in a repository with
// hundreds of failed runs a day is the most that one run of this asks after.
const (
	maxPulls = 500
	maxRuns  = 500
)

// Held lists the runs that hold a pull request, by its number. until reads the
// end of a hold from the title of a job's annotation; a title that is none
// gives false. It asks for the open pull requests, the failed runs, and for
// those that fit each other, the jobs and their annotations.
func (c *Client) Held(ctx context.Context, until func(title string) (time.Time, bool)) ([]Held, error) {
	pulls, err := c.openPulls(ctx)
	if err != nil || len(pulls) == 0 {
		return nil, err
	}
	runs, err := c.failedRuns(ctx, pulls, "")
	if err != nil {
		return nil, err
	}
	var all []Held
	for _, run := range runs {
		end, err := c.holdOf(ctx, run.GetID(), until)
		if err != nil {
			return nil, err
		}
		if !end.IsZero() {
			all = append(all, Held{Pull: pulls[run.GetHeadSHA()], Run: run.GetID(), Until: end})
		}
	}
	slices.SortFunc(all, func(a, b Held) int { return cmp.Or(cmp.Compare(a.Pull, b.Pull), cmp.Compare(a.Run, b.Run)) })
	return all, nil
}

// Rerun starts the failed jobs of a run again.
func (c *Client) Rerun(ctx context.Context, run int64) error {
	_, err := put(ctx, object{"run", strconv.FormatInt(run, 10)}, func() (struct{}, *gh.Response, error) {
		resp, err := c.actions.RerunFailedJobsByID(ctx, c.owner, c.name, run)
		return struct{}{}, resp, err
	})
	return err
}

// Failed lists the failed runs on a pull request's head in which a failed job
// has an annotation with a title that is ours.
func (c *Client) Failed(ctx context.Context, number int, ours func(title string) bool) ([]int64, error) {
	o := object{"pull request", strconv.Itoa(number)}
	pull, err := put(ctx, o, func() (*gh.PullRequest, *gh.Response, error) {
		return c.pulls.Get(ctx, c.owner, c.name, number)
	})
	if err != nil {
		return nil, err
	}
	head := pull.GetHead().GetSHA()
	if !objectName.MatchString(head) {
		return nil, o.broken("its head is not named by a hash: %.50q", head)
	}
	runs, err := c.failedRuns(ctx, map[string]int{head: number}, head)
	if err != nil {
		return nil, err
	}
	var all []int64
	for _, run := range runs {
		titles, err := c.titles(ctx, run.GetID())
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(titles, ours) {
			all = append(all, run.GetID())
		}
	}
	slices.Sort(all)
	return all, nil
}

// openPulls gives the numbers of the open pull requests by their heads.
func (c *Client) openPulls(ctx context.Context) (map[string]int, error) {
	numbers := make(map[string]int)
	err := pages(maxPulls, func(options gh.ListOptions) (int, error) {
		found, err := put(ctx, object{"list of", "open pull requests"}, func() ([]*gh.PullRequest, *gh.Response, error) {
			return c.pulls.List(ctx, c.owner, c.name, &gh.PullRequestListOptions{State: "open", ListOptions: options})
		})
		for _, p := range found {
			if head := p.GetHead().GetSHA(); objectName.MatchString(head) {
				numbers[head] = p.GetNumber()
			}
		}
		return len(found), err
	})
	return numbers, err
}

// failedRuns gives the newest run of each workflow on each of these heads, if
// it failed. Of the one head that is named, if any, no others are listed.
func (c *Client) failedRuns(ctx context.Context, heads map[string]int, one string) ([]*gh.WorkflowRun, error) {
	type workflow struct {
		id   int64
		head string
	}
	newest := make(map[workflow]bool) // GitHub lists the newest first
	var failed []*gh.WorkflowRun
	err := pages(maxRuns, func(options gh.ListOptions) (int, error) {
		found, err := put(ctx, object{"list of", "failed runs"}, func() (*gh.WorkflowRuns, *gh.Response, error) {
			return c.actions.ListRepositoryWorkflowRuns(ctx, c.owner, c.name, &gh.ListWorkflowRunsOptions{Status: "failure", HeadSHA: one, ListOptions: options})
		})
		if err != nil {
			return 0, err
		}
		for _, run := range found.WorkflowRuns {
			w := workflow{run.GetWorkflowID(), run.GetHeadSHA()}
			if _, open := heads[w.head]; open && !newest[w] {
				newest[w] = true
				failed = append(failed, run)
			}
		}
		return len(found.WorkflowRuns), nil
	})
	return failed, err
}

// holdOf gives when the last hold of a run's failed jobs ends; zero for none.
func (c *Client) holdOf(ctx context.Context, run int64, until func(string) (time.Time, bool)) (end time.Time, err error) {
	titles, err := c.titles(ctx, run)
	for _, title := range titles {
		if t, ok := until(title); ok && t.After(end) {
			end = t
		}
	}
	return end, err
}

// titles gives those of the annotations of a run's failed jobs.
func (c *Client) titles(ctx context.Context, run int64) ([]string, error) {
	o := object{"run", strconv.FormatInt(run, 10)}
	jobs, err := put(ctx, o, func() (*gh.Jobs, *gh.Response, error) {
		return c.actions.ListWorkflowJobs(ctx, c.owner, c.name, run, &gh.ListWorkflowJobsOptions{Filter: "latest", ListOptions: gh.ListOptions{PerPage: 100}})
	})
	if err != nil {
		return nil, err
	}
	var all []string
	for _, job := range jobs.Jobs {
		if job.GetConclusion() != "failure" {
			continue
		}
		// A job is a check run of the same number.
		remarks, err := put(ctx, o, func() ([]*gh.CheckRunAnnotation, *gh.Response, error) {
			return c.checks.ListCheckRunAnnotations(ctx, c.owner, c.name, job.GetID(), &gh.ListOptions{PerPage: 100})
		})
		if err != nil {
			return nil, err
		}
		for _, remark := range remarks {
			all = append(all, remark.GetTitle())
		}
	}
	return all, nil
}

// pages asks for page after page, up to that many items.
func pages(most int, ask func(gh.ListOptions) (int, error)) error {
	for page := 1; page <= most/pageSize; page++ {
		n, err := ask(gh.ListOptions{Page: page, PerPage: pageSize})
		if err != nil || n < pageSize {
			return err
		}
	}
	return nil
}
