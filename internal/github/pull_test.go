package github

import (
	"strings"
	"testing"
)

var (
	headID   = strings.Repeat("1", 40)
	mergedID = strings.Repeat("2", 40)
	firstID  = strings.Repeat("3", 40)
)

func sha(id string) map[string]any { return map[string]any{"sha": id} }

// pulls is a repository with pull request 7; each case changes what it answers.
func pulls(t *testing.T) *fake {
	f := newFake(t)
	f.say("ref/pull/7/merge", map[string]any{"ref": "refs/pull/7/merge", "object": sha(mergedID)})
	f.say("commits/"+mergedID, map[string]any{"sha": mergedID, "tree": sha(rootID), "parents": []any{sha(firstID), sha(headID)}})
	f.say("/api/v3/repos/octo/app/commits/"+headID+"/pulls?per_page=100", []any{pull(6, "closed", headID), pull(7, "open", headID), pull(8, "open", otherID)})
	f.say("/api/v3/repos/octo/app/pulls/7", map[string]any{"number": 7, "base": map[string]any{"ref": "release/1.x", "sha": otherID}})
	f.say("/api/v3/repos/octo/app/compare/release%2F1.x..."+headID+"?per_page=1", map[string]any{"merge_base_commit": sha(otherID)})
	return f
}

func pull(number int, state, head string) map[string]any {
	return map[string]any{"number": number, "state": state, "head": sha(head), "base": map[string]any{"ref": "main", "repo": map[string]any{"full_name": "octo/app"}}}
}

// elsewhere makes it one of another repository, such as a fork's.
func elsewhere(pull map[string]any) map[string]any {
	pull["base"].(map[string]any)["repo"] = map[string]any{"full_name": "mallory/app"}
	return pull
}

func TestSidesOfAPullRequest(t *testing.T) {
	for _, c := range []struct {
		name         string
		number       int
		change       func(f *fake)
		base, merged string
		err          string
	}{
		{name: "its merge", number: 7, base: firstID, merged: mergedID},
		{name: "found by its head", base: firstID, merged: mergedID},
		{name: "conflicts", number: 7, change: func(f *fake) { delete(f.answers, "ref/pull/7/merge") }, base: otherID, merged: headID},
		{name: "pushed since", number: 7, change: func(f *fake) {
			f.say("commits/"+mergedID, map[string]any{"sha": mergedID, "tree": sha(rootID), "parents": []any{sha(firstID), sha(otherID)}})
		}, base: otherID, merged: headID},
		{name: "no merge at all", number: 7, change: func(f *fake) {
			f.say("commits/"+mergedID, map[string]any{"sha": mergedID, "tree": sha(rootID), "parents": []any{sha(headID)}})
		}, base: otherID, merged: headID},
		{name: "of two", change: func(f *fake) {
			f.say("/api/v3/repos/octo/app/commits/"+headID+"/pulls?per_page=100", []any{pull(7, "open", headID), pull(8, "open", headID)})
		}, err: "pull requests 7 and 8 both"},
		{name: "of another repository", change: func(f *fake) {
			f.say("/api/v3/repos/octo/app/commits/"+headID+"/pulls?per_page=100", []any{elsewhere(pull(7, "open", headID))})
		}, err: "no open pull request"},
		{name: "of none", change: func(f *fake) {
			f.say("/api/v3/repos/octo/app/commits/"+headID+"/pulls?per_page=100", []any{pull(7, "closed", headID)})
		}, err: "no open pull request"},
		{name: "a base that is no name", number: 7, change: func(f *fake) {
			delete(f.answers, "ref/pull/7/merge")
			f.say("/api/v3/repos/octo/app/pulls/7", map[string]any{"number": 7, "base": map[string]any{"ref": "../../x?y"}})
		}, err: "no branch's name"},
		{name: "a merge base that is no hash", number: 7, change: func(f *fake) {
			delete(f.answers, "ref/pull/7/merge")
			f.say("/api/v3/repos/octo/app/compare/release%2F1.x..."+headID+"?per_page=1", map[string]any{"merge_base_commit": sha("main")})
		}, err: "not named by a hash"},
		{name: "a merge that is no hash", number: 7, change: func(f *fake) {
			f.lie("ref/pull/7/merge", map[string]any{"object": sha("../../octo")})
		}, err: "is not a full hash"},
		{name: "a refusal", number: 7, change: func(f *fake) { f.answers["ref/pull/7/merge"] = status(403) }, err: "HTTP 403"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := pulls(t)
			if c.change != nil {
				c.change(f)
			}
			base, merged, err := f.client(t).PullSides(t.Context(), c.number, headID)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v, want one of %q", err, c.err)
				}
				return
			}
			if err != nil || base != c.base || merged != c.merged {
				t.Errorf("compares %s with %s (%v), want %s with %s", base, merged, err, c.base, c.merged)
			}
		})
	}
}
