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
	"testing/fstest"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
)

// conversation is a pull request with comments: what api answers, and the
// rights of people.
type conversation struct {
	api
	comments []map[string]any
	rights   map[string]string // by login; another one is refused
	failing  []string          // titles of the annotations of the run that failed
	rerun    int
	right    int // questions about rights
	deaf     bool
}

func (c *conversation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/repos/acme/web/")
	answer := func(v any) { _ = json.NewEncoder(w).Encode(v) }
	login, _ := strings.CutPrefix(path, "collaborators/")
	switch {
	case path == "issues/7/comments" && r.Method == http.MethodGet && c.deaf:
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"message": "Resource not accessible by integration"}`)
	case path == "issues/7/comments" && r.Method == http.MethodGet:
		answer(append([]map[string]any{}, c.comments...))
	case login != path:
		c.right++
		login = strings.TrimSuffix(login, "/permission")
		if c.rights[login] == "" {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		answer(map[string]any{"permission": c.rights[login], "user": map[string]any{"login": login}})
	case path == "pulls/7":
		answer(map[string]any{"number": 7, "head": map[string]any{"sha": strings.Repeat("c", 40)}})
	case path == "actions/runs":
		answer(map[string]any{"workflow_runs": []any{map[string]any{"id": 30, "workflow_id": 1, "head_sha": strings.Repeat("c", 40)}}})
	case path == "actions/runs/30/jobs":
		answer(map[string]any{"jobs": []any{map[string]any{"id": 301, "conclusion": "failure"}}})
	case path == "check-runs/301/annotations":
		var titles []any
		for _, title := range c.failing {
			titles = append(titles, map[string]any{"title": title})
		}
		answer(titles)
	case path == "actions/runs/30/rerun-failed-jobs":
		c.rerun++
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, "{}")
	default:
		c.api.ServeHTTP(w, r)
	}
}

// tries are how often a question is put that GitHub fails on.
const tries = 3

// stepOf runs the program as a step on an event, with inputs over the usual ones.
func stepOf(t *testing.T, github http.Handler, event, payload string, more map[string]string) (code int, log, summary string) {
	t.Helper()
	server := httptest.NewServer(githubtest.Checked(t.Errorf, "", github))
	defer server.Close()
	dir := t.TempDir()
	variables := map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, "GITHUB_SHA": strings.Repeat("a", 40), "GITHUB_REPOSITORY": "acme/web",
		"GITHUB_API_URL": server.URL, "GITHUB_WORKSPACE": dir, "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"),
		"GITHUB_EVENT_PATH": filepath.Join(dir, "event.json"), "INPUT_TOKEN": "s3cret",
	}
	for name, value := range more {
		variables[name] = value
	}
	if err := os.WriteFile(variables["GITHUB_EVENT_PATH"], []byte(payload), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code = Main(t.Context(), nil, Environment{
		Stdout: &out, Stderr: &errs,
		Getenv: func(name string) string { return variables[name] },
		Now:    func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) },
	})
	if errs.Len() > 0 {
		t.Errorf("standard error: %s", &errs)
	}
	data, _ := os.ReadFile(variables["GITHUB_STEP_SUMMARY"])
	return code, out.String(), string(data)
}

func comment7(login, body string) map[string]any {
	return map[string]any{"body": body, "user": map[string]any{"login": login}, "html_url": "https://github.example/acme/web/pull/7#issuecomment-1"}
}

// A hold ends early by the word of somebody who may write, and of nobody else.
func TestAHoldOffOnAPullRequest(t *testing.T) {
	head, base, fork := strings.Repeat("a", 40), strings.Repeat("b", 40), strings.Repeat("c", 40)
	hash := "sha512-" + strings.Repeat("A", 86) + "=="
	lock := func(version string) string {
		return `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "*"}}, "node_modules/a": {"version": "` + version + `", "integrity": "` + hash + `"}}}`
	}
	release := func(version string) string {
		return fmt.Sprintf(`%q: {"name": "a", "version": %[1]q, "_npmUser": {"name": "a"}, "maintainers": [{"name": "a"}], "dist": {"integrity": %q}}`, version, hash)
	}
	world := &worldtest.World{Files: fstest.MapFS{"a.json": {Data: []byte(`{"name": "a", "versions": {` + release("1.0.0") + `, ` + release("1.0.1") +
		`}, "time": {"created": "2024-01-01T00:00:00Z", "1.0.0": "2024-01-01T00:00:00Z", "1.0.1": "2026-11-21T12:00:00Z"}}`)}}}
	world.Start()
	defer world.Close()

	const holdOff = "/lockkeeper hold-off npm:a@1.0.1 fixes what is exploited"
	hostile := comment7("</details>@victim", holdOff+" <img src=x> ::error::x")
	for _, c := range []struct {
		name     string
		comments []map[string]any
		rights   map[string]string
		inputs   map[string]string
		deaf     bool
		code     int
		said     string // in the log and the summary
		asked    int    // after rights
	}{
		{name: "nobody said anything", code: codeBlocked, said: "must wait"},
		{name: "a writer", comments: []map[string]any{comment7("alice", holdOff)}, rights: map[string]string{"alice": "write"}, code: codePass, said: "accepted", asked: 1},
		{name: "a reader", comments: []map[string]any{comment7("bob", holdOff)}, rights: map[string]string{"bob": "read"}, code: codeBlocked, said: "may not write to the repository", asked: 1},
		{name: "nobody knows", comments: []map[string]any{comment7("bob", holdOff)}, code: codeBlocked, said: "could not be found out", asked: tries},
		{name: "the job's own token", comments: []map[string]any{comment7("github-actions[bot]", holdOff)}, rights: map[string]string{"github-actions[bot]": "admin"}, code: codeBlocked, said: "speaks for nobody"},
		{name: "a reader who quotes a writer", comments: []map[string]any{comment7("bob", "> "+holdOff)}, rights: map[string]string{"bob": "read"}, code: codeBlocked, said: "must wait"},
		{name: "a writer who quotes a reader", comments: []map[string]any{comment7("alice", "> "+holdOff+"\n\nno")}, rights: map[string]string{"alice": "write"}, code: codeBlocked, said: "must wait"},
		{name: "an account with markup", comments: []map[string]any{hostile}, code: codeBlocked, said: "no account of GitHub"},
		{name: "of another version", comments: []map[string]any{comment7("alice", "/lockkeeper hold-off npm:a@1.0.2 x")}, rights: map[string]string{"alice": "admin"}, code: codeBlocked, said: "brings no such version", asked: 1},
		{name: "off by policy", comments: []map[string]any{comment7("alice", holdOff)}, rights: map[string]string{"alice": "admin"}, inputs: map[string]string{"INPUT_PRESET": "strict"}, code: codeBlocked, said: "must wait"},
		{name: "nothing to accept", comments: []map[string]any{comment7("alice", holdOff)}, inputs: map[string]string{"INPUT_COOLDOWN": "1h"}, code: codePass, said: "nothing against it"},
		{name: "a token that may not read", comments: []map[string]any{comment7("alice", holdOff)}, rights: map[string]string{"alice": "admin"}, deaf: true, code: codeBlocked, said: "must wait"},
	} {
		for _, event := range []string{"pull_request", "pull_request_target", "workflow_run"} {
			t.Run(c.name+" on "+event, func(t *testing.T) {
				github := &conversation{comments: c.comments, rights: c.rights, deaf: c.deaf, api: api{
					parents: map[string][]string{head: {base, fork}}, merge: head,
					files: map[string]string{head: lock("1.0.1"), base: lock("1.0.0")},
				}}
				variables := map[string]string{"NPM_CONFIG_REGISTRY": world.NPM(), "LOCKKEEPER_OSV_URL": world.OSV(), "INPUT_POLICY": ""}
				for name, value := range c.inputs {
					variables[name] = value
				}
				pull := `{"number": 7, "head": {"sha": "` + fork + `"}}`
				payload := `{"pull_request": ` + pull + `, "workflow_run": {"event": "pull_request", "head_sha": "` + fork + `", "pull_requests": [` + pull + `]}}`
				code, log, summary := stepOf(t, github, event, payload, variables)
				if code != c.code || !strings.Contains(log, c.said) || !strings.Contains(summary, c.said) || github.right != c.asked {
					t.Errorf("exit code %d, %d questions about rights\n%s\n%s", code, github.right, log, summary)
				}
				if noticed := strings.Contains(log, "::notice title=Lockkeeper::Commands in comments were not all read"); noticed != c.deaf {
					t.Errorf("a notice that nobody was heard: %v\n%s", noticed, log)
				}
				if strings.Contains(summary, "@victim") || strings.Contains(summary, "<img") || strings.Contains(log, "\n::error::x") {
					t.Errorf("an account's name is markup:\n%s\n%s", log, summary)
				}
				offer := "```text\n/lockkeeper hold-off npm:a@1.0.1 REASON\n```"
				offered := strings.Contains(strings.Join(github.said, ""), offer)
				if want := c.code == codeBlocked && !c.deaf && c.inputs == nil; offered != want {
					t.Errorf("offered the command: %v, want %v\n%s", offered, want, github.said)
				}
			})
		}
	}
}

// A command of somebody who may write has the failed check run again; nothing
// else does, and nothing else fails.
func TestACommandRunsTheCheckAgain(t *testing.T) {
	event := func(action, body, login, pull string) string {
		text, _ := json.Marshal(body)
		return `{"action": "` + action + `", "issue": {"number": 7` + pull + `}, "comment": {"body": ` + string(text) + `, "user": {"login": "` + login + `"}}}`
	}
	const onPull = `, "pull_request": {"url": "x"}`
	for _, c := range []struct {
		name, payload, title string
		rerun, asked         int
	}{
		{"accept", event("created", "/lockkeeper accept npm:a@1.0.0 x", "alice", onPull), "BLOCK: a 1.0.0 → 1.0.1, score 70", 1, 1},
		{"recheck", event("created", "/lockkeeper recheck\r\nplease", "alice", onPull), "Lockkeeper: held until 2026-04-01T05:10:00Z", 1, 1},
		{"a hold", event("created", "/lockkeeper recheck", "alice", onPull), "HOLD: a", 1, 1},
		{"a warning", event("created", "/lockkeeper recheck", "alice", onPull), "WARN: a", 1, 1},
		{"a gap", event("created", "/lockkeeper recheck", "alice", onPull), "Could not be judged: registry", 1, 1},
		{"an error", event("created", "/lockkeeper recheck", "alice", onPull), "Lockkeeper", 1, 1},
		{"another tool's failure", event("created", "/lockkeeper recheck", "alice", onPull), "tests fail", 0, 1},
		{"a reader", event("created", "/lockkeeper accept npm:a@1.0.0 x", "bob", onPull), "BLOCK: a", 0, 1},
		{"nobody knows", event("created", "/lockkeeper accept npm:a@1.0.0 x", "carol", onPull), "BLOCK: a", 0, tries},
		{"the job's own token", event("created", "/lockkeeper recheck", "github-actions[bot]", onPull), "BLOCK: a", 0, 0},
		{"a hostile account", event("created", "/lockkeeper recheck", "../../../user", onPull), "BLOCK: a", 0, 0},
		{"quoted", event("created", "> /lockkeeper recheck", "alice", onPull), "BLOCK: a", 0, 0},
		{"later in a comment", event("created", "hello\n/lockkeeper recheck", "alice", onPull), "BLOCK: a", 0, 0},
		{"no command", event("created", "hello", "alice", onPull), "BLOCK: a", 0, 0},
		{"an edit", event("edited", "/lockkeeper recheck", "alice", onPull), "BLOCK: a", 0, 0},
		{"an issue", event("created", "/lockkeeper recheck", "alice", ""), "BLOCK: a", 0, 0},
		{"nothing", `{}`, "BLOCK: a", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			github := &conversation{rights: map[string]string{"alice": "write", "bob": "read"}, failing: []string{"tests fail", c.title}}
			code, log, summary := stepOf(t, github, "issue_comment", c.payload, nil)
			if code != codePass || github.rerun != c.rerun || github.right != c.asked || summary != "" || strings.Contains(log, "::error") {
				t.Errorf("exit code %d, run again %d times, %d questions\n%s%s", code, github.rerun, github.right, log, summary)
			}
		})
	}
	if code, log, _ := stepOf(t, &conversation{}, "issue_comment", `{"action"`, nil); code != codeUsage {
		t.Errorf("half an event: exit code %d\n%s", code, log)
	}
	if code, log, _ := stepOf(t, &conversation{}, "issue_comment", event("created", "/lockkeeper recheck", "alice", onPull), map[string]string{"INPUT_TOKEN": ""}); code != codeUsage {
		t.Errorf("without a token: exit code %d\n%s", code, log)
	}
}
