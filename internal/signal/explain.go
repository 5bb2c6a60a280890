package signal

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode/utf8"
)

// policyFile is where a reader configures a signal.
const policyFile = ".github/lockkeeper.yml"

// score gives a row's points as a reader wants them.
func (s *Signal) score() string {
	if s.Scale != "" {
		return s.Scale
	}
	return fmt.Sprint(s.Points)
}

// ExplainAll writes the table of all signals.
func ExplainAll(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SIGNAL\tFAMILY\tTITLE\tBY AGE\tPOINTS")
	for i := range table {
		s := &table[i]
		weighed := "-"
		if s.Weighed {
			weighed = "weighed"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", s.ID, s.Family, s.Title, weighed, s.score())
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("explain: writing: %w", err)
	}
	return nil
}

// Explain writes all about one signal, in lines of at most 80 columns. The
// error is for an id that no signal has, or for w.
func Explain(w io.Writer, id string) error {
	s, ok := Lookup(id)
	if !ok {
		return fmt.Errorf("explain: no signal is called %q: \"lockkeeper explain\" lists them all", id)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n%s", s.ID, s.Title, Wrap(s.standing(), ""))
	for _, part := range s.parts() {
		fmt.Fprintf(&b, "\n%s\n%s", part.heading, Wrap(part.text, "  "))
	}
	fmt.Fprintf(&b, "\nIn %s, on the base\n%s", policyFile, indent(s.configuration(), "  "))
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("explain: writing: %w", err)
	}
	return nil
}

// standing says how much a signal counts.
func (s *Signal) standing() string {
	text := string(s.Family) + ", points: " + s.score()
	if s.Weighed {
		text += ", weighed by the age of the release"
	}
	return text
}

// part is one section of an explanation.
type part struct{ heading, text string }

func (s *Signal) parts() []part {
	return []part{
		{"When it fires", s.Meaning},
		{"Why it counts so much", s.Why},
		{"What to do", s.Remedy},
		{"What it needs", s.needs()},
	}
}

func (s *Signal) needs() string {
	if len(s.Needs) == 0 {
		return "Only the files of the two sides."
	}
	names := make([]string, len(s.Needs))
	for i, check := range s.Needs {
		names[i] = string(check)
	}
	return "These checks: " + strings.Join(names, ", ") + ". One that cannot be made is a gap, never a finding."
}

// configuration shows how to change what a signal counts, and how to excuse
// one package. Gaps and findings about the repository have none to excuse.
func (s *Signal) configuration() string {
	text := s.Setting
	switch {
	case text != "":
	case s.Always:
		text = fmt.Sprintf("signals:\n  %s: off\n", s.ID)
	default:
		text = fmt.Sprintf("signals:\n  %s: {points: %d}  # or off\n", s.ID, s.Points)
	}
	if s.Check == nil {
		return text
	}
	return text + s.exception()
}

func (s *Signal) exception() string {
	return "exceptions:\n" +
		"  - package: npm:NAME@VERSION\n" +
		"    signals: [" + s.ID + "]\n" +
		"    reason: why it is acceptable here\n" +
		"    expires: YYYY-MM-DD\n"
}

// Wrap breaks a text into indented lines of at most 80 columns.
func Wrap(text, margin string) string {
	const columns = 80
	var b strings.Builder
	line := 0
	for _, word := range strings.Fields(text) {
		width := utf8.RuneCountInString(word)
		switch {
		case line == 0:
			b.WriteString(margin + word)
			line = len(margin) + width
		case line+1+width > columns:
			b.WriteString("\n" + margin + word)
			line = len(margin) + width
		default:
			b.WriteString(" " + word)
			line += 1 + width
		}
	}
	return b.String() + "\n"
}

// indent puts a margin before each line.
func indent(text, margin string) string {
	return margin + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+margin) + "\n"
}
