package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lockkeeper/lockkeeper/internal/action"
	"github.com/lockkeeper/lockkeeper/internal/cli/monorepotest"
	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/policy"
)

// The commits of a merge: what is merged onto, and what it becomes.
var (
	onto   = strings.Repeat("b", 40)
	became = strings.Repeat("a", 40)
)

// spoken is a repository in which people speak on pull requests that a queue or
// a push merges.
type spoken struct {
	conversation                          // of pull request 7
	pulls        map[string]any           // by number
	closed       []any                    // into main; nil is refused
	brought      []any                    // what brought the commit; nil is refused
	eight        []map[string]any         // comments on pull request 8
	talked       []string                 // what was asked to hear people
	more         map[string]string        // variables
	payload      func(text string) string // what becomes of the event; nil for nothing
}

func (s *spoken) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/repos/acme/web/")
	answer := func(v any, ok bool) {
		if !ok {
			w.WriteHeader(http.StatusForbidden)
			v = map[string]any{"message": "Resource not accessible by integration"}
		}
		_ = json.NewEncoder(w).Encode(v)
	}
	number, isPull := strings.CutPrefix(path, "pulls/")
	if !strings.HasPrefix(path, "git/") && path != "/advisories" {
		s.talked = append(s.talked, path)
	}
	switch {
	case isPull:
		pull, ok := s.pulls[number]
		answer(pull, ok)
	case path == "pulls":
		answer(s.closed, s.closed != nil)
	case path == "commits/"+became+"/pulls":
		answer(s.brought, s.brought != nil)
	case path == "issues/8/comments":
		answer(append([]map[string]any{}, s.eight...), true)
	default:
		s.conversation.ServeHTTP(w, r)
	}
}

// into is a pull request of acme/web.
func into(branch string, number int, more map[string]any) map[string]any {
	pull := map[string]any{"number": number, "state": "open", "base": map[string]any{"ref": branch, "repo": map[string]any{"full_name": "acme/web"}}}
	maps.Copy(pull, more)
	return pull
}

func mergedAs(commit string) map[string]any {
	return map[string]any{"state": "closed", "merged_at": "2026-11-21T23:59:00Z", "merge_commit_sha": commit}
}

// shopWith is a registry whose a 1.0.1 came out half a day ago, and runs a
// script at install if one is given.
func shopWith(t *testing.T, scripts string) (world map[string]string, lock func(version string) string) {
	t.Helper()
	release := func(version, scripts string) string {
		return fmt.Sprintf(`%q: {"name": "a", "version": %[1]q, "_npmUser": {"name": "a"}, "maintainers": [{"name": "a"}], "scripts": {%s}, "dist": {"integrity": %q}}`,
			version, scripts, monorepotest.Integrity(version))
	}
	w := &worldtest.World{Files: fstest.MapFS{"a.json": {Data: []byte(`{"name": "a", "versions": {` + release("1.0.0", "") + `, ` + release("1.0.1", scripts) +
		`}, "time": {"created": "2024-01-01T00:00:00Z", "1.0.0": "2024-01-01T00:00:00Z", "1.0.1": "2026-11-21T12:00:00Z"}}`)}}}
	w.Start()
	t.Cleanup(w.Close)
	return map[string]string{"NPM_CONFIG_REGISTRY": w.NPM(), "LOCKKEEPER_OSV_URL": w.OSV()}, monorepotest.Lock
}

// What somebody who may write lets pass on a pull request passes in the merge
// queue, too, and again when it has reached the branch. Nobody else's word does,
// and nothing that a stranger may call a branch, a title or a commit leads to
// another pull request's.
func TestAWordInTheQueueAndAfterIt(t *testing.T) {
	const (
		accept  = "/lockkeeper accept npm:a@1.0.1 read the script"
		queue   = "merge_group"
		unheard = "::notice title=Lockkeeper::Commands in comments were not all read: "
	)
	world, lock := shopWith(t, `"postinstall": "node x.js"`)
	alice := []map[string]any{comment7("alice", accept)}
	comments := []string{"issues/7/comments"}
	right := append(comments, "collaborators/alice/permission")
	for _, c := range []struct {
		name   string
		event  string // "" for both
		change func(s *spoken)
		code   int
		said   string   // in the log and the summary
		notice string   // that follows unheard; "" for none
		talked []string // what was asked but for where to hear people; nil for the comments and alice's right
	}{
		{name: "nobody said anything", change: func(s *spoken) { s.comments = nil }, code: codeBlocked, said: "install-script-gained", talked: comments},
		{name: "a writer", code: codePass, said: "read the script"},
		{name: "a writer with the hash", change: func(s *spoken) {
			s.comments[0]["body"] = "/lockkeeper accept npm:a@1.0.1 " + monorepotest.Integrity("1.0.1") + " read the script"
		}, code: codePass, said: "read the script"},
		{name: "with another hash", change: func(s *spoken) {
			s.comments[0]["body"] = "/lockkeeper accept npm:a@1.0.1 " + monorepotest.Integrity("1.0.0") + " read the script"
		}, code: codeBlocked, said: "another hash or commit"},
		{name: "of another version", change: func(s *spoken) { s.comments[0]["body"] = "/lockkeeper accept npm:a@1.0.0 x" }, code: codeBlocked, said: "brings no such version"},
		{name: "of another package", change: func(s *spoken) { s.comments[0]["body"] = "/lockkeeper accept npm:b@1.0.1 x" }, code: codeBlocked, said: "brings no such version"},
		{name: "a hold-off of what is not only young", change: func(s *spoken) { s.comments[0]["body"] = "/lockkeeper hold-off npm:a@1.0.1 x" }, code: codeBlocked, said: "install-script-gained"},
		{name: "a recheck", change: func(s *spoken) { s.comments[0]["body"] = "/lockkeeper recheck" }, code: codeBlocked, said: "install-script-gained"},
		{name: "edited away", change: func(s *spoken) { s.comments[0]["body"] = "never mind\n" + accept }, code: codeBlocked, said: "install-script-gained", talked: comments},
		{name: "a reader", change: func(s *spoken) { s.rights["alice"] = "read" }, code: codeBlocked, said: "may not write to the repository"},
		{name: "the job's own token", change: func(s *spoken) { s.comments = []map[string]any{comment7("github-actions[bot]", accept)} }, code: codeBlocked, said: "speaks for nobody", talked: comments},
		{name: "a right that is refused", change: func(s *spoken) { s.rights = nil }, code: codeBlocked, said: "could not be found out",
			talked: append(comments, slices.Repeat([]string{"collaborators/alice/permission"}, tries)...)},
		{name: "comments that are refused", change: func(s *spoken) { s.deaf = true }, code: codeBlocked, said: "install-script-gained", notice: "comments on pull request 7: asking GitHub: HTTP 403", talked: comments},
		{name: "off by policy", change: func(s *spoken) { s.more = map[string]string{"INPUT_PRESET": "strict"} }, code: codeBlocked, said: "install-script-gained", talked: []string{}},
		{name: "without a token", change: func(s *spoken) { s.more = map[string]string{"INPUT_TOKEN": ""} }, code: codeUsage, talked: []string{}},

		{name: "pull requests that are refused", change: func(s *spoken) { s.pulls, s.closed = nil, nil }, code: codeBlocked, said: "install-script-gained", notice: "pull request", talked: []string{}},
		{name: "of another repository", change: func(s *spoken) {
			other := map[string]any{"base": map[string]any{"ref": "main", "repo": map[string]any{"full_name": "mallory/web"}}}
			s.pulls["7"], s.closed = into("main", 7, other), []any{into("main", 7, both(mergedAs(became), other))}
			s.brought = s.closed
		}, code: codeBlocked, said: "install-script-gained", notice: ": looking for comments: ", talked: []string{}},

		{name: "a group that may hold others", event: queue, change: func(s *spoken) {
			s.payload = func(text string) string {
				return strings.Replace(text, "pr-7-"+onto, "pr-7-"+strings.Repeat("d", 40), 1)
			}
		}, code: codePass, said: "read the script", notice: "merge group of pull request 7: looking for comments: it may hold other pull requests"},
		{name: "a closed pull request", event: queue, change: func(s *spoken) { s.pulls["7"].(map[string]any)["state"] = "closed" }, code: codeBlocked, said: "install-script-gained", notice: "pull request 7: looking for comments: it is closed", talked: []string{}},
		{name: "merged since", event: queue, change: func(s *spoken) { s.pulls["7"] = into("main", 7, mergedAs(became)) }, code: codePass, said: "read the script"},
		{name: "led to another branch since", event: queue, change: func(s *spoken) { s.pulls["7"] = into("release", 7, nil) }, code: codeBlocked, said: "install-script-gained", notice: "pull request 7: looking for comments: it is not one into", talked: []string{}},
		{name: "another name", event: queue, change: func(s *spoken) {
			s.payload = func(text string) string { return strings.Replace(text, "gh-readonly-queue/", "my-queue/", 1) }
		}, code: codeBlocked, said: "install-script-gained", notice: "event merge_group: the merge group's branch", talked: []string{}},

		{name: "a name that is a command", event: queue, change: func(s *spoken) {
			s.payload = func(text string) string {
				return strings.Replace(text, "gh-readonly-queue/", `x\n::error::forged\n/`, 1)
			}
		}, code: codeBlocked, said: "install-script-gained", notice: "event merge_group: the merge group's branch", talked: []string{}},

		{name: "of two, said on the other", event: "push", change: func(s *spoken) {
			s.closed = append(s.closed, into("main", 8, mergedAs(strings.Repeat("e", 40))))
			s.comments, s.eight = nil, []map[string]any{comment7("alice", accept)}
			s.payload = func(text string) string {
				return strings.Replace(text, `[]`, `[{"id": "`+strings.Repeat("e", 40)+`"}]`, 1)
			}
		}, code: codePass, said: "read the script", talked: []string{"issues/8/comments", "issues/7/comments", "collaborators/alice/permission"}},
		{name: "pushed by hand", event: "push", change: func(s *spoken) { s.closed, s.brought = []any{}, []any{into("main", 7, mergedAs(onto))} }, code: codePass, said: "read the script"},
		{name: "of no pull request", event: "push", change: func(s *spoken) { s.closed, s.brought = []any{}, []any{} }, code: codeBlocked, said: "install-script-gained", notice: "branch main: looking for comments: no pull request is known", talked: []string{}},
		{name: "of an open one", event: "push", change: func(s *spoken) { s.closed, s.brought = []any{}, []any{into("main", 7, nil)} }, code: codeBlocked, said: "install-script-gained", notice: "branch main", talked: []string{}},
		{name: "with a message and a title that name it", event: "push", change: func(s *spoken) {
			s.closed, s.brought = []any{into("main", 7, both(mergedAs(onto), map[string]any{"title": became}))}, []any{}
			s.payload = func(text string) string {
				return strings.Replace(text, `[]`, `[{"id": "`+became+`", "message": "Merge pull request #7 from acme/x\n\n(#7)"}]`, 1)
			}
		}, code: codeBlocked, said: "install-script-gained", notice: "branch main", talked: []string{}},
		{name: "to a branch that is named like a group's", event: "push", change: func(s *spoken) {
			s.payload = func(text string) string {
				return strings.Replace(text, "refs/heads/main", "refs/heads/gh-readonly-queue/main/pr-7-"+onto, 1)
			}
			s.brought = []any{into("main", 7, mergedAs(became))}
		}, code: codeBlocked, said: "install-script-gained", notice: "branch gh-readonly-queue/main/pr-7-" + onto, talked: []string{}},
		{name: "to a name that is a command", event: "push", change: func(s *spoken) {
			s.payload = func(text string) string { return strings.Replace(text, "/main", `/x\n::error::forged\n`, 1) }
		}, code: codeBlocked, said: "install-script-gained", notice: "it is no branch's name", talked: []string{}},
		{name: "to a tag", event: "push", change: func(s *spoken) {
			s.payload = func(text string) string { return strings.Replace(text, "refs/heads/", "refs/tags/", 1) }
		}, code: codeBlocked, said: "install-script-gained", talked: []string{}},
	} {
		for _, event := range []string{queue, "push"} {
			if c.event != "" && c.event != event {
				continue
			}
			t.Run(c.name+" on "+event, func(t *testing.T) {
				s := &spoken{
					conversation: conversation{comments: []map[string]any{maps.Clone(alice[0])}, rights: map[string]string{"alice": "write"}, api: api{
						parents: map[string][]string{became: {onto}}, files: map[string]string{became: lock("1.0.1"), onto: lock("1.0.0")},
					}},
					pulls: map[string]any{"7": into("main", 7, nil)}, closed: []any{into("main", 7, mergedAs(became))}, brought: []any{},
				}
				if c.change != nil {
					c.change(s)
				}
				payload := map[string]string{
					queue:  `{"merge_group": {"base_sha": "` + onto + `", "head_sha": "` + became + `", "base_ref": "refs/heads/main", "head_ref": "refs/heads/gh-readonly-queue/main/pr-7-` + onto + `"}}`,
					"push": `{"ref": "refs/heads/main", "before": "` + onto + `", "after": "` + became + `", "commits": []}`,
				}[event]
				if s.payload != nil {
					payload = s.payload(payload)
				}
				variables := maps.Clone(world)
				maps.Copy(variables, s.more)
				code, log, summary := stepOf(t, s, event, payload, variables)
				if code != c.code || !strings.Contains(log, c.said) || code != codeUsage && !strings.Contains(summary, c.said) {
					t.Errorf("exit code %d, want %d and %q\n%s\n%s", code, c.code, c.said, log, summary)
				}
				if _, said, noticed := strings.Cut(log, unheard); noticed != (c.notice != "") || !strings.Contains(strings.SplitN(said, "%0A", 2)[0], c.notice) {
					t.Errorf("notice %.100q, want %q", said, c.notice)
				}
				if c.code == codePass && !(strings.Contains(summary, "alice") && strings.Contains(summary, "pull/7#issuecomment-1") && strings.Contains(summary, "accepted")) {
					t.Errorf("the report doesn't say who let it pass:\n%s", summary)
				}
				if strings.Contains(log, "\n::error::forged") {
					t.Errorf("a name is obeyed:\n%s", log)
				}
				if len(s.said) > 0 {
					t.Errorf("commented %q", s.said)
				}
				want := c.talked
				if want == nil {
					want = right
				}
				got := slices.DeleteFunc(slices.Clone(s.talked), func(path string) bool { return strings.Contains(path, "pulls") })
				if !slices.Equal(got, want) {
					t.Errorf("asked %q, want %q", s.talked, want)
				}
			})
		}
	}
}

func both(a, b map[string]any) map[string]any {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// A hold ends early in the queue and after it, as on the pull request.
func TestAHoldOffInTheQueueAndAfterIt(t *testing.T) {
	world, lock := shopWith(t, "")
	for event, payload := range map[string]string{
		"merge_group": `{"merge_group": {"base_sha": "` + onto + `", "head_sha": "` + became + `", "base_ref": "refs/heads/main", "head_ref": "refs/heads/gh-readonly-queue/main/pr-7-` + onto + `"}}`,
		"push":        `{"ref": "refs/heads/main", "before": "` + onto + `", "after": "` + became + `"}`,
	} {
		for _, c := range []struct {
			said string
			code int
		}{{"/lockkeeper recheck", codeBlocked}, {"/lockkeeper hold-off npm:a@1.0.1 fixes what is exploited", codePass}} {
			s := &spoken{
				conversation: conversation{comments: []map[string]any{comment7("alice", c.said)}, rights: map[string]string{"alice": "write"}, api: api{
					files: map[string]string{became: lock("1.0.1"), onto: lock("1.0.0")},
				}},
				pulls: map[string]any{"7": into("main", 7, nil)}, closed: []any{into("main", 7, mergedAs(became))},
			}
			if code, log, _ := stepOf(t, s, event, payload, world); code != c.code {
				t.Errorf("%s after %q: exit code %d, want %d\n%s", event, c.said, code, c.code, log)
			}
		}
	}
}

// People are asked for only where their word could make a difference: on the
// pull request of a warning, too, elsewhere of what fails the step.
func TestAWordIsAskedForWhereItIsNeeded(t *testing.T) {
	failing := []policy.Verdict{policy.Hold, policy.Block}
	warned := append([]policy.Verdict{policy.Warn}, failing...)
	for _, c := range []struct {
		failOn action.FailOn
		talk   *action.Talk
		want   []policy.Verdict
	}{
		{action.FailOnBlock, &action.Talk{Branch: "main"}, failing},
		{action.FailOnBlock, &action.Talk{}, warned},
		{action.FailOnBlock, nil, failing}, // where that can't be known is said
		{action.FailOnWarn, &action.Talk{Branch: "main"}, warned},
		{action.FailNever, &action.Talk{Branch: "main"}, failing},
		{action.FailNever, &action.Talk{}, warned},
	} {
		h := hearing{in: action.Inputs{FailOn: c.failOn}}
		var needed []policy.Verdict
		for _, v := range []policy.Verdict{policy.Pass, policy.Warn, policy.Unjudged, policy.Hold, policy.Block} {
			if h.needed(v, c.talk) {
				needed = append(needed, v)
			}
		}
		if !slices.Equal(needed, c.want) {
			t.Errorf("fail-on %s, %+v: asked for where it is %v, want %v", c.failOn, c.talk, needed, c.want)
		}
	}
}
