package signal

import (
	"maps"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// hashes are what [lockfile.Entry.Hashes] gives, by algorithm.
type hashes map[string]map[string]bool

func (h hashes) add(list []string) {
	for _, hash := range list {
		a := lockfile.Algorithm(hash)
		if lockfile.Strength(a) == 0 {
			continue
		}
		if h[a] == nil {
			h[a] = make(map[string]bool, 1)
		}
		h[a][digest(hash)] = true
	}
}

// stranger gives the first of list that disagrees with h: h has hashes of its
// algorithm, and not this one. A hash of another algorithm is no disagreement.
//
// One common hash beside a stranger excuses nothing: where an algorithm is
// listed more than once, an installer accepts bytes that match any of them
// (Subresource Integrity, section 3.3.4).
func (h hashes) stranger(list []string) (string, bool) {
	for _, hash := range list {
		if same := h[lockfile.Algorithm(hash)]; same != nil && !same[digest(hash)] {
			return digest(hash), true
		}
	}
	return "", false
}

// agrees reports whether list vouches for the same bytes as h. Only its
// strongest algorithm counts, because an installer checks no other: a good
// sha1 sum beside an unknown sha512 vouches for nothing.
func (h hashes) agrees(list []string) bool {
	best := lockfile.Strongest(list)
	_, strange := h.stranger(list)
	return best != "" && h[best] != nil && !strange
}

// of gives the hashes of one algorithm, in order.
func (h hashes) of(algorithm string) []string {
	return slices.Sorted(maps.Keys(h[algorithm]))
}

func digest(hash string) string {
	value, _, _ := strings.Cut(hash, "?")
	return value
}
