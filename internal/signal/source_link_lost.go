package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

var sourceLinkLost = Signal{
	ID:     "source-link-lost",
	Family: Takeover,
	Title:  "No commit named any more",
	Meaning: "The last three releases of the line name the git commit that they were made from, and this one names none and has no provenance. " +
		"A mirror that leaves it out makes no loss.",
	Why: "16 of 32 npm attacks since 2024 had no commit or tag behind them. Many clean packages never name one, and a change of tools loses it: " +
		"so only a habit that ends counts, and only beside something else.",
	Remedy:  "Look for the release's tag in the project's repository and compare the code.",
	Points:  15,
	Weighed: true,
	Needs:   []evidence.Check{evidence.History, evidence.Times},
	Check:   checkSourceLinkLost,
}

func checkSourceLinkLost(d *evidence.Dossier, _ Context) []Finding {
	const habit = 3
	if d.Release == nil || d.Release.GitHead != "" || isAttested(d.Release) || !isStable(d, d.Release) {
		return nil
	}
	before := ofLine(d, past(d), version.Line(d.Change.Ecosystem, d.Release.Version))
	if len(before) < habit {
		return nil
	}
	for _, r := range before[len(before)-habit:] {
		if r.GitHead == "" {
			return nil
		}
	}
	last := before[len(before)-1]
	if isStripped(d.Release, last) || d.Baseline != nil && isStripped(d.Release, d.Baseline) {
		return nil
	}
	return []Finding{{
		Message: fmt.Sprintf("%s names no commit that it was made from; the releases before it did, %s the commit %s.", label(d), clip(last.Version), clip(last.GitHead)),
		Facts:   []Fact{{"last_commit", clip(last.GitHead)}, {"of_version", clip(last.Version)}},
	}}
}
