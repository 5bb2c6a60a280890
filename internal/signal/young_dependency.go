package signal

import (
	"fmt"
	"strings"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var youngDependency = Signal{
	ID:     "young-dependency",
	Family: Takeover,
	Title:  "Dependency days old",
	Meaning: "The release adds a dependency whose package, not only its version, was first published less than 7 days ago, or less than 7 days before a release that is itself under 90 days old. " +
		"Or the change itself adds a direct dependency whose package is that young.",
	Why: "A hijacked package that changes nothing but its dependencies hides the payload in a package made for it: axios 1.14.1 in March 2026, 141 @mastra packages in June. " +
		"4.9 % of real patch releases bring a name that is new to the tree; names that are days old are far fewer, though nobody has counted them.",
	Remedy:  "Find out who published the new package and why the release needs it; see whether the code uses it at all. Until then stay on the version before.",
	Points:  45,
	Scale:   "45; 20 for a direct dependency that the change itself adds",
	Weighed: true,
	Needs:   []evidence.Check{evidence.History, evidence.Times},
	Check:   checkYoungDependency,
}

const (
	infancy      = 7 * day
	directPoints = 20
	// A release that stood for longer was looked at: projects split packages off
	// all the time, and each split looks like this for ever after.
	proven = 90 * day
)

// All young arrivals make one finding: a framework that splits out two packages
// on one day is not twice as suspicious as one that splits out one.
func checkYoungDependency(d *evidence.Dossier, c Context) []Finding {
	if f := bornYesterday(d, c); f != nil {
		return f
	}
	var youngest *evidence.Arrival
	var names []string
	for i := range d.Arrivals {
		a := &d.Arrivals[i]
		if !isInfant(d, a.Created, c.Now) || isOwnScope(d, a) {
			continue
		}
		names = append(names, pinned(a))
		if youngest == nil || a.Created.After(youngest.Created) {
			youngest = a
		}
	}
	if youngest == nil {
		return nil
	}
	message := fmt.Sprintf("%s adds %s, a package first published %s.", label(d), pinned(youngest), since(d, youngest.Created, c.Now))
	if others := len(names) - 1; others > 0 {
		message += fmt.Sprintf(" It adds %s that is days old as well.", count(others, "more package"))
		if others > 1 {
			message = strings.Replace(message, "that is", "that are", 1)
		}
	}
	return []Finding{{
		Message: message,
		Facts: []Fact{
			{"dependency", list(names, maxNames)},
			{"first_published", moment(youngest.Created)},
			{"spec", clip(youngest.Spec)},
		},
	}}
}

// bornYesterday finds a package that the repository itself takes in days after it
// was first published: a name that somebody, or a tool that writes code, made up
// and somebody else registered.
func bornYesterday(d *evidence.Dossier, c Context) []Finding {
	if d.Change.Kind != change.Added || !d.Change.Direct || c.Scan || d.Package == nil || d.Package.Created.IsZero() || c.Now.Sub(d.Package.Created) >= infancy {
		return nil
	}
	return []Finding{{
		Points:  directPoints,
		Message: fmt.Sprintf("%s is new here, and so is the package: it was first published %s ago (%s).", label(d), span(c.Now.Sub(d.Package.Created)), moment(d.Package.Created)),
		Facts:   []Fact{{"first_published", moment(d.Package.Created)}},
		Remedy:  "See who published it and whether it is the package that was meant; what is days old nobody has looked at.",
	}}
}

// isInfant judges a package's first publication against the release that asks
// for it as well as against now, so that a check made weeks later still sees
// what the release did. A package made long after the release does not count as
// its choice.
func isInfant(d *evidence.Dossier, created, now time.Time) bool {
	if created.IsZero() {
		return false
	}
	if now.Sub(created) < infancy {
		return true
	}
	if d.Release == nil || d.Release.Published.IsZero() || now.Sub(d.Release.Published) > proven {
		return false
	}
	return d.Release.Published.Sub(created).Abs() < infancy
}

// isOwnScope excuses a package of the bringing package's own scope, where that
// one has been there for a while: only the scope's owners can publish into it,
// and projects split themselves up all the time. A name without a scope proves
// nothing of the kind.
func isOwnScope(d *evidence.Dossier, a *evidence.Arrival) bool {
	ours, _, ok := strings.Cut(d.Change.Name, "/")
	if !ok || !strings.HasPrefix(a.Name, ours+"/") || d.Package == nil || d.Package.Created.IsZero() {
		return false
	}
	return a.Created.Sub(d.Package.Created) > newcomer
}

// since says when a package was first published, seen from the release that
// brings it in where its time is known.
func since(d *evidence.Dossier, created, now time.Time) string {
	if d.Release == nil || d.Release.Published.IsZero() {
		return fmt.Sprintf("%s ago (%s)", span(now.Sub(created)), moment(created))
	}
	lead := d.Release.Published.Sub(created)
	if lead < 0 {
		return fmt.Sprintf("%s after it (%s)", span(lead), moment(created))
	}
	return fmt.Sprintf("%s before it (%s)", span(lead), moment(created))
}

// pinned names an arrival with the version that the head pins.
func pinned(a *evidence.Arrival) string {
	if a.Version == "" {
		return a.Name
	}
	return a.Name + "@" + a.Version
}
