package signal

import (
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

var integrityMissing = Signal{
	ID:     "integrity-missing",
	Family: Tampering,
	Title:  "Content hash missing",
	Meaning: "An entry that the base pinned by a content hash has none any more, or only one of a weaker algorithm; " +
		"or a new entry has an archive's address and no hash, in a format that writes one.",
	Why: "Without a hash the installer takes whatever the address serves. Of 19,723 entries of real updates 5 came without one. " +
		"It stays below the blocking threshold because some registries give no hashes, and some package managers lost them.",
	Remedy: "Regenerate the entry from the registry with the package manager, and compare what it writes.",
	Points: 40,
	Check:  checkIntegrityMissing,
}

// hashed lists the formats in which every archive with an address has a hash,
// and whether those without one have it, too. npm-lock-v1 is not one: npm 4
// wrote it without hashes, and an entry alone does not tell which npm wrote its
// file.
var hashed = map[string]struct{ all bool }{
	"npm-lock-v2": {}, "npm-shrinkwrap-v2": {},
	"npm-lock-v3": {}, "npm-shrinkwrap-v3": {},
	"deno-lock-v1": {true}, "deno-lock-v2": {true}, "deno-lock-v3": {true}, "deno-lock-v4": {true}, "deno-lock-v5": {true},
}

// expectsHash reports whether a format gives such an entry a hash. A redirect of
// Deno's has only that of a module which it leads to.
func expectsHash(format string, e *lockfile.Entry) bool {
	row, ok := hashed[format]
	redirect := e.Ecosystem == lockfile.Deno && e.Key != e.Resolved
	return ok && (row.all || e.Resolved != "") && !redirect
}

func checkIntegrityMissing(d *evidence.Dossier, _ Context) []Finding {
	was := protectionOf(d.Change.Base)
	var first Finding
	places := 0
	for _, p := range d.Change.Head {
		message := unprotected(d, was, p)
		if message == "" {
			continue
		}
		if places++; places == 1 {
			first = at(p, Finding{Message: message, Facts: []Fact{
				{"base_algorithm", was.at(p)}, {"head_algorithm", lockfile.Strongest(p.Entry.Hashes())},
			}})
		}
	}
	if places == 0 {
		return nil
	}
	first.Facts = append(first.Facts, Fact{"places", fmt.Sprint(places)})
	return []Finding{first}
}

// unprotected says what a place lacks; "" if nothing.
func unprotected(d *evidence.Dossier, was protection, p change.Place) string {
	before, now := was.at(p), lockfile.Strongest(p.Entry.Hashes())
	if !isPinnedByHash(p.Entry) || registryHasNoBetter(d, now) || isOptionalInBerry(p) {
		return ""
	}
	switch {
	case before == "":
		if now != "" || len(was.files) > 0 || !expectsHash(p.Format, p.Entry) {
			return ""
		}
		if p.Entry.Resolved == "" {
			return fmt.Sprintf("%s has no content hash, so that the installer takes whatever the registry serves.", label(d))
		}
		return fmt.Sprintf("%s has an address and no content hash, so that the installer takes whatever is served there.", label(d))
	case lockfile.Strength(now) >= lockfile.Strength(before):
		return ""
	case now == "":
		return fmt.Sprintf("%s has no content hash; the base pins %s by %s.", label(d), d.Change.Name, before)
	}
	return fmt.Sprintf("%s is pinned by %s only; the base pins %s by %s.", label(d), now, d.Change.Name, before)
}

// isOptionalInBerry reports whether an entry is one that yarn berry may write
// without a checksum: what is optional, and was not fetched where it ran.
func isOptionalInBerry(p change.Place) bool {
	return p.Entry.Optional && strings.HasPrefix(p.Format, "yarn-berry")
}

// registryHasNoBetter reports whether the registry itself is known to have no
// hash above that algorithm for the version, as with the oldest packages.
func registryHasNoBetter(d *evidence.Dossier, now string) bool {
	return d.Package != nil && d.Package.Has.Hashes && d.Release != nil && !d.Release.Removed &&
		lockfile.Strength(lockfile.Strongest(d.Release.Integrity)) <= lockfile.Strength(now)
}

// protection is the algorithm by which the base pins a package: at each key,
// and at best in each lockfile and in all.
type protection struct {
	keys  map[[2]string]string // by lockfile and key
	files map[string]string
	best  string
}

func protectionOf(base []change.Place) protection {
	was := protection{keys: make(map[[2]string]string), files: make(map[string]string)}
	for _, p := range base {
		if !isPinnedByHash(p.Entry) {
			continue
		}
		a := lockfile.Strongest(p.Entry.Hashes())
		key := [2]string{p.Lockfile, p.Entry.Key}
		was.keys[key] = better(was.keys[key], a)
		was.files[p.Lockfile] = better(was.files[p.Lockfile], a)
		was.best = better(was.best, a)
	}
	return was
}

// at gives the algorithm to expect at a place: that of the very same entry, or
// else the best of its lockfile, or else, for a new lockfile, of all. The order
// matters in a lockfile whose hashes were partly lost before: an update of such
// an entry loses nothing.
func (was protection) at(p change.Place) string {
	if a, ok := was.keys[[2]string{p.Lockfile, p.Entry.Key}]; ok {
		return a
	}
	if a, ok := was.files[p.Lockfile]; ok {
		return a
	}
	return was.best
}

func better(a, b string) string {
	if lockfile.Strength(b) > lockfile.Strength(a) {
		return b
	}
	return a
}
