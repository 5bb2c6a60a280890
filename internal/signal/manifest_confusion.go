package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var manifestConfusion = Signal{
	ID:      "manifest-confusion",
	Family:  Content,
	Title:   "Manifest is not the registry's",
	Meaning: "The archive's own package.json differs from what the registry says of the release, in its name, its version, its install scripts or its dependencies.",
	Why: "A registry takes the manifest from the publisher and never holds it against the archive: what people and tools are shown is the registry's, what runs is the archive's. " +
		"npm's own publishing makes both of one file.",
	Remedy:  "Compare the two manifests. Do not merge before the project has explained the difference.",
	Points:  60,
	Weighed: true,
	Needs:   []evidence.Check{evidence.Inside, evidence.Scripts},
	Check:   checkManifestConfusion,
}

func checkManifestConfusion(d *evidence.Dossier, _ Context) []Finding {
	if d.Content == nil || len(d.Content.Confused) == 0 {
		return nil
	}
	confused := d.Content.Confused
	var fields []string
	var facts []Fact
	for i, c := range confused {
		fields = append(fields, clip(c.Field))
		if i < maxSpots {
			facts = append(facts, Fact{numbered("difference", i), fmt.Sprintf("%s: %s inside, %s listed", clip(c.Field), stated(c.Inside), stated(c.Listed))})
		}
	}
	return []Finding{{
		Message: fmt.Sprintf("The package.json inside %s is not what the registry lists: %s. The first: %s inside, %s listed.",
			label(d), list(fields, maxSpots), stated(confused[0].Inside), stated(confused[0].Listed)),
		Facts: facts,
	}}
}

// stated quotes one side of a difference.
func stated(text string) string {
	if text == "" {
		return "nothing"
	}
	return `"` + clip(text) + `"`
}
