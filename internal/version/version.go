// Package version orders version strings by the rules of each ecosystem.
//
// It takes two strings and an ecosystem (a package URL type) and gives their
// order, their release line, or whether one lies in a range. It promises a
// total order: a string that does not parse is said (Valid, and the ok and
// known results) and never equals another.
package version

import (
	"cmp"
	"strings"
)

// A scheme is one ecosystem's rules. Its functions see whatever string a
// lockfile, a registry or an advisory holds.
type scheme struct {
	// parse reads a version, and a bound of an advisory's range, which may be
	// written shorter.
	parse func(v string) (parsed, bool)
	bound func(v string) (parsed, bool)
	// satisfies reads a range; known is false where spec is none.
	satisfies func(v parsed, spec string) (ok, known bool)
}

// parsed is a version that its scheme understood. precede is only given
// another value of the same scheme.
type parsed interface {
	precede(other parsed) int
	line() string
	prerelease() bool
}

var schemes = map[string]scheme{
	"npm": {parse: parseNPM, bound: boundNPM, satisfies: satisfiesNPM},
	"jsr": {parse: parseNPM, bound: boundNPM, satisfies: satisfiesNPM},
	// Modules that Deno takes from addresses, whose versions often are tags.
	"deno": {parse: parseTag, bound: boundNPM, satisfies: satisfiesNPM},
}

// Compare orders two versions: negative if a comes before b. The order is
// total, and 0 only for identical text: strings that do not parse come before
// all that do and are ordered by their bytes, and so are versions of equal
// precedence, such as two that differ in build metadata.
func Compare(ecosystem, a, b string) int {
	x, xok := parse(ecosystem, a)
	y, yok := parse(ecosystem, b)
	switch {
	case xok && yok:
		if order := x.precede(y); order != 0 {
			return order
		}
	case xok:
		return 1
	case yok:
		return -1
	}
	return strings.Compare(a, b)
}

// Precedence orders two versions or bounds of ranges: 0 also for those that the
// ecosystem's rules hold equal. ok is false if either does not parse. A bound is
// a version that may leave out trailing zeros, as advisories do.
func Precedence(ecosystem, a, b string) (order int, ok bool) {
	s, ok := schemes[ecosystem]
	if !ok {
		return 0, false
	}
	x, xok := s.bound(a)
	y, yok := s.bound(b)
	if !xok || !yok {
		return 0, false
	}
	return x.precede(y), true
}

// Known reports whether the ecosystem's rules are known at all.
func Known(ecosystem string) bool {
	_, ok := schemes[ecosystem]
	return ok
}

// Valid reports whether v is a version as the ecosystem's registry holds it.
func Valid(ecosystem, v string) bool {
	_, ok := parse(ecosystem, v)
	return ok
}

// ValidBound reports whether [Precedence] understands v as a bound.
func ValidBound(ecosystem, v string) bool {
	s, ok := schemes[ecosystem]
	if !ok {
		return false
	}
	_, ok = s.bound(v)
	return ok
}

// Line gives the release line of v, within which an upgrade is meant to be
// compatible: "1" of 1.2.3, "0.3" of 0.3.1, "0.0.5" of 0.0.5. It is "" if v
// does not parse.
func Line(ecosystem, v string) string {
	p, ok := parse(ecosystem, v)
	if !ok {
		return ""
	}
	return p.line()
}

// Prerelease reports whether v parses and is a prerelease.
func Prerelease(ecosystem, v string) bool {
	p, ok := parse(ecosystem, v)
	return ok && p.prerelease()
}

// A Release is a version that is no prerelease, for who asks it more than once.
type Release struct {
	Line   string // as [Line] gives it
	parsed parsed
	text   string
}

// ReleaseOf reads a release. ok is false if v does not parse or is a prerelease.
func ReleaseOf(ecosystem, v string) (r Release, ok bool) {
	p, ok := parse(ecosystem, v)
	if !ok || p.prerelease() {
		return Release{}, false
	}
	return Release{p.line(), p, v}, true
}

// Compare orders two releases of one ecosystem as the function Compare does.
func (r Release) Compare(o Release) int {
	return cmp.Or(r.parsed.precede(o.parsed), strings.Compare(r.text, o.text))
}

// Satisfies reports whether a version lies in the range spec. known is false
// where that can't be said: v does not parse, or spec is no range but a tag, an
// address, an alias or an error.
func Satisfies(ecosystem, v, spec string) (ok, known bool) {
	p, parses := parse(ecosystem, v)
	if !parses {
		return false, false
	}
	return schemes[ecosystem].satisfies(p, spec)
}

func parse(ecosystem, v string) (parsed, bool) {
	s, ok := schemes[ecosystem]
	if !ok {
		return nil, false
	}
	return s.parse(v)
}
