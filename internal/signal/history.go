package signal

import (
	"maps"
	"slices"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

// past gives the releases of the change's package that were published before
// the one that the head pins and are still served, the oldest first; nil where
// the times are not known, or are none of publication.
func past(d *evidence.Dossier) []*registry.Release {
	if d.Package == nil || d.Release == nil || d.Release.Published.IsZero() || !timely(d) {
		return nil
	}
	var list []*registry.Release
	for i := range d.Package.Releases {
		r := &d.Package.Releases[i]
		if !r.Removed && !r.Published.IsZero() && r.Published.Before(d.Release.Published) && !passedOver(d, r) {
			list = append(list, r)
		}
	}
	return list
}

// passedOver reports whether a release lies between the base's and the head's,
// and a week before the head's at most. A thief publishes more than one: rand-user-agent
// 2.0.84 would have had 2.0.83 for a history, eslint-config-prettier 10.1.7 the
// release before it.
func passedOver(d *evidence.Dossier, r *registry.Release) bool {
	return d.FromBase && d.Baseline != nil && !d.Baseline.Published.IsZero() &&
		r.Published.After(d.Baseline.Published) && d.Release.Published.Sub(r.Published) < infancy
}

// timely reports whether the releases of each line were published in the order
// of their versions, but for one in ten. A mirror may give the times at which it
// fetched them, which tell no history.
func timely(d *evidence.Dossier) bool {
	last := make(map[string]version.Release) // of each line
	steps, back := 0, 0
	for i := range d.Package.Releases {
		r := &d.Package.Releases[i]
		release, stable := version.ReleaseOf(d.Change.Ecosystem, r.Version)
		if r.Published.IsZero() || !stable {
			continue
		}
		if before, ok := last[release.Line]; ok {
			steps++
			if before.Compare(release) > 0 {
				back++
			}
		}
		last[release.Line] = release
	}
	return back <= 1 || 10*back <= steps
}

// ofLine keeps the releases of one release line, without prereleases, which
// other pipelines often publish.
func ofLine(d *evidence.Dossier, releases []*registry.Release, line string) []*registry.Release {
	var list []*registry.Release
	for _, r := range releases {
		if isStable(d, r) && version.Line(d.Change.Ecosystem, r.Version) == line {
			list = append(list, r)
		}
	}
	return list
}

func isStable(d *evidence.Dossier, r *registry.Release) bool {
	return version.Valid(d.Change.Ecosystem, r.Version) && !version.Prerelease(d.Change.Ecosystem, r.Version)
}

// tell reports whether most of the releases state a fact. What a mirror leaves
// out of most of them has no history.
func tell(releases []*registry.Release, states func(*registry.Release) bool) bool {
	n := 0
	for _, r := range releases {
		if states(r) {
			n++
		}
	}
	return 2*n > len(releases)
}

// silence is how long before the head's release the one before it was
// published; zero if there is none.
func silence(d *evidence.Dossier, before []*registry.Release) time.Duration {
	if len(before) == 0 {
		return 0
	}
	return d.Release.Published.Sub(before[len(before)-1].Published)
}

// dormant is a silence after which a package had come to rest.
const dormant = 180 * day

// typical gives the median time between releases; zero for fewer than four of
// them, which show no habit.
func typical(releases []*registry.Release) time.Duration {
	const habit = 4
	if len(releases) < habit {
		return 0
	}
	gaps := make([]time.Duration, 0, len(releases)-1)
	for i, r := range releases[1:] {
		gaps = append(gaps, r.Published.Sub(releases[i].Published))
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2]
}

// sortedVersions gives the values of a map in their ecosystem's order.
func sortedVersions(ecosystem string, versions map[string]string) []string {
	return slices.SortedFunc(maps.Values(versions), func(a, b string) int { return version.Compare(ecosystem, a, b) })
}
