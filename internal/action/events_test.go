package action

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestDocumentedComparisons: the table of docs/events.md says what each event
// compares, and whose comments are heard there.
func TestDocumentedComparisons(t *testing.T) {
	page, err := os.ReadFile("../../docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "| event | base | head | comments are heard on |\n| --- | --- | --- | --- |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	pull := func(event, listed string) string {
		return `{"workflow_run": {"event": "` + event + `", "head_sha": "` + hashA + `", "pull_requests": [` + listed + `]}}`
	}
	pushed := func(ref, before, after string) string {
		return fmt.Sprintf(`{"ref": %q, "before": %q, "after": %q, "commits": [{"id": "%040d"}]}`, ref, before, after, 1)
	}
	covered := make(map[string]bool)
	var want []string
	for _, row := range []struct {
		event, more, payload string
		names                map[string]string // of the payload's commits
	}{
		{"pull_request", "", `{"pull_request": {"number": 7, "head": {"sha": "` + hashA + `"}, "base": {"sha": "` + hashB + `"}}}`, nil},
		{"pull_request_target", "", `{"pull_request": {"number": 7, "head": {"sha": "` + hashA + `"}}}`, map[string]string{hashA: "pull_request.head.sha"}},
		{"workflow_run", " after a pull request's", pull("pull_request", `{"number": 7, "head": {"sha": "`+hashA+`"}}`), map[string]string{hashA: "workflow_run.head_sha"}},
		{"workflow_run", " after a fork's", pull("pull_request", ""), map[string]string{hashA: "workflow_run.head_sha"}},
		{"workflow_run", " after anything else", pull("push", ""), map[string]string{hashA: "workflow_run.head_sha"}},
		{"merge_group", "", `{"merge_group": {"base_sha": "` + hashA + `", "head_sha": "` + hashB + `", "base_ref": "refs/heads/main", "head_ref": "refs/heads/gh-readonly-queue/main/pr-7-` + hashA + `"}}`,
			map[string]string{hashA: "merge_group.base_sha", hashB: "merge_group.head_sha"}},
		{"push", "", pushed("refs/heads/main", hashA, hashB), map[string]string{hashA: "before", hashB: "after", fmt.Sprintf("%040d", 1): "commits"}},
		{"push", " that begins a branch", pushed("refs/heads/main", zero, hashB), nil},
		{"push", " that ends a branch", pushed("refs/heads/main", hashA, zero), nil},
		{"push", " of a tag", pushed("refs/tags/v1", hashA, hashB), map[string]string{hashA: "before", hashB: "after"}},
		{"schedule", "", pushed("refs/heads/main", hashA, hashB), nil},
		{"workflow_dispatch", "", `{"ref": "refs/heads/main"}`, nil},
	} {
		covered[row.event] = true
		runner := withEvent(t, row.event, row.payload)
		asked, err := runner.Comparison(Inputs{Mode: Auto})
		if err != nil {
			t.Fatal(err)
		}
		talk, err := runner.Talk()
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]string{hashC: "GITHUB_SHA"}
		maps.Copy(names, row.names)
		base, head := sides(asked, names)
		want = append(want, fmt.Sprintf("| `%s`%s | %s | %s | %s |", row.event, row.more, base, head, heard(talk, names)))
	}
	if got := strings.Split(table, "\n"); !slices.Equal(got, want) {
		t.Errorf("docs/events.md has\n%s\nand the program does\n%s", table, strings.Join(want, "\n"))
	}
	for event := range events {
		if !covered[event] {
			t.Errorf("docs/events.md lacks %s", event)
		}
	}
}

// sides says in words what is compared.
func sides(c Comparison, names map[string]string) (base, head string) {
	if c.Pull != (Pull{}) {
		return "what GitHub merges it onto", "the merge of `" + names[c.Pull.Head] + "`"
	}
	of, parent := strings.CutSuffix(c.Base, "^1")
	switch {
	case c.Base == "":
		base = "none"
	case parent:
		base = "the first parent of `" + names[of] + "`"
	default:
		base = "`" + names[of] + "`"
	}
	return base, "`" + names[c.Head] + "`"
}

// heard says in words where people are heard.
func heard(talk *Talk, names map[string]string) string {
	switch {
	case talk == nil:
		return "none"
	case len(talk.Merged) > 0:
		var of []string
		for _, commit := range talk.Merged {
			of = append(of, "`"+names[commit]+"`")
		}
		return "the pull requests merged as one of " + strings.Join(of, " or ")
	case talk.Branch != "":
		return "the pull request that the group's branch is named for"
	case talk.Pull.Number == 0:
		return "the one open pull request with that head"
	}
	return "the pull request"
}
