package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

var dependencyAdded = Signal{
	ID:      "dependency-added",
	Family:  Takeover,
	Title:   "New dependency in a small release",
	Meaning: "A release of the same release line as the base's version brings a dependency whose name was not in the tree.",
	Why: "4.9 % of 6,071 real patch releases and 6.3 % of 5,516 minor ones did so. It is everyday work; it counts only beside something else, " +
		"and it tells the reviewer who widened the tree.",
	Remedy:  "See that the new name is the one that the project means, and that the release's notes or code say why it is needed.",
	Points:  5,
	Weighed: true,
	Needs:   []evidence.Check{evidence.History},
	Check:   checkDependencyAdded,
}

// maxNames is how many names a message lists.
const maxNames = 5

func checkDependencyAdded(d *evidence.Dossier, c Context) []Finding {
	if c.Scan || !d.FromBase || d.Release == nil || d.Baseline == nil {
		return nil
	}
	eco := d.Change.Ecosystem
	if version.Line(eco, d.Release.Version) != version.Line(eco, d.Baseline.Version) {
		return nil
	}
	var names []string
	for i := range d.Arrivals {
		a := &d.Arrivals[i]
		if a.NewToTree && (a.Version != "" || a.Place.Entry != nil) {
			names = append(names, pinned(a))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []Finding{{
		Message: fmt.Sprintf("%s brings %s that %s did not have: %s.",
			label(d), count(len(names), "new package"), d.Baseline.Version, list(names, maxNames)),
		Facts: []Fact{{"dependencies", list(names, maxNames)}, {"compared_with", d.Baseline.Version}},
	}}
}
