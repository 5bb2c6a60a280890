package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var securityPlaceholder = Signal{
	ID:      "security-placeholder",
	Family:  KnownBad,
	Title:   "Security placeholder",
	Meaning: "The registry holds the name as a security placeholder: an empty package in the place of one that was removed for malice.",
	Why: "Nobody depends on a placeholder on purpose. A lockfile that names one asks for what used to be malware, " +
		"or for a name that was never the intended one; the bytes that it has pinned may be the removed ones.",
	Remedy: "Remove the dependency, and look for the name that was meant.",
	Points: 60,
	Needs:  []evidence.Check{evidence.History},
	Check:  checkSecurityPlaceholder,
}

func checkSecurityPlaceholder(d *evidence.Dossier, _ Context) []Finding {
	place, ok := fromRegistry(d)
	if !ok || d.Package == nil || !d.Package.Placeholder {
		return nil
	}
	return []Finding{at(place, Finding{
		Message: fmt.Sprintf("The registry holds the name %s as a security placeholder, in the place of a package that it removed.", d.Change.Name),
	})}
}
