package github

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const repo = "/api/v3/repos/octo/app/"

// until reads titles like "until 2026-04-01T00:00:00Z".
func until(title string) (time.Time, bool) {
	text, ok := strings.CutPrefix(title, "until ")
	t, err := time.Parse(time.RFC3339, text)
	return t, ok && err == nil
}

func run(id, workflow int, head string) map[string]any {
	return map[string]any{"id": id, "workflow_id": workflow, "head_sha": head}
}

func heldRepository(t *testing.T) *fake {
	f := newFake(t)
	f.say(repo+"pulls?page=1&per_page=100&state=open", []any{
		map[string]any{"number": 7, "head": sha(headID)}, map[string]any{"number": 8, "head": sha(otherID)},
		map[string]any{"number": 9, "head": sha("main")},
	})
	f.say(repo+"actions/runs?page=1&per_page=100&status=failure", map[string]any{"workflow_runs": []any{
		run(30, 1, headID), run(31, 2, otherID), run(20, 1, headID), run(32, 1, mergedID),
	}})
	f.say(repo+"actions/runs/30/jobs?filter=latest&per_page=100", map[string]any{"jobs": []any{
		map[string]any{"id": 300, "conclusion": "success"}, map[string]any{"id": 301, "conclusion": "failure"},
	}})
	f.say(repo+"actions/runs/31/jobs?filter=latest&per_page=100", map[string]any{"jobs": []any{map[string]any{"id": 310, "conclusion": "failure"}}})
	f.say(repo+"check-runs/301/annotations?per_page=100", []any{
		map[string]any{"title": "until 2026-04-01T00:00:00Z"}, map[string]any{"title": "until 2026-04-02T00:00:00Z"}, map[string]any{"title": "BLOCK"},
	})
	f.say(repo+"check-runs/310/annotations?per_page=100", []any{map[string]any{"title": "tests fail"}})
	return f
}

// Of open pull requests, the newest failed run of each workflow counts, and of
// it the failed jobs; what nobody holds is left alone.
func TestHeldRunsAreFound(t *testing.T) {
	f := heldRepository(t)
	got, err := f.client(t).Held(t.Context(), until)
	if err != nil {
		t.Fatal(err)
	}
	want := []Held{{Pull: 7, Run: 30, Until: time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC)}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
	for _, asked := range f.asked {
		if strings.Contains(asked, "runs/20/") || strings.Contains(asked, "runs/32/") || strings.Contains(asked, "check-runs/300/") {
			t.Errorf("asked in vain for %s", asked)
		}
	}
}

func TestHeldRunsThatCannotBeReadAreAnError(t *testing.T) {
	for _, broken := range []string{
		"pulls?page=1&per_page=100&state=open", "actions/runs?page=1&per_page=100&status=failure",
		"actions/runs/30/jobs?filter=latest&per_page=100", "check-runs/301/annotations?per_page=100",
	} {
		f := heldRepository(t)
		f.answers[repo+broken] = status(http.StatusForbidden)
		if held, err := f.client(t).Held(t.Context(), until); err == nil || !strings.Contains(err.Error(), "HTTP 403") {
			t.Errorf("%s refused: %v, %v", broken, held, err)
		}
	}
}

func TestARunIsStartedAgain(t *testing.T) {
	f := newFake(t)
	f.answers[repo+"actions/runs/30/rerun-failed-jobs"] = func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{}`))
	}
	if err := f.client(t).Rerun(t.Context(), 30); err != nil {
		t.Error(err)
	}
	if err := f.client(t).Rerun(t.Context(), 31); err == nil {
		t.Error("a run that is gone was started again")
	}
}
