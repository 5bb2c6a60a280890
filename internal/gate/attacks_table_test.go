package gate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/report"
)

const attackIntroduction = `# What the gate says of real attacks

Each row is a pull request that takes a package from its last good version to a bad one, judged with the recommended policy (warn at 30, block at 60,
a cooldown of 24 hours) by what the registry showed. No archive is read here: only lockfiles, the registry's documents and advisories.
The file is written by a test (internal/gate, ` + "`TestAttacks`" + `) from internal/gate/testdata/attacks, which holds the facts, their sources and what was assumed.

- **At publication:** two hours after it, when nobody has written an advisory. The points are weighed by the release's age.
- **Without the cooldown:** the same, as if the policy had none: what the facts alone say.
- **After 4 days:** as if nobody had noticed until then. Most of these were pulled long before; a version that is pulled is blocked for that (` + "`unlisted-version`" + `).
- **After the advisory:** an hour after it, and how long it took; four days after publication where the record's time is not known. A dash where no source names a record.

A fact that no source gives is left out, so that no signal fires on invention: who published, earlier provenance, the commits that releases name, and the
dates of most earlier releases are often not known. The real documents held more than this. What a document can't do without is filled in with the least
that could be held against it: a release whose date is not known stands 30 days before the attack, or 181 where the package is known to have been dormant;
a package that was there before is five years old; a day without an hour is its midnight; of releases that came "within an hour" none is later than another; a command is ` + "`?`" + `.

`

// attackTable renders outcomes in Markdown.
func attackTable(outcomes []outcome) []byte {
	var b bytes.Buffer
	b.WriteString(attackIntroduction)
	summary(&b, outcomes)
	b.WriteString("\n## Attack by attack\n\n| attack | update | signals at publication | at publication | without the cooldown | after 4 days | after the advisory |\n" +
		"| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, o := range outcomes {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", o.attack.Name, o.title(), signals(o.fresh),
			verdict(o.fresh), verdict(o.unheld), verdict(o.rested), o.afterAdvisory())
	}
	beyond(&b, outcomes)
	assumptions(&b, outcomes)
	return b.Bytes()
}

// summary counts the verdicts.
func summary(b *bytes.Buffer, outcomes []outcome) {
	verdicts := []string{"block", "hold", "warn", "pass"}
	fmt.Fprintf(b, "## Summary\n\n%d attacks.\n\n| %d pull requests | blocked | held | warned | passed |\n| --- | --- | --- | --- | --- |\n", len(attacksOf(outcomes)), len(outcomes))
	for _, column := range []struct {
		name string
		of   func(outcome) *report.Report
	}{
		{"at publication", func(o outcome) *report.Report { return o.fresh }},
		{"without the cooldown", func(o outcome) *report.Report { return o.unheld }},
		{"after 4 days", func(o outcome) *report.Report { return o.rested }},
		{"after the advisory, of those with one", func(o outcome) *report.Report { return o.advised }},
	} {
		counts := make([]string, len(verdicts))
		for i, v := range verdicts {
			n := 0
			for _, o := range outcomes {
				if r := column.of(o); r != nil && r.Verdict == v {
					n++
				}
			}
			counts[i] = fmt.Sprint(n)
		}
		fmt.Fprintf(b, "| %s | %s |\n", column.name, strings.Join(counts, " | "))
	}
}

func (o outcome) title() string {
	u := o.update
	if u.From == "" {
		return fmt.Sprintf("`%s` %s, new", u.Package, u.To)
	}
	return fmt.Sprintf("`%s` %s to %s", u.Package, u.From, u.To)
}

// signals lists what fired, with the points that count. Packages that the
// update brings are named.
func signals(r *report.Report) string {
	var parts []string
	for i, c := range r.Changes {
		text := said(c.Findings)
		switch {
		case text == "none":
		case i > 0 || !c.Direct:
			parts = append(parts, c.Name+": "+text)
		default:
			parts = append(parts, text)
		}
	}
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, "; ")
}

// said lists findings with the points that count. The cooldown's is left to the
// verdict.
func said(findings []report.Finding) string {
	var parts []string
	for _, f := range findings {
		switch {
		case f.Signal == "young-release":
		case f.CountedAs != "":
			parts = append(parts, fmt.Sprintf("%s (counted as %s)", f.Signal, f.CountedAs))
		default:
			parts = append(parts, fmt.Sprintf("%s %d", f.Signal, f.Points))
		}
	}
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, ", ")
}

// missing lists the checks that could not be made.
func missing(gaps []report.Gap) string {
	var checks []string
	for _, g := range gaps {
		checks = append(checks, g.Check)
	}
	return strings.Join(checks, ", ")
}

func verdict(r *report.Report) string {
	text := fmt.Sprintf("%d %s", r.Score, r.Verdict)
	if r.Verdict == "block" {
		return "**" + text + "**"
	}
	return text
}

func (o outcome) afterAdvisory() string {
	switch {
	case o.advised == nil:
		return "-"
	case o.lag == 0:
		return fmt.Sprintf("%s (%s)", verdict(o.advised), o.update.Advisory)
	}
	return fmt.Sprintf("%s (%s, after %s)", verdict(o.advised), o.update.Advisory, hours(o.lag))
}

func hours(d time.Duration) string { return fmt.Sprintf("%.1f h", d.Hours()) }

// beyond lists what the facts of the registry alone do not block.
func beyond(b *bytes.Buffer, outcomes []outcome) {
	b.WriteString("\n## What the registry alone does not block\n\nThe cooldown holds these for a day and nothing else stops them; it takes the content of the archives to see what they do.\n\n")
	for _, o := range outcomes {
		if o.unheld.Verdict == "block" {
			continue
		}
		fmt.Fprintf(b, "- %s, %s (%s without the cooldown): %s.\n", o.attack.Name, o.title(), verdict(o.unheld), o.attack.Beyond)
	}
}

// attacksOf gives each attack once.
func attacksOf(outcomes []outcome) []*attack {
	var list []*attack
	for _, o := range outcomes {
		if !slices.Contains(list, o.attack) {
			list = append(list, o.attack)
		}
	}
	return list
}

// assumptions lists what was filled in.
func assumptions(b *bytes.Buffer, outcomes []outcome) {
	b.WriteString("\n## Sources, and what was assumed\n\n")
	for _, a := range attacksOf(outcomes) {
		fmt.Fprintf(b, "- **%s**: %s.", a.Name, strings.Join(a.Sources, ", "))
		if len(a.Assumed) > 0 {
			fmt.Fprintf(b, " Assumed: %s.", strings.Join(a.Assumed, "; "))
		}
		b.WriteString("\n")
	}
}
