package githubtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const (
	prefix = "/api/v3"
	repo   = prefix + "/repos/octo/app"
)

// Each of these is a mistake that a fake alone would let pass.
func TestMistakesAreFound(t *testing.T) {
	hash := strings.Repeat("c", 40)
	for _, c := range []struct {
		name, method, path, body string
		status                   int // of the answer; 0 for 200
		answer                   string
		want                     string // "" for an exchange as it should be
	}{
		{name: "a list", method: "GET", path: repo + "/pulls?state=open&per_page=100&page=2", answer: `[{"number": 7, "head": {"sha": "` + hash + `"}}]`},
		{name: "a state that there isn't", method: "GET", path: repo + "/pulls?state=opened", answer: `[]`, want: `not one of the allowed values`},
		{name: "a misspelt name", method: "GET", path: repo + "/pulls?perpage=100", answer: `[]`, want: `"perpage" is not known`},
		{name: "no number", method: "GET", path: repo + "/pulls?page=two", answer: `[]`, want: `page`},
		{name: "a wrong path", method: "GET", path: repo + "/git/commit/" + hash, answer: `{}`, want: "no such operation"},
		{name: "a path below another address", method: "GET", path: "/repos/octo/app/pulls/7/x", answer: `{}`, want: "no such operation"},
		{name: "a wrong method", method: "PUT", path: repo + "/issues/7/comments", body: `{"body": "x"}`, answer: `{}`, want: "no such operation"},
		{name: "a comment", method: "POST", path: repo + "/issues/7/comments", body: `{"body": "x"}`, status: 201, answer: `{"id": 1}`},
		{name: "a comment without text", method: "POST", path: repo + "/issues/7/comments", body: `{}`, status: 201, answer: `{}`, want: `property "body" is missing`},
		{name: "a field that there isn't", method: "POST", path: repo + "/issues/7/comments", body: `{"body": "x", "text": "x"}`, status: 201, answer: `{}`, want: `property "text" is unsupported`},
		{name: "a comment that is too long", method: "POST", path: repo + "/issues/7/comments", body: `{"body": "` + strings.Repeat("x", 65_536) + `"}`, status: 201, answer: `{}`, want: "65536 characters"},
		{name: "a comment on no number", method: "POST", path: repo + "/issues/seven/comments", body: `{"body": "x"}`, status: 201, answer: `{}`, want: "issue_number"},
		{name: "created with 200", method: "POST", path: repo + "/issues", body: `{"title": "x"}`, answer: `{}`, want: "status is not supported"},
		{name: "an issue that is done", method: "PATCH", path: repo + "/issues/4", body: `{"state": "done"}`, answer: `{}`, want: "not one of the allowed values"},
		{name: "a reference", method: "GET", path: repo + "/git/ref/pull/7/merge", answer: `{"ref": "refs/pull/7/merge", "object": {"sha": "` + hash + `"}}`},
		{name: "a hash that is too short", method: "GET", path: repo + "/git/ref/pull/7/merge", answer: `{"object": {"sha": "cafe"}}`, want: "minimum string length is 40"},
		{name: "a branch with a slash", method: "GET", path: repo + "/compare/release%2F1...main?per_page=1", answer: `{"merge_base_commit": {"sha": "` + hash + `"}}`},
		{name: "a fake's misspelt field", method: "GET", path: repo + "/git/commits/" + hash, answer: `{"sha": "` + hash + `", "parent": []}`, want: `property "parent" is unsupported`},
		{name: "a fake's misspelt field further in", method: "GET", path: repo + "/pulls", answer: `[{"head": {"hash": "` + hash + `"}}]`, want: `property "hash" is unsupported`},
		{name: "a fake's list for an object", method: "GET", path: repo + "/actions/runs", answer: `[]`, want: "must be an object"},
		{name: "a fake's text for a number", method: "GET", path: repo + "/actions/runs/1/jobs", answer: `{"jobs": [{"id": "1"}]}`, want: "must be an integer"},
		{name: "a fake's conclusion that there isn't", method: "GET", path: repo + "/actions/runs/1/jobs", answer: `{"jobs": [{"conclusion": "failed"}]}`, want: "not one of the allowed values"},
		{name: "a fake's null", method: "GET", path: repo + "/check-runs/1/annotations", answer: `null`, want: "not nullable"},
		{name: "a log", method: "POST", path: repo + "/code-scanning/sarifs", body: `{"commit_sha": "` + hash + `", "ref": "refs/heads/main", "sarif": "` + strings.Repeat("x", 65_536) + `", "tool_name": "x"}`, status: 202, answer: `{"id": "1", "url": "https://github.example/1"}`},
		{name: "a log of a short hash", method: "POST", path: repo + "/code-scanning/sarifs", body: `{"commit_sha": "cafe", "ref": "refs/heads/main", "sarif": "x"}`, status: 202, answer: `{}`, want: "commit_sha"},
		{name: "a log of a branch's short name", method: "POST", path: repo + "/code-scanning/sarifs", body: `{"commit_sha": "` + hash + `", "ref": "main", "sarif": "x"}`, status: 202, answer: `{}`, want: "ref: string doesn't match"},
		{name: "a log of no ref", method: "POST", path: repo + "/code-scanning/sarifs", body: `{"commit_sha": "` + hash + `", "sarif": "x"}`, status: 202, answer: `{}`, want: `property "ref" is missing`},
		{name: "a log that is taken at once", method: "POST", path: repo + "/code-scanning/sarifs", body: `{"commit_sha": "` + hash + `", "ref": "refs/heads/main", "sarif": "x"}`, status: 201, answer: `{}`, want: "status is not supported"},
		{name: "a refusal", method: "GET", path: repo + "/pulls", status: 403, answer: `{"message": "no"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var said []string
			complain := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
			h := Checked(complain, prefix, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(max(c.status, http.StatusOK))
				_, _ = w.Write([]byte(c.answer))
			}))
			r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
			if c.body != "" {
				r.Header.Set("Content-Type", "application/json")
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if got := strings.Join(said, "\n"); c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("complained %q, want %q", got, c.want)
			}
			if w.Code != max(c.status, http.StatusOK) || w.Body.String() != c.answer {
				t.Errorf("answered %d %s", w.Code, w.Body)
			}
		})
	}
}
