package policy

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/signal"
)

const day = 24 * time.Hour

// The numbers of the score that are no signal's. A policy may set other
// thresholds than the presets'.
const (
	full      = 100 // the highest score
	warnFrom  = 30
	blockFrom = 60
)

// ages are the weights of a release's age, in percent: that of the first row
// whose bound is above it, or of the last. The shares of attacks and updates
// are measured on npm.
var ages = []struct {
	under   time.Duration
	words   string
	percent int
	why     string
}{
	{day, "under 24 hours", 150, "23 of 28 attacks since 2024 whose end is known were over within a day, and 18 % of real updates take a release that young: 4.5 times the odds."},
	{3 * day, "under 72 hours", 125, "26 of the 28 were over within three days, and 25 % of real updates are that young: 3.7 times the odds."},
	{90*day + 1, "up to 90 days", 100, "Few attacks last so long, and most updates fall here."},
	{0, "over 90 days", 60, "What stood for months and was seen by many is more likely the project's habit. It is not nothing: the attack on art-template stood for 14 months."},
}

// ageWeight is the weight of a release's age in percent.
func ageWeight(age time.Duration) int {
	for _, row := range ages {
		if age < row.under {
			return row.percent
		}
	}
	return ages[len(ages)-1].percent
}

// Term is one number or rule of the score, for documentation.
type Term struct{ Name, Value, Why string }

// Weights lists the weights of a release's age.
func Weights() []Term {
	var terms []Term
	for _, row := range ages {
		terms = append(terms, Term{row.words, fmt.Sprintf("× %d.%02d", row.percent/100, row.percent%100), row.why})
	}
	return append(terms, Term{"not known", "× 1.00", "What is not known counts neither way."})
}

// Bounds lists the thresholds of the presets and the highest score.
func Bounds() []Term {
	return []Term{
		{"warn", fmt.Sprint(warnFrom), "One strong signal or two weaker ones: a person should look. A weak signal alone explains."},
		{"block", fmt.Sprint(blockFrom), "28 of 32 attacks since 2024 show two signs or more. So a strong signal takes a companion or a young release, and a weak one several; " +
			"what has 60 points by itself is no matter of odds."},
		{"most", fmt.Sprint(full), "What always blocks has this score. Points are added up to it and no further."},
	}
}

// Shared lists the signals that tell one fact, which counts once. Value names
// the signals.
func Shared() []Term {
	var terms []Term
	for _, s := range echoes {
		var names []string
		for _, id := range s.signals {
			name := id
			if only := s.only[id]; only.words != "" {
				name += " " + only.words
			}
			names = append(names, name)
		}
		terms = append(terms, Term{s.fact, strings.Join(names, ", "), s.why})
	}
	return terms
}

// Rule says in sentences how a score comes about.
const Rule = "A package's score is the sum of its findings' points. Those of a signal that is weighed by the age of the release are multiplied by the weight below first, " +
	"and rounded half up. A signal counts once for a package, at its worst, and so does a fact that several signals tell: " +
	"of the findings, those count that have the most points in all and of which no two tell the same."

// Explain writes how a score comes about, with the reason of each number, in
// lines of at most 80 columns. The error is for w.
func Explain(w io.Writer) error {
	var b strings.Builder
	b.WriteString("The score\n" + signal.Wrap(Rule, "  "))
	for _, part := range []struct {
		heading string
		terms   []Term
	}{
		{"Weights of a release's age", Weights()},
		{"Bounds, unless the policy sets others", Bounds()},
		{"Counted once", Shared()},
	} {
		b.WriteString("\n" + part.heading + "\n")
		for _, term := range part.terms {
			b.WriteString(signal.Wrap(term.Name+": "+term.Value, "  ") + signal.Wrap(term.Why, "    "))
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("explain: writing: %w", err)
	}
	return nil
}
