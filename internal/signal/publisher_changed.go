package signal

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

var publisherChanged = Signal{
	ID:     "publisher-changed",
	Family: Takeover,
	Title:  "Published by another account",
	Meaning: "The release was published by an account that published none of the earlier ones. From a person to a trusted publisher is quiet, " +
		"and so is a staged release that somebody approved who published before.",
	Why: "5 of 32 npm attacks since 2024 came from an account that had never published the package. Projects with several maintainers do it too, " +
		"and nobody has counted how often: so it explains, and with a long silence before it weighs double.",
	Remedy:  "See whether the account belongs to the project: its other packages, the repository's release notes, the maintainers' list.",
	Points:  15,
	Scale:   "15; 30 after 180 days of silence",
	Weighed: true,
	Needs:   []evidence.Check{evidence.History, evidence.Times, evidence.Publishers},
	Check:   checkPublisherChanged,
}

const silentPublisherPoints = 30

func checkPublisherChanged(d *evidence.Dossier, _ Context) []Finding {
	before := past(d)
	if len(before) == 0 || d.Release.Trusted || account(d.Release.Publisher) == "" {
		return nil
	}
	if !tell(before, func(r *registry.Release) bool { return account(r.Publisher) != "" }) {
		return nil
	}
	var last *registry.Release // that says who published it
	for _, r := range before {
		switch account(r.Publisher) {
		case "":
			continue
		case account(d.Release.Publisher), account(d.Release.Approver):
			return nil
		}
		last = r
	}
	f := Finding{
		Message: fmt.Sprintf("%s was published by %s, who had published no release before; %s came from %s.",
			label(d), clip(display(d.Release.Publisher)), clip(last.Version), clip(publisher(last))),
		Facts: []Fact{{"publisher", clip(display(d.Release.Publisher))}, {"publisher_before", clip(publisher(last))}},
	}
	if last.Trusted {
		f.Facts = append(f.Facts, Fact{"pipeline_before", "a trusted publisher"})
	}
	if quiet := silence(d, before); quiet > dormant {
		f.Points = silentPublisherPoints
		f.Message += fmt.Sprintf(" The package had been silent for %s.", span(quiet))
		f.Facts = append(f.Facts, Fact{"silence", span(quiet)})
	}
	return []Finding{f}
}

// account names a person for comparison: by the account, whose case a registry
// does not tell apart, or by the address where there is none.
func account(p registry.Person) string { return strings.ToLower(cmp.Or(p.Name, p.Email)) }

func display(p registry.Person) string { return cmp.Or(p.Name, p.Email) }

// publisher says in words who published a release.
func publisher(r *registry.Release) string {
	if r.Trusted {
		return "a trusted publisher (" + display(r.Publisher) + ")"
	}
	return display(r.Publisher)
}
