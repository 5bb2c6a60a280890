package cli

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
)

// A GitHub that stops answering, at whichever question, leaves nothing judged:
// the step says why and what to do, waits no longer than it must, and ends with
// code 3.
func TestAFailingAPI(t *testing.T) {
	m := newMonorepo(t)
	refuse := func(status int, headers ...string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(status)
			fmt.Fprint(w, `{"message": "no\n::error::forged"}`)
		}
	}
	all := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for _, c := range []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request)
		from   []int // the questions from which on GitHub fails
		most   time.Duration
		said   string
	}{
		{"primary limit", refuse(403, "X-RateLimit-Limit", "1000", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "32503680000"), all, 5 * time.Second, "the rate limit is exceeded%0Await until it is reset (3000-01-01 00:00 UTC)"},
		{"secondary limit of an hour", refuse(403, "Retry-After", "3600"), all, 5 * time.Second, "the rate limit is exceeded%0Await until it is reset"},
		{"too many requests", refuse(429, "Retry-After", "3600"), all, 5 * time.Second, "the rate limit is exceeded%0Await until it is reset"},
		{"too many requests for a second", refuse(429, "Retry-After", "1"), []int{2}, 10 * time.Second, "the rate limit is exceeded%0Await until it is reset"},
		{"no right", refuse(403), all, 5 * time.Second, "HTTP 403"},
		{"down", refuse(500), []int{1, 4}, 10 * time.Second, "HTTP 500"},
		{"down without a word", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, []int{1}, 10 * time.Second, "HTTP 502%0Atry again"},
		{"a gateway without a server", refuse(502), []int{10}, 10 * time.Second, "HTTP 502"},
		{"not JSON", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(githubtest.Undescribed, "yes")
			fmt.Fprint(w, "<html>::error::forged</html>")
		}, all, 5 * time.Second, "asking GitHub"},
		{"a connection that breaks", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, all, 5 * time.Second, "EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, from := range c.from {
				github := githubtest.Serve(t, m.Repository)
				asked := 0
				github.Instead = func(w http.ResponseWriter, r *http.Request) bool {
					if asked++; asked < from {
						return false
					}
					c.answer(w, r)
					return true
				}
				began := time.Now()
				s := runStep(t, github, "pull_request_target", m.Payload(), m.asking())
				if s.code != codeUnjudged || !strings.Contains(s.log, c.said) {
					t.Errorf("from question %d: exit code %d, want %d and %q\n%s%s", from, s.code, codeUnjudged, c.said, s.log, s.errs)
				}
				if summary := s.file(t, "summary"); !strings.Contains(s.file(t, "output"), "\nunjudged\n") || !strings.Contains(summary, "UNJUDGED: nothing could be judged\n") ||
					!strings.Contains(summary, "\n**Next:** ") || strings.Contains(summary, "\n::error") {
					t.Errorf("from question %d: outputs and summary:\n%s%s", from, s.file(t, "output"), summary)
				}
				if strings.Contains(s.log, "\n::error::forged") || strings.Contains(s.file(t, "output"), "pass") {
					t.Errorf("from question %d: said what it must not\n%s%s", from, s.log, s.file(t, "output"))
				}
				if took := time.Since(began); took > c.most {
					t.Errorf("from question %d: took %s", from, took)
				}
			}
		})
	}
}

// Nor is it wrong use of the program that there is no checkout either.
func TestAFailingAPIWithoutACheckout(t *testing.T) {
	m := newMonorepo(t)
	for _, event := range []string{"pull_request", "merge_group", "push", "schedule"} {
		github := githubtest.Serve(t, m.Repository)
		github.Instead = func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.WriteHeader(http.StatusForbidden)
			return true
		}
		s := runStep(t, github, event, m.Payload(), m.asking())
		if s.code != codeUnjudged || !strings.Contains(s.log, "the rate limit is exceeded") || !strings.Contains(s.log, "%0Await until it is reset") ||
			strings.Contains(s.log, "::repository ") || !strings.Contains(s.log, "(nor from a checkout: there is none)") { // the cause comes first
			t.Errorf("%s: exit code %d, want %d\n%s%s", event, s.code, codeUnjudged, s.log, s.errs)
		}
	}
}

// A moment's trouble is none.
func TestAnAPIThatRecovers(t *testing.T) {
	m := newMonorepo(t)
	for _, c := range []struct {
		status int
		after  string
	}{{500, ""}, {502, ""}, {503, ""}, {429, "0"}, {403, "1"}} {
		github := githubtest.Serve(t, m.Repository)
		asked := 0
		github.Instead = func(w http.ResponseWriter, _ *http.Request) bool {
			if asked++; asked != 3 {
				return false
			}
			if c.after != "" {
				w.Header().Set("Retry-After", c.after)
			}
			w.WriteHeader(c.status)
			return true
		}
		if s := runStep(t, github, "pull_request_target", m.Payload(), m.asking()); s.code != codePass {
			t.Errorf("once %d: exit code %d\n%s", c.status, s.code, s.log)
		}
	}
}

// But a name that leads nowhere is the user's to mend.
func TestAnInputThatNamesNothing(t *testing.T) {
	m := newMonorepo(t)
	for _, workspace := range []string{m.Dir, t.TempDir()} {
		asking := with(with(m.asking(), "INPUT_BASE", "no-such-branch"), "GITHUB_WORKSPACE", workspace)
		if s := runStep(t, githubtest.Serve(t, m.Repository), "pull_request", m.Payload(), asking); s.code != codeUsage || !strings.Contains(s.log, "no-such-branch") {
			t.Errorf("exit code %d, want %d\n%s", s.code, codeUsage, s.log)
		}
	}
}
