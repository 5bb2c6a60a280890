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
		"Where it has only weaker evidence than they had, as provenance without the trusted publisher or without the approval, that is said with fewer points. " +
		"What the registry says is taken as claimed, and a mirror that leaves it out makes no loss.",
	Why: "A thief of a token publishes from a machine that has no pipeline's identity: axios 1.14.1 in March 2026. Real losses are well under 1 % of updates and cluster on old lines, " +
		"which kept their old pipelines (semver 6.3.1): so lines are compared with themselves. Having provenance is no merit: three worms of 2026 had it. " +
		"Weaker evidence is what pnpm's trust policy refuses as well; nobody has counted how often projects change so, and it has the points of a sign that explains.",
	Remedy:  "Look for the release's tag and pipeline run in the repository. If there are none, do not merge; ask the project.",
	Points:  35,
	Scale:   "35; 15 if only a part is lost",
	Weighed: true,
	Needs:   []evidence.Check{evidence.History, evidence.Times},
	Check:   checkProvenanceLost,
}

const (
	// established is how many releases in a row make a habit of a line.
	established    = 2
	weakenedPoints = 15
)

func checkProvenanceLost(d *evidence.Dossier, _ Context) []Finding {
	if d.Release == nil || !isStable(d, d.Release) {
		return nil
	}
	before := ofLine(d, past(d), version.Line(d.Change.Ecosystem, d.Release.Version))
	if len(before) < established {
		return nil
	}
	last := before[len(before)-1]
	habit := trust(last)
	for _, r := range before[len(before)-established:] {
		habit = min(habit, trust(r))
	}
	now := trust(d.Release)
	if now >= habit || isStripped(d.Release, last) || d.Baseline != nil && isStripped(d.Release, d.Baseline) {
		return nil
	}
	run := 0
	for run < len(before) && trust(before[len(before)-1-run]) >= habit {
		run++
	}
	f := Finding{
		Message: fmt.Sprintf("%s has no provenance; the %s before it in its line had, the last one %s.",
			label(d), count(run, "release"), clip(last.Version)),
		Facts: []Fact{{"attested_before", fmt.Sprint(run)}, {"last_attested", clip(last.Version)}},
	}
	if now > 0 {
		f.Points = weakenedPoints
		f.Message = fmt.Sprintf("%s has %s; the %s before it in its line had %s, the last one %s.",
			label(d), trusts[now], count(run, "release"), trusts[habit], clip(last.Version))
	}
	return []Finding{f}
}

// trusts names the evidence that a release came from its project, from none to
// the strongest. The order is that of pnpm's trust policy, but that a trusted
// publisher counts without provenance: a private repository gives none.
var trusts = [...]string{"no provenance", "provenance only", "a trusted publisher", "an approval of its staged release"}

func trust(r *registry.Release) int {
	switch {
	case account(r.Approver) != "":
		return 3
	case r.Trusted:
		return 2
	case r.Provenance:
		return 1
	}
	return 0
}

func isAttested(r *registry.Release) bool { return trust(r) > 0 }

// isStripped reports whether the document leaves out of a release what it tells
// of another, and what no registry leaves out: who published it, or the
// registry's signature. Such a mirror leaves out more, and nothing is lost.
func isStripped(r, other *registry.Release) bool {
	return account(r.Publisher) == "" && account(other.Publisher) != "" || len(r.Signatures) == 0 && len(other.Signatures) > 0
}
