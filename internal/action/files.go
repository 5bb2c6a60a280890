package action

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"unicode"

	"github.com/lockkeeper/lockkeeper/internal/report"
)

// MaxSummary is the size in bytes that a summary may have. GitHub drops the
// whole of one that exceeds 1 MiB.
//
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
const MaxSummary = 900 << 10

// Summarize appends Markdown to the step's summary.
func (r *Runner) Summarize(markdown string) error {
	return r.appendTo("GITHUB_STEP_SUMMARY", markdown)
}

// Outputs are the outputs of action.yml.
type Outputs struct {
	Verdict string
	Score   int
	Blocked int    // packages blocked
	Held    int    // packages held by the cooldown
	Warned  int    // packages warned of
	Changed int    // packages judged
	Report  string // path of the JSON report; "" if none was written
	SARIF   string // path of the SARIF file; "" if none was written
}

// OutputsOf takes the outputs from a report and from the paths that the inputs
// asked for.
func OutputsOf(r *report.Report, in Inputs) Outputs {
	return Outputs{
		Verdict: r.Verdict, Score: r.Score,
		Blocked: r.Counts.Block, Held: r.Counts.Hold, Warned: r.Counts.Warn, Changed: len(r.Changes),
		Report: in.Report, SARIF: in.SARIF,
	}
}

type output struct{ name, value string }

// list gives the outputs in action.yml's order.
func (o Outputs) list() []output {
	return []output{
		{"verdict", o.Verdict},
		{"score", strconv.Itoa(o.Score)},
		{"blocked", strconv.Itoa(o.Blocked)},
		{"held", strconv.Itoa(o.Held)},
		{"warned", strconv.Itoa(o.Warned)},
		{"changed", strconv.Itoa(o.Changed)},
		{"report", o.Report},
		{"sarif", o.SARIF},
	}
}

// Publish sets the step's outputs. Each value stands between delimiters that
// nobody can guess: the library's own is a constant, with which a value can end
// itself and set another output.
func (r *Runner) Publish(o Outputs) error {
	var b strings.Builder
	for _, out := range o.list() {
		if strings.ContainsFunc(out.value, unicode.IsControl) {
			return fmt.Errorf("output %s: %.80q holds a control character", out.name, out.value)
		}
		delimiter := rand.Text()
		fmt.Fprintf(&b, "%s<<%s\n%s\n%s\n", out.name, delimiter, out.value, delimiter)
	}
	return r.appendTo("GITHUB_OUTPUT", b.String())
}

// appendTo appends to the file that a variable names; without one there is
// nobody to tell.
func (r *Runner) appendTo(variable, text string) error {
	name := r.getenv(variable)
	if name == "" {
		return nil
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("%s: %w", variable, err)
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s: %w", variable, err)
	}
	return nil
}

// Save writes a file that an input asked for into the workspace. The workspace
// holds the head's own files: a link that stands at the path is replaced and
// never followed, and no folder on the way may lead out.
func (r *Runner) Save(name string, data []byte) error {
	root, err := os.OpenRoot(cmp.Or(r.getenv("GITHUB_WORKSPACE"), "."))
	if err != nil {
		return fmt.Errorf("workspace: %w", err)
	}
	defer root.Close()
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
