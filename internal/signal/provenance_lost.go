package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

var provenanceLost = Signal{
	ID:     "provenance-lost",
	Family: Takeover,
	Title:  "Provenance lost",
	Meaning: "The latest two releases of the same release line or more carried provenance or came through a trusted publisher, and this one does neither. " +
		"What the registry says is taken as claimed.",
	Why: "A thief of a token publishes from a machine that has no pipeline's identity: axios 1.14.1 in March 2026. Real losses are well under 1 % of updates and cluster on old lines, " +
		"which kept their old pipelines (semver 6.3.1): so lines are compared with themselves. Having provenance is no merit: three worms of 2026 had it.",
	Remedy:  "Look for the release's tag and pipeline run in the repository. If there are none, do not merge; ask the project.",
	Points:  35,
	Weighed: true,
	Needs:   []evidence.Check{evidence.History, evidence.Times},
	Check:   checkProvenanceLost,
}

// established is how many releases in a row make a habit of a line.
const established = 2

func checkProvenanceLost(d *evidence.Dossier, _ Context) []Finding {
	if d.Release == nil || isAttested(d.Release) || !isStable(d, d.Release) {
		return nil
	}
	before := ofLine(d, past(d), version.Line(d.Change.Ecosystem, d.Release.Version))
	run := 0
	for run < len(before) && isAttested(before[len(before)-1-run]) {
		run++
	}
	if run < established {
		return nil
	}
	last := before[len(before)-1]
	return []Finding{{
		Message: fmt.Sprintf("%s has no provenance; the %s before it in its line had, the last one %s.",
			label(d), count(run, "release"), clip(last.Version)),
		Facts: []Fact{{"attested_before", fmt.Sprint(run)}, {"last_attested", clip(last.Version)}},
	}}
}

func isAttested(r *registry.Release) bool { return r.Provenance || r.Trusted }
