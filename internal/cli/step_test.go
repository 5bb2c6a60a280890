package cli

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
)

// step is a run of the program as a step of a job.
type step struct {
	code      int
	log, errs string
	dir       string // the workspace, with the runner's files
}

// runStep runs a step on an event, in a workspace of its own that holds no
// checkout. It asks that GitHub and, unless the variables say otherwise, a
// registry and advisories that know nothing.
func runStep(t *testing.T, github *githubtest.Server, event, payload string, more map[string]string) step {
	t.Helper()
	nowhere := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(nowhere.Close)
	s := step{dir: t.TempDir()}
	variables := map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": filepath.Join(s.dir, "event.json"),
		"GITHUB_REPOSITORY": githubtest.Name, "GITHUB_API_URL": github.URL, "GITHUB_GRAPHQL_URL": github.URL + "/graphql", "GITHUB_WORKSPACE": s.dir,
		"GITHUB_OUTPUT": filepath.Join(s.dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(s.dir, "summary"),
		"INPUT_TOKEN": "s3cret", "NPM_CONFIG_REGISTRY": nowhere.URL + "/", "LOCKKEEPER_OSV_URL": nowhere.URL,
	}
	for name, value := range more {
		variables[name] = value
	}
	if err := os.WriteFile(variables["GITHUB_EVENT_PATH"], []byte(payload), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	s.code = Main(t.Context(), nil, Environment{
		Stdout: &out, Stderr: &errs,
		Getenv: func(name string) string { return variables[name] },
		Now:    func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) },
	})
	s.log, s.errs = out.String(), errs.String()
	return s
}

// file reads what the step wrote; "" if it wrote none.
func (s step) file(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(data)
}
