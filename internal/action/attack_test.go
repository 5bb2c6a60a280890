package action

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lockkeeper/lockkeeper/internal/report"
)

// payloads are what a package, a file or a registry may call itself.
var payloads = []string{
	"left-pad\n::error file=x::forged",
	"left-pad\r::set-output name=verdict::pass",
	"left-pad\r\n##[add-mask]e",
	"::stop-commands::x",
	" \t::stop-commands::x",
	"left-pad ##[error]forged",
	"left-pad ##[stop-commands]x",
	"##[group]forged",
	"###[error]forged",
	"#\u200b#[error]forged",
	"\u2028::error::forged\u2029::error::forged",
	"\u0085::error::forged",
	"a,line=1,title=forged::forged",
	"a%0A::error::forged",
	"_GitHubActionsFileCommandDelimeter_\nverdict=pass",
	"\x1b]0;title\x07\x1b[2K::error::forged",
	"\u202e::rorre::",
	strings.Repeat("é", 5000),
	strings.Repeat("x", 5000) + "\n::error::forged",
	"bad \xff\xfe utf-8\n::error::forged",
	"",
}

func TestNoTextOfAnAnnotationBecomesACommand(t *testing.T) {
	for _, level := range []string{"error", "warning", "notice"} {
		for _, text := range payloads {
			f := newRunner(t, nil)
			err := f.Annotate([]report.Annotation{{Level: level, Path: text, Line: 7, Title: text, Message: text}})
			if err != nil {
				t.Fatal(err)
			}
			got := commands(f.log.String())
			if len(got) != 1 || got[0].name != level {
				t.Fatalf("%.60q: the runner obeys %+v", text, got)
			}
			for name, value := range got[0].properties {
				if name == "line" && value != "7" || name != "line" && value != text {
					t.Errorf("%.60q: property %s reads %.60q", text, name, value)
				}
			}
		}
	}
}

// hostile is a report in which everything that a package, a file or a registry
// can name itself is called text.
func hostile(text string, changes int) *report.Report {
	finding := report.Finding{
		Signal: "young-dependency", Points: 80, Title: text, Message: text, Remedy: text,
		Evidence: map[string]string{text: text}, Links: []report.Link{{Title: text, URL: text}},
	}
	gap := report.Gap{Check: "registry", Reason: text, Hint: text, Level: "block", Location: &report.Location{Path: text, Line: 3}}
	r := &report.Report{
		Schema: report.Schema, Mode: "check", Verdict: "block", Score: 80,
		Lockfiles: []report.Lockfile{{Path: text, Format: "npm-lock-v3", Status: "changed"}},
		Findings:  []report.Finding{finding}, Gaps: []report.Gap{gap},
	}
	for i, verdict := range []string{"block", "warn", "unjudged", "pass"} {
		for range changes {
			r.Changes = append(r.Changes, report.Change{
				Ecosystem: "npm", Name: text, Kind: "upgraded", From: []string{text}, To: text, Via: [][]string{{text, text}},
				Locations: []report.Location{{Path: text, Line: i + 1}}, Score: 80, Verdict: verdict,
				Findings: []report.Finding{finding}, Gaps: []report.Gap{gap},
			})
		}
	}
	return r
}

// From report to log: what the runner obeys is our annotations, no more than
// it keeps of each level, each no longer than it shows.
func TestAHostileReportAnnotatesAndNothingElse(t *testing.T) {
	for _, text := range payloads {
		f := newRunner(t, nil)
		if err := f.Annotate(report.Annotations(hostile(text, 15))); err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		got := commands(f.log.String())
		for _, c := range got {
			count[c.name]++
			if n := utf8.RuneCountInString(c.data); n > 4096 {
				t.Errorf("%.60q: a message of %d characters", text, n)
			}
		}
		if len(count) > 3 || count["error"] != 10 || count["warning"] != 10 || count["notice"] == 0 || count["notice"] > 10 {
			t.Fatalf("%.60q: the runner obeys %v", text, count)
		}
		if last := got[len(got)-1]; last.name != "notice" || !strings.Contains(last.data, "not shown here") {
			t.Errorf("%.60q: the last is %+v, want the count of what is left out", text, last)
		}
	}
}

// The log and the summary of a hostile report, in the size that GitHub takes.
func TestAHostileReportStaysWithinTheSummary(t *testing.T) {
	f := newRunner(t, nil)
	var markdown strings.Builder
	if err := report.Markdown(&markdown, hostile(strings.Repeat("<details>|`x`", 400), 400), report.Options{Limit: MaxSummary}); err != nil {
		t.Fatal(err)
	}
	if err := f.Summarize(markdown.String()); err != nil {
		t.Fatal(err)
	}
	if n := len(f.file(t, "GITHUB_STEP_SUMMARY")); n == 0 || n > MaxSummary {
		t.Errorf("a summary of %d bytes", n)
	}
}

func TestNoTextOfTheLogBecomesACommand(t *testing.T) {
	for _, text := range payloads {
		f := newRunner(t, nil)
		if err := f.Log(text + "\n" + text); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, c := range commands(f.log.String()) {
			names = append(names, c.name)
		}
		if !slices.Equal(names, []string{"stop-commands"}) {
			t.Errorf("%.60q: the runner obeys %q", text, names)
		}
		// Nor would it without the stop: the sink alone suffices.
		unstopped := strings.ReplaceAll(f.log.String(), "::stop-commands::", "stopped ")
		if got := commands(unstopped); len(got) != 0 {
			t.Errorf("%.60q: with commands on the runner obeys %+v", text, got)
		}
	}
}

func TestNoTextOfAnErrorBecomesACommand(t *testing.T) {
	for _, text := range payloads {
		f := newRunner(t, nil)
		if err := f.Fail(errors.New(text), text); err != nil {
			t.Fatal(err)
		}
		if got := commands(f.log.String()); len(got) != 1 || got[0].name != "error" {
			t.Errorf("%.60q: the runner obeys %+v", text, got)
		}
	}
}

func TestAnAnnotationOfAnUnknownLevelIsAnError(t *testing.T) {
	f := newRunner(t, nil)
	if err := f.Annotate([]report.Annotation{{Level: "failure"}}); err == nil {
		t.Error("want an error: the annotation was dropped")
	}
}

// A verdict or a path can't end its own value and set another output.
func TestNoOutputSetsAnother(t *testing.T) {
	names := []string{"verdict", "score", "blocked", "held", "warned", "changed", "report", "sarif"}
	for _, text := range payloads {
		f := newRunner(t, nil)
		err := f.Publish(Outputs{Verdict: text, Report: text, SARIF: text})
		if err != nil {
			continue
		}
		var got []string
		for _, p := range pairs(t, f.file(t, "GITHUB_OUTPUT")) {
			got = append(got, p[0])
		}
		if !slices.Equal(got, names) {
			t.Errorf("%.60q: the runner sets %q", text, got)
		}
	}
	f := newRunner(t, nil)
	if err := f.Publish(Outputs{Verdict: "pass\nscore=0"}); err == nil {
		t.Error("a value of two lines is published")
	}
}

func TestDelimitersAreNotGuessable(t *testing.T) {
	f := newRunner(t, nil)
	if err := f.Publish(Outputs{Verdict: "pass"}); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(f.file(t, "GITHUB_OUTPUT")) {
		if _, delimiter, ok := strings.Cut(line, "<<"); ok {
			if len(delimiter) < 26 || seen[delimiter] {
				t.Errorf("delimiter %q is short or used twice", delimiter)
			}
			seen[delimiter] = true
		}
	}
}

// The runner masks a whole value only; a secret of many lines shows in the log
// one line at a time.
func TestEachLineOfASecretIsMasked(t *testing.T) {
	f := newRunner(t, map[string]string{"INPUT_TOKEN": "first\nsecond\n\n"})
	if _, err := f.Inputs(); err != nil {
		t.Fatal(err)
	}
	var masked []string
	for _, c := range commands(f.log.String()) {
		if c.name == "add-mask" {
			masked = append(masked, c.data)
		}
	}
	if !slices.Equal(masked, []string{"first", "second"}) {
		t.Errorf("masked %q", masked)
	}
}

type brokenLog struct{}

func (brokenLog) Write([]byte) (int, error) { return 0, errors.New("closed pipe") }

// The library panics where a write fails.
func TestABrokenLogIsAnErrorAndNotAPanic(t *testing.T) {
	r := New(func(string) string { return "" }, brokenLog{})
	for name, err := range map[string]error{
		"annotate": r.Annotate([]report.Annotation{{Level: "error"}}),
		"log":      r.Log("b"),
		"mask":     r.Mask("secret"),
		"fail":     r.Fail(errors.New("x"), ""),
	} {
		if err == nil || !strings.Contains(err.Error(), "closed pipe") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
