package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
	"github.com/lockkeeper/lockkeeper/internal/tree"
)

const (
	token = "t0ken"
	path  = "/api/v3/repos/octo/app/git/" // as GitHub Enterprise Server has it
)

// Names of objects whose content does not matter.
var (
	commitID = strings.Repeat("c", 40)
	rootID   = strings.Repeat("7", 40)
	otherID  = strings.Repeat("d", 40)
)

// fake is a server that answers by path and query. What it was not told to
// answer is a 404, as at GitHub.
type fake struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string]http.HandlerFunc
	asked   []string
	tokens  []string
}

func newFake(t *testing.T) *fake {
	f := &fake{answers: map[string]http.HandlerFunc{}}
	f.Server = httptest.NewServer(githubtest.Checked(t.Errorf, "/api/v3", f))
	t.Cleanup(f.Close)
	f.say("commits/"+commitID, map[string]any{
		"sha": commitID, "tree": map[string]any{"sha": rootID},
		"parents": []any{map[string]any{"sha": rootID}, map[string]any{"sha": otherID}},
	})
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked := strings.TrimPrefix(r.URL.RequestURI(), path)
	f.mu.Lock()
	f.asked = append(f.asked, asked)
	f.tokens = append(f.tokens, r.Header.Get("Authorization"))
	answer, ok := f.answers[asked]
	f.mu.Unlock()
	if !ok {
		answer = status(http.StatusNotFound)
	}
	answer(w, r)
}

// say answers with JSON.
func (f *fake) say(asked string, answer any) {
	data, err := json.Marshal(answer)
	if err != nil {
		panic(err)
	}
	f.answers[asked] = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) }
}

// lie answers with JSON that GitHub wouldn't give.
func (f *fake) lie(asked string, answer any) {
	f.say(asked, answer)
	f.answers[asked] = undescribed(f.answers[asked])
}

func undescribed(answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(githubtest.Undescribed, "yes")
		answer(w, r)
	}
}

// listing answers for a tree, recursively.
func (f *fake) listing(id string, truncated bool, entries ...entry) {
	f.say("trees/"+id+"?recursive=1", map[string]any{"sha": id, "truncated": truncated, "tree": append([]entry{}, entries...)})
}

// level answers for a tree alone.
func (f *fake) level(id string, truncated bool, entries ...entry) {
	f.say("trees/"+id, map[string]any{"sha": id, "truncated": truncated, "tree": append([]entry{}, entries...)})
}

// blob answers with bytes, whatever the name.
func (f *fake) blob(id, content string) {
	f.answers["blobs/"+id] = func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept"), "raw") {
			w.WriteHeader(http.StatusNotAcceptable)
		}
		_, _ = fmt.Fprint(w, content)
	}
}

func status(code int, header ...string) http.HandlerFunc {
	return undescribed(func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = fmt.Fprint(w, `{"message":"so it is\n::error::"}`)
	})
}

type entry struct {
	Path string `json:"path"`
	Mode string `json:"mode"`
	SHA  string `json:"sha"`
	Size *int   `json:"size,omitempty"`
}

func file(path, content string) entry {
	size := len(content)
	return entry{path, "100644", blobName([]byte(content)), &size}
}

func link(path, target string) entry {
	e := file(path, target)
	e.Mode = "120000"
	return e
}

func dir(path, id string) entry { return entry{Path: path, Mode: "040000", SHA: id} }

func submodule(path string) entry { return entry{Path: path, Mode: "160000", SHA: commitID} }

func (f *fake) client(t *testing.T) *Client {
	t.Helper()
	c, err := New(Config{API: f.URL + "/api/v3", Token: token, Repository: "octo/app", Transport: f.Client().Transport, Wait: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (f *fake) tree(t *testing.T) tree.Tree {
	t.Helper()
	got, err := f.client(t).Commit(context.Background(), commitID)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func everything(string) bool { return true }

// wantError checks an error's text and hint, by parts.
func wantError(t *testing.T, err error, text, hint string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("error %v; want one with %q", err, text)
		return
	}
	var hinted interface{ Hint() string }
	if hint != "" && (!errors.As(err, &hinted) || !strings.Contains(hinted.Hint(), hint)) {
		t.Errorf("%v: hint is not %q", err, hint)
	}
	if strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 500 {
		t.Errorf("not fit to be shown: %q", err)
	}
}
