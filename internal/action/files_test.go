package action

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/report"
)

func TestOutputsOfAReport(t *testing.T) {
	r := &report.Report{
		Verdict: "block", Score: 92, Changes: make([]report.Change, 4),
		Counts: report.Counts{Block: 2, Hold: 1, Warn: 3, Pass: 5},
	}
	f := newRunner(t, nil)
	if err := f.Publish(OutputsOf(r, Inputs{Report: "out/report.json"})); err != nil {
		t.Fatal(err)
	}
	want := [][2]string{
		{"verdict", "block"}, {"score", "92"}, {"blocked", "2"}, {"held", "1"},
		{"warned", "3"}, {"changed", "4"}, {"report", "out/report.json"}, {"sarif", ""},
	}
	if got := pairs(t, f.file(t, "GITHUB_OUTPUT")); !slices.Equal(got, want) {
		t.Errorf("the runner sets %q, want %q", got, want)
	}
}

func TestSummaryIsAppended(t *testing.T) {
	f := newRunner(t, nil)
	for _, part := range []string{"# One\n", "# Two\n"} {
		if err := f.Summarize(part); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.file(t, "GITHUB_STEP_SUMMARY"); got != "# One\n# Two\n" {
		t.Errorf("summary %q", got)
	}
}

func TestARunnerWithoutFilesIsNoError(t *testing.T) {
	f := newRunner(t, map[string]string{"GITHUB_OUTPUT": "", "GITHUB_STEP_SUMMARY": ""})
	if err := f.Summarize("x"); err != nil {
		t.Error(err)
	}
	if err := f.Publish(Outputs{}); err != nil {
		t.Error(err)
	}
}

func TestAFileThatCanNotBeWrittenIsAnError(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone", "file")
	f := newRunner(t, map[string]string{"GITHUB_OUTPUT": gone})
	if err := f.Publish(Outputs{}); err == nil || !strings.HasPrefix(err.Error(), "GITHUB_OUTPUT: ") {
		t.Errorf("error %v", err)
	}
}

func TestSave(t *testing.T) {
	f := newRunner(t, nil)
	for range 2 { // a second run replaces the first one's file
		if err := f.Save("out/report.json", []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(filepath.Join(f.env["GITHUB_WORKSPACE"], "out", "report.json"))
	if err != nil || string(got) != "{}" {
		t.Errorf("read %q, %v", got, err)
	}
}

// The head's checkout may hold a link where the workflow wants its report: to
// write through it would hand the pull request a file of its choice.
func TestSaveFollowsNoLink(t *testing.T) {
	f := newRunner(t, nil)
	outside := t.TempDir()
	victim := filepath.Join(outside, "victim")
	if err := os.WriteFile(victim, []byte("untouched"), 0o644); err != nil {
		t.Fatal(err)
	}
	workspace := f.env["GITHUB_WORKSPACE"]
	for link, to := range map[string]string{"report.json": victim, "out": outside} {
		if err := os.Symlink(to, filepath.Join(workspace, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Save("report.json", []byte("{}")); err != nil {
		t.Error(err)
	}
	if err := f.Save("out/victim", []byte("{}")); err == nil {
		t.Error("wrote through a folder that leads out")
	}
	if got, err := os.ReadFile(victim); err != nil || string(got) != "untouched" {
		t.Errorf("the file outside reads %q, %v", got, err)
	}
}

func TestExit(t *testing.T) {
	verdicts := []string{"pass", "warn", "hold", "block", "unjudged", "", "innocent"}
	for on, want := range map[FailOn][]int{
		FailOnBlock: {0, 0, 1, 1, 3, 3, 3},
		FailOnWarn:  {0, 1, 1, 1, 3, 3, 3},
		FailNever:   {0, 0, 0, 0, 0, 3, 3},
		"":          {3, 3, 3, 3, 3, 3, 3},
	} {
		for i, verdict := range verdicts {
			if got := Exit(verdict, on); got != want[i] {
				t.Errorf("%q, fail-on %q: exit %d, want %d", verdict, on, got, want[i])
			}
		}
	}
}
