package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var dormantRevival = Signal{
	ID:      "dormant-revival",
	Family:  Takeover,
	Title:   "First release after long silence",
	Meaning: "The release is the package's first one after more than 180 days, and after more than six times its usual interval.",
	Why: "7 of 32 npm attacks since 2024 took a package that had come to rest. A package that always released once a year is not one: " +
		"the silence is compared with the median interval before it.",
	Remedy:  "See what the release changes, and whether the project's repository shows the work.",
	Points:  15,
	Weighed: true,
	Needs:   []evidence.Check{evidence.History, evidence.Times},
	Check:   checkDormantRevival,
}

func checkDormantRevival(d *evidence.Dossier, _ Context) []Finding {
	const unusual = 6
	before := past(d)
	quiet, usual := silence(d, before), typical(before)
	if quiet <= dormant || usual == 0 || quiet <= unusual*usual {
		return nil
	}
	return []Finding{{
		Message: fmt.Sprintf("%s is the first release in %s; before, the package released every %s or so.", label(d), span(quiet), span(usual)),
		Facts:   []Fact{{"silence", span(quiet)}, {"usual_interval", span(usual)}},
	}}
}
