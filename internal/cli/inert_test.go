package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
)

// runRenderOf renders a saved report as a page, and gives what went wrong.
func runRenderOf(t *testing.T, report, page string) string {
	t.Helper()
	var out, errs bytes.Buffer
	code := Main(t.Context(), []string{"render", report, "--format", "html", "--output", page}, Environment{
		Stdout: &out, Stderr: &errs, Getenv: func(string) string { return "" }, Now: time.Now,
	})
	if code != codePass {
		return fmt.Sprintf("exit code %d: %s", code, &errs)
	}
	return ""
}

// inert looks for what a terminal or an editor would obey.
func inert(text string) error {
	for line := range strings.SplitSeq(text, "\n") {
		for _, r := range line {
			if unicode.IsControl(r) && r != '\t' || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
				return fmt.Errorf("the raw character %U in %.100q", r, line)
			}
		}
		if strings.HasPrefix(line, "FORGED") { // what is wrapped is indented
			return fmt.Errorf("an injected line: %.100q", line)
		}
	}
	return nil
}

var (
	colons = regexp.MustCompile(`^\s*::([a-zA-Z-]+)([^:]*)::(.*)$`)
	ending = regexp.MustCompile(`^::([A-Z2-7]{26,})::$`)
)

// obeyed reads a log as the runner does. Our own commands mask the token, stop
// commands for the text, and annotate.
//
// https://github.com/actions/runner/blob/v2.336.0/src/Runner.Common/ActionCommand.cs
func obeyed(log string) error {
	if strings.Contains(log, "##[") {
		return fmt.Errorf("a command in brackets")
	}
	stopped := ""
	for line := range strings.SplitSeq(log, "\n") {
		if end := ending.FindStringSubmatch(line); end != nil && end[1] == stopped {
			stopped = ""
			continue
		}
		m := colons.FindStringSubmatch(line)
		switch {
		case m == nil:
		case stopped != "":
			return fmt.Errorf("a command where only the stop keeps it from being obeyed: %.100q", line)
		case m[1] == "stop-commands" && m[2] == "" && ending.MatchString("::"+m[3]+"::"):
			stopped = m[3]
		case m[1] == "add-mask" && m[3] == "s3cret":
		case slices.Contains([]string{"error", "warning", "notice"}, m[1]) && !strings.HasPrefix(m[3], "FORGED"):
		default:
			return fmt.Errorf("obeys %.100q", line)
		}
	}
	return inert(log)
}

// published reads outputs as the runner does: each a heredoc with a delimiter
// of its own.
func published(outputs string) error {
	var names []string
	lines := strings.Split(strings.TrimSuffix(outputs, "\n"), "\n")
	for i := 0; i < len(lines); i += 3 {
		name, delimiter, ok := strings.Cut(lines[i], "<<")
		if !ok || i+2 >= len(lines) || lines[i+2] != delimiter || len(delimiter) < 26 {
			return fmt.Errorf("line %d is no output: %.100q", i+1, lines[i])
		}
		names = append(names, name+"="+lines[i+1])
	}
	if len(names) != 8 || names[0] != "verdict=block" {
		return fmt.Errorf("outputs %q", names)
	}
	return nil
}

var (
	// What shows as it stands: an escaped character, and a span of code.
	literal   = regexp.MustCompile("\\\\[!-/:-@\\[-`{-~]|`[^`\n]*`|<code>[^<\n]*</code>")
	ownMarker = regexp.MustCompile(`\A<!-- lockkeeper:(verdict|scan) -->\n`)
	ownLink   = regexp.MustCompile(`\]\(https://osv\.dev/vulnerability/[A-Z0-9-]+\)`)
	ownList   = regexp.MustCompile(`<!-- lockkeeper:packages\n([^<>\s]+\n)*-->`)
	ownBlock  = regexp.MustCompile("(?s)```mermaid\n.*?\n```")
	markup    = regexp.MustCompile(`(?i)<(img|script|svg|u>|!--|/table|/td)|(https?://|www\.)evil|\]\(|javascript:|@victim|#[0-9]|\bgh-[0-9]`)
	heading   = regexp.MustCompile(`(?m)^\s*(#+|[-*+]|[0-9]+\.|\|)\s+FORGED`)
)

// live looks in Markdown for markup, links, mentions and references that are
// not ours.
func live(markdown string) error {
	if markdown == "" {
		return fmt.Errorf("nothing was written")
	}
	text := markdown
	for _, ours := range []*regexp.Regexp{ownMarker, ownList, ownBlock, ownLink} {
		text = ours.ReplaceAllString(text, "")
	}
	text = literal.ReplaceAllString(text, "\x00")
	if found := markup.FindString(text); found != "" {
		i := strings.Index(text, found)
		return fmt.Errorf("live %q in %.120q", found, text[max(0, i-40):])
	}
	if found := heading.FindString(text); found != "" {
		return fmt.Errorf("structure that somebody else wrote: %q", found)
	}
	for _, block := range ownBlock.FindAllString(markdown, -1) {
		if found := regexp.MustCompile(`(?i)click|href|%%|<|evil\.invalid/`).FindString(block); found != "" {
			return fmt.Errorf("a drawing with %q:\n%s", found, block)
		}
	}
	return inert(markdown)
}

// linked looks in SARIF for messages with links, which GitHub shows, and for
// addresses that lead elsewhere.
func linked(sarif string) error {
	var log any
	if err := json.Unmarshal([]byte(sarif), &log); err != nil {
		return err
	}
	var walk func(key string, v any) error
	walk = func(key string, v any) (err error) {
		switch v := v.(type) {
		case map[string]any:
			for k, value := range v {
				if err = walk(k, value); err != nil {
					return err
				}
			}
		case []any:
			for _, value := range v {
				if err = walk(key, value); err != nil {
					return err
				}
			}
		case string:
			if key == "text" && strings.Contains(v, "](") || key == "uri" && strings.ContainsAny(v, " \\`<>\"\n") || strings.HasSuffix(key, "Uri") && strings.Contains(v, "evil") {
				return fmt.Errorf("%s: %.100q", key, v)
			}
		}
		return nil
	}
	if err := walk("", log); err != nil {
		return err
	}
	return inert(sarif)
}

var (
	tag       = regexp.MustCompile(`<[^>]*>`)
	value     = regexp.MustCompile(`"[^"]*"`)
	elsewhere = regexp.MustCompile(`(?i)(href|src|action)="([^h]|http:|[^"]*evil)`)
	element   = regexp.MustCompile(`(?i)<(img|script|iframe|u>)|\son[a-z]+=|\ssrc`)
)

// scripted looks in a page for markup that is not ours.
func scripted(page string) error {
	if n := strings.Count(page, "<script"); n != 1 {
		return fmt.Errorf("%d scripts", n)
	}
	start, end := strings.Index(page, "<script"), strings.Index(page, "</script>")
	text := page[:start] + page[end:]
	for _, t := range tag.FindAllString(text, -1) {
		if found := elsewhere.FindString(t) + element.FindString(value.ReplaceAllString(t, "")); found != "" {
			return fmt.Errorf("live %q in %.120q", found, t)
		}
	}
	return nil
}
