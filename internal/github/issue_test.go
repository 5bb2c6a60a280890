package github

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"
)

const issues = repo + "issues"

func TestOneIssueIsKept(t *testing.T) {
	issue := func(number int, author, body string) map[string]any {
		return map[string]any{"number": number, "body": body, "user": map[string]any{"login": author}}
	}
	ours := issue(4, "github-actions[bot]", marker+" old")
	pullRequest := issue(5, "github-actions[bot]", marker+" old")
	pullRequest["pull_request"] = map[string]any{"url": "https://github.example/pulls/5"}
	for _, c := range []struct {
		name  string
		there []any
		text  string
		open  bool
		want  string
	}{
		{name: "the first", there: []any{}, text: "new", open: true, want: `POST {"title":"T","body":"<!-- mark --> new","labels":["lockkeeper"]}`},
		{name: "none needed", there: []any{}, text: "new"},
		{name: "brought up to date", there: []any{ours}, text: "new", open: true, want: `PATCH {"body":"<!-- mark --> new"}`},
		{name: "up to date", there: []any{ours}, text: "old", open: true},
		{name: "all is well again", there: []any{ours}, text: "new", want: `PATCH {"body":"<!-- mark --> new","state":"closed"}`},
		{name: "somebody else's", there: []any{issue(3, "mallory", marker+" old"), ours}, text: "new", open: true, want: `PATCH {"body":"<!-- mark --> new"}`},
		{name: "somebody else's alone", there: []any{issue(3, "mallory", marker+" old")}, text: "new"},
		{name: "a pull request", there: []any{pullRequest}, text: "new"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			f.say(issues+"?labels=lockkeeper&per_page=100&state=open", c.there)
			f.answers["/api/v3/user"] = status(http.StatusForbidden)
			written := ""
			write := func(w http.ResponseWriter, r *http.Request) {
				var sent any
				data, _ := io.ReadAll(r.Body)
				if json.Unmarshal(data, &sent) == nil {
					written = r.Method + " " + string(data[:len(data)-1])
				}
				if r.Method == http.MethodPost {
					w.WriteHeader(http.StatusCreated)
				}
				_, _ = w.Write([]byte(`{}`))
			}
			f.answers[issues], f.answers[issues+"/4"] = write, write
			last := ""
			err := f.client(t).Issue(t.Context(), marker, "T", func(before string) (string, bool, error) {
				last = before
				return marker + " " + c.text, c.open, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if written != c.want {
				t.Errorf("wrote %s, want %s", written, c.want)
			}
			if known := len(c.there) > 0 && c.want != "" || c.name == "up to date"; known != (last == marker+" old") {
				t.Errorf("the last text was %q", last)
			}
		})
	}
}
