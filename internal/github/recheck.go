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
	runs, err := c.failedRuns(ctx, pulls)
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
// it failed.
func (c *Client) failedRuns(ctx context.Context, heads map[string]int) ([]*gh.WorkflowRun, error) {
	type workflow struct {
		id   int64
		head string
	}
	newest := make(map[workflow]bool) // GitHub lists the newest first
	var failed []*gh.WorkflowRun
	err := pages(maxRuns, func(options gh.ListOptions) (int, error) {
		found, err := put(ctx, object{"list of", "failed runs"}, func() (*gh.WorkflowRuns, *gh.Response, error) {
			return c.actions.ListRepositoryWorkflowRuns(ctx, c.owner, c.name, &gh.ListWorkflowRunsOptions{Status: "failure", ListOptions: options})
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
	o := object{"run", strconv.FormatInt(run, 10)}
	jobs, err := put(ctx, o, func() (*gh.Jobs, *gh.Response, error) {
		return c.actions.ListWorkflowJobs(ctx, c.owner, c.name, run, &gh.ListWorkflowJobsOptions{Filter: "latest", ListOptions: gh.ListOptions{PerPage: 100}})
	})
	if err != nil {
		return end, err
	}
	for _, job := range jobs.Jobs {
		if job.GetConclusion() != "failure" {
			continue
		}
		// A job is a check run of the same number.
		remarks, err := put(ctx, o, func() ([]*gh.CheckRunAnnotation, *gh.Response, error) {
			return c.checks.ListCheckRunAnnotations(ctx, c.owner, c.name, job.GetID(), &gh.ListOptions{PerPage: 100})
		})
		if err != nil {
			return end, err
		}
		for _, remark := range remarks {
			if t, ok := until(remark.GetTitle()); ok && t.After(end) {
				end = t
			}
		}
	}
	return end, nil
}

// pages asks for page after page, up to that many items.
func pages(most int, ask func(gh.ListOptions) (int, error)) error {
	const size = 100
	for page := 1; page <= most/size; page++ {
		n, err := ask(gh.ListOptions{Page: page, PerPage: size})
		if err != nil || n < size {
			return err
		}
	}
	return nil
}
