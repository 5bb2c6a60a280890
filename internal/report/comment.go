package report

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// CommentMarker begins a comment, unseen, so that the next run finds it again.
const CommentMarker = "<!-- lockkeeper:verdict -->"

// maxComment is GitHub's bound of a comment in characters, less some room. What
// is held to it here are bytes, of which there are more.
//
// https://docs.github.com/rest/issues/comments
const maxComment = 65_000

// Comment writes the document as the one comment that a pull request has of it:
// the Markdown, shortened until it fits, a drawing of how what is blocked comes
// in, and the commands that would let it pass.
func Comment(w io.Writer, r *Report, o Options) error {
	drawn := drawing(r) + commands(r)
	o.Limit = maxComment - len(CommentMarker) - len(drawn)
	var b bytes.Buffer
	b.WriteString(CommentMarker + "\n")
	if err := Markdown(&b, r, o); err != nil {
		return err
	}
	b.WriteString(drawn)
	_, err := w.Write(b.Bytes())
	return err
}

// maxCommands is how many commands a comment offers.
const maxCommands = 10

// commandText is a command as it is offered, of at most maxCommand bytes:
// nothing in it can mean anything to Markdown inside a block of code, nor end
// that.
var commandText = regexp.MustCompile(`^/lockkeeper (?:accept|hold-off) [A-Za-z0-9@/._:+=~ -]+$`)

const maxCommand = 620

// commands lists what somebody who may write can say to let pass what doesn't.
func commands(r *Report) string {
	var lines []string
	for i := range r.Changes {
		line := r.Changes[i].Command + " REASON"
		if len(line) <= maxCommand && commandText.MatchString(line) && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return ""
	}
	said := "\n<details><summary>To let it pass all the same</summary>\n\n" +
		"Somebody who may write to the repository comments one line, with a reason in place of its last word:\n\n```text\n" +
		strings.Join(lines[:min(maxCommands, len(lines))], "\n") + "\n```\n"
	if n := len(lines) - maxCommands; n > 0 {
		said += fmt.Sprintf("\nThe JSON report has %d more (`changes[].command`).\n", n)
	}
	return said + "\n</details>\n"
}

// How much of the graph is drawn: more is no picture any more.
const (
	drawnPackages = 8
	drawnPaths    = 2 // of one package
	drawnSteps    = 8 // of one path
)

// drawing shows the paths to what is blocked, where it is not direct, in
// Mermaid, which GitHub draws.
//
// https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/creating-diagrams
func drawing(r *Report) string {
	g := graph{ids: make(map[string]string)}
	root := g.node("", "this repository")
	packages := 0
	for _, c := range withVerdict(r, "block") {
		if c.Direct || len(c.Via) == 0 || packages == drawnPackages {
			continue
		}
		packages++
		for _, path := range c.Via[:min(drawnPaths, len(c.Via))] {
			g.path(root, path, c)
		}
	}
	if packages == 0 {
		return ""
	}
	return "\n<details><summary>How the blocked packages come in</summary>\n\n```mermaid\nflowchart LR\n" + g.lines.String() + "```\n\n</details>\n"
}

// graph is a flowchart. Nodes are numbered, so that no name is part of its
// syntax but as a quoted label.
type graph struct {
	ids   map[string]string // of a path's beginning: packages of one name may stand in several
	lines strings.Builder
}

func (g *graph) node(key, label string) string {
	id, ok := g.ids[key]
	if !ok {
		id = fmt.Sprintf("n%d", len(g.ids))
		g.ids[key] = id
		fmt.Fprintf(&g.lines, "  %s[\"%s\"]\n", id, plainLabel(label))
	}
	return id
}

func (g *graph) path(from string, path []string, c *Change) {
	if n := len(path) - drawnSteps; n > 0 {
		path = append([]string{fmt.Sprintf("%d more", n+1)}, path[n+1:]...)
	}
	key := ""
	for i, name := range path {
		key += "\x00" + name
		known := g.ids[key] != ""
		label := name
		if i == len(path)-1 {
			label = name + " " + c.To
		}
		to := g.node(key, label)
		if !known {
			fmt.Fprintf(&g.lines, "  %s --> %s\n", from, to)
			if i == len(path)-1 {
				fmt.Fprintf(&g.lines, "  style %s stroke:#d1242f,stroke-width:3px\n", to)
			}
		}
		from = to
	}
}

// plainLabel keeps of a label what can't mean anything to Mermaid, nor end the
// code block.
func plainLabel(s string) string {
	const most = 80
	s = strings.Map(func(c rune) rune {
		if 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.ContainsRune("@/._+- ", c) {
			return c
		}
		return '?'
	}, s)
	if len(s) > most {
		s = s[:most-3] + "..."
	}
	return s
}
