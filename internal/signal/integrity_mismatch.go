package signal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

var integrityMismatch = Signal{
	ID:      "integrity-mismatch",
	Family:  Tampering,
	Title:   "Hash is not the registry's",
	Meaning: "The lockfile's content hash of a registry package is not among those that the registry gives for that version, or not the hash of the archive that it serves. Only hashes of the same algorithm are compared.",
	Why: "A registry never changes a published version, so the two are equal unless somebody changed one of them. " +
		"An installer would refuse the registry's archive, or accept another one in its place.",
	Remedy: "Do not merge. Regenerate the entry from the registry, and find out who wrote the hash that is there now.",
	Points: 100,
	Scale:  "always blocks",
	Always: true,
	Needs:  []evidence.Check{evidence.History, evidence.Hashes, evidence.Inside},
	Check:  checkIntegrityMismatch,
}

func checkIntegrityMismatch(d *evidence.Dossier, _ Context) []Finding {
	if found := wrongHashes(d); len(found) > 0 {
		return found
	}
	return otherBytes(d)
}

// otherBytes finds an archive that is not the one which the lockfile pins,
// whatever the registry says of it.
func otherBytes(d *evidence.Dossier) []Finding {
	if d.Content == nil || d.Content.Swapped == nil || len(d.Change.Head) == 0 {
		return nil
	}
	swapped := d.Content.Swapped
	want := strings.Join(swapped.Want, " ")
	f := Finding{
		Message: fmt.Sprintf("The archive of %s that the registry serves has the hash %s; it should have %s.", label(d), short(swapped.Got), short(want)),
		Facts:   []Fact{{"expected_hash", want}, {"archive_hash", swapped.Got}},
	}
	for _, hash := range swapped.Want {
		for _, p := range d.Change.Head {
			if slices.Contains(p.Entry.Hashes(), hash) {
				return []Finding{at(p, f)}
			}
		}
	}
	return []Finding{f}
}

// registryHashes gives those that the registry has of the release; none if it
// gives none, or was not asked.
func registryHashes(d *evidence.Dossier) hashes {
	registry := make(hashes)
	if d.Package != nil && d.Package.Has.Hashes && d.Release != nil {
		registry.add(d.Release.Integrity)
	}
	return registry
}

func wrongHashes(d *evidence.Dossier) []Finding {
	registry := registryHashes(d)
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
