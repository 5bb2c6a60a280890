package action

import (
	"cmp"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var (
	hashA = strings.Repeat("a", 40)
	hashB = strings.Repeat("b", 40)
	hashC = strings.Repeat("c", 40) // GITHUB_SHA
	zero  = strings.Repeat("0", 40)
)

// withEvent starts a step of an event with its payload.
func withEvent(t *testing.T, name, payload string) *fakeRunner {
	t.Helper()
	file := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(file, []byte(payload), 0o644); err != nil {
		t.Fatal(err)
	}
	return newRunner(t, map[string]string{"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": file})
}

func TestComparisonOfEachEvent(t *testing.T) {
	for _, c := range []struct {
		event, payload string
		want           Comparison
		err            string
	}{
		{event: "pull_request", payload: `{"pull_request": {"base": {"sha": "` + hashA + `"}}}`, want: Comparison{Base: hashC + "^1", Head: hashC}},
		{event: "merge_group", payload: `{"merge_group": {"base_sha": "` + hashA + `", "head_sha": "` + hashB + `"}}`, want: Comparison{Base: hashA, Head: hashB}},
		{event: "merge_group", payload: `{}`, err: "no base_sha"},
		{event: "merge_group", payload: `{"merge_group": {"base_sha": "--upload-pack=x", "head_sha": "` + hashB + `"}}`, err: "no base_sha"},
		{event: "push", payload: `{"before": "` + hashA + `", "after": "` + hashB + `"}`, want: Comparison{Base: hashA, Head: hashB}},
		{event: "push", payload: `{"before": "` + zero + `", "after": "` + hashB + `"}`, want: Comparison{Base: "", Head: hashC}},
		{event: "push", payload: `{"before": "` + hashA + `", "after": "` + zero + `"}`, want: Comparison{Base: "", Head: hashC}},
		{event: "push", payload: `{"Before": "` + hashA + `", "after": "` + hashB + `"}`, err: "no before"},
		{event: "push", payload: `{"before": "` + hashA + `", "after": "` + hashB + `", "before": "` + hashB + `"}`, err: "payload"},
		{event: "schedule", payload: `{"schedule": "0 3 * * *"}`, want: Comparison{Base: "", Head: hashC}},
		{event: "workflow_dispatch", payload: `{}`, want: Comparison{Base: "", Head: hashC}},
		{event: "pull_request_target", payload: `{"pull_request": {"number": 7, "head": {"sha": "` + hashA + `"}}}`, want: Comparison{Pull: Pull{7, hashA}}},
		{event: "pull_request_target", payload: `{}`, err: "no pull request"},
		{event: "pull_request_target", payload: `{"pull_request": {"number": 7, "head": {"sha": "main"}}}`, err: "no pull request"},
		{event: "workflow_run", payload: `{"workflow_run": {"event": "pull_request", "head_sha": "` + hashA + `", "pull_requests": [{"number": 7, "head": {"sha": "` + hashA + `"}}]}}`, want: Comparison{Pull: Pull{7, hashA}}},
		{event: "workflow_run", payload: `{"workflow_run": {"event": "pull_request", "head_sha": "` + hashA + `", "pull_requests": []}}`, want: Comparison{Pull: Pull{0, hashA}}},
		{event: "workflow_run", payload: `{"workflow_run": {"event": "pull_request", "head_sha": "` + hashA + `", "pull_requests": [{"number": 7, "head": {"sha": "` + hashB + `"}}]}}`, want: Comparison{Pull: Pull{0, hashA}}},
		{event: "workflow_run", payload: `{"workflow_run": {"event": "push", "head_sha": "` + hashA + `"}}`, want: Comparison{Head: hashA}},
		{event: "workflow_run", payload: `{}`, err: "no head_sha"},
		{event: "issue_comment", payload: `{}`, err: "set the inputs base and head"},
		{event: "pull_request", payload: `{"pull_request"`, err: "payload"},
		{event: "pull_request", payload: `[]`, err: "payload"},
	} {
		got, err := withEvent(t, c.event, c.payload).Comparison(Inputs{Mode: Auto})
		if c.err != "" {
			if err == nil || !strings.HasPrefix(err.Error(), "event ") || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s %s: error %v, want one of %q", c.event, c.payload, err, c.err)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s %s: %+v, %v; want %+v", c.event, c.payload, got, err, c.want)
		}
	}
}

// Only a comment that was just written, on a pull request, is one to act on; its
// text and author are taken as they are.
func TestCommentOfAnEvent(t *testing.T) {
	const rest = `"issue": {"number": 7, "pull_request": {"url": "x"}}, "comment": {"body": "hello\n::error::x", "user": {"login": "<b>"}}}`
	for _, c := range []struct {
		payload string
		written bool
	}{
		{`{"action": "created", ` + rest, true},
		{`{"action": "edited", ` + rest, false},
		{`{"action": "deleted", ` + rest, false},
		{`{"Action": "created", ` + rest, false},
		{`{"action": "created", "issue": {"number": 7}}`, false},
		{`{"action": "created", "issue": {"number": 7, "pull_request": null}}`, false},
		{`{"action": "created", "issue": {"number": 0, "pull_request": {}}}`, false},
		{`{}`, false},
	} {
		got, written, err := withEvent(t, "issue_comment", c.payload).Comment()
		if err != nil || written != c.written || written && got != (Comment{7, "<b>", "hello\n::error::x"}) {
			t.Errorf("%s: %+v, %v, %v", c.payload, got, written, err)
		}
	}
	for _, payload := range []string{`{"action": "created", "action": "created", ` + rest, `[]`, `{"issue": {"number": "7"}}`} {
		if got, _, err := withEvent(t, "issue_comment", payload).Comment(); err == nil {
			t.Errorf("%s: %+v", payload, got)
		}
	}
	if withEvent(t, "pull_request", "{}").OnComment() || !withEvent(t, "issue_comment", "{}").OnComment() {
		t.Error("the event of a comment is not known")
	}
}

func TestInputsGoBeforeTheEvent(t *testing.T) {
	for _, c := range []struct {
		event string
		in    Inputs
		want  Comparison
		err   string
	}{
		{event: "schedule", in: Inputs{Mode: Auto, Base: "v1"}, want: Comparison{Base: "v1", Head: hashC}},
		{event: "pull_request", in: Inputs{Mode: Auto, Head: "topic"}, want: Comparison{Base: hashC + "^1", Head: "topic"}},
		{event: "pull_request", in: Inputs{Mode: Scan, Base: "v1"}, want: Comparison{Base: "", Head: hashC}},
		{event: "pull_request_target", in: Inputs{Mode: Auto, Base: "v1", Head: "v2"}, want: Comparison{Base: "v1", Head: "v2"}},
		{event: "workflow_run", in: Inputs{Mode: Auto}, want: Comparison{Pull: Pull{0, hashA}}},
		{event: "workflow_run", in: Inputs{Mode: Check}, want: Comparison{Pull: Pull{0, hashA}}},
		{event: "workflow_run", in: Inputs{Mode: Scan}, want: Comparison{Head: hashA}},
		{event: "workflow_run", in: Inputs{Mode: Auto, Base: "v1"}, err: "set both or neither"},
		{event: "issue_comment", in: Inputs{Mode: Scan, Head: "v2"}, want: Comparison{Base: "", Head: "v2"}},
		{event: "schedule", in: Inputs{Mode: Check}, err: "set the input base"},
	} {
		payload := `{"workflow_run": {"event": "pull_request", "head_sha": "` + hashA + `"}}`
		got, err := withEvent(t, c.event, payload).Comparison(c.in)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s %+v: error %v, want one of %q", c.event, c.in, err, c.err)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s %+v: %+v, %v; want %+v", c.event, c.in, got, err, c.want)
		}
	}
}

func TestComparisonNeedsACommit(t *testing.T) {
	f := newRunner(t, map[string]string{"GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": "HEAD\n::error::forged"})
	if _, err := f.Comparison(Inputs{Mode: Auto}); err == nil || !strings.Contains(err.Error(), "GITHUB_SHA") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestAnEndlessEventIsRefusedByItsSize(t *testing.T) {
	if _, err := decode(endless{}); err == nil || !strings.Contains(err.Error(), "26214400 bytes") {
		t.Errorf("error %v", err)
	}
}

func TestADeepEventIsRefused(t *testing.T) {
	if _, err := decode(strings.NewReader(`{"a":` + strings.Repeat("[", 2_000_000))); err == nil {
		t.Error("want an error")
	}
}

func FuzzEvent(f *testing.F) {
	f.Add(`{"before": "` + hashA + `", "after": "` + hashB + `"}`)
	f.Add(`{"merge_group": {"base_sha": "` + hashA + `", "head_sha": "x"}}`)
	f.Add(`{"merge_group": {"base_sha": "` + hashA + `", "base_ref": "refs/heads/main", "head_ref": "refs/heads/gh-readonly-queue/main/pr-7-` + hashA + `"}}`)
	f.Add(`{"ref": "refs/heads/main", "before": "` + hashA + `", "after": "` + hashB + `", "commits": [{"id": "` + hashC + `"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := decode(io.LimitReader(strings.NewReader(text), 1<<16))
		if err != nil {
			return
		}
		for name, row := range events {
			e := event{name: name, sha: hashC, payload: p}
			c, err := row.compare(e)
			head := cmp.Or(c.Pull.Head, c.Head)
			if err == nil && (c.Base != "" && !isHash(strings.TrimSuffix(c.Base, "^1")) || !isHash(head) || c.Pull.Number < 0) {
				t.Errorf("%s: %+v is not made of commits", name, c)
			}
			if row.talk == nil {
				continue
			}
			talk, err := row.talk(e)
			if err == nil && talk != nil && (talk.Pull.Number < 0 || talk.Pull.Head != "" && !isHash(talk.Pull.Head) || slices.ContainsFunc(talk.Merged, func(c string) bool { return !isHash(c) })) {
				t.Errorf("%s: hears %+v", name, talk)
			}
		}
	})
}
