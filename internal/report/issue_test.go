package report

import (
	"bytes"
	"strings"
	"testing"
)

func issue(t *testing.T, r *Report, last string) (string, bool) {
	t.Helper()
	var b bytes.Buffer
	open, err := Issue(&b, r, last, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), open
}

func TestIssue(t *testing.T) {
	first, open := issue(t, attack(), "")
	golden(t, "block.issue.md", []byte(first))
	if !open || !strings.Contains(first, "**New since the last scan:** `npm/axios@1.14.1`, `npm/plain-crypto-js@4.2.1`") {
		t.Errorf("open %v:\n%s", open, first)
	}
	again, _ := issue(t, attack(), first)
	if strings.Contains(again, "New since") || !strings.Contains(again, "**Still there:** 2 packages") {
		t.Errorf("the same again:\n%.400s", again)
	}
	green, open := issue(t, quiet(), again)
	if open || !strings.Contains(green, "**Gone since the last scan:** `npm/axios@1.14.1`, `npm/plain-crypto-js@4.2.1`") {
		t.Errorf("open %v:\n%.400s", open, green)
	}
}

// Whatever became of the issue's text, the next one is whole and harmless.
func TestAnEditedIssue(t *testing.T) {
	for _, last := range []string{
		"", "hello", stateBegin, stateBegin + "pkg:npm/a@1\n", stateBegin + "pkg:npm/a@1 @victim\n`\n<script>\n-->",
		stateBegin + strings.Repeat("pkg:npm/a@1.0.0\n", 100_000) + "-->",
	} {
		got, _ := issue(t, quiet(), last)
		if !strings.HasPrefix(got, IssueMarker) || strings.Contains(got, "@victim") || strings.Contains(got, "<script>") || len(got) > 65_536 {
			t.Errorf("after %.60q:\n%.300s", last, got)
		}
	}
}

func TestNoNameEndsTheIssuesState(t *testing.T) {
	for _, payload := range payloads {
		r := attack()
		for i := range r.Changes {
			r.Changes[i].PURL = payload
		}
		got, _ := issue(t, r, "")
		_, state, _ := strings.Cut(got, stateBegin)
		if state != stateEnd+"\n" {
			t.Errorf("%.60q stands in the state: %.200q", payload, state)
		}
	}
}

func TestIssueStaysUnderGitHubsBound(t *testing.T) {
	r := crowd(5_000, "block")
	for i := range r.Changes {
		r.Changes[i].PURL = "pkg:npm/" + r.Changes[i].Name + "@1.0.0"
	}
	if got, _ := issue(t, r, ""); len(got) > 65_536 {
		t.Errorf("%d bytes", len(got))
	}
}
