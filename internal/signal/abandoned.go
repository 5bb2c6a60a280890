package signal

import (
	"fmt"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

var abandoned = Signal{
	ID:     "abandoned",
	Family: Takeover,
	Title:  "Abandoned package",
	Meaning: "In a scan: the package had no release in two years, its last one names two maintainers at most, and it runs code at install here " +
		"or is a direct dependency in production.",
	Why: "It is what a hijacker looks for: 7 of 32 npm attacks since 2024 took a package that had come to rest. But most packages at rest are simply done, " +
		"and the pinned version is not the one that an attack would bring: so it is listed and has no points.",
	Remedy: "Prefer a package that somebody keeps when the code is touched next, and look twice when this one is released again.",
	Scale:  "0, listed",
	Needs:  []evidence.Check{evidence.History, evidence.Times, evidence.Publishers},
	Check:  checkAbandoned,
}

const (
	atRest = 2 * 365 * day
	few    = 2 // maintainers
)

func checkAbandoned(d *evidence.Dossier, c Context) []Finding {
	place, ok := fromRegistry(d)
	if !c.Scan || !ok || d.Package == nil || !d.Package.Has.Times {
		return nil
	}
	last := lastServed(d.Package)
	if last == nil || c.Now.Sub(last.Published) < atRest || len(last.Maintainers) == 0 || len(last.Maintainers) > few {
		return nil
	}
	role := exposure(d)
	if role == "" {
		return nil
	}
	var names []string
	for _, m := range last.Maintainers {
		names = append(names, clip(display(m)))
	}
	slices.Sort(names)
	return []Finding{at(place, Finding{
		Message: fmt.Sprintf("%s was last released on %s (%s), %s ago, with %s; here it %s.", clip(d.Change.Name), date(last.Published), clip(last.Version),
			count(int(c.Now.Sub(last.Published)/(365*day)), "year"), count(len(names), "maintainer"), role),
		Facts: []Fact{{"last_release", date(last.Published)}, {"last_version", clip(last.Version)}, {"maintainers", list(names, few)}, {"role", role}},
	})}
}

// lastServed gives the release that was published last and is still there; nil
// if none is dated. A release without a time may be younger than all others.
func lastServed(p *registry.Package) *registry.Release {
	var last *registry.Release
	for i := range p.Releases {
		r := &p.Releases[i]
		switch {
		case r.Removed:
		case r.Published.IsZero():
			return nil
		case last == nil || !r.Published.Before(last.Published):
			last = r
		}
	}
	return last
}

// exposure says through what a hijacked release would reach the repository, as
// the rest of a sentence; "" for a package deep in the tree that runs nothing.
func exposure(d *evidence.Dossier) string {
	_, runs := flagged(d.Change.Head)
	runs = runs || scriptsKnown(d) && d.Release != nil && d.Release.Installs()
	direct := d.Change.Direct && !d.Change.Dev
	switch {
	case runs && direct:
		return "runs code at install and is a direct dependency in production"
	case runs:
		return "runs code at install"
	case direct:
		return "is a direct dependency in production"
	}
	return ""
}
