package action

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// maxEvent is the size up to which an event's file is read: GitHub caps its
// payloads at 25 MB.
//
// https://docs.github.com/webhooks/webhook-events-and-payloads
const maxEvent = 25 << 20

// Comparison is what a run judges, as git revisions; or a pull request, whose
// revisions GitHub is to be asked for.
type Comparison struct {
	Base string // "" to judge everything that the head pins
	Head string
	// Pull is set for an event that runs beside the base's code, with a token
	// that may write: the head is read through the API, and never checked out.
	Pull Pull
}

// Pull is a pull request at the commit that the event is about.
type Pull struct {
	Number int // 0 where the event doesn't say
	Head   string
}

// payload is what is read of an event. Names of refs say no more than where
// people may be heard, and of people's names only a comment's author's is read.
type payload struct {
	Ref     string `json:"ref"`
	Before  string `json:"before"`
	After   string `json:"after"`
	Commits []struct {
		ID string `json:"id"`
	} `json:"commits"`
	MergeGroup struct {
		BaseSHA string `json:"base_sha"`
		HeadSHA string `json:"head_sha"`
		BaseRef string `json:"base_ref"`
		HeadRef string `json:"head_ref"`
	} `json:"merge_group"`
	PullRequest pull   `json:"pull_request"`
	Action      string `json:"action"`
	Issue       struct {
		Number int       `json:"number"`
		Pull   *struct{} `json:"pull_request"` // nil for an issue that is none
	} `json:"issue"`
	Comment struct {
		Body string `json:"body"`
		User struct {
			Login string `json:"login"`
		} `json:"user"`
	} `json:"comment"`
	WorkflowRun struct {
		Event        string `json:"event"`
		HeadSHA      string `json:"head_sha"`
		PullRequests []pull `json:"pull_requests"`
	} `json:"workflow_run"`
}

type pull struct {
	Number int `json:"number"`
	Head   struct {
		SHA string `json:"sha"`
	} `json:"head"`
}

// event is what a run was started by.
type event struct {
	name string
	sha  string // GITHUB_SHA
	payload
}

// events says for each event what it asks to compare, and where people may have
// spoken about it; nil where nobody can have.
var events = map[string]struct {
	compare func(event) (Comparison, error)
	talk    func(event) (*Talk, error)
}{
	"pull_request":        {mergeCommit, onPull},
	"pull_request_target": {pullRequest, onPull},
	"workflow_run":        {workflowRun, onRun},
	"merge_group":         {mergeGroup, inQueue},
	"push":                {push, onMerged},
	"schedule":            {everything, nil},
	"workflow_dispatch":   {everything, nil},
}

// mergeCommit compares the merge of base and pull request with its first
// parent: exactly what merging would change. The payload's base.sha is no use,
// as it stays where the base was when the pull request was last touched.
func mergeCommit(e event) (Comparison, error) {
	return Comparison{Base: e.sha + "^1", Head: e.sha}, nil
}

// mergeGroup takes both sides from the payload: the queue sets no base ref.
func mergeGroup(e event) (Comparison, error) {
	if !isHash(e.MergeGroup.BaseSHA) || !isHash(e.MergeGroup.HeadSHA) {
		return Comparison{}, errors.New("its payload names no base_sha and head_sha")
	}
	return Comparison{Base: e.MergeGroup.BaseSHA, Head: e.MergeGroup.HeadSHA}, nil
}

// push compares the branch before and after. A new branch has no before, and a
// deleted one no after: what GITHUB_SHA then names is judged whole.
func push(e event) (Comparison, error) {
	if !isHash(e.Before) || !isHash(e.After) {
		return Comparison{}, errors.New("its payload names no before and after")
	}
	if isZero(e.Before) || isZero(e.After) {
		return everything(e)
	}
	return Comparison{Base: e.Before, Head: e.After}, nil
}

func everything(e event) (Comparison, error) {
	return Comparison{Head: e.sha}, nil
}

// pullRequest leaves the commits to the API: GITHUB_SHA and the checkout are
// the base's.
func pullRequest(e event) (Comparison, error) {
	p := e.PullRequest
	if p.Number <= 0 || !isHash(p.Head.SHA) {
		return Comparison{}, errors.New("its payload names no pull request with a head")
	}
	return Comparison{Pull: Pull{p.Number, p.Head.SHA}}, nil
}

// workflowRun judges what the first workflow ran on. The payload lists no pull
// request where that came from a fork.
func workflowRun(e event) (Comparison, error) {
	run := e.WorkflowRun
	if !isHash(run.HeadSHA) {
		return Comparison{}, errors.New("its payload names no head_sha")
	}
	if run.Event != "pull_request" && run.Event != "pull_request_target" {
		return Comparison{Head: run.HeadSHA}, nil
	}
	p := Pull{Head: run.HeadSHA}
	for _, listed := range run.PullRequests {
		if listed.Head.SHA == run.HeadSHA && len(run.PullRequests) == 1 {
			p.Number = max(0, listed.Number)
		}
	}
	return Comparison{Pull: p}, nil
}

// Comparison says what to judge: what the inputs name, else what the event
// asks for.
func (r *Runner) Comparison(in Inputs) (Comparison, error) {
	if in.Mode == Scan {
		in.Base = ""
	}
	if in.Head != "" && (in.Base != "" || in.Mode == Scan) {
		return Comparison{Base: in.Base, Head: in.Head}, nil
	}
	asked, err := r.asked()
	if err != nil {
		return Comparison{}, err
	}
	if asked.Pull != (Pull{}) {
		return ofPull(in, asked)
	}
	c := Comparison{Base: cmp.Or(in.Base, asked.Base), Head: cmp.Or(in.Head, asked.Head)}
	if in.Mode == Scan {
		c.Base = ""
	}
	if in.Mode == Check && c.Base == "" {
		return Comparison{}, errors.New("input mode: check needs a base and the event has none; set the input base, or use scan")
	}
	return c, nil
}

// Comment is one that was just written on a pull request.
type Comment struct {
	Pull   int
	Author string // the login
	Body   string
}

// OnComment reports whether the step runs because of a comment.
func (r *Runner) OnComment() bool { return r.getenv("GITHUB_EVENT_NAME") == "issue_comment" }

// Comment gives the comment that the step runs for; false if none was written
// on a pull request, as where one was edited or deleted.
func (r *Runner) Comment() (Comment, bool, error) {
	p, err := r.payload()
	if err != nil {
		return Comment{}, false, fmt.Errorf("event issue_comment: %w", err)
	}
	written := p.Action == "created" && p.Issue.Pull != nil && p.Issue.Number > 0
	return Comment{Pull: p.Issue.Number, Author: p.Comment.User.Login, Body: p.Comment.Body}, written, nil
}

// Scheduled reports whether the step runs by the clock, or by hand, on the
// default branch rather than on somebody's push.
func (r *Runner) Scheduled() bool {
	name := r.getenv("GITHUB_EVENT_NAME")
	return name == "schedule" || name == "workflow_dispatch"
}

// ofPull fits a pull request to the inputs. One side of it can't be combined
// with another one.
func ofPull(in Inputs, asked Comparison) (Comparison, error) {
	switch {
	case in.Base != "" || in.Head != "":
		return Comparison{}, errors.New("inputs base and head: set both or neither on this event")
	case in.Mode == Scan:
		return Comparison{Head: asked.Pull.Head}, nil
	}
	return asked, nil
}

// asked is what the event asks for.
func (r *Runner) asked() (Comparison, error) {
	e := event{name: r.getenv("GITHUB_EVENT_NAME"), sha: r.getenv("GITHUB_SHA")}
	row, ok := events[e.name]
	if !ok {
		known := slices.Sorted(maps.Keys(events))
		return Comparison{}, fmt.Errorf("event %.80q: not one of %s; set the inputs base and head", e.name, strings.Join(known, ", "))
	}
	if !isHash(e.sha) {
		return Comparison{}, fmt.Errorf("event %s: GITHUB_SHA: %.80q is not a commit", e.name, e.sha)
	}
	var err error
	if e.payload, err = r.payload(); err != nil {
		return Comparison{}, fmt.Errorf("event %s: %w", e.name, err)
	}
	c, err := row.compare(e)
	if err != nil {
		return Comparison{}, fmt.Errorf("event %s: %w", e.name, err)
	}
	return c, nil
}

func (r *Runner) payload() (payload, error) {
	path := r.getenv("GITHUB_EVENT_PATH")
	if path == "" {
		return payload{}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return payload{}, err
	}
	defer f.Close()
	return decode(f)
}

// decode reads names by their exact case and refuses a member that is there
// twice, so that nothing hides behind GitHub's own.
func decode(from io.Reader) (payload, error) {
	limited := &io.LimitedReader{R: from, N: maxEvent + 1}
	var p payload
	err := json.UnmarshalRead(limited, &p)
	if limited.N == 0 {
		return payload{}, fmt.Errorf("payload: larger than %d bytes", maxEvent)
	}
	if err != nil {
		return payload{}, fmt.Errorf("payload: %w", err)
	}
	return p, nil
}

// isHash reports whether s is a SHA-1 or SHA-256 object name.
func isHash(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}

func isZero(hash string) bool { return strings.Trim(hash, "0") == "" }
