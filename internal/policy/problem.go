package policy

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Broken is a policy file that cannot be used, with everything that is wrong
// with it.
type Broken struct {
	Problems []Problem // by line and column
}

// Error gives one line for each problem.
func (b *Broken) Error() string {
	lines := make([]string, len(b.Problems))
	for i, p := range b.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Problem is one thing that is wrong with a policy file.
type Problem struct {
	Path    string // the file's, or the name of an override
	Line    int    // 1-based; 0 if the whole file is meant
	Column  int    // 1-based
	Subject string // the key, such as "thresholds.warn"; "" for the file's text
	Message string
	Hint    string // what to write instead; may be empty
}

// String gives "path:line:column: subject: message; hint".
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Path)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	if p.Subject != "" {
		b.WriteString(": " + p.Subject)
	}
	b.WriteString(": " + p.Message)
	if p.Hint != "" {
		b.WriteString("; " + p.Hint)
	}
	return b.String()
}

func byPlace(a, b Problem) int {
	return cmp.Or(
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Subject, b.Subject),
		cmp.Compare(a.Message, b.Message),
	)
}

// longest is how much of a key or value a message repeats, in bytes.
const longest = 80

// quote makes a key or a value safe to print on one line.
func quote(text string) string {
	if len(text) > longest {
		return strconv.Quote(text[:longest]) + "…"
	}
	return strconv.Quote(text)
}

var plain = regexp.MustCompile(`^[A-Za-z0-9_@/-]+$`)

// key makes a key safe to print as part of a subject.
func key(name string) string {
	if len(name) <= longest && plain.MatchString(name) {
		return name
	}
	return quote(name)
}

// suggestion is the hint for a name that is none of those known: the nearest,
// or all of them if they are few. Only signals are many.
func suggestion(name string, known []string) string {
	if near := guess(name, known); near != "" {
		return near
	}
	if len(known) > 15 {
		return "lockkeeper explain lists them"
	}
	return "one of " + strings.Join(known, ", ")
}

// Nearest gives the known name that a misspelt one may mean, or "".
func Nearest(name string, known []string) string { return nearest(name, known) }

// guess is the hint that asks after the nearest known name, or "".
func guess(name string, known []string) string {
	if near := nearest(name, known); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// nearest gives the known name with the fewest edits to it, the first by name
// of several, or "" if a third of the name or more would have to change.
func nearest(name string, known []string) string {
	best, fewest := "", max(1, len(name)/3)+1
	for _, candidate := range slices.Sorted(slices.Values(known)) {
		if max(len(name)-len(candidate), len(candidate)-len(name)) >= fewest {
			continue // at least as many edits as the lengths differ by
		}
		if d := distance(strings.ToLower(name), candidate); d < fewest {
			best, fewest = candidate, d
		}
	}
	return best
}

// distance counts the insertions, deletions, substitutions and swaps of
// neighbours (optimal string alignment) from a to b, by bytes.
func distance(a, b string) int {
	before := make([]int, len(b)+1)
	last := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
