package action

import (
	"strings"
	"testing"
)

func TestAnalysisOfEachEvent(t *testing.T) {
	sha, head, other := strings.Repeat("c", 40), strings.Repeat("a", 40), strings.Repeat("b", 40)
	pull := Pull{7, head}
	for _, c := range []struct {
		name, event, ref string
		pull             Pull
		input            string // head
		judged           string
		want             string // "" for none
		why              string
	}{
		{name: "the merge of a pull request", event: "pull_request", ref: "refs/pull/7/merge", pull: pull, judged: sha, want: "refs/pull/7/merge"},
		{name: "its head, by an input", event: "pull_request", ref: "refs/pull/7/merge", pull: pull, input: head, judged: head, want: "refs/pull/7/head"},
		{name: "another commit, by an input", event: "pull_request", ref: "refs/pull/7/merge", pull: pull, input: other, judged: other, why: "not the event's own commit"},
		{name: "the merge commit, by an input", event: "pull_request", ref: "refs/pull/7/merge", pull: pull, input: "HEAD", judged: sha, want: "refs/pull/7/merge"},
		{name: "the merge beside the base's code", event: "pull_request_target", ref: "refs/heads/main", pull: pull, judged: other, want: "refs/pull/7/merge"},
		{name: "the head beside it, where there are conflicts", event: "pull_request_target", ref: "refs/heads/main", pull: pull, judged: head, want: "refs/pull/7/head"},
		{name: "after a fork's run", event: "workflow_run", ref: "refs/heads/main", pull: pull, judged: head, want: "refs/pull/7/head"},
		{name: "after a run on another branch", event: "workflow_run", ref: "refs/heads/main", judged: other, why: "not the event's own commit"},
		{name: "after a run on the default branch", event: "workflow_run", ref: "refs/heads/main", judged: sha, want: "refs/heads/main"},
		{name: "a branch", event: "push", ref: "refs/heads/release/1", judged: sha, want: "refs/heads/release/1"},
		{name: "a tag", event: "push", ref: "refs/tags/v1", judged: sha, want: "refs/tags/v1"},
		{name: "by the clock", event: "schedule", ref: "refs/heads/main", judged: sha, want: "refs/heads/main"},
		{name: "by hand", event: "workflow_dispatch", ref: "refs/heads/topic", judged: sha, want: "refs/heads/topic"},
		{name: "a queue", event: "merge_group", ref: "refs/heads/gh-readonly-queue/main/pr-7-" + sha, judged: sha, why: "a merge queue's branch is not kept"},
		{name: "an event that has no ref", event: "push", judged: sha, why: `no branch, tag or pull request: ""`},
		{name: "a folder", event: "push", ref: "refs/heads/main", judged: "", why: "no commit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newRunner(t, map[string]string{"GITHUB_EVENT_NAME": c.event, "GITHUB_REF": c.ref, "GITHUB_SHA": sha})
			got, err := f.Analysis(Inputs{Head: c.input}, c.pull, c.judged)
			if c.want != "" && (err != nil || got != Analysis{c.want, c.judged}) {
				t.Errorf("%+v, error %v; want %s", got, err, c.want)
			}
			if c.want == "" && (err == nil || !strings.Contains(err.Error(), c.why)) {
				t.Errorf("%+v, error %v; want one with %q", got, err, c.why)
			}
		})
	}
}
