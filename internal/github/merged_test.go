package github

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	olderID  = strings.Repeat("4", 40)
	newestID = strings.Repeat("5", 40)
)

const (
	closedPulls = repo + "pulls?base=main&direction=desc&per_page=100&sort=updated&state=closed"
	mergedAt    = "2026-11-21T12:00:00Z"
)

// merged is a pull request that became that commit of main.
func merged(number int, commit string) map[string]any {
	p := pull(number, "closed", headID)
	p["merged_at"], p["updated_at"], p["merge_commit_sha"] = mergedAt, mergedAt, commit
	return p
}

func changed(p map[string]any, name string, value any) map[string]any {
	p[name] = value
	return p
}

// What a push merged is what GitHub says was merged, into that branch, as one of
// the push's commits.
func TestPullRequestsThatAPushMerged(t *testing.T) {
	release := map[string]any{"ref": "release", "repo": map[string]any{"full_name": "octo/app"}}
	full := func(updated string, first ...any) []any {
		for len(first) < maxClosed {
			first = append(first, changed(merged(1000+len(first), otherID), "updated_at", updated))
		}
		return first
	}
	many := []any{}
	for n := range maxMerged + 5 {
		many = append(many, merged(n+1, newestID))
	}
	for _, c := range []struct {
		name            string
		closed, brought []any // nil for what GitHub refuses
		want            []int
		err             string
		asked           int // 0 for 1
	}{
		{name: "one", closed: []any{merged(7, newestID)}, want: []int{7}},
		{name: "a group, in the order of its commits", closed: []any{merged(9, newestID), merged(12, otherID), merged(11, olderID)}, want: []int{11, 9}},
		{name: "one of another time", closed: []any{merged(7, otherID)}, brought: []any{}, err: "no pull request is known to have brought", asked: 2},
		{name: "closed and not merged", closed: []any{changed(merged(7, newestID), "merged_at", nil)}, brought: []any{}, err: "no pull request", asked: 2},
		{name: "of another branch", closed: []any{changed(merged(7, newestID), "base", release)}, brought: []any{}, err: "no pull request", asked: 2},
		{name: "of another repository", closed: []any{elsewhere(merged(7, newestID))}, brought: []any{}, err: "no pull request", asked: 2},
		{name: "by its title and its branch alone", closed: []any{changed(changed(merged(7, otherID), "title", newestID+" (#7)"), "head", map[string]any{"ref": "gh-readonly-queue/main/pr-7-" + olderID, "sha": newestID})},
			brought: []any{}, err: "no pull request", asked: 2},
		{name: "pushed by hand", closed: []any{}, brought: []any{merged(7, otherID)}, want: []int{7}, asked: 2},
		{name: "pushed by hand on top of one", closed: []any{merged(7, olderID)}, brought: []any{merged(8, otherID)}, want: []int{7, 8}, asked: 2},
		{name: "open, with that commit", closed: []any{}, brought: []any{pull(7, "open", newestID)}, err: "no pull request", asked: 2},
		{name: "brought to another branch", closed: []any{}, brought: []any{changed(merged(7, otherID), "base", release)}, err: "no pull request", asked: 2},
		{name: "brought to another repository", closed: []any{}, brought: []any{elsewhere(merged(7, otherID))}, err: "no pull request", asked: 2},
		{name: "too many", closed: many, want: []int{6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, err: "15 pull requests were merged at once, and the last 10"},
		{name: "a full page that goes back far enough", closed: full("2026-11-21T10:00:00Z", merged(7, newestID)), want: []int{7}},
		{name: "a full page", closed: full("2026-11-21T11:30:00Z", merged(7, newestID)), want: []int{7}, err: "only the 100 pull requests"},
		{name: "a list that is refused", err: "HTTP 403"},
		{name: "a commit that is refused", closed: []any{merged(7, olderID)}, want: []int{7}, err: "HTTP 403", asked: 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			for asked, answer := range map[string][]any{closedPulls: c.closed, repo + "commits/" + newestID + "/pulls?per_page=100": c.brought} {
				if f.answers[asked] = status(http.StatusForbidden); answer != nil {
					f.say(asked, answer)
				}
			}
			got, err := f.client(t).Merged(t.Context(), "main", []string{olderID, headID, newestID})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if (err != nil) != (c.err != "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v, want one of %q", err, c.err)
			}
			if len(f.asked) != max(1, c.asked) {
				t.Errorf("asked %q", f.asked)
			}
		})
	}
}

// No name leads to another question.
func TestABranchThatIsNoName(t *testing.T) {
	f := newFake(t)
	for _, branch := range []string{"", "../x", "a b", "-x\n", "main&state=open", "a?b", strings.Repeat("x", 400)} {
		if got, err := f.client(t).Merged(t.Context(), branch, []string{newestID}); err == nil {
			t.Errorf("%q: %v", branch, got)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: the error is of two lines: %v", branch, err)
		}
	}
	if got, err := f.client(t).Merged(t.Context(), "main", []string{"main"}); err == nil || len(f.asked) > 0 {
		t.Errorf("%v, %v, asked %q", got, err, f.asked)
	}
}

// A number that was read from a name must be that of a pull request into the
// branch, open or merged.
func TestANumberOfAName(t *testing.T) {
	for _, c := range []struct {
		name string
		pull map[string]any // nil for none
		err  string
	}{
		{"open", pull(7, "open", headID), ""},
		{"merged since", merged(7, otherID), ""},
		{"closed", pull(7, "closed", headID), "closed and was not merged"},
		{"into another branch", changed(pull(7, "open", headID), "base", map[string]any{"ref": "release", "repo": map[string]any{"full_name": "octo/app"}}), "not one into"},
		{"of another repository", elsewhere(pull(7, "open", headID)), "not one into"},
		{"another one", pull(8, "open", headID), "not one into"},
		{"an issue, or nothing", nil, "not found"},
	} {
		f := newFake(t)
		if c.pull != nil {
			f.say(fmt.Sprintf("%spulls/7", repo), c.pull)
		}
		err := f.client(t).Into(t.Context(), 7, "main")
		if (err != nil) != (c.err != "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: error %v, want one of %q", c.name, err, c.err)
		}
	}
}
