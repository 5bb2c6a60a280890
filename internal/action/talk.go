package action

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Talk is where people may have spoken about what a step judges: on one pull
// request, or on those that a push merged.
type Talk struct {
	Pull Pull // zero where the commits of a push say which they are
	// Branch is where the pull request is to be merged, or the push went; "" where
	// the event is the pull request's own, which needs no second look.
	Branch string
	// Merged are the commits of a push, the branch's newest one last.
	Merged []string
	// Others is set where more than that one pull request may be judged.
	Others bool
}

// Talk says where people may be heard; nil where nobody can have spoken, as
// where everything is judged. The error is about an event that should say where.
func (r *Runner) Talk() (*Talk, error) {
	e := event{name: r.getenv("GITHUB_EVENT_NAME"), sha: r.getenv("GITHUB_SHA")}
	row := events[e.name]
	if row.talk == nil {
		return nil, nil
	}
	var err error
	if e.payload, err = r.payload(); err != nil {
		return nil, fmt.Errorf("event %s: %w", e.name, err)
	}
	talk, err := row.talk(e)
	if err != nil {
		return nil, fmt.Errorf("event %s: %w", e.name, err)
	}
	return talk, nil
}

// Pull gives the pull request that the event is about, if it is about one.
func (r *Runner) Pull() (Pull, bool) {
	talk, err := r.Talk()
	if err != nil || talk == nil || talk.Branch != "" {
		return Pull{}, false // an error is said where the comparison needs the event
	}
	return talk.Pull, true
}

func onPull(e event) (*Talk, error) {
	c, err := pullRequest(e)
	return &Talk{Pull: c.Pull}, err
}

func onRun(e event) (*Talk, error) {
	c, err := workflowRun(e)
	if err != nil || c.Pull == (Pull{}) {
		return nil, err
	}
	return &Talk{Pull: c.Pull}, nil
}

const (
	heads      = "refs/heads/"
	queueHeads = heads + "gh-readonly-queue/"
)

// queued is the end of the name of a merge group's branch: the pull request's
// number, and the commit that it was put onto.
var queued = regexp.MustCompile(`^pr-([1-9][0-9]{0,8})-([0-9a-f]{40}|[0-9a-f]{64})$`)

// inQueue takes the pull request from the name of the merge group's branch,
// which is all that the payload has of it:
// refs/heads/gh-readonly-queue/BASE/pr-NUMBER-COMMIT.
//
// GitHub builds a group for each entry of the queue, on the group of the entry
// before it: that is the COMMIT, and the payload's base_sha, "the SHA of the
// merge group's parent commit". Limits on how many are merged at once don't join
// the groups. Where the two differ, the group is of another kind, and others'
// changes may be in it.
//
// https://docs.github.com/webhooks/webhook-events-and-payloads#merge_group
// https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
// https://github.com/sipyourdrink-ltd/bernstein/pull/5809 (a queue's branches and commits)
// https://github.com/firezone/firezone/pull/13268 (base_sha behind another entry)
func inQueue(e event) (*Talk, error) {
	group := e.MergeGroup
	branch, ok := strings.CutPrefix(group.BaseRef, heads)
	entry, inIt := strings.CutPrefix(group.HeadRef, queueHeads+branch+"/")
	name := queued.FindStringSubmatch(entry)
	if !ok || branch == "" || !inIt || name == nil {
		return nil, fmt.Errorf("the merge group's branch %.200q is not named for a pull request into %.200q", group.HeadRef, group.BaseRef)
	}
	number, err := strconv.Atoi(name[1])
	return &Talk{Pull: Pull{Number: number}, Branch: branch, Others: name[2] != group.BaseSHA}, err
}

// maxPushed is how many commits GitHub lists of a push.
//
// https://docs.github.com/webhooks/webhook-events-and-payloads#push
const maxPushed = 2048

// onMerged names the commits of a push to a branch. What is pushed to a tag, or
// begins or ends a branch, merges nothing.
func onMerged(e event) (*Talk, error) {
	branch, ok := strings.CutPrefix(e.Ref, heads)
	if !ok || branch == "" || !isHash(e.Before) || !isHash(e.After) || isZero(e.Before) || isZero(e.After) {
		return nil, nil
	}
	talk := &Talk{Branch: branch}
	for _, c := range e.Commits[:min(len(e.Commits), maxPushed)] {
		if isHash(c.ID) && c.ID != e.After {
			talk.Merged = append(talk.Merged, c.ID)
		}
	}
	talk.Merged = append(talk.Merged, e.After)
	return talk, nil
}
