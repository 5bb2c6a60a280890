package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var signatureInvalid = Signal{
	ID:     "signature-invalid",
	Family: Tampering,
	Title:  "Registry's signature does not hold",
	Meaning: "The registry's signature over the release is not over the name, the version and the hash that the lockfile pins, " +
		"or it is made with a key that the registry doesn't publish or that had expired.",
	Why: "A signature holds for ever or was never the registry's. It is checked against the lockfile's own hash, so that neither a lockfile that was edited " +
		"nor a mirror that serves other bytes passes.",
	Remedy: "Do not merge. Compare the entry with what the public registry serves, and ask whoever runs the mirror.",
	Points: 100,
	Scale:  "always blocks",
	Always: true,
	Needs:  []evidence.Check{evidence.History, evidence.Signatures},
	Check:  checkSignatureInvalid,
}

func checkSignatureInvalid(d *evidence.Dossier, _ Context) []Finding {
	var found []Finding
	for _, f := range d.Forged[:min(len(d.Forged), maxPlaces)] {
		found = append(found, at(f.Place, Finding{
			Message: fmt.Sprintf("The registry's signature over %s %s.", label(d), f.Fault),
			Facts:   []Fact{{"lockfile_hash", f.Hash}},
		}))
	}
	return found
}
