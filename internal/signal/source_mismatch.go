package signal

import (
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

var sourceMismatch = Signal{
	ID:     "source-mismatch",
	Family: Tampering,
	Title:  "Address of another package",
	Meaning: "An entry's address has a registry's shape and serves another package or version than the entry names, " +
		"or it is written so that two readers could see two packages in it.",
	Why: "No package manager writes such an address. It is how a lockfile is poisoned by hand: " +
		"the name says what a reviewer expects, the address and its hash what the attacker serves, and the hash fits.",
	Remedy: "Do not merge. Regenerate the entry from the registry, and find out who wrote the address that is there now.",
	Points: 100,
	Scale:  "always blocks",
	Always: true,
	Check:  checkSourceMismatch,
}

func checkSourceMismatch(d *evidence.Dossier, _ Context) []Finding {
	var found []Finding
	seen := make(map[string]bool)
	for _, p := range d.Change.Head {
		e := p.Entry
		if seen[e.Resolved] {
			continue
		}
		fault := misdirection(d, e)
		if fault == "" {
			continue
		}
		seen[e.Resolved] = true
		found = append(found, at(p, Finding{
			Message: fmt.Sprintf("The address of %s %s.", label(d), fault),
			Facts:   []Fact{{"address", clip(e.Resolved)}},
		}))
		if len(found) == maxPlaces {
			break
		}
	}
	return found
}

// misdirection says what an entry's address does wrong, as the rest of a
// sentence; "" if nothing.
func misdirection(d *evidence.Dossier, e *lockfile.Entry) string {
	if !isArchiveAddress(e) {
		return ""
	}
	if d.Release != nil && e.Resolved == d.Release.Archive {
		return "" // odd, but the registry's own: the oldest archives have names of every kind
	}
	r := read(e.Resolved)
	if e.Source == lockfile.URL && r.archive == (archive{}) {
		return "" // an archive that no registry serves
	}
	switch {
	case r.doubt != "":
		return "can be read in two ways: " + r.doubt
	case r.user && !isKnown(d, e.Resolved):
		return "can be misread: what stands before the @ is not the host"
	case r.archive == (archive{}):
		return ""
	case r.archive.name != e.Name:
		return fmt.Sprintf("serves %s, another package", clip(r.archive.name))
	case e.Version != "" && plainVersion(r.archive.version) != plainVersion(e.Version):
		return fmt.Sprintf("serves version %s, another one", clip(r.archive.version))
	}
	return ""
}

// isArchiveAddress reports whether an installer would fetch the entry's
// address over http or https. Case and outer spaces don't matter to it.
func isArchiveAddress(e *lockfile.Entry) bool {
	if e.Source != lockfile.Registry && e.Source != lockfile.URL {
		return false
	}
	address := strings.ToLower(strings.TrimSpace(e.Resolved))
	return strings.HasPrefix(address, "http:") || strings.HasPrefix(address, "https:")
}

// plainVersion drops what npm drops when it publishes, so that it never shows
// in an archive's name: build metadata, a leading "v" or "=", and leading zeros
// of the three numbers (node-semver, loose mode).
func plainVersion(v string) string {
	v, _, _ = strings.Cut(strings.TrimLeft(v, "v="), "+")
	core, prerelease, found := strings.Cut(v, "-")
	numbers := strings.Split(core, ".")
	for i, n := range numbers {
		if trimmed := strings.TrimLeft(n, "0"); isDigits(n) && trimmed != n {
			numbers[i] = trimmed
			if trimmed == "" {
				numbers[i] = "0"
			}
		}
	}
	core = strings.Join(numbers, ".")
	if found {
		return core + "-" + prerelease
	}
	return core
}
