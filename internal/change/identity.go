package change

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// maxVariants bounds the different ways in which a base may pin one version. A
// real one has one or two; past the bound everything differs, so that a file
// made for it costs a person's look instead of the check's time.
const maxVariants = 100

// unlike gives the places that match no place of the base: the same name and
// version, but not the same bytes from the same kind of source.
func unlike(head, base []Place) []Place {
	variants := distinct(base)
	if len(variants) > maxVariants {
		return head
	}
	matched := make(map[string]bool)
	var moved []Place
	for _, h := range head {
		pin := pinOf(h)
		same, seen := matched[pin]
		if !seen {
			same = slices.ContainsFunc(variants, func(b Place) bool { return sameBytes(h, b) })
			matched[pin] = same
		}
		if !same {
			moved = append(moved, h)
		}
	}
	return moved
}

// samePin reports whether two entries of one version have the same text in all
// that [sameBytes] looks at, under the same key.
func samePin(h, b *lockfile.Entry) bool {
	return h.Key == b.Key && h.Source == b.Source && h.Resolved == b.Resolved && h.Checksum == b.Checksum &&
		slices.Equal(h.Integrity, b.Integrity)
}

// distinct gives one place for each different way to pin a version.
func distinct(places []Place) []Place {
	seen := make(map[string]bool, 1)
	var variants []Place
	for _, p := range places {
		if pin := pinOf(p); !seen[pin] {
			seen[pin] = true
			variants = append(variants, p)
		}
	}
	return variants
}

// pinOf is all of a place that [sameBytes] looks at.
func pinOf(p Place) string {
	e := p.Entry
	return strings.Join(append([]string{string(e.Source), strconv.FormatBool(e.Bundled), e.Resolved, e.Checksum}, e.Integrity...), "\x00")
}

// sameBytes reports whether two places of one version pin the same content.
//
// The strongest hash decides where both sides have one of that algorithm, since
// it is the one that an installer checks; the address doesn't matter then, as a
// mirror serves the same bytes. Otherwise the addresses decide, and a hash that
// the head lost or weakened is a difference: an installer would no longer check
// what it checked before.
func sameBytes(head, base Place) bool {
	h, b := head.Entry, base.Entry
	if h.Source != b.Source {
		return false
	}
	if h.Resolved == b.Resolved && h.SameChecksum(b) && slices.Equal(h.Integrity, b.Integrity) {
		return true
	}
	ours, theirs := h.Hashes(), b.Hashes()
	algorithm := lockfile.Strongest(ours)
	if same := ofAlgorithm(theirs, algorithm); len(same) > 0 {
		return subset(ofAlgorithm(ours, algorithm), same)
	}
	if disagree(ours, theirs) {
		return false
	}
	if expectsHash(head) && lockfile.Strength(algorithm) < lockfile.Strength(lockfile.Strongest(theirs)) {
		return false
	}
	return sameAddress(h, b)
}

// expectsHash reports whether an entry of that source is written with a hash.
// Bundled entries come inside their parent's archive, and git and folder
// entries are pinned by other means. yarn berry writes no checksum of what is
// optional and was not fetched where it ran.
func expectsHash(p Place) bool {
	if p.Entry.Bundled || p.Entry.Optional && strings.HasPrefix(p.Format, "yarn-berry") {
		return false
	}
	return p.Entry.Source == lockfile.Registry || p.Entry.Source == lockfile.URL
}

func ofAlgorithm(hashes []string, algorithm string) []string {
	var found []string
	for _, h := range hashes {
		if algorithm != "" && lockfile.Algorithm(h) == algorithm {
			found = append(found, h)
		}
	}
	return found
}

// subset reports whether the base accepts every hash of the head: hashes of one
// algorithm are alternatives, and an alternative more lets other bytes in.
func subset(head, base []string) bool {
	for _, h := range head {
		if !slices.Contains(base, h) {
			return false
		}
	}
	return true
}

// disagree reports whether two sets have a weaker algorithm in common and no
// hash of it: then they are of different bytes whatever the strong ones say.
func disagree(head, base []string) bool {
	for _, h := range head {
		theirs := ofAlgorithm(base, lockfile.Algorithm(h))
		if len(theirs) > 0 && !slices.Contains(theirs, h) {
			return true
		}
	}
	return false
}

// sameAddress compares where two entries come from. Two registry entries
// match whatever their host where one of them names none; a registry that is
// new to the repository is judged by its address later, not by identity.
func sameAddress(h, b *lockfile.Entry) bool {
	switch {
	case h.Source == lockfile.Registry && (h.Resolved == "" || b.Resolved == ""):
		return true
	case h.Source == lockfile.Git:
		return lockfile.GitRepository(h.Resolved) == lockfile.GitRepository(b.Resolved) &&
			lockfile.GitCommit(h.Resolved) == lockfile.GitCommit(b.Resolved) &&
			lockfile.GitFolder(h.Resolved) == lockfile.GitFolder(b.Resolved)
	}
	return normalised(h.Resolved) == normalised(b.Resolved)
}

// normalised drops what does not change where an address leads: the case of
// scheme and host, and a sha1 fragment on an archive's address.
func normalised(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if u.Scheme == "https" || u.Scheme == "http" {
		u.Fragment = "" // yarn classic writes a sha1 sum there
	}
	return u.String()
}
