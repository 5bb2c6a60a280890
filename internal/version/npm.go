package version

import (
	"fmt"
	"strings"

	"github.com/Masterminds/semver/v3"
)

// maxNumber is the largest number that npm takes in a version: JavaScript's
// MAX_SAFE_INTEGER (node-semver, internal/constants.js).
const maxNumber = 1<<53 - 1

// npmVersion is a version of Semantic Versioning 2.0.0.
type npmVersion struct{ *semver.Version }

// parseNPM takes what npm's registry can hold: a full version with no "v" and
// no spaces, which npm would strip before publishing.
func parseNPM(v string) (parsed, bool) {
	sv, err := semver.StrictNewVersion(v)
	if err != nil || max(sv.Major(), sv.Minor(), sv.Patch()) > maxNumber {
		return nil, false
	}
	return npmVersion{sv}, true
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

func (v npmVersion) precede(other parsed) int { return v.Compare(other.(npmVersion).Version) }

func (v npmVersion) prerelease() bool { return v.Prerelease() != "" }

// line follows the caret operator of npm's ranges.
func (v npmVersion) line() string {
	switch {
	case v.Major() > 0:
		return fmt.Sprint(v.Major())
	case v.Minor() > 0:
		return fmt.Sprintf("0.%d", v.Minor())
	}
	return fmt.Sprintf("0.0.%d", v.Patch())
}
