package signal_test

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

const introduction = `# Signals

A signal turns facts about a package, or about the repository, into a finding. Its id is a promise: policies name it.
Points of one package add up to a score of at most 100, and the [policy](policy.md)'s thresholds turn the score into a verdict;
what always blocks does so whatever the score. A fact that is not known never makes a finding: it is a gap.

This file is written from the table in internal/signal; ` + "`lockkeeper explain SIGNAL`" + ` shows the same text.
Where its numbers come from: public lockfile histories (1,689 commits, 19,723 added entries, 15,455 version changes of 17 repositories)
and 54 recorded attacks, 44 of them on npm.

`

// TestDocumentation keeps docs/signals.md equal to the table.
func TestDocumentation(t *testing.T) {
	golden(t, filepath.Join("..", "..", "docs", "signals.md"), document(signal.Table()))
}

func document(table []signal.Signal) string {
	var b strings.Builder
	b.WriteString(introduction)
	b.WriteString("| signal | points | title |\n| --- | --- | --- |\n")
	for _, s := range table {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s |\n", s.ID, s.ID, points(s), s.Title)
	}
	b.WriteString(score())
	family := signal.Family("")
	for _, s := range table {
		if s.Family != family {
			family = s.Family
			fmt.Fprintf(&b, "\n## %s\n", strings.ToUpper(string(family[:1]))+string(family[1:]))
		}
		fmt.Fprintf(&b, "\n### %s\n\n", s.ID)
		fmt.Fprintf(&b, "**%s.** Points: %s%s.\n\n", s.Title, points(s), weighed(s))
		fmt.Fprintf(&b, "- **When it fires:** %s\n", s.Meaning)
		fmt.Fprintf(&b, "- **Why it counts so much:** %s\n", s.Why)
		fmt.Fprintf(&b, "- **What to do:** %s\n", s.Remedy)
		fmt.Fprintf(&b, "- **What it needs:** %s\n", needs(s))
	}
	return b.String()
}

// score tells how points make a score.
func score() string {
	var b strings.Builder
	b.WriteString("\n## The score\n\n" + policy.Rule + "\n\n")
	for _, part := range []struct {
		head  string
		terms []policy.Term
	}{
		{"age of the release | weight", policy.Weights()},
		{"bound, unless the policy sets another | points", policy.Bounds()},
		{"counted once | signals", policy.Shared()},
	} {
		fmt.Fprintf(&b, "| %s | why |\n| --- | --- | --- |\n", part.head)
		for _, term := range part.terms {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", term.Name, term.Value, term.Why)
		}
		b.WriteString("\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func points(s signal.Signal) string { return cmp.Or(s.Scale, fmt.Sprint(s.Points)) }

func weighed(s signal.Signal) string {
	if s.Weighed {
		return ", weighed by the age of the release"
	}
	return ""
}

func needs(s signal.Signal) string {
	if len(s.Needs) == 0 {
		return "only the files of the two sides"
	}
	var names []string
	for _, check := range s.Needs {
		names = append(names, "`"+string(check)+"`")
	}
	return "checks: " + strings.Join(names, ", ")
}
