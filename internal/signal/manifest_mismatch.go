package signal

import (
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var manifestMismatch = Signal{
	ID:     "manifest-mismatch",
	Family: Tampering,
	Title:  "Not what the manifest asks for",
	Meaning: "The lockfile answers a request of a manifest with a version outside of its range, or with another package, " +
		"and no override or resolution of the repository explains it. Ranges that cannot be read (tags, addresses) are quiet.",
	Why: "A package manager never writes such an entry by itself; installers that don't compare the two install it all the same. " +
		"It stays below the blocking threshold because a manifest that was edited by hand looks the same until the next install.",
	Remedy: "Run the package manager's install, and see what it makes of the entry; if the version is meant, ask for it in the manifest.",
	Points: 40,
	Check:  checkManifestMismatch,
}

func checkManifestMismatch(d *evidence.Dossier, _ Context) []Finding {
	var found []Finding
	for _, u := range d.Unasked[:min(len(d.Unasked), maxPlaces)] {
		what := "the version " + clip(d.Change.To)
		if u.Other {
			what = clip(label(d)) + ", another package"
		}
		specs := clip(strings.Join(u.Specs, " or "))
		found = append(found, at(u.Place, Finding{
			Further: len(found) > 0,
			Message: fmt.Sprintf("%s asks for %s %s (line %d); the lockfile answers with %s.", u.Path, clip(u.Name), specs, u.Line, what),
			Facts:   []Fact{{"manifest", u.Path}, {"asked", clip(u.Name) + " " + specs}, {"locked", label(d)}},
		}))
	}
	return found
}
