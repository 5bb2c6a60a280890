package signal

import (
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

var relocked = Signal{
	ID:     "relocked",
	Family: Tampering,
	Title:  "Same version, other content",
	Meaning: "The head pins the same name and version as the base, with another content hash or from another source. Hashes are compared by algorithm, " +
		"so that a stronger one beside or instead of the old one is quiet, and so is another commit of the same git repository. " +
		"A lockfile that has the version for the first time may pin it by another hash than the base's other ones do, if that is the registry's: those of tests hold made-up hashes.",
	Why: "A registry never changes a published version, so its hash has no honest reason to change. " +
		"In 19,723 entries of real updates only 0.05 % came from outside the registry at all.",
	Remedy: "Restore the base's entry, and regenerate the lockfile from the registry. If a fork is meant, give it a version or a name of its own.",
	Points: 100,
	Scale:  "always blocks; 40 where an address names no version",
	Always: true,
	Check:  checkRelocked,
}

// changingPoints are for a module at an address under which what is served may
// change, as a branch's: it needs a person's eyes, and is no tampering yet.
const changingPoints = 40

func checkRelocked(d *evidence.Dossier, _ Context) []Finding {
	if d.Change.Kind != change.Relocked || len(d.Change.Base) == 0 {
		return nil
	}
	was := acceptedBy(d.Change.Base)
	modules := byModule(d.Change)
	for _, p := range d.Change.Head {
		if places := modules[p.Entry.Key]; places != nil {
			was = acceptedBy(places)
		}
		f, ok := was.differs(d, p)
		if !ok {
			continue
		}
		if modules != nil && p.Entry.Version == "" {
			f.Points = changingPoints
			f.Message += " Its address names no version, so that what is served there may change."
		}
		return []Finding{at(p, f)}
	}
	return nil
}

// byModule gives what the base has at each address, where each is compared for
// itself; nil for everything else than modules.
func byModule(c change.Change) map[string][]change.Place {
	if c.Ecosystem != lockfile.Deno {
		return nil
	}
	places := make(map[string][]change.Place)
	for _, p := range c.Base {
		places[p.Entry.Key] = append(places[p.Entry.Key], p)
	}
	return places
}

// accepted is what the base installs of a package: by hash, and by where it
// comes from.
type accepted struct {
	first     change.Place
	hashes    hashes
	origins   map[string]bool // source and origin
	lockfiles map[string]bool // by path
}

func acceptedBy(base []change.Place) accepted {
	was := accepted{first: base[0], hashes: make(hashes), origins: make(map[string]bool), lockfiles: make(map[string]bool)}
	for _, p := range base {
		was.lockfiles[p.Lockfile] = true
		was.origins[sourceKey(p.Entry)] = true
		if isPinnedByHash(p.Entry) {
			was.hashes.add(p.Entry.Hashes())
		}
	}
	return was
}

// isNewTo reports whether a lockfile had no entry of the version before.
func (was accepted) isNewTo(path string) bool { return !was.lockfiles[path] }

// isRegistrys reports whether the registry vouches for what an entry pins.
func isRegistrys(d *evidence.Dossier, e *lockfile.Entry) bool {
	return e.Source == lockfile.Registry && registryHashes(d).agrees(e.Hashes())
}

func sourceKey(e *lockfile.Entry) string { return string(e.Source) + " " + origin(e) }

// isPinnedByHash reports whether the hash decides what is installed. A git
// commit pins itself, a file is the repository's own, and what is bundled
// comes inside its parent's archive.
func isPinnedByHash(e *lockfile.Entry) bool {
	return !e.Bundled && (e.Source == lockfile.Registry || e.Source == lockfile.URL)
}

// differs says how a place installs something else than the base did.
func (was accepted) differs(d *evidence.Dossier, p change.Place) (Finding, bool) {
	e := p.Entry
	if isPinnedByHash(e) {
		hash, ok := was.hashes.stranger(e.Hashes())
		if ok && was.isNewTo(p.Lockfile) && isRegistrys(d, e) {
			return Finding{}, false
		}
		if ok {
			before := strings.Join(was.hashes.of(lockfile.Algorithm(hash)), " ")
			return Finding{
				Message: fmt.Sprintf("%s has another content hash than in the base: %s, where the base has %s.", label(d), short(hash), short(before)),
				Facts:   []Fact{{"head_hash", hash}, {"base_hash", before}},
			}, true
		}
		if was.hashes.agrees(e.Hashes()) {
			return Finding{}, false // a mirror of the same bytes
		}
	}
	if was.origins[sourceKey(e)] || e.Bundled || !isElsewhere(d, e) {
		return Finding{}, false
	}
	from, to := describe(was.first.Entry), describe(e)
	return Finding{
		Message: fmt.Sprintf("%s is the version that the base has, from another source: %s, where the base has %s.", label(d), to, from),
		Facts:   []Fact{{"head_source", to}, {"base_source", from}, {"address", clip(e.Resolved)}},
	}, true
}

// isElsewhere reports whether a place that the base didn't use is one that it
// would not trust, either. A registry that it knows is not: a package that goes
// back to the registry is compared with the registry's own hash.
func isElsewhere(d *evidence.Dossier, e *lockfile.Entry) bool {
	switch e.Source {
	case lockfile.Git, lockfile.URL, lockfile.File:
		return true
	case lockfile.Registry:
		return e.Resolved != "" && !isKnown(d, e.Resolved)
	}
	return false
}

// describe says in words where an entry comes from.
func describe(e *lockfile.Entry) string {
	switch e.Source {
	case lockfile.Git:
		return "the git repository " + clip(origin(e))
	case lockfile.URL:
		return "the address " + clip(e.Resolved)
	case lockfile.File:
		return "a file of the repository"
	case lockfile.Registry:
		if name := registryOf(e); name != "" {
			return "the registry at " + clip(name)
		}
		return "the registry"
	}
	return "the repository itself"
}

// short shows the algorithm and the start of a hash, enough to tell two apart.
func short(hash string) string {
	const shown = 20
	if len(hash) <= shown {
		return hash
	}
	return hash[:shown] + "…"
}
