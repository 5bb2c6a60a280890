package gate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/report"
)

const replayIntroduction = `# What the gate says of what is inside

Each row is an update with the archives of both versions, judged by the whole gate with the recommended policy (warn at 30, block at 60).
The archives are written by hand after the public write-ups: the names of members, the ways to hide, the places in the archive and, unless said, the sizes are theirs; the rest
of each package is made up. They can do no harm: their hosts can't exist, so that nothing is fetched or sent; the files and programs that they name are not there; and what is
packed or compiled in them is random.
The rows called *variant* stand for no attack that was: they hide, run, send or stay in ways that the others don't.
The file is written by a test (internal/gate, ` + "`TestReplays`" + `) from internal/gate/testdata/replays.

- **By content alone:** the signals of a release's history are off, the release is four days old, so that its age weighs nothing, and there is no cooldown.
- **Registry:** what the registry's documents showed two hours after publication, as in [attacks.md](attacks.md), and no archive. A dash where the facts are not known.
- **Registry and content:** both, two hours after publication.

`

// replayTable renders what the gate said in Markdown.
func replayTable(attacks, ordinary []*replay) []byte {
	var b bytes.Buffer
	b.WriteString(replayIntroduction)
	b.WriteString("## Summary\n\n| updates | blocked | warned | passed |\n| --- | --- | --- | --- |\n")
	counted(&b, "attacks, by content alone", attacks)
	counted(&b, "ordinary releases, by content alone", ordinary)

	b.WriteString("\n## Attacks\n\n| attack | what the archive gains | signals of the content | by content alone | registry | registry and content |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, r := range attacks {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.fields["title"], r.fields["shape"], r.inside(), verdict(r.content), ifJudged(r.registry), ifJudged(r.both))
	}
	b.WriteString("\n## What content alone does not show\n\n")
	for _, r := range attacks {
		if why := r.fields["beyond"]; why != "" {
			fmt.Fprintf(&b, "- %s (%s): %s.\n", r.fields["title"], verdict(r.content), why)
		}
	}
	b.WriteString("\n## Ordinary releases that look a bit alike\n\n| release | what the archive gains | signals of the content | by content alone |\n| --- | --- | --- | --- |\n")
	for _, r := range ordinary {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.fields["title"], r.fields["shape"], r.inside(), verdict(r.content))
	}
	b.WriteString("\n## Archives that can't be read\n\nA gap says nothing for or against a package. The recommended preset shows it, the strict one doesn't forgive it.\n\n" +
		"| the archive | audit | recommended | strict | what the report has |\n| --- | --- | --- | --- | --- |\n")
	for _, f := range archiveFaults {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", f.name, f.audit, f.recommended, f.strict, strings.TrimSuffix(f.want, ": "))
	}
	return b.Bytes()
}

func counted(b *bytes.Buffer, name string, replays []*replay) {
	counts := map[string]int{}
	for _, r := range replays {
		counts[r.content.Verdict]++
	}
	fmt.Fprintf(b, "| %d %s | %d | %d | %d |\n", len(replays), name, counts["block"], counts["warn"], counts["pass"])
}

// inside lists the signals with the points that count, then those that tell the
// same. Packages that the update brings are named.
func (r *replay) inside() string {
	var parts []string
	for _, c := range r.content.Changes {
		var counted, also []string
		for _, f := range c.Findings {
			if f.CountedAs == "" {
				counted = append(counted, fmt.Sprintf("%s %d", f.Signal, f.Points))
			}
		}
		for _, f := range c.Findings {
			named := func(text string) bool { return strings.HasPrefix(text, f.Signal) }
			if !slices.ContainsFunc(counted, named) && !slices.ContainsFunc(also, named) {
				also = append(also, f.Signal)
			}
		}
		text := strings.Join(counted, ", ")
		if also != nil {
			text += " (also " + strings.Join(also, ", ") + ")"
		}
		switch {
		case text == "":
		case c.Name == r.bump.Package:
			parts = append(parts, text)
		default:
			parts = append(parts, c.Name+": "+text)
		}
	}
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, "; ")
}

// ifJudged is the verdict of a report, which need not be there.
func ifJudged(r *report.Report) string {
	if r == nil {
		return "-"
	}
	return verdict(r)
}
