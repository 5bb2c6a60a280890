package signal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

var maintainerAdded = Signal{
	ID:      "maintainer-added",
	Family:  Takeover,
	Title:   "New maintainer or address",
	Meaning: "The version's own document names a maintainer whom no earlier version names, or gives a maintainer or the publisher an e-mail address that none gave.",
	Why: "2 of 32 npm attacks since 2024 began so; the registry's current list does not show it, each version's copy does. " +
		"Teams grow all the time: it counts only beside something else.",
	Remedy:  "See who the new maintainer is, and whether the project announced it.",
	Points:  10,
	Scale:   "10; 20 where nobody is left who maintained the release before",
	Weighed: true,
	Needs:   []evidence.Check{evidence.History, evidence.Times, evidence.Publishers},
	Check:   checkMaintainerAdded,
}

func checkMaintainerAdded(d *evidence.Dossier, _ Context) []Finding {
	before := past(d)
	if !tell(before, func(r *registry.Release) bool { return len(r.Maintainers) > 0 }) {
		return nil
	}
	addresses := make(map[string]map[string]bool) // by account
	for _, r := range before {
		for _, m := range people(r) {
			if addresses[account(m)] == nil {
				addresses[account(m)] = make(map[string]bool)
			}
			addresses[account(m)][strings.ToLower(m.Email)] = true
		}
	}
	var added, moved []string
	for i, m := range people(d.Release) {
		known := addresses[account(m)]
		switch name := clip(display(m)); {
		case slices.Contains(added, name), slices.Contains(moved, name):
		case known == nil && i < len(d.Release.Maintainers): // else it is publisher-changed
			added = append(added, name)
		case known != nil && m.Email != "" && !known[""] && !known[strings.ToLower(m.Email)]:
			moved = append(moved, name)
		}
	}
	slices.Sort(added)
	slices.Sort(moved)
	var said []string
	var facts []Fact
	if added != nil {
		said = append(said, fmt.Sprintf("names %s as maintainers for the first time", list(added, maxNames)))
		facts = append(facts, Fact{"maintainers_added", list(added, maxNames)})
	}
	if moved != nil {
		said = append(said, fmt.Sprintf("gives another e-mail address for %s", list(moved, maxNames)))
		facts = append(facts, Fact{"addresses_changed", list(moved, maxNames)})
	}
	if said == nil {
		return nil
	}
	f := Finding{Message: fmt.Sprintf("%s %s.", label(d), strings.Join(said, ", and ")), Facts: facts}
	if added != nil && handedOver(before[len(before)-1], d.Release) {
		f.Points = handedOverPoints
		f.Message += fmt.Sprintf(" None of those who maintained %s is left.", clip(before[len(before)-1].Version))
		f.Facts = append(f.Facts, Fact{"handed_over", "yes"})
	}
	return []Finding{f}
}

const handedOverPoints = 20

// handedOver reports whether of the maintainers that a release names none is
// among those of a later one: event-stream, art-template and ctx changed hands
// before they turned.
func handedOver(before, after *registry.Release) bool {
	if len(before.Maintainers) == 0 || len(after.Maintainers) == 0 {
		return false
	}
	for _, m := range before.Maintainers {
		if slices.ContainsFunc(after.Maintainers, func(n registry.Person) bool { return account(n) == account(m) }) {
			return false
		}
	}
	return true
}

// people are the maintainers that a version's own document names, and then the
// person who published it. A pipeline is none.
func people(r *registry.Release) []registry.Person {
	if r.Trusted || account(r.Publisher) == "" {
		return r.Maintainers
	}
	return append(slices.Clip(r.Maintainers), r.Publisher)
}
