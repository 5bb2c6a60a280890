package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/cli/monorepotest"
	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
)

// rightTo is what GitHub wants of a job's token for a question, and what the
// docs call it. Everybody who may read the repository may ask after a right.
//
// https://docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
var rightTo = []struct {
	asked *regexp.Regexp
	right string
}{
	{regexp.MustCompile(`^GET /repos/acme/web/git/|^POST /graphql$`), "contents: read"},
	{regexp.MustCompile(`^GET /repos/acme/web/(pulls|commits/\w+/pulls|issues/\d+/comments)\b`), "pull-requests: read"},
	{regexp.MustCompile(`^GET /repos/acme/web/collaborators/\w+/permission$`), ""},
	{regexp.MustCompile(`^POST /repos/acme/web/issues/\d+/comments$`), "pull-requests: write"},
	{regexp.MustCompile(`^GET /repos/acme/web/issues\?`), "issues: read"},
	{regexp.MustCompile(`^POST /repos/acme/web/issues$`), "issues: write"},
	{regexp.MustCompile(`^GET /repos/acme/web/actions/`), "actions: read"},
	{regexp.MustCompile(`^POST /repos/acme/web/actions/`), "actions: write"},
	{regexp.MustCompile(`^GET /repos/acme/web/check-runs/`), "checks: read"},
}

// rightsFor lists the rights that questions need. One to write is one to read.
func rightsFor(t *testing.T, asked []string) string {
	t.Helper()
	needed := make(map[string]bool)
	for _, question := range asked {
		i := slices.IndexFunc(rightTo, func(row struct {
			asked *regexp.Regexp
			right string
		}) bool {
			return row.asked.MatchString(question)
		})
		if i < 0 {
			t.Fatalf("nobody knows what %s needs", question)
		}
		needed[rightTo[i].right] = true
	}
	var names []string
	for right := range needed {
		if name, read := strings.CutSuffix(right, ": read"); right != "" && !(read && needed[name+": write"]) {
			names = append(names, "`"+right+"`")
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// answers is what GitHub has of pull request 7, into main, with one command on it.
func answers(head, merge string) func(w http.ResponseWriter, r *http.Request) bool {
	pull := into("main", 7, map[string]any{"head": map[string]any{"sha": head}})
	known := map[string]any{
		"GET /repos/acme/web/pulls/7":                        pull,
		"GET /repos/acme/web/pulls":                          []any{into("main", 7, mergedAs(merge))},
		"GET /repos/acme/web/issues/7/comments":              []any{comment7("alice", "/lockkeeper accept npm:a@9.9.9 x")},
		"GET /repos/acme/web/collaborators/alice/permission": map[string]any{"permission": "write", "user": map[string]any{"login": "alice"}},
		"GET /repos/acme/web/commits/" + head + "/pulls":     []any{pull},
		"GET /repos/acme/web/commits/" + merge + "/pulls":    []any{},
	}
	return func(w http.ResponseWriter, r *http.Request) bool {
		answer, ok := known[r.Method+" "+r.URL.Path]
		if ok {
			_ = json.NewEncoder(w).Encode(answer)
		}
		return ok
	}
}

// TestDocumentedCosts: docs/events.md says how many requests an event costs and
// which rights they need.
func TestDocumentedCosts(t *testing.T) {
	page, err := os.ReadFile(root + "/docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	m := newMonorepo(t)
	world, _ := shopWith(t, `"postinstall": "node x.js"`)
	small := githubtest.NewRepository(t)
	base := small.Commit("base", map[string]string{"package-lock.json": monorepotest.Lock("1.0.0")})
	head := small.Commit("topic", map[string]string{"package-lock.json": monorepotest.Lock("1.0.1")}, base)
	merge := small.Commit("merge", map[string]string{"package-lock.json": monorepotest.Lock("1.0.1")}, base, head)
	small.Point("refs/pull/7/merge", merge)

	rights := make(map[string][]string)
	for _, event := range []string{"pull_request", "pull_request_target", "workflow_run", "merge_group", "push", "schedule"} {
		judge := func(of *githubtest.Repository, base, head, merge string, more map[string]string) []string {
			github := githubtest.Serve(t, of)
			github.Instead = answers(head, merge)
			variables := with(more, "GITHUB_SHA", merge)
			runStep(t, github, event, payloadOf(base, head, merge), variables)
			return github.Asked()
		}
		quiet := with(m.world, "INPUT_COMMENT", "never")
		checkout := judge(m.Repository, m.Base, m.Head, m.Merge, with(quiet, "GITHUB_WORKSPACE", m.Dir))
		api := judge(m.Repository, m.Base, m.Head, m.Merge, quiet)
		blocked := with(with(world, "INPUT_COMMENT", "never"), "GITHUB_WORKSPACE", small.Dir)
		people := slices.DeleteFunc(judge(small, base, head, merge, blocked), isTree)
		told := slices.DeleteFunc(judge(small, base, head, merge, with(blocked, "INPUT_COMMENT", "auto")), isTree)[len(people):]
		tells := map[string]string{"schedule": "its issue"}
		for name, asked := range map[string][]string{"through the API": api, "to hear people": people, cmp.Or(tells[event], "its comment"): told} {
			rights[name] = append(rights[name], asked...)
		}
		row := fmt.Sprintf("| `%s` | %d | %d | %d | %d |\n", event, len(checkout), len(api), len(people), len(told))
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/events.md lacks the row\n%s", row)
		}
		if len(api) > mostRequests && event != "schedule" {
			t.Errorf("%s: %d requests, want at most %d", event, len(api), mostRequests)
		}
	}
	for name, asked := range rights {
		row := fmt.Sprintf("| %s | %s |\n", name, rightsFor(t, asked))
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/events.md lacks the row\n%s", row)
		}
	}
}

func isTree(asked string) bool {
	return strings.Contains(asked, "/git/") || strings.HasSuffix(asked, "/graphql")
}

// payloadOf is a payload for every event at once.
func payloadOf(base, head, merge string) string {
	pull := `{"number": 7, "head": {"sha": "` + head + `"}}`
	return `{"pull_request": ` + pull + `, "workflow_run": {"event": "pull_request", "head_sha": "` + head + `", "pull_requests": [` + pull + `]},
"ref": "refs/heads/main", "before": "` + base + `", "after": "` + merge + `", "merge_group": {"base_sha": "` + base + `", "head_sha": "` + merge +
		`", "base_ref": "refs/heads/main", "head_ref": "refs/heads/gh-readonly-queue/main/pr-7-` + base + `"}}`
}

// TestDocumentedCostsOfRunningAgain: the same of what only runs checks again.
func TestDocumentedCostsOfRunningAgain(t *testing.T) {
	page, err := os.ReadFile(root + "/docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		event string
		more  map[string]string
	}{"`issue_comment`": {event: "issue_comment"}, "`mode: recheck`": {event: "schedule", more: map[string]string{"INPUT_MODE": "recheck"}}} {
		var asked []string
		github := &conversation{rights: map[string]string{"alice": "write"}, failing: []string{"Lockkeeper: held until 2026-04-01T05:10:00Z"}}
		counted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.Method+" "+r.URL.Path)
			if r.URL.Path == "/repos/acme/web/pulls" {
				_ = json.NewEncoder(w).Encode([]any{into("main", 7, map[string]any{"head": map[string]any{"sha": strings.Repeat("c", 40)}})})
				return
			}
			github.ServeHTTP(w, r)
		})
		payload := `{"action": "created", "issue": {"number": 7, "pull_request": {}}, "comment": {"body": "/lockkeeper recheck", "user": {"login": "alice"}}}`
		if code, log, _ := stepOf(t, counted, c.event, payload, maps.Clone(c.more)); code != codePass || github.rerun != 1 {
			t.Errorf("%s: exit code %d, run again %d times\n%s", name, code, github.rerun, log)
		}
		row := fmt.Sprintf("| %s | %d | %s |\n", name, len(asked), rightsFor(t, asked))
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/events.md lacks the row\n%s", row)
		}
	}
}

// TestDocumentedAbsence: the same of a commit that the checkout lacks.
func TestDocumentedAbsence(t *testing.T) {
	page, err := os.ReadFile(root + "/docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	m := newMonorepo(t)
	shallow := githubtest.NewRepository(t)
	shallow.Commit("something else", map[string]string{"README": "x"})
	here := with(m.asking(), "GITHUB_WORKSPACE", shallow.Dir)
	gone := strings.Repeat("d", 40)
	for _, c := range []struct {
		name string
		base string
		more map[string]string
	}{
		{"GitHub's API has it", m.Base, here},
		{"the API has it not", gone, here},
		{"there is no token", m.Base, with(here, "INPUT_TOKEN", "")},
		{"`offline` is set", m.Base, with(here, "INPUT_OFFLINE", "true")},
		{"an input names nothing", m.Base, with(with(here, "GITHUB_WORKSPACE", m.Dir), "INPUT_BASE", "no-such-branch")},
	} {
		s := runStep(t, githubtest.Serve(t, m.Repository), "merge_group", payloadOf(c.base, m.Head, m.Merge), c.more)
		said := fmt.Sprint(s.code)
		if strings.Contains(s.log, "::error title=Lockkeeper::") == (s.code == codePass) {
			t.Errorf("%s: exit code %d, and the log is\n%s", c.name, s.code, s.log)
		}
		if s.code == codePass {
			said = "as judged"
		}
		if row := fmt.Sprintf("| %s | %s |\n", c.name, said); !strings.Contains(string(page), row) {
			t.Errorf("docs/events.md lacks the row\n%s", row)
		}
	}
}
