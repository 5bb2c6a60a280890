package cli

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
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

// api is as much of GitHub as one comparison asks for: commits with a lockfile
// each.
type api struct {
	parents map[string][]string
	merge   string            // of pull request 7
	files   map[string]string // commit to the lockfile's content
	asked   []string
	said    []string // comments on pull request 7
	mute    bool     // comments are refused, as to a fork's token
}

func blobID(content string) string {
	return fmt.Sprintf("%x", sha1.Sum(fmt.Appendf(nil, "blob %d\x00%s", len(content), content)))
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.asked = append(a.asked, r.Header.Get("Authorization"))
	if r.URL.Path == "/repos/acme/web/issues/7/comments" {
		a.comment(w, r)
		return
	}
	const repository = "/repos/acme/web/git/"
	kind, id, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, repository), "/")
	switch kind {
	case "commits":
		answer := map[string]any{"sha": id, "tree": map[string]string{"sha": id}}
		parents := []map[string]string{}
		for _, p := range a.parents[id] {
			parents = append(parents, map[string]string{"sha": p})
		}
		answer["parents"] = parents
		_ = json.NewEncoder(w).Encode(answer)
	case "ref":
		if id != "pull/7/merge" {
			http.NotFound(w, r)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"ref": "refs/" + id, "object": map[string]string{"sha": a.merge}})
	case "trees":
		content := a.files[id]
		_ = json.NewEncoder(w).Encode(map[string]any{"sha": id, "tree": []map[string]any{
			{"path": "package-lock.json", "mode": "100644", "type": "blob", "sha": blobID(content), "size": len(content)},
		}})
	case "blobs":
		for _, content := range a.files {
			if blobID(content) == id {
				if strings.Contains(r.Header.Get("Accept"), "raw") {
					fmt.Fprint(w, content)
					return
				}
				_ = json.NewEncoder(w).Encode(map[string]any{"encoding": "base64", "content": base64.StdEncoding.EncodeToString([]byte(content))})
			}
		}
	default:
		http.NotFound(w, r)
	}
}

func (a *api) comment(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		fmt.Fprint(w, "[]")
		return
	}
	if a.mute {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"message": "Resource not accessible by integration"}`)
		return
	}
	var sent struct{ Body string }
	_ = json.NewDecoder(r.Body).Decode(&sent)
	a.said = append(a.said, sent.Body)
	w.WriteHeader(http.StatusCreated)
	fmt.Fprint(w, "{}")
}

// A step without a checkout, or one that may not use it, compares the commits
// through the API, with the job's token and nothing but the right to read.
func TestAStepWithoutACheckout(t *testing.T) {
	head, base, fork := strings.Repeat("a", 40), strings.Repeat("b", 40), strings.Repeat("c", 40)
	lock := func(version, hash string) string {
		return `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "*"}}, "node_modules/a": {"version": "` + version + `", "integrity": "` + hash + `"}}}`
	}
	github := &api{
		parents: map[string][]string{head: {base, fork}},
		merge:   head,
		files:   map[string]string{head: lock("1.0.0", "sha512-BBBB"), base: lock("1.0.0", "sha512-AAAA")},
	}
	server := httptest.NewServer(githubtest.Checked(t.Errorf, "", github))
	defer server.Close()
	nowhere := httptest.NewServer(http.NotFoundHandler())
	defer nowhere.Close()

	for event, payload := range map[string]string{
		"pull_request":        `{"pull_request": {"number": 7, "head": {"sha": "` + fork + `"}}}`,
		"pull_request_target": `{"pull_request": {"number": 7, "head": {"sha": "` + fork + `"}}}`,
		"workflow_run":        `{"workflow_run": {"event": "pull_request", "head_sha": "` + fork + `", "pull_requests": [{"number": 7, "head": {"sha": "` + fork + `"}}]}}`,
	} {
		t.Run(event, func(t *testing.T) {
			github.asked, github.said, github.mute = nil, nil, event == "pull_request"
			dir := t.TempDir()
			variables := map[string]string{
				"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, "GITHUB_SHA": head, "GITHUB_REPOSITORY": "acme/web",
				"GITHUB_API_URL": server.URL, "GITHUB_WORKSPACE": dir, "GITHUB_OUTPUT": filepath.Join(dir, "output"),
				"GITHUB_EVENT_PATH": filepath.Join(dir, "event.json"),
				"INPUT_TOKEN":       "s3cret", "NPM_CONFIG_REGISTRY": nowhere.URL + "/", "LOCKKEEPER_OSV_URL": nowhere.URL,
			}
			if err := os.WriteFile(variables["GITHUB_EVENT_PATH"], []byte(payload), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			code := Main(t.Context(), nil, Environment{
				Stdout: &out, Stderr: &errs,
				Getenv: func(name string) string { return variables[name] },
				Now:    func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) },
			})
			if code != codeBlocked || !strings.Contains(out.String(), "relocked") || errs.Len() > 0 {
				t.Errorf("exit code %d\n%s%s", code, &out, &errs)
			}
			if refused := strings.Contains(out.String(), "::notice title=Lockkeeper::The comment on the pull request was not written"); refused != github.mute {
				t.Errorf("a notice of the refused comment: %v\n%s", refused, &out)
			}
			if said := strings.Join(github.said, "\n"); !github.mute && (len(github.said) != 1 || !strings.HasPrefix(said, "<!-- lockkeeper:verdict -->\n## ⛔ BLOCK")) {
				t.Errorf("commented %q", said)
			}
			for _, token := range github.asked {
				if token != "Bearer s3cret" {
					t.Errorf("the API was asked with %q", token)
				}
			}
			if outputs, err := os.ReadFile(variables["GITHUB_OUTPUT"]); err != nil || !strings.Contains(string(outputs), "block") {
				t.Errorf("outputs %q, %v", outputs, err)
			}
		})
	}
}

// What a privileged event would compare is never taken from the checkout, whose
// HEAD is the base: without the API there is nothing to judge.
func TestAPrivilegedEventNeedsTheAPI(t *testing.T) {
	dir := t.TempDir()
	event := filepath.Join(dir, "event.json")
	if err := os.WriteFile(event, []byte(`{"pull_request": {"number": 7, "head": {"sha": "`+strings.Repeat("c", 40)+`"}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_SHA": strings.Repeat("a", 40), "GITHUB_REPOSITORY": "acme/web",
		"GITHUB_WORKSPACE": dir, "GITHUB_EVENT_PATH": event,
	}
	var out, errs bytes.Buffer
	code := Main(t.Context(), nil, Environment{
		Stdout: &out, Stderr: &errs,
		Getenv: func(name string) string { return variables[name] },
		Now:    func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) },
	})
	if code != codeUsage || !strings.Contains(out.String(), "only read through the API") {
		t.Errorf("exit code %d\n%s%s", code, &out, &errs)
	}
}
