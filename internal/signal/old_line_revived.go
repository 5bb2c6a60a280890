package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

var oldLineRevived = Signal{
	ID:      "old-line-revived",
	Family:  Takeover,
	Title:   "Release on an ended line",
	Meaning: "The release belongs to a release line that had been silent for more than 180 days, while a newer line was released.",
	Why: "Ranges keep many users on old lines, so attackers publish there as well: axios 0.30.4 beside 1.14.1. Projects also carry security fixes back, " +
		"so that it counts only beside something else.",
	Remedy:  "Look for the fix that the project carried back to the old line; without one, do not merge.",
	Points:  15,
	Weighed: true,
	Needs:   []evidence.Check{evidence.History, evidence.Times},
	Check:   checkOldLineRevived,
}

func checkOldLineRevived(d *evidence.Dossier, _ Context) []Finding {
	if d.Release == nil || !isStable(d, d.Release) {
		return nil
	}
	eco := d.Change.Ecosystem
	line := version.Line(eco, d.Release.Version)
	all := past(d)
	own := ofLine(d, all, line)
	quiet := silence(d, own)
	if quiet <= dormant {
		return nil
	}
	ended := own[len(own)-1]
	if version.Compare(eco, ended.Version, d.Release.Version) > 0 {
		return nil // the line went on; this fills a hole in it
	}
	for i := len(all) - 1; i >= 0 && all[i].Published.After(ended.Published); i-- {
		r := all[i]
		if !isStable(d, r) || version.Line(eco, r.Version) == line || version.Compare(eco, r.Version, d.Release.Version) < 0 {
			continue
		}
		return []Finding{{
			Message: fmt.Sprintf("%s revives a line whose last release was %s, %s before; meanwhile the package went on to %s.",
				label(d), clip(ended.Version), span(quiet), clip(r.Version)),
			Facts: []Fact{{"last_of_line", clip(ended.Version)}, {"silence", span(quiet)}, {"newer_line", clip(r.Version)}},
		}}
	}
	return nil
}
