package signal

import (
	"fmt"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

var releaseBurst = Signal{
	ID:      "release-burst",
	Family:  Takeover,
	Title:   "Several lines released at once",
	Meaning: "Another release line of the same package was released within an hour of this release, and the package has no habit of that. Prereleases don't count.",
	Why: "22 of 32 npm attacks since 2024 published several releases at once, to catch the users of every range. 30 % of all intervals between releases are under an hour, " +
		"so only other lines of the one package count, and a project that does so regularly is quiet.",
	Remedy:  "See whether the project announced fixes for several lines.",
	Points:  15,
	Weighed: true,
	Needs:   []evidence.Check{evidence.History, evidence.Times},
	Check:   checkReleaseBurst,
}

func checkReleaseBurst(d *evidence.Dossier, _ Context) []Finding {
	if d.Package == nil || d.Release == nil || d.Release.Published.IsZero() || !isStable(d, d.Release) || !timely(d) {
		return nil
	}
	const burst, habit = time.Hour, 2
	others := make(map[string]string) // line to a version of it
	var dated []*registry.Release     // outside of the hour
	for i := range d.Package.Releases {
		r := &d.Package.Releases[i]
		if r.Published.IsZero() || !isStable(d, r) || r.Version == d.Release.Version {
			continue
		}
		if r.Published.Sub(d.Release.Published).Abs() > burst {
			if r.Published.Before(d.Release.Published) {
				dated = append(dated, r)
			}
			continue
		}
		if line := version.Line(d.Change.Ecosystem, r.Version); line != version.Line(d.Change.Ecosystem, d.Release.Version) {
			others[line] = r.Version
		}
	}
	if len(others) == 0 || bursts(d, dated, burst) >= habit {
		return nil
	}
	versions := sortedVersions(d.Change.Ecosystem, others)
	return []Finding{{
		Message: fmt.Sprintf("%s was published within an hour of %s, of other release lines.", label(d), list(versions, maxNames)),
		Facts:   []Fact{{"published_with", list(versions, maxNames)}},
	}}
}

// bursts counts how often two lines were released within the time before.
func bursts(d *evidence.Dossier, releases []*registry.Release, within time.Duration) int {
	n := 0
	for i := 1; i < len(releases); i++ {
		a, b := releases[i-1], releases[i]
		if b.Published.Sub(a.Published) <= within &&
			version.Line(d.Change.Ecosystem, a.Version) != version.Line(d.Change.Ecosystem, b.Version) {
			n++
		}
	}
	return n
}
