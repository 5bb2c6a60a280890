package signal

import (
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

var integrityMismatch = Signal{
	ID:      "integrity-mismatch",
	Family:  Tampering,
	Title:   "Hash is not the registry's",
	Meaning: "The lockfile's content hash of a registry package is not among those that the registry gives for that version. Only hashes of the same algorithm are compared.",
	Why: "A registry never changes a published version, so the two are equal unless somebody changed one of them. " +
		"An installer would refuse the registry's archive, or accept another one in its place.",
	Remedy: "Do not merge. Regenerate the entry from the registry, and find out who wrote the hash that is there now.",
	Points: 100,
	Scale:  "always blocks",
	Always: true,
	Needs:  []evidence.Check{evidence.History, evidence.Hashes},
	Check:  checkIntegrityMismatch,
}

func checkIntegrityMismatch(d *evidence.Dossier, _ Context) []Finding {
	if d.Package == nil || !d.Package.Has.Hashes || d.Release == nil {
		return nil
	}
	registry := make(hashes)
	registry.add(d.Release.Integrity)

	var found []Finding
	seen := make(map[string]bool) // the same wrong hash in another place says nothing new
	for _, p := range d.Change.Head {
		if p.Entry.Source != lockfile.Registry {
			continue
		}
		hash, ok := registry.stranger(p.Entry.Hashes())
		if !ok || seen[hash] {
			continue
		}
		seen[hash] = true
		theirs := strings.Join(registry.of(lockfile.Algorithm(hash)), " ")
		found = append(found, at(p, Finding{
			Message: fmt.Sprintf("The lockfile pins %s by the hash %s; the registry gives %s.", label(d), short(hash), short(theirs)),
			Facts:   []Fact{{"lockfile_hash", hash}, {"registry_hash", theirs}},
		}))
		if len(found) == maxPlaces {
			break
		}
	}
	return found
}

// maxPlaces bounds the findings of one signal for one package. A reviewer who
// has seen this many knows; a hostile lockfile could make thousands.
const maxPlaces = 5
