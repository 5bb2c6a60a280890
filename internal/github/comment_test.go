package github

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

const (
	comments = "/api/v3/repos/octo/app/issues/7/comments"
	marker   = "<!-- mark -->"
)

// thread is pull request 7 with comments, each "author: body".
type thread struct {
	*fake
	list    []map[string]any
	written []string // what was asked for, "METHOD id: body"
}

func newThread(t *testing.T, said ...string) *thread {
	th := &thread{fake: newFake(t), list: []map[string]any{}}
	for i, s := range said {
		author, body, _ := strings.Cut(s, ": ")
		th.list = append(th.list, map[string]any{"id": i + 1, "body": body, "user": map[string]any{"login": author}})
	}
	for page := 1; page <= 20; page++ {
		asked := fmt.Sprintf("%s?page=%d&per_page=100", comments, page)
		th.answers[asked] = func(w http.ResponseWriter, _ *http.Request) {
			from := min((page-1)*100, len(th.list))
			_ = json.NewEncoder(w).Encode(th.list[from:min(from+100, len(th.list))])
		}
	}
	write := func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		var sent struct{ Body string }
		_ = json.Unmarshal(data, &sent)
		at := strings.TrimPrefix(r.URL.Path, "/api/v3/repos/octo/app/issues/")
		th.written = append(th.written, r.Method+" "+at+": "+sent.Body)
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
		}
		_, _ = w.Write([]byte(`{}`))
	}
	th.answers[comments] = write
	for i := range said {
		th.answers[fmt.Sprintf("/api/v3/repos/octo/app/issues/comments/%d", i+1)] = write
	}
	th.answers["/api/v3/user"] = status(http.StatusForbidden) // as for a job's token
	return th
}

func TestOneCommentIsKept(t *testing.T) {
	crowd := make([]string, 150)
	for i := range crowd {
		crowd[i] = "somebody: hello"
	}
	for _, c := range []struct {
		name  string
		said  []string
		user  string // the token's own account; "" for a job's
		first bool
		want  string
	}{
		{name: "the first", first: true, want: "POST 7/comments: " + marker + " new"},
		{name: "none yet and nothing to say"},
		{name: "brought up to date", said: []string{"a: hello", "github-actions[bot]: " + marker + " old"}, first: true, want: "PATCH comments/2: " + marker + " new"},
		{name: "turned green", said: []string{"github-actions[bot]: " + marker + " old"}, want: "PATCH comments/1: " + marker + " new"},
		{name: "up to date already", said: []string{"github-actions[bot]: " + marker + " new"}, first: true},
		{name: "somebody else's marker", said: []string{"mallory: " + marker + " old"}, first: true, want: "POST 7/comments: " + marker + " new"},
		{name: "somebody else's marker before ours", said: []string{"mallory: " + marker, "github-actions[bot]: " + marker}, want: "PATCH comments/2: " + marker + " new"},
		{name: "quoted by ourselves", said: []string{"github-actions[bot]: see " + marker}, first: true, want: "POST 7/comments: " + marker + " new"},
		{name: "by a token of its own", said: []string{"github-actions[bot]: " + marker, "gate: " + marker}, user: "gate", want: "PATCH comments/2: " + marker + " new"},
		{name: "on a later page", said: append(crowd, "github-actions[bot]: "+marker), want: "PATCH comments/151: " + marker + " new"},
	} {
		t.Run(c.name, func(t *testing.T) {
			th := newThread(t, c.said...)
			if c.user != "" {
				th.say("/api/v3/user", map[string]any{"login": c.user})
			}
			if err := th.client(t).Comment(t.Context(), 7, marker, marker+" new", c.first); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(th.written, "\n"); got != c.want {
				t.Errorf("wrote %q, want %q", got, c.want)
			}
		})
	}
}

func TestARefusedCommentIsAnError(t *testing.T) {
	th := newThread(t)
	th.answers[comments] = status(http.StatusForbidden)
	err := th.client(t).Comment(t.Context(), 7, marker, marker, true)
	if err == nil || !strings.Contains(err.Error(), "HTTP 403") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v", err)
	}
}
