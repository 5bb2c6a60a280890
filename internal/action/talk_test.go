package action

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Where people are heard is what GitHub names, and nothing that a pull request's
// author, or whoever pushes, can choose.
func TestTalkOfEachEvent(t *testing.T) {
	group := func(headRef, baseRef string) string {
		return fmt.Sprintf(`{"merge_group": {"base_sha": %q, "head_sha": %q, "base_ref": %q, "head_ref": %q}}`, hashA, hashB, baseRef, headRef)
	}
	pushed := func(ref, before, after, commits string) string {
		return fmt.Sprintf(`{"ref": %q, "before": %q, "after": %q, "commits": [%s]}`, ref, before, after, commits)
	}
	const queue, main = "refs/heads/gh-readonly-queue/main/", "refs/heads/main"
	seven := &Talk{Pull: Pull{Number: 7}, Branch: "main"}
	for _, c := range []struct {
		name, event, payload string
		want                 *Talk
		err                  string
	}{
		{name: "the queue's own", event: "merge_group", payload: group(queue+"pr-7-"+hashA, main), want: seven},
		{name: "a group that begins before", event: "merge_group", payload: group(queue+"pr-7-"+hashC, main), want: &Talk{Pull: Pull{Number: 7}, Branch: "main", Others: true}},
		{name: "a branch with slashes", event: "merge_group", payload: group("refs/heads/gh-readonly-queue/release/1.x/pr-7-"+hashA, "refs/heads/release/1.x"), want: &Talk{Pull: Pull{Number: 7}, Branch: "release/1.x"}},
		{name: "a base that looks like an entry", event: "merge_group", payload: group(queue+"pr-9-"+hashC+"/pr-7-"+hashA, main+"/pr-9-"+hashC), want: &Talk{Pull: Pull{Number: 7}, Branch: "main/pr-9-" + hashC}},
		{name: "an entry within an entry", event: "merge_group", payload: group(queue+"pr-9-"+hashC+"/pr-7-"+hashA, main), err: "not named for a pull request"},
		{name: "of another base", event: "merge_group", payload: group(queue+"pr-7-"+hashA, "refs/heads/release"), err: "not named"},
		{name: "no base", event: "merge_group", payload: group("refs/heads/gh-readonly-queue//pr-7-"+hashA, "refs/heads/"), err: "not named"},
		{name: "not of the queue", event: "merge_group", payload: group("refs/heads/mine/main/pr-7-"+hashA, main), err: "not named"},
		{name: "a tag", event: "merge_group", payload: group("refs/tags/gh-readonly-queue/main/pr-7-"+hashA, main), err: "not named"},
		{name: "number 0", event: "merge_group", payload: group(queue+"pr-0-"+hashA, main), err: "not named"},
		{name: "a sign", event: "merge_group", payload: group(queue+"pr--7-"+hashA, main), err: "not named"},
		{name: "a huge number", event: "merge_group", payload: group(queue+"pr-70000000000000000007-"+hashA, main), err: "not named"},
		{name: "another repository's", event: "merge_group", payload: group(queue+"pr-acme/other#7-"+hashA, main), err: "not named"},
		{name: "half a commit", event: "merge_group", payload: group(queue+"pr-7-abc", main), err: "not named"},
		{name: "no commit", event: "merge_group", payload: group(queue+"pr-7", main), err: "not named"},
		{name: "a line more", event: "merge_group", payload: group(queue+"pr-7-"+hashA+"\n", main), err: "not named"},
		{name: "a name twice", event: "merge_group", payload: `{"merge_group": {"head_ref": "a", "head_ref": "b"}}`, err: "payload"},

		{name: "a push", event: "push", payload: pushed(main, hashA, hashB, ""), want: &Talk{Branch: "main", Merged: []string{hashB}}},
		{name: "of commits", event: "push", payload: pushed(main, hashA, hashB, `{"id": "`+hashC+`"}, {"id": "`+hashB+`"}, {"id": "x"}`), want: &Talk{Branch: "main", Merged: []string{hashC, hashB}}},
		{name: "with messages that name a pull request", event: "push", payload: pushed(main, hashA, hashB, `{"id": "`+hashB+`", "message": "Merge pull request #9 from acme/x (#8)"}`), want: &Talk{Branch: "main", Merged: []string{hashB}}},
		{name: "to a branch that looks like the queue's", event: "push", payload: pushed(queue+"pr-7-"+hashA, hashA, hashB, ""), want: &Talk{Branch: "gh-readonly-queue/main/pr-7-" + hashA, Merged: []string{hashB}}},
		{name: "a new branch", event: "push", payload: pushed(queue+"pr-7-"+hashA, zero, hashB, "")},
		{name: "the end of a branch", event: "push", payload: pushed(main, hashA, zero, "")},
		{name: "a tag", event: "push", payload: pushed("refs/tags/main", hashA, hashB, "")},
		{name: "no branch", event: "push", payload: pushed("", hashA, hashB, "")},

		{name: "a fork whose branch looks like the queue's", event: "pull_request", payload: `{"pull_request": {"number": 8, "title": "(#7)", "head": {"sha": "` + hashA + `", "ref": "gh-readonly-queue/main/pr-7-` + hashA + `"}}}`, want: &Talk{Pull: Pull{8, hashA}}},
		{name: "on its base", event: "pull_request_target", payload: `{"pull_request": {"number": 8, "head": {"sha": "` + hashA + `"}}}`, want: &Talk{Pull: Pull{8, hashA}}},
		{name: "after another workflow", event: "workflow_run", payload: `{"workflow_run": {"event": "pull_request", "head_sha": "` + hashA + `"}}`, want: &Talk{Pull: Pull{0, hashA}}},
		{name: "after one of the queue", event: "workflow_run", payload: `{"workflow_run": {"event": "merge_group", "head_sha": "` + hashA + `", "head_branch": "gh-readonly-queue/main/pr-7-` + hashA + `"}}`},
		{name: "by the clock", event: "schedule", payload: pushed(main, hashA, hashB, "")},
		{name: "by hand", event: "workflow_dispatch", payload: group(queue+"pr-7-"+hashA, main)},
		{name: "on another event", event: "create", payload: pushed(main, hashA, hashB, "")},
	} {
		t.Run(c.event+" "+c.name, func(t *testing.T) {
			runner := withEvent(t, c.event, c.payload)
			got, err := runner.Talk()
			if (err != nil) != (c.err != "") || err != nil && (!strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "\n")) {
				t.Fatalf("error %v, want one of %q", err, c.err)
			}
			if diff := cmp.Diff(c.want, got); err == nil && diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			// Only a pull request's own event has one that the gate comments on.
			if pull, ok := runner.Pull(); ok != (c.want != nil && c.want.Branch == "") || ok && pull != c.want.Pull {
				t.Errorf("comments on %+v, %v", pull, ok)
			}
		})
	}
}
