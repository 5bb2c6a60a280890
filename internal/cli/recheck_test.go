package cli

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
)

// A hold that has passed is checked again, and one that has not is left alone.
func TestRecheck(t *testing.T) {
	head := strings.Repeat("a", 40)
	for _, c := range []struct {
		now     string
		refused bool
		code    int
		started int
		said    string
	}{
		{now: "2026-04-01T05:09:00Z", code: codePass, said: "pull request 7: held until 2026-04-01 05:10 UTC: not yet"},
		{now: "2026-04-01T05:10:00Z", code: codePass, started: 1, said: "pull request 7: held until 2026-04-01 05:10 UTC: run again"},
		{now: "2026-04-02T00:00:00Z", refused: true, code: codeUnjudged, said: "::notice title=Lockkeeper::pull request 7 was not checked again: run 30: asking GitHub: HTTP 403"},
	} {
		started := 0
		server := httptest.NewServer(githubtest.Checked(t.Errorf, "", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch path := strings.TrimPrefix(r.URL.Path, "/repos/acme/web/"); path {
			case "pulls":
				fmt.Fprintf(w, `[{"number": 7, "head": {"sha": "%s"}}]`, head)
			case "actions/runs":
				fmt.Fprintf(w, `{"workflow_runs": [{"id": 30, "workflow_id": 1, "head_sha": "%s"}]}`, head)
			case "actions/runs/30/jobs":
				fmt.Fprint(w, `{"jobs": [{"id": 301, "conclusion": "failure"}]}`)
			case "check-runs/301/annotations":
				fmt.Fprint(w, `[{"title": "Lockkeeper: held until 2026-04-01T05:10:00Z"}, {"title": "Lockkeeper: held until ::error::x"}]`)
			case "actions/runs/30/rerun-failed-jobs":
				if c.refused {
					w.WriteHeader(http.StatusForbidden)
					fmt.Fprint(w, `{"message": "no"}`)
					return
				}
				started++
				w.WriteHeader(http.StatusCreated)
				fmt.Fprint(w, "{}")
			default:
				http.NotFound(w, r)
			}
		})))
		dir := t.TempDir()
		variables := map[string]string{
			"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "schedule", "GITHUB_SHA": head, "GITHUB_REPOSITORY": "acme/web",
			"GITHUB_API_URL": server.URL, "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"), "INPUT_TOKEN": "s3cret", "INPUT_MODE": "recheck",
		}
		var out, errs bytes.Buffer
		now, _ := time.Parse(time.RFC3339, c.now)
		code := Main(t.Context(), nil, Environment{
			Stdout: &out, Stderr: &errs,
			Getenv: func(name string) string { return variables[name] },
			Now:    func() time.Time { return now },
		})
		server.Close()
		summary, _ := os.ReadFile(variables["GITHUB_STEP_SUMMARY"])
		if code != c.code || started != c.started || !strings.Contains(out.String(), c.said) || !strings.Contains(string(summary), "pull request 7") {
			t.Errorf("%s: exit code %d, started %d\n%s%s%s", c.now, code, started, &out, &errs, summary)
		}
	}
}
