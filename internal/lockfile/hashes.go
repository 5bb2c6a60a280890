package lockfile

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
)

// Hashes gives every hash that pins the entry's bytes, as "algorithm-digest":
// those of Integrity, where deno.lock writes bare hexadecimal sha256 sums; the
// sha1 sum that yarn classic adds to an address as its fragment, and checks only
// where the entry has no other; and yarn berry's Checksum, whose algorithm is
// the way in which that yarn packs an archive anew.
func (e *Entry) Hashes() []string {
	switch {
	case e.Checksum != "":
		key, sum, _ := strings.Cut(e.Checksum, "/")
		return append(slices.Clip(e.Integrity), repacked+key+"-"+sum)
	case len(e.Integrity) > 0:
		return plainHashes(e.Integrity)
	case e.Source != Registry && e.Source != URL:
		return nil // the fragment is a commit, if there is one
	}
	_, fragment, _ := strings.Cut(e.Resolved, "#")
	if hash := ofHex(fragment); hash != "" {
		return []string{hash}
	}
	return nil
}

// SameChecksum reports whether two entries have the same checksum, if any,
// whichever cache their files are for.
func (e *Entry) SameChecksum(other *Entry) bool {
	return strings.Replace(e.Checksum, foreignKey, "", 1) == strings.Replace(other.Checksum, foreignKey, "", 1)
}

// plainHashes gives hashes without the options that may follow a "?", and bare
// sums with their algorithm. In nearly every case that is the list itself.
func plainHashes(list []string) []string {
	var changed []string
	for i, h := range list {
		plain, _, _ := strings.Cut(h, "?")
		if hash := ofHex(plain); hash != "" {
			plain = hash
		}
		if plain != h && changed == nil {
			changed = slices.Clone(list)
		}
		if changed != nil {
			changed[i] = plain
		}
	}
	if changed != nil {
		return changed
	}
	return list
}

// ofHex gives a bare hexadecimal sum as Subresource Integrity, its algorithm
// told by its length; "" if the text is none.
func ofHex(text string) string {
	algorithm := ""
	switch len(text) {
	case 40:
		algorithm = "sha1-"
	case 64:
		algorithm = "sha256-"
	default:
		return ""
	}
	sum, err := hex.DecodeString(text)
	if err != nil {
		return ""
	}
	return algorithm + base64.StdEncoding.EncodeToString(sum)
}

// repacked begins the algorithm of a hash that is of yarn's own archive, and
// foreignKey stands in one that yarn doesn't insist on.
const (
	repacked   = "yarn/"
	foreignKey = "~"
)

// strengths orders the algorithms that installers check. Their names are
// compared as they are written: npm ignores a hash of "SHA512-…" (ssri,
// SRI_REGEX), so that it protects nothing.
var strengths = map[string]int{"md5": 1, "sha1": 2, "sha256": 3, "sha384": 4, "sha512": 5}

// Algorithm gives the name before a hash's first dash.
func Algorithm(hash string) string {
	name, _, _ := strings.Cut(hash, "-")
	return name
}

// Strength orders algorithms; 0 is one that no installer checks. yarn's own
// checksums are made by sha512, and one for another cache's archives is worth
// less than any other.
func Strength(algorithm string) int {
	switch {
	case !strings.HasPrefix(algorithm, repacked):
		return strengths[algorithm]
	case strings.Contains(algorithm, foreignKey):
		return strengths["md5"]
	}
	return strengths["sha512"]
}

// Strongest gives the best algorithm among hashes, which is the one that an
// installer checks; "" if there is none that it knows.
func Strongest(hashes []string) string {
	best := ""
	for _, hash := range hashes {
		if a := Algorithm(hash); Strength(a) > Strength(best) {
			best = a
		}
	}
	return best
}
