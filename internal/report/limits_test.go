package report

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// crowd is a document of many packages, worst last.
func crowd(n int, verdict string) *Report {
	r := Build(input())
	r.Verdict = verdict
	for i := range n {
		r.Changes = append(r.Changes, Change{
			Ecosystem: "npm", Name: fmt.Sprintf("package-%05d", i), Kind: "added", To: "1.0.0", Verdict: verdict, Score: 60,
			Locations: []Location{{Path: "package-lock.json", Line: i + 1}},
			Findings: []Finding{{
				Signal: "deprecated", Points: 60, Title: "title", Message: strings.Repeat("A sentence of evidence. ", 20), Remedy: "Do it.",
				Exception: map[bool]*Exception{true: {Package: "npm:a", State: "applied"}}[verdict == "pass"],
			}},
		})
	}
	return r
}

var leftOutRows = regexp.MustCompile(`(\d+) × row of the table`)

func TestMarkdownStaysUnderItsLimit(t *testing.T) {
	for _, limit := range []int{1, 5_000, 20_000, 65_000, 0} {
		for _, n := range []int{0, 1, 3, 4, 40, 20_000} {
			got := string(render(t, "markdown", crowd(n, "block"), Options{Limit: limit}))
			most := max(limit, leastLimit)
			if limit == 0 {
				most = summaryLimit
			}
			if len(got) > most {
				t.Errorf("%d packages, limit %d: %d bytes", n, limit, len(got))
			}
			if err := deadMarkdown(got); err != nil {
				t.Errorf("%d packages, limit %d: cut amid markup: %v", n, limit, err)
			}
			if !strings.HasPrefix(got, "## ⛔ BLOCK: ") || !strings.Contains(got, "lockkeeper 0.1.0</sub>") {
				t.Errorf("%d packages, limit %d: headline or footer lost:\n%.300s", n, limit, got)
			}
			rows, left := strings.Count(got, "| ⛔ block |"), 0
			if said := leftOutRows.FindStringSubmatch(got); said != nil {
				left, _ = strconv.Atoi(said[1])
			}
			if rows+left != n {
				t.Errorf("%d packages, limit %d: %d rows shown, %d said to be left out", n, limit, rows, left)
			}
		}
	}
}

func TestAnnotationsStayUnderTheRunnersCaps(t *testing.T) {
	r := crowd(30, "block")
	for _, v := range []string{"warn", "hold", "pass"} {
		r.Changes = append(r.Changes, crowd(25, v).Changes...)
	}
	counts := map[string]int{}
	all := Annotations(r)
	for _, a := range all {
		counts[a.Level]++
	}
	if counts["error"] != 10 || counts["warning"] != 10 || counts["notice"] != 9 {
		t.Errorf("%v", counts)
	}
	last := all[len(all)-1]
	if want := "20 errors, 40 warnings, 17 notices not shown here"; !strings.HasPrefix(last.Message, want) {
		t.Errorf("%q, want %q", last.Message, want)
	}
	for i := 1; i < 10; i++ {
		if all[i].Level != "error" {
			t.Errorf("annotation %d is of level %s: worst first", i, all[i].Level)
		}
	}
	if n := len(Annotations(crowd(10, "block"))); n != 10 {
		t.Errorf("%d annotations for 10 packages", n)
	}
}

func TestAnnotationsOfOnePackageInSeveralFiles(t *testing.T) {
	r := crowd(1, "block")
	r.Changes[0].Locations = []Location{{Path: "a/package-lock.json", Line: 3}, {Path: "a/package-lock.json", Line: 9}, {Path: "b/package-lock.json", Line: 0}}
	all := Annotations(r)
	if len(all) != 2 || all[0].Path != "a/package-lock.json" || all[0].Line != 3 || all[1].Path != "b/package-lock.json" || all[1].Line != 1 {
		t.Errorf("%+v", all)
	}
}

func TestAnnotationMessagesAreCut(t *testing.T) {
	r := crowd(1, "block")
	f := r.Changes[0].Findings[0]
	f.Message = strings.Repeat("100%%%", 200)
	r.Changes[0].Findings = []Finding{f, f, f, f, f}
	message := Annotations(r)[0].Message
	if n := utf8.RuneCountInString(CommandData(message)); n > messageLimit || n < messageLimit-3 {
		t.Errorf("%d characters in the command, want just under %d", n, messageLimit)
	}
	if !strings.HasSuffix(message, "…") {
		t.Errorf("the cut is not shown: %q", message[len(message)-20:])
	}
}

// Weak findings of what passes are no remarks on a reviewer's lines.
func TestAnnotationsAreQuiet(t *testing.T) {
	for _, r := range []*Report{quiet(), Build(input())} {
		if all := Annotations(r); len(all) > 0 {
			t.Errorf("%+v", all)
		}
	}
	if all := Annotations(attack()); len(all) != 2 {
		t.Errorf("%d annotations for two packages that are blocked and one that passed with 5 points", len(all))
	}
}

func TestTextOfManyChangesIsShort(t *testing.T) {
	got := string(render(t, "text", crowd(5000, "block"), Options{}))
	if n := strings.Count(got, "\n"); n > 200 {
		t.Errorf("%d lines", n)
	}
	if !strings.Contains(got, "4988 more") {
		t.Errorf("what is left out is not counted:\n%s", got[len(got)-500:])
	}
}

func TestTextKeepsItsWidth(t *testing.T) {
	for _, width := range []int{0, 40, 60, 80, 100, 140} {
		most := width
		if most == 0 {
			most = 100
		}
		for line := range strings.SplitSeq(string(render(t, "text", attack(), Options{Width: width})), "\n") {
			head := strings.HasPrefix(line, "BLOCK") || strings.HasPrefix(line, "PASS")
			long := strings.Count(strings.TrimSpace(line), " ") < 3 // one unbroken name or address
			if n := utf8.RuneCountInString(line); n > most && !head && !long && width >= 80 {
				t.Errorf("width %d: %d columns: %s", width, n, line)
			}
		}
	}
}

// Colour repeats what the words say: without its codes the text is the same.
func TestColourOnlyAdds(t *testing.T) {
	for _, s := range samples {
		color := string(render(t, "text", s.report(), Options{Color: true}))
		if !strings.Contains(color, "\x1b[") {
			t.Errorf("%s: no colour", s.name)
		}
		if got, want := stripSGR(color), string(render(t, "text", s.report(), Options{})); got != want {
			t.Errorf("%s: colour changes the text", s.name)
		}
	}
}

func stripSGR(s string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(s, "\x1b[")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		_, s, _ = strings.Cut(after, "m")
	}
}
