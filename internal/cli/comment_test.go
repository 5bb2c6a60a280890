package cli

import (
	"bytes"
	"encoding/json"
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

// A scan by the clock keeps the issue; one of a pushed branch does not.
func TestAScheduledScanKeepsAnIssue(t *testing.T) {
	head, zero := strings.Repeat("a", 40), strings.Repeat("0", 40)
	lock := `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "*"}}, "node_modules/a": {"version": "1.0.0", "resolved": "https://evil.invalid/a-1.0.0.tgz"}}}`
	nowhere := httptest.NewServer(http.NotFoundHandler())
	defer nowhere.Close()
	for event, issues := range map[string]int{"schedule": 1, "workflow_dispatch": 1, "push": 0} {
		git := &api{files: map[string]string{head: lock}}
		var sent []struct {
			Title, Body string
			Labels      []string
		}
		server := httptest.NewServer(githubtest.Checked(t.Errorf, "", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/repos/acme/web/issues" && r.Method == http.MethodGet:
				fmt.Fprint(w, "[]")
			case r.URL.Path == "/repos/acme/web/issues":
				sent = append(sent, struct {
					Title, Body string
					Labels      []string
				}{})
				_ = json.NewDecoder(r.Body).Decode(&sent[len(sent)-1])
				w.WriteHeader(http.StatusCreated)
				fmt.Fprint(w, "{}")
			default:
				git.ServeHTTP(w, r)
			}
		})))
		dir := t.TempDir()
		variables := map[string]string{
			"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, "GITHUB_SHA": head, "GITHUB_REPOSITORY": "acme/web",
			"GITHUB_API_URL": server.URL, "GITHUB_WORKSPACE": dir, "GITHUB_EVENT_PATH": filepath.Join(dir, "event.json"),
			"INPUT_TOKEN": "s3cret", "NPM_CONFIG_REGISTRY": nowhere.URL + "/", "LOCKKEEPER_OSV_URL": nowhere.URL,
		}
		if err := os.WriteFile(variables["GITHUB_EVENT_PATH"], []byte(`{"before": "`+zero+`", "after": "`+head+`"}`), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		Main(t.Context(), nil, Environment{
			Stdout: &out, Stderr: &errs,
			Getenv: func(name string) string { return variables[name] },
			Now:    func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) },
		})
		server.Close()
		if len(sent) != issues {
			t.Fatalf("%s: %d issues written\n%s%s", event, len(sent), &out, &errs)
		}
		for _, issue := range sent {
			if issue.Title != "Dependencies that need attention" || !strings.HasPrefix(issue.Body, "<!-- lockkeeper:scan -->\n") || len(issue.Labels) != 1 {
				t.Errorf("%s: wrote %+v", event, issue)
			}
		}
	}
}
