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
		"it runs what a new address answers, or what it decrypts; it publishes with a token that it found; or it puts itself before a wallet or a browser's functions and sends. " +
		"Of a package that is new here only what runs at install counts, and what is decrypted and run.",
	Why: "Single calls are everywhere; as a chain that is new they are in none of 1,089 real updates of 773 packages. The worms since 2025 that are scripts and most thefts of secrets on npm show at least one. " +
		"Tools for deployment and clients of services do such things too, so that it takes a companion to block.",
	Remedy:  "Read the places together, and ask what the package needs this for. If nothing explains it, stay on the version before.",
	Points:  40,
	Weighed: true,
	Needs:   []evidence.Check{evidence.Inside},
	Check:   checkBehaviourChain,
}

func checkBehaviourChain(d *evidence.Dossier, _ Context) []Finding {
	if d.Content == nil || d.Content.Delta == nil || d.Content.Profile == nil {
		return nil
	}
	install, nearby := vicinities(d)
	var found []Finding
	for _, c := range chains {
		places := install
		if c.alone || !d.Content.Delta.First {
			places = slices.Concat(install, nearby)
		}
		for _, v := range places {
			if links := c.links(v); links != nil {
				found = append(found, c.finding(d, links))
				break
			}
		}
	}
	return found
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
