package evidence

import (
	"cmp"
	"regexp"
	"slices"
	"sync"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// binding is what binds to one content: a commit, or a hash that nobody can
// find a second archive for. SHA-1 is none for an archive: whoever makes two of
// them can make them agree.
//
// https://shattered.io
var binding = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:sha(?:256|384|512)-[A-Za-z0-9+/]{1,100}={0,2}|yarn/[0-9a-z]{1,8}-[0-9a-f]{128}|[0-9a-f]{40}|[0-9a-f]{64})$`)
})

// IsPin reports whether a text is written as a content hash or a commit is that
// binds a version to one content.
func IsPin(text string) bool { return binding().MatchString(text) }

// maxPins is how many different pins of a version are listed. More than one of
// a kind bind it to nothing.
const maxPins = 8

// Pins lists what the head's lockfiles pin the version by, each once, the
// strongest first.
func (d *Dossier) Pins() []string {
	var pins []string
	for _, p := range d.Change.Head {
		if p.Entry == nil {
			continue
		}
		for _, pin := range pinsOf(p.Entry) {
			if len(pins) < maxPins && !slices.Contains(pins, pin) && IsPin(pin) {
				pins = append(pins, pin)
			}
		}
	}
	slices.SortStableFunc(pins, func(a, b string) int {
		return cmp.Compare(lockfile.Strength(lockfile.Algorithm(b)), lockfile.Strength(lockfile.Algorithm(a)))
	})
	return pins
}

func pinsOf(e *lockfile.Entry) []string {
	pins := slices.Clip(e.Hashes())
	if e.Source == lockfile.Git {
		pins = append(pins, lockfile.GitCommit(e.Resolved))
	}
	return pins
}

// Unbound says why name and version, and that pin if it isn't "", may stand for
// more than one content, as the rest of a sentence about the version; "" if they
// stand for one. A version of a registry has one content as long as the registry
// gives its hash: an entry with another one is a finding.
func (d *Dossier) Unbound(pin string) string {
	vouched := d.Release != nil && !d.Release.Removed && len(d.Release.Integrity) > 0
	pinned := false
	for _, p := range d.Change.Head {
		e := p.Entry
		if e == nil {
			continue
		}
		pins := pinsOf(e)
		switch {
		case pin != "" && slices.Contains(pins, pin):
			pinned = true
		case pin != "" && pinsOtherwise(pins, pin):
			return "is pinned by another hash or commit in the lockfile"
		case e.Source != lockfile.Registry:
			return "comes from outside a registry, so that its hash or commit must be given too, and be in each lockfile"
		case !vouched:
			return "has no content hash at the registry, so that its hash must be given too, and be in each lockfile"
		}
	}
	if pin != "" && !pinned {
		return "is pinned by no such hash or commit in the lockfile"
	}
	return ""
}

// pinsOtherwise reports whether an entry has a pin that can be compared with
// that one, and is another.
func pinsOtherwise(pins []string, pin string) bool {
	kind := func(pin string) string {
		if lockfile.Strength(lockfile.Algorithm(pin)) == 0 {
			return "commit"
		}
		return lockfile.Algorithm(pin)
	}
	return slices.ContainsFunc(pins, func(other string) bool { return other != "" && kind(other) == kind(pin) })
}
