package action

import (
	"errors"
	"fmt"
	"regexp"
)

// Analysis is where code scanning files what was found: a commit, and the full
// ref that leads to it.
type Analysis struct{ Ref, Commit string }

// fullRef is a ref under which code scanning files something.
var fullRef = regexp.MustCompile(`^refs/(?:heads|tags|pull)/.`)

// ErrQueue is why nothing is filed for a merge queue: its branch is deleted once
// it is through, and its alerts with it; nor does the protection of merges look
// at them.
//
// https://docs.github.com/code-security/concepts/code-scanning/merge-protection
var ErrQueue = errors.New("a merge queue's branch is not kept; the pull request and the push have their own")

// Analysis says where findings about a judged commit belong; pull is the pull
// request that the event is about, if any. An alert that is filed under a ref
// that doesn't lead to its commit marks lines that are not there: the error then
// says, as a clause, why they belong nowhere.
//
// https://docs.github.com/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data
func (r *Runner) Analysis(in Inputs, pull Pull, judged string) (Analysis, error) {
	ref := r.getenv("GITHUB_REF")
	switch {
	case !isHash(judged):
		return Analysis{}, errors.New("what was judged is no commit")
	case r.getenv("GITHUB_EVENT_NAME") == "merge_group":
		return Analysis{}, ErrQueue
	case pull.Number > 0 && judged == pull.Head:
		return Analysis{fmt.Sprintf("refs/pull/%d/head", pull.Number), judged}, nil
	case pull.Number > 0 && in.Head == "": // the merge, as the runner or GitHub named it
		return Analysis{fmt.Sprintf("refs/pull/%d/merge", pull.Number), judged}, nil
	case judged != r.getenv("GITHUB_SHA"):
		return Analysis{}, errors.New("what was judged is not the event's own commit")
	case !fullRef.MatchString(ref):
		return Analysis{}, fmt.Errorf("GITHUB_REF is no branch, tag or pull request: %.80q", ref)
	}
	return Analysis{ref, judged}, nil
}
