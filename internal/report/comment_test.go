package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

func comment(t *testing.T, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := Comment(&b, r, Options{Repository: "https://github.com/acme/web"}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestComment(t *testing.T) {
	golden(t, "block.comment.md", []byte(comment(t, attack())))
	if quiet := comment(t, quiet()); !strings.HasPrefix(quiet, CommentMarker+"\n## ✅ PASS") || strings.Contains(quiet, "mermaid") {
		t.Errorf("a comment on a pass:\n%s", quiet)
	}
}

func TestCommentStaysUnderGitHubsBound(t *testing.T) {
	r := crowd(5_000, "block")
	for i := range r.Changes {
		r.Changes[i].Via = [][]string{{strings.Repeat("a", 300), "b", "c", "d", "e", "f", "g", "h", "i", "j", r.Changes[i].Name}}
	}
	got := comment(t, r)
	if len(got) > 65_536 {
		t.Errorf("%d bytes", len(got))
	}
	if n := strings.Count(got, "style n"); n != drawnPackages {
		t.Errorf("%d packages drawn, want %d", n, drawnPackages)
	}
}

func TestACommentOffersCommands(t *testing.T) {
	r := crowd(30, "block")
	for i := range r.Changes {
		r.Changes[i].Command = "/lockkeeper accept npm:" + r.Changes[i].Name + "@1.0.0 sha512-AAAA"
	}
	r.Changes[1].Command = r.Changes[0].Command
	got := comment(t, r)
	if n := strings.Count(got, " REASON\n"); n != maxCommands || !strings.Contains(got, "has 19 more") || !strings.Contains(got, "```text\n"+r.Changes[0].Command+" REASON\n") {
		t.Errorf("%d commands:\n%s", n, got)
	}
	if got := comment(t, attack()); strings.Contains(got, "To let it pass") {
		t.Errorf("a command nobody offers:\n%s", got)
	}
	for _, payload := range append(payloads, "\n```\n# FORGED", "`", "sha512-AAAA\nFORGED") {
		for _, command := range []string{payload, "/lockkeeper accept npm:" + payload} {
			r := attack()
			r.Changes[0].Command = command
			if got := commands(r); got != "" && !strings.Contains(got, "```text\n"+command+" REASON\n```\n") || strings.Contains(got, "FORGED") {
				t.Errorf("%.80q: offers %q", command, got)
			}
		}
	}
}

// mermaidLine is all that a drawing's line may be.
var mermaidLine = regexp.MustCompile(`^  (n\d+\["[A-Za-z0-9@/._+? -]*"\]|n\d+ --> n\d+|style n\d+ stroke:#d1242f,stroke-width:3px)$`)

func TestNoNameLeavesItsPlaceInTheDrawing(t *testing.T) {
	for _, payload := range append(payloads, "\"]\n  click n0 \"https://evil.invalid\"", "```\n# FORGED", "%%{init: {}}%%", "end") {
		r := attack()
		for i := range r.Changes {
			c := &r.Changes[i]
			c.To, c.Via = payload, [][]string{{payload, payload, payload}}
		}
		got := drawing(r)
		_, body, _ := strings.Cut(got, "flowchart LR\n")
		body, _, ended := strings.Cut(body, "```\n\n</details>\n")
		if !ended {
			t.Fatalf("%q: no drawing:\n%s", payload, got)
		}
		for line := range strings.Lines(body) {
			if !mermaidLine.MatchString(strings.TrimSuffix(line, "\n")) {
				t.Errorf("%.80q: line %q", payload, line)
			}
		}
	}
}
