package action

import (
	"io"
	"os"
	"path/filepath"
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
		{event: "pull_request", payload: `{"pull_request": {"base": {"sha": "` + hashA + `"}}}`, want: Comparison{hashC + "^1", hashC}},
		{event: "merge_group", payload: `{"merge_group": {"base_sha": "` + hashA + `", "head_sha": "` + hashB + `"}}`, want: Comparison{hashA, hashB}},
		{event: "merge_group", payload: `{}`, err: "no base_sha"},
		{event: "merge_group", payload: `{"merge_group": {"base_sha": "--upload-pack=x", "head_sha": "` + hashB + `"}}`, err: "no base_sha"},
		{event: "push", payload: `{"before": "` + hashA + `", "after": "` + hashB + `"}`, want: Comparison{hashA, hashB}},
		{event: "push", payload: `{"before": "` + zero + `", "after": "` + hashB + `"}`, want: Comparison{"", hashC}},
		{event: "push", payload: `{"before": "` + hashA + `", "after": "` + zero + `"}`, want: Comparison{"", hashC}},
		{event: "push", payload: `{"Before": "` + hashA + `", "after": "` + hashB + `"}`, err: "no before"},
		{event: "push", payload: `{"before": "` + hashA + `", "after": "` + hashB + `", "before": "` + hashB + `"}`, err: "payload"},
		{event: "schedule", payload: `{"schedule": "0 3 * * *"}`, want: Comparison{"", hashC}},
		{event: "workflow_dispatch", payload: `{}`, want: Comparison{"", hashC}},
		{event: "pull_request_target", payload: `{}`, err: "not supported yet"},
		{event: "workflow_run", payload: `{}`, err: "not supported yet"},
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

func TestInputsGoBeforeTheEvent(t *testing.T) {
	for _, c := range []struct {
		event string
		in    Inputs
		want  Comparison
		err   string
	}{
		{event: "schedule", in: Inputs{Mode: Auto, Base: "v1"}, want: Comparison{"v1", hashC}},
		{event: "pull_request", in: Inputs{Mode: Auto, Head: "topic"}, want: Comparison{hashC + "^1", "topic"}},
		{event: "pull_request", in: Inputs{Mode: Scan, Base: "v1"}, want: Comparison{"", hashC}},
		{event: "pull_request_target", in: Inputs{Mode: Auto, Base: "v1", Head: "v2"}, want: Comparison{"v1", "v2"}},
		{event: "issue_comment", in: Inputs{Mode: Scan, Head: "v2"}, want: Comparison{"", "v2"}},
		{event: "schedule", in: Inputs{Mode: Check}, err: "set the input base"},
		{event: "schedule", in: Inputs{Mode: Recheck}, err: "not supported yet"},
	} {
		got, err := withEvent(t, c.event, "{}").Comparison(c.in)
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
	f.Fuzz(func(t *testing.T, text string) {
		p, err := decode(io.LimitReader(strings.NewReader(text), 1<<16))
		if err != nil {
			return
		}
		for name, ask := range events {
			c, err := ask(event{name: name, sha: hashC, payload: p})
			if err == nil && (c.Base != "" && !isHash(strings.TrimSuffix(c.Base, "^1")) || !isHash(c.Head)) {
				t.Errorf("%s: %+v is not made of commits", name, c)
			}
		}
	})
}
