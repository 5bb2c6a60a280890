package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

var unlistedVersion = Signal{
	ID:      "unlisted-version",
	Family:  KnownBad,
	Title:   "Version not in the registry",
	Meaning: "The registry knows the package and does not serve this version: it was pulled or unpublished, or it was never there.",
	Why: "Malware leaves the registry by being unpublished, mostly within hours (23 of 38 measured windows were 6 hours or less), " +
		"and the advisory may come later. A lockfile that pins a version which its registry does not have can only be satisfied from somewhere else.",
	Remedy: "Pin a version that the registry serves. If it was published and pulled, find out why before anybody installs it from a cache.",
	Points: 60,
	Needs:  []evidence.Check{evidence.History},
	Check:  checkUnlistedVersion,
}

func checkUnlistedVersion(d *evidence.Dossier, _ Context) []Finding {
	place, ok := fromRegistry(d)
	if !ok || d.Package == nil {
		return nil
	}
	r := d.Release
	switch {
	case r != nil && r.Removed && !r.Published.IsZero():
		return []Finding{at(place, Finding{
			Message: fmt.Sprintf("%s was published on %s, and the registry no longer serves it: it was pulled.", label(d), date(r.Published)),
			Facts:   []Fact{{"published", moment(r.Published)}, {"latest", d.Package.Latest}},
		})}
	case r != nil && r.Removed:
		return []Finding{at(place, Finding{
			Message: fmt.Sprintf("The registry remembers %s and no longer serves it: it was pulled.", label(d)),
			Facts:   []Fact{{"latest", d.Package.Latest}},
		})}
	case r == nil && d.Unlisted && d.Change.To == "":
		return []Finding{at(place, Finding{
			Message: fmt.Sprintf("The lockfile pins no version of %s: what is installed is for each reader of it to guess.", d.Change.Name),
			Facts:   []Fact{{"latest", d.Package.Latest}},
		})}
	case r == nil && d.Unlisted:
		return []Finding{at(place, Finding{
			Message: fmt.Sprintf("The registry knows %s and lists no version %s.", d.Change.Name, d.Change.To),
			Facts:   []Fact{{"latest", d.Package.Latest}},
		})}
	}
	return nil
}

// fromRegistry gives the first place at which the head takes the package from
// a registry, so that what the registry says is about those bytes.
func fromRegistry(d *evidence.Dossier) (change.Place, bool) {
	for _, p := range d.Change.Head {
		if p.Entry.Source == lockfile.Registry {
			return p, true
		}
	}
	return change.Place{}, false
}
