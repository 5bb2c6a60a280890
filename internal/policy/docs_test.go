package policy

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func page(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../docs/policy.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestDocsExamples: every example of the page is a policy.
func TestDocsExamples(t *testing.T) {
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(page(t), -1)
	if len(examples) < 8 {
		t.Fatalf("%d examples", len(examples))
	}
	for _, example := range examples {
		if _, err := Parse("docs/policy.md", []byte(example[1])); err != nil {
			t.Errorf("%v\n%s", err, example[1])
		}
	}
}

// TestDocsErrors: the errors that the page shows are those of a golden.
func TestDocsErrors(t *testing.T) {
	want, err := os.ReadFile("testdata/bad-unknown-keys.want")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```text\n(.*?)```").FindStringSubmatch(page(t))
	if block == nil {
		t.Fatal("no error is shown")
	}
	for line := range strings.Lines(block[1]) {
		if !strings.Contains(string(want), line) {
			t.Errorf("not what is printed: %s", line)
		}
	}
}

// TestDocsPresets: the table of presets is what the presets are.
func TestDocsPresets(t *testing.T) {
	yes := map[bool]string{true: "yes", false: "no"}
	on := map[bool]string{true: "on", false: "off"}
	accepts := "| `acceptances` |"
	head, fails, cooldown, scores, severities, gaps, forgives := "| |", "| a verdict may fail the run |", "| `cooldown` |",
		"| `thresholds` |", "| `vulnerabilities` |", "| `gaps` |", "| a file may forgive gaps |"
	for _, row := range presets {
		p := row.policy()
		head += fmt.Sprintf(" `%s` |", p.Preset)
		fails += fmt.Sprintf(" %s |", yes[p.Fails()])
		cooldown += fmt.Sprintf(" %.0fh |", p.Cooldown.Hours())
		scores += fmt.Sprintf(" warn %d, block %d |", p.Warn, p.Block)
		severities += fmt.Sprintf(" warn %s, block %s |", p.VulnerabilityWarn, p.VulnerabilityBlock)
		gaps += fmt.Sprintf(" %s |", p.GapDefault)
		forgives += fmt.Sprintf(" %s |", yes[row.forgives])
		accepts += fmt.Sprintf(" %s |", on[p.Acceptances])
	}
	text := page(t)
	for _, line := range []string{head, fails, cooldown, scores, severities, gaps, forgives, accepts} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("the page lacks: %s", line)
		}
	}
}

// TestDocsKeys: every key has a section or a word in one, and every signal that
// has no setting is named.
func TestDocsKeys(t *testing.T) {
	text, r := page(t), schema(t)
	for _, key := range r.keys("") {
		if key != "version" && key != "preset" && !strings.Contains(text, "\n## "+key+"\n") {
			t.Errorf("%s has no section", key)
		}
	}
	words := append(r.keys("/properties/gaps"), r.keys("/properties/registries")...)
	words = append(words, r.keys("/$defs/exception")...)
	words = append(words, r.words("/$defs/severity")...)
	settable, excusable := r.keys(signalsPointer), r.words(excusablePointer)
	for _, id := range append(settable, excusable...) {
		if !slices.Contains(settable, id) || !slices.Contains(excusable, id) {
			words = append(words, id)
		}
	}
	for _, word := range words {
		if !strings.Contains(text, "`"+word+"`") {
			t.Errorf("`%s` is not described", word)
		}
	}
}
