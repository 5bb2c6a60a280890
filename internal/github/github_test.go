package github

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

func TestNewRefusesWhatItCannotUse(t *testing.T) {
	good := Config{API: "https://ghes.example.com/api/v3", Repository: "octo/app", Transport: http.DefaultTransport}
	for _, api := range []string{good.API, good.API + "/", "http://127.0.0.1:80"} {
		c := good
		c.API = api
		if _, err := New(c); err != nil {
			t.Errorf("%s: %v", api, err)
		}
	}
	for _, name := range []string{"octo/app", "a_b-c/.github", "o/a.b", "o/..."} {
		c := good
		c.Repository = name
		if _, err := New(c); (err == nil) != (name != "o/...") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", "app", "/app", "octo/", "octo/.", "octo/..", "../app", "octo/app/x", "octo/app?x", "octo/a%2fb", "o c/a", "octo/app\n", "o/" + strings.Repeat("x", 300)} {
		c := good
		c.Repository = name
		_, err := New(c)
		wantError(t, err, "is not owner/name", "GITHUB_REPOSITORY")
	}
	for _, api := range []string{"", "ghes.example.com", "ftp://ghes.example.com", "https://", "https://u:" + token + "@h.example", "https://h.example/?a", "https://h.example/#a", "https://h.example/\x7f"} {
		c := good
		c.API = api
		_, err := New(c)
		wantError(t, err, "its address is not", "GITHUB_API_URL")
	}
	c := good
	c.Transport = nil
	_, err := New(c)
	wantError(t, err, "no transport", "")
}

func TestParents(t *testing.T) {
	f := newFake(t)
	got, err := f.client(t).Parents(context.Background(), commitID)
	if err != nil || !slices.Equal(got, []string{rootID, otherID}) {
		t.Errorf("%v, %v", got, err)
	}
	if f.tokens[0] != "Bearer "+token {
		t.Errorf("the API got the token %q", f.tokens[0])
	}
	f.lie("commits/"+commitID, map[string]any{"sha": commitID, "parents": []any{map[string]any{"sha": "../../x"}, nil}})
	_, err = f.client(t).Parents(context.Background(), commitID)
	wantError(t, err, `parent 1 is not named by a hash: "../../x"`, "between this job and GitHub")
}

func TestOnlyHashesReachAnAddress(t *testing.T) {
	f := newFake(t)
	for _, sha := range []string{"", "main", "c", "../../../user", commitID + "?x", commitID + "\n", commitID + commitID, strings.ToUpper(commitID)} {
		_, err := f.client(t).Commit(context.Background(), sha)
		wantError(t, err, "is not a full hash", "git rev-parse")
	}
	// A tree's name comes from an answer.
	f.say("commits/"+commitID, map[string]any{"sha": commitID, "tree": map[string]any{"sha": "../../x"}})
	_, err := f.tree(t).Files(context.Background(), everything)
	wantError(t, err, `tree "../../x"`, "git rev-parse")
	if len(f.asked) != 1 {
		t.Errorf("asked for %q", f.asked)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name       string
		answer     http.HandlerFunc
		text, hint string
	}{
		{"primary limit", status(403, "X-RateLimit-Remaining", "0"), "the rate limit is exceeded", "fetch-depth: 2"},
		{"secondary limit", status(403, "Retry-After", "60"), "the rate limit is exceeded", "fetch-depth: 2"},
		{"too many requests", status(429), "the rate limit is exceeded", "fetch-depth: 2"},
		{"no right", status(403), `HTTP 403: "so it is\n::error::"`, "contents: read"},
		{"bad token", status(401), "HTTP 401", "contents: read"},
		{"down", status(503), "HTTP 503", "try again"},
		{"job under way", status(202), "can't be read", "try again"},
		{"no JSON", answer("<html>"), "can't be read", "try again"},
		{"cut JSON", answer(`{"sha":`), "can't be read", "try again"},
		{"long complaint", answer(`{"sha":` + strings.Repeat("1", 5000) + `}`), "can't be read", "try again"},
		{"nothing", answer(""), `the answer is about commit ""`, "between this job and GitHub"},
		{"another commit", answer(`{"sha":"` + otherID + `"}`), "the answer is about commit", "between this job and GitHub"},
		{"a loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, "redirects too often", "try again"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			f.answers["commits/"+commitID] = c.answer
			_, err := f.client(t).Commit(context.Background(), commitID)
			wantError(t, err, "commit "+commitID+": asking GitHub: ", c.hint)
			wantError(t, err, c.text, c.hint)
		})
	}
}

func answer(body string) http.HandlerFunc {
	return undescribed(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) })
}

func TestMissing(t *testing.T) {
	f := newFake(t)
	f.listing(rootID, false, file("a", "one"))
	check := func(err error, kind, id string) {
		t.Helper()
		var missing *tree.Missing
		if !errors.As(err, &missing) || missing.Object != kind || missing.ID != id {
			t.Errorf("%v; want a missing %s %s", err, kind, id)
		}
		wantError(t, err, "not found", "contents: read")
	}
	ctx := context.Background()
	_, err := f.client(t).Commit(ctx, otherID)
	check(err, "commit", otherID)
	_, err = f.tree(t).Read(ctx, "a", 10)
	check(err, "blob", blobName([]byte("one")))
	delete(f.answers, "trees/"+rootID+"?recursive=1")
	_, err = f.tree(t).Files(ctx, everything)
	check(err, "tree", rootID)
}

func TestTokenStaysHome(t *testing.T) {
	arrived := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived = true }))
	defer elsewhere.Close()
	f := newFake(t)
	f.answers["commits/"+commitID] = http.RedirectHandler(elsewhere.URL+"/"+commitID, http.StatusFound).ServeHTTP
	_, err := f.client(t).Commit(context.Background(), commitID)
	wantError(t, err, "redirects to", "")
	if arrived {
		t.Error("the request followed to another host")
	}

	// A repository that was renamed redirects within the API.
	f.answers["commits/"+commitID] = http.RedirectHandler("/api/v3/repositories/1/git/commits/"+commitID, http.StatusMovedPermanently).ServeHTTP
	f.answers["/api/v3/repositories/1/git/commits/"+commitID] = answer(`{"sha":"` + commitID + `"}`)
	if _, err := f.client(t).Parents(context.Background(), commitID); err != nil {
		t.Error(err)
	}
	if last := f.tokens[len(f.tokens)-1]; last != "Bearer "+token {
		t.Errorf("after the redirect the API got the token %q", last)
	}
}

func TestCancelled(t *testing.T) {
	f := newFake(t)
	f.listing(rootID, false)
	files := f.tree(t)
	ctx, cancel := context.WithCancel(context.Background())
	f.answers["commits/"+commitID] = func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}
	if _, err := f.client(t).Commit(ctx, commitID); !errors.Is(err, context.Canceled) {
		t.Errorf("asking for a commit: %v", err)
	}
	if _, err := files.Files(ctx, everything); !errors.Is(err, context.Canceled) {
		t.Errorf("listing: %v", err)
	}
	if _, err := files.Files(context.Background(), everything); err != nil {
		t.Errorf("listing again: %v", err)
	}
}
