package action

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fakeRunner is the runner's side: a step's environment, its files, and its
// reading of log and files.
type fakeRunner struct {
	env map[string]string
	log bytes.Buffer
	*Runner
}

// newRunner starts a step with the given variables over the usual ones.
func newRunner(t *testing.T, env map[string]string) *fakeRunner {
	t.Helper()
	dir := t.TempDir()
	f := &fakeRunner{env: map[string]string{
		"GITHUB_ACTIONS":      "true",
		"GITHUB_SHA":          strings.Repeat("c", 40),
		"GITHUB_WORKSPACE":    dir,
		"GITHUB_OUTPUT":       filepath.Join(dir, "output"),
		"GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"),
	}}
	for k, v := range env {
		f.env[k] = v
	}
	f.Runner = New(func(name string) string { return f.env[name] }, &f.log)
	return f
}

func (f *fakeRunner) file(t *testing.T, variable string) string {
	t.Helper()
	data, err := os.ReadFile(f.env[variable])
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// command is a workflow command as the runner understood it.
type command struct {
	name       string
	properties map[string]string
	data       string
}

// registered are the commands that the runner knows.
//
// https://github.com/actions/runner/tree/v2.336.0/src/Runner.Worker (ActionCommandManager.cs, *CommandExtension)
var registered = []string{
	"add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "internal-set-repo-path",
	"notice", "remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning",
}

// commands reads a log as the runner does: lines end at CR or LF; a command is
// "::name k=v,k=v::data" at the start of a line, or "##[name k=v;k=v]data" in
// any place of it; and nothing is obeyed between stop-commands and its token.
//
// https://github.com/actions/runner/blob/v2.336.0/src/Runner.Common/ActionCommand.cs
func commands(log string) []command {
	var found []command
	known := slices.Clone(registered)
	stopped := ""
	for _, line := range strings.FieldsFunc(log, func(c rune) bool { return c == '\n' || c == '\r' }) {
		c, ok := parseColons(line, known)
		if !ok {
			c, ok = parseBrackets(line, known)
		}
		switch {
		case !ok:
		case stopped != "":
			if strings.EqualFold(c.name, stopped) {
				stopped = ""
			}
		case c.name == "stop-commands":
			stopped = c.data
			known = append(known, stopped)
			found = append(found, c)
		default:
			found = append(found, c)
		}
	}
	return found
}

func parseColons(line string, known []string) (command, bool) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(line, " \t\v\f\u0085\u00a0\u2028\u2029\ufeff"), "::")
	if !ok {
		return command{}, false
	}
	info, data, ok := strings.Cut(rest, "::")
	if !ok {
		return command{}, false
	}
	name, properties, _ := strings.Cut(info, " ")
	return parsed(name, strings.Split(strings.TrimSpace(properties), ","), data, known,
		strings.NewReplacer("%3A", ":", "%2C", ",", "%0D", "\r", "%0A", "\n", "%25", "%"),
		strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%"))
}

func parseBrackets(line string, known []string) (command, bool) {
	_, rest, ok := strings.Cut(line, "##[")
	if !ok {
		return command{}, false
	}
	info, data, ok := strings.Cut(rest, "]")
	if !ok {
		return command{}, false
	}
	name, properties, _ := strings.Cut(info, " ")
	unescape := strings.NewReplacer("%3B", ";", "%0D", "\r", "%0A", "\n", "%5D", "]", "%25", "%")
	return parsed(name, strings.Split(properties, ";"), data, known, unescape, unescape)
}

func parsed(name string, pairs []string, data string, known []string, property, value *strings.Replacer) (command, bool) {
	if !slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) }) {
		return command{}, false
	}
	c := command{name: strings.ToLower(name), properties: map[string]string{}, data: value.Replace(data)}
	for _, pair := range pairs {
		if k, v, ok := strings.Cut(pair, "="); ok {
			c.properties[strings.ToLower(k)] = property.Replace(v)
		}
	}
	return c, true
}

// pairs reads a file of outputs as the runner does: "name=value" lines and
// heredocs, whose end is a line equal to the delimiter.
//
// https://github.com/actions/runner/blob/v2.336.0/src/Runner.Worker/FileCommandManager.cs
func pairs(t *testing.T, text string) [][2]string {
	t.Helper()
	var found [][2]string
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	for i := 0; i < len(lines); i++ {
		equals, heredoc := strings.Index(lines[i], "="), strings.Index(lines[i], "<<")
		switch {
		case lines[i] == "":
		case equals >= 0 && (heredoc < 0 || equals < heredoc):
			found = append(found, [2]string{lines[i][:equals], lines[i][equals+1:]})
		case heredoc >= 0:
			name, delimiter := lines[i][:heredoc], lines[i][heredoc+2:]
			n := slices.Index(lines[i+1:], delimiter)
			if n < 0 {
				t.Fatalf("output %s: delimiter %q never comes", name, delimiter)
			}
			found = append(found, [2]string{name, strings.Join(lines[i+1:i+1+n], "\n")})
			i += n + 1
		default:
			t.Fatalf("output file: line %q would fail the step", lines[i])
		}
	}
	return found
}

// TestTheParserSeesWhatTheRunnerSees keeps the reading above honest: a parser
// that sees nothing would pass every test of an attack.
func TestTheParserSeesWhatTheRunnerSees(t *testing.T) {
	for log, want := range map[string]int{
		"::error file=a%2Cb,line=3::text":               1,
		"  ::ERROR::text":                               1,
		"text ::error::text":                            0,
		"text ##[error]text":                            1,
		"::error::a\n::warning::b":                      2,
		"::error::a\r::warning::b":                      2,
		"::stop-commands::tok\n::error::a\n::tok::":     1,
		"::stop-commands::tok\n##[error]a\n::TOK::\n::": 1,
		"::unknown::text":                               0,
	} {
		if got := commands(log); len(got) != want {
			t.Errorf("%q: %d commands, want %d: %+v", log, len(got), want, got)
		}
	}
	got := commands("::error file=a%2Cb,line=3::50%25%0Amore")[0]
	if got.properties["file"] != "a,b" || got.properties["line"] != "3" || got.data != "50%\nmore" {
		t.Errorf("read %+v", got)
	}
	if got := pairs(t, "a<<D\nx\nD\nb=1\n"); !slices.Equal(got, [][2]string{{"a", "x"}, {"b", "1"}}) {
		t.Errorf("read %q", got)
	}
}
