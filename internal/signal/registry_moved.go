package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var registryMoved = Signal{
	ID:      "registry-moved",
	Family:  Tampering,
	Title:   "Moved to the public registry",
	Meaning: "A package that the base takes from a private registry comes from the public one in the head, and no hash shows that the bytes are the same.",
	Why: "The name of a private package can be registered by anybody in the public registry; the installer cannot tell the two apart (dependency confusion). " +
		"That several packages move at once is no excuse: a lost registry setting moves them all.",
	Remedy: "Restore the private registry's setting and regenerate the lockfile. If the repository leaves its mirror for good, move without changing versions, so that the hashes prove the bytes.",
	Points: 60,
	Check:  checkRegistryMoved,
}

func checkRegistryMoved(d *evidence.Dossier, _ Context) []Finding {
	from := ""
	before := make(hashes)
	for _, p := range d.Change.Base {
		if !usesRegistry(p.Entry) {
			continue
		}
		if isPublic(d, p.Entry.Resolved) {
			return nil // the base takes it from there, too
		}
		from = hostOf(p.Entry.Resolved)
		before.add(p.Entry.Hashes())
	}
	if from == "" {
		return nil
	}
	for _, p := range d.Change.Head {
		if !usesRegistry(p.Entry) || !isPublic(d, p.Entry.Resolved) || before.agrees(p.Entry.Hashes()) {
			continue
		}
		return []Finding{at(p, Finding{
			Message: fmt.Sprintf("%s comes from the public registry; the base takes %s from %s. A public package of that name may be another package.",
				label(d), d.Change.Name, clip(from)),
			Facts: []Fact{{"base_registry", clip(from)}, {"head_registry", clip(hostOf(p.Entry.Resolved))}},
		})}
	}
	return nil
}
