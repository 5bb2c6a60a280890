package signal

import (
	"fmt"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var behaviourChain = Signal{
	ID:     "behaviour-chain",
	Family: Content,
	Title:  "Chain of behaviour added",
	Meaning: "Added code does in one place what attacks do: it reads secrets of several kinds, or secrets or the whole environment beside a new address, and sends; it downloads, then writes or decodes, then executes; " +
		"it runs what a new address answers, or what it decrypts; it publishes with a token that it found; it puts itself before a wallet or a browser's functions and sends, or names who is paid; it writes what shells, agents or editors obey, or copies a file of credentials; " +
		"it hands a shell to an address, tells one about the machine, or runs what a request or a picture holds; or it removes all that is there. " +
		"Of a package that is new here only what runs at install counts, what is decrypted and run, and what reads the secrets of several services from a person's files; " +
		"nothing, where the package is widely used and the release stood for a week.",
	Why: "Single calls are everywhere; the chains that were there first are in none of 1,089 real updates of 773 packages, and all of them in 4 of 750 last patch, minor and major releases of popular ones, all major. The worms since 2025 that are scripts and most thefts of secrets on npm show at least one. " +
		"Tools for deployment and clients of services do such things too, so that it takes a companion to block.",
	Remedy:  "Read the places together, and ask what the package needs this for. If nothing explains it, stay on the version before.",
	Points:  40,
	Weighed: true,
	Needs:   []evidence.Check{evidence.Inside},
	Check:   checkBehaviourChain,
}

func checkBehaviourChain(d *evidence.Dossier, context Context) []Finding {
	if d.Content == nil || d.Content.Delta == nil || d.Content.Profile == nil || vouched(d, context) {
		return nil
	}
	install, nearby := vicinities(d)
	var found []Finding
	first := d.Content.Delta.First
	for _, c := range chains {
		if c.fresh && (!first || found != nil) {
			continue
		}
		places := install
		if c.alone || c.fresh || !first {
			places = slices.Concat(install, nearby)
		}
		for _, v := range places {
			if links := c.links(v); links != nil {
				f := c.finding(d, links)
				if c.installs && first && isGrown(d, context) {
					f.Facts = append(f.Facts, installer)
				}
				found = append(found, f)
				break
			}
		}
	}
	return found
}

// installer is a fact of what an installer does, in a package that is new here.
var installer = Fact{"installer", "yes"}

// isGrown reports whether a package is no newcomer: then that it has an installer,
// and what every installer does, are one fact.
func isGrown(d *evidence.Dossier, c Context) bool {
	return d.Package != nil && !d.Package.Created.IsZero() && c.Now.Sub(d.Package.Created) >= newcomer
}

// finding tells a chain by its links.
func (c *chain) finding(d *evidence.Dossier, links []step) Finding {
	f := Finding{Facts: []Fact{{"chain", c.name}}}
	var steps []string
	for i, l := range links {
		l = l.located()
		steps = append(steps, fmt.Sprintf("%s at %s", clip(l.name), spot(l.path, l.line)))
		f.Facts = append(f.Facts, Fact{numbered("step", i), fmt.Sprintf("%s: %s, %s", clip(l.name), spot(l.path, l.line), reaches[l.reach])}, Fact{numbered("code", i), clip(l.excerpt)})
	}
	first := slices.MinFunc(links, func(a, b step) int { return urgency(a.reach) - urgency(b.reach) })
	f.Message = fmt.Sprintf("%s adds code that %s (%s): %s.", label(d), c.does, reaches[first.reach], list(steps, shownSteps))
	return f
}

// shownSteps is how many links of a chain a message shows.
const shownSteps = 4
