package cli

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/policy"
)

var update = flag.Bool("update", false, "rewrite expected output")

// root is the repository, seen from this package.
const root = "../.."

// blocks gives the fenced blocks of a language in a Markdown file.
func blocks(markdown, language string) []string {
	fence := regexp.MustCompile("(?ms)^```" + language + "\n(.*?)^```$")
	var found []string
	for _, m := range fence.FindAllStringSubmatch(markdown, -1) {
		found = append(found, m[1])
	}
	return found
}

// lockkeeper runs a command in the repository and gives what it prints.
func lockkeeper(t *testing.T, args ...string) (stdout string, code int) {
	t.Helper()
	t.Chdir(root)
	var out, errs bytes.Buffer
	code = Main(t.Context(), args, Environment{
		Stdout: &out, Stderr: &errs,
		Getenv:       func(string) string { return "" },
		Now:          func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) },
		UserCacheDir: func() (string, error) { return "", os.ErrNotExist },
	})
	if errs.Len() > 0 {
		t.Errorf("standard error: %s", &errs)
	}
	return out.String(), code
}

// The picture in the README is what the program prints.
func TestREADMEShowsTheDemo(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	picture := blocks(string(data), "console")[0]
	command, shown, _ := strings.Cut(picture, "\n")
	args, ok := strings.CutPrefix(command, "$ go run . ")
	if !ok {
		t.Fatalf("the first console block starts with %q", command)
	}
	file, err := filepath.Abs(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	printed, code := lockkeeper(t, strings.Fields(args)...)
	if code != codeBlocked {
		t.Errorf("exit code %d, want %d", code, codeBlocked)
	}
	if *update {
		data = bytes.Replace(data, []byte(shown), []byte(printed), 1)
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(printed, shown); diff != "" {
		t.Errorf("the README's picture (-printed +shown), rewrite it with go test ./internal/cli -update:\n%s", diff)
	}
}

// Every command that the README or docs/performance.md shows names files,
// commands and flags that exist.
func TestDocumentedCommandsExist(t *testing.T) {
	known := make(map[string]bool)
	for _, c := range commands {
		known[c.name] = true
	}
	var f judgeFlags
	set := flagSet("check")
	f.register(set, true)
	for _, name := range []string{"README.md", "docs/performance.md"} {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range blocks(string(data), "console") {
			for line := range strings.Lines(block) {
				words := strings.Fields(line)
				if len(words) < 2 || words[0] != "$" {
					continue
				}
				at := 2
				switch {
				case strings.HasSuffix(words[1], "lockkeeper"):
				case strings.HasPrefix(line, "$ go run . "):
					at = 4
				default:
					continue
				}
				if !known[words[at]] {
					t.Errorf("%s: %s: no command %q", name, strings.TrimSpace(line), words[at])
				}
				for _, w := range words[at+1:] {
					if flag, ok := strings.CutPrefix(w, "--"); ok && set.Lookup(flag) == nil {
						t.Errorf("%s: %s: no flag %q", name, strings.TrimSpace(line), w)
					}
					if strings.HasPrefix(w, "testdata/") && !exists(filepath.Join(root, w)) {
						t.Errorf("%s: %s: no file %q", name, strings.TrimSpace(line), w)
					}
				}
			}
		}
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// The README's workflow is the example that the linter checks, and its policy
// is one that the program takes.
func TestREADMEWorkflowAndPolicy(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile(filepath.Join(root, "docs", "workflows", "pull-request.yml"))
	if err != nil {
		t.Fatal(err)
	}
	yaml := blocks(string(readme), "yaml")
	if len(yaml) != 2 {
		t.Fatalf("%d yaml blocks, want the workflow and the policy", len(yaml))
	}
	if _, body, _ := strings.Cut(string(example), "name: dependencies"); "name: dependencies"+body != yaml[0] {
		t.Errorf("the README's workflow is not docs/workflows/pull-request.yml:\n%s", cmp.Diff("name: dependencies"+body, yaml[0]))
	}
	if _, err := policy.Parse("README.md", []byte(yaml[1])); err != nil {
		t.Error(err)
	}
}

// The README's table of commands is the program's.
func TestREADMEListsTheCommands(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commands {
		if c.name != "help" && !strings.Contains(string(readme), "| `lockkeeper "+c.name) {
			t.Errorf("the README does not list the command %s", c.name)
		}
	}
}
