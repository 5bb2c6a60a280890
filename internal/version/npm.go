package version

import (
	"slices"
	"strconv"
	"strings"

	"github.com/Masterminds/semver/v3"
)

// maxNumber is the largest number that npm takes in a version: JavaScript's
// MAX_SAFE_INTEGER (node-semver, internal/constants.js).
const maxNumber = 1<<53 - 1

// npmVersion is a version of Semantic Versioning 2.0.0.
type npmVersion struct {
	n    [3]uint64       // major, minor, patch
	more *semver.Version // with what follows them; nil if nothing does
}

// parseNPM takes what npm's registry can hold: a full version with no "v" and
// no spaces, which npm would strip before publishing.
func parseNPM(v string) (parsed, bool) {
	if n, ok := plain(v); ok {
		return npmVersion{n: n}, true
	}
	sv, err := semver.StrictNewVersion(v)
	if err != nil || max(sv.Major(), sv.Minor(), sv.Patch()) > maxNumber {
		return nil, false
	}
	return npmVersion{[3]uint64{sv.Major(), sv.Minor(), sv.Patch()}, sv}, true
}

// plain reads the form that most versions have, three numbers, in less than
// half of the library's time: histories of thousands of releases are compared
// often.
func plain(v string) (n [3]uint64, ok bool) {
	const digits = 15 // of a number that is surely no larger than maxNumber
	at, start := 0, 0
	for i := 0; i <= len(v); i++ {
		if i < len(v) && '0' <= v[i] && v[i] <= '9' {
			n[at] = n[at]*10 + uint64(v[i]-'0')
			continue
		}
		length := i - start
		if length == 0 || length > digits || length > 1 && v[start] == '0' {
			return n, false
		}
		if i == len(v) {
			return n, at == 2
		}
		if v[i] != '.' || at == 2 {
			return n, false
		}
		at, start = at+1, i+1
	}
	return n, false
}

// parseTag takes what parseNPM does, and a "v" before it.
func parseTag(v string) (parsed, bool) { return parseNPM(strings.TrimPrefix(v, "v")) }

// boundNPM also takes the forms in which advisories write a bound: "0", "v1",
// "2.1".
func boundNPM(v string) (parsed, bool) {
	v = strings.TrimPrefix(v, "v")
	if !strings.ContainsAny(v, "-+") {
		for dots := strings.Count(v, "."); dots < 2; dots++ {
			v += ".0"
		}
	}
	return parseNPM(v)
}

// precede needs the library only where something follows equal numbers.
func (v npmVersion) precede(other parsed) int {
	o := other.(npmVersion)
	if order := slices.Compare(v.n[:], o.n[:]); order != 0 || v.more == nil && o.more == nil {
		return order
	}
	return v.library().Compare(o.library())
}

func (v npmVersion) library() *semver.Version {
	if v.more != nil {
		return v.more
	}
	return semver.New(v.n[0], v.n[1], v.n[2], "", "")
}

func (v npmVersion) prerelease() bool { return v.more != nil && v.more.Prerelease() != "" }

// line follows the caret operator of npm's ranges.
func (v npmVersion) line() string {
	parts := []string{"0", "0", "0"}
	for i, n := range v.n {
		parts[i] = strconv.FormatUint(n, 10)
		if n > 0 {
			return strings.Join(parts[:i+1], ".")
		}
	}
	return strings.Join(parts, ".")
}
