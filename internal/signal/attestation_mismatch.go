package signal

import (
	"fmt"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var attestationMismatch = Signal{
	ID:     "attestation-mismatch",
	Family: Tampering,
	Title:  "Attestation does not hold",
	Meaning: "What the registry attests of the release, in its provenance or its own publish attestation, is over other bytes than those that the lockfile pins, " +
		"is about another package or version, or was not signed by whom it names.",
	Why: "An attestation is logged in public when a release is published, and holds for ever or never did. It is checked against the lockfile's own hash, " +
		"so that neither a lockfile that was edited nor a mirror that serves other bytes passes.",
	Remedy: "Do not merge. Compare the entry with what the public registry serves, and ask whoever runs the mirror.",
	Points: 100,
	Scale:  "always blocks",
	Always: true,
	Needs:  []evidence.Check{evidence.History, evidence.Provenance},
	Check:  checkAttestationMismatch,
}

func checkAttestationMismatch(d *evidence.Dossier, _ Context) []Finding {
	fault := d.Misattested
	if fault == nil || len(d.Change.Head) == 0 {
		return nil
	}
	message := fmt.Sprintf("The %s of %s %s.", fault.What, label(d), fault.Cause)
	if fault.Hash != "" {
		message = fmt.Sprintf("The lockfile pins %s by the hash %s; its %s %s.", label(d), short(fault.Hash), fault.What, fault.Cause)
	}
	return []Finding{at(placeOf(d, fault.Hash), Finding{
		Message: message,
		Facts:   []Fact{{"fault", string(fault.Kind)}, {"lockfile_hash", fault.Hash}},
	})}
}

// placeOf gives the first place of the head that pins a hash, or else the first.
func placeOf(d *evidence.Dossier, hash string) change.Place {
	for _, p := range d.Change.Head {
		if slices.Contains(p.Entry.Hashes(), hash) {
			return p
		}
	}
	return d.Change.Head[0]
}
