package version

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/Masterminds/semver/v3"
)

// maxSpec bounds the text of a range, in bytes.
const maxSpec = 1024

// satisfiesNPM reads npm's ranges as node-semver's strict mode does
// (github.com/npm/node-semver, classes/range.js). Masterminds' own constraints
// differ from it on prereleases, on ~0.0.0 and on ^*, so only its versions are
// used here.
func satisfiesNPM(v parsed, spec string) (ok, known bool) {
	if len(spec) > maxSpec {
		return false, false
	}
	asked := v.(npmVersion).library()
	for alternative := range strings.SplitSeq(spec, "||") {
		set, valid := comparators(alternative)
		if !valid {
			return false, false
		}
		ok = ok || set.allow(asked)
	}
	return ok, true
}

// A comparator is one primitive bound.
type comparator struct {
	op    string // "<", "<=", ">", ">=" or "="
	bound *semver.Version
}

func (c comparator) allow(v *semver.Version) bool {
	order := v.Compare(c.bound)
	switch c.op {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	}
	return order == 0
}

// conjunction holds the comparators that must all allow a version; an empty
// one allows every release.
type conjunction []comparator

// allow lets a prerelease in only where a comparator names a prerelease of the
// very same release.
func (set conjunction) allow(v *semver.Version) bool {
	asked := v.Prerelease() == ""
	for _, c := range set {
		if !c.allow(v) {
			return false
		}
		b := c.bound
		asked = asked || b.Prerelease() != "" &&
			b.Major() == v.Major() && b.Minor() == v.Minor() && b.Patch() == v.Patch()
	}
	return asked
}

var (
	// A space may follow an operator.
	looseOperator = regexp.MustCompile(`([<>]=?|~>?|\^|=)\s+`)
	term          = regexp.MustCompile(`^([<>]=?|~>?|\^|)[v=]*` +
		`(` + part + `)(?:\.(` + part + `)(?:\.(` + part + `)` +
		`(?:-(` + identifier + `(?:\.` + identifier + `)*))?` +
		`(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?)?$`)
)

const (
	part       = `0|[1-9]\d*|[xX*]`
	identifier = `(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9A-Za-z-]*)`
)

// comparators reads one alternative of a range; false if it is none.
func comparators(alternative string) (conjunction, bool) {
	fields := strings.Fields(looseOperator.ReplaceAllString(alternative, "$1"))
	if len(fields) == 3 && fields[1] == "-" {
		low, lok := parsePartial(fields[0])
		high, hok := parsePartial(fields[2])
		if !lok || !hok || low.op != "" || high.op != "" {
			return nil, false
		}
		return append(low.from(), high.upTo()...), true
	}
	var set conjunction
	for _, field := range fields {
		p, ok := parsePartial(field)
		if !ok {
			return nil, false
		}
		set = append(set, p.expand()...)
	}
	return set, true
}

// partial is a version with an operator, of which the last parts may be left
// open: 1.2, 1.x, *.
type partial struct {
	op     string
	number [3]uint64
	given  int // how many numbers are given: 0 to 3
	pre    string
}

func parsePartial(s string) (partial, bool) {
	m := term.FindStringSubmatch(s)
	if m == nil {
		return partial{}, false
	}
	p := partial{op: m[1], pre: m[5]}
	for i, digits := range m[2:5] {
		if digits == "" || strings.Contains("xX*", digits) {
			continue
		}
		n, err := strconv.ParseUint(digits, 10, 64)
		if err != nil || n > maxNumber || p.given < i { // 1.x.3 is no range
			return partial{}, false
		}
		p.number[p.given] = n
		p.given++
	}
	if p.given < 3 {
		p.pre = ""
	}
	return p, true
}

// expand writes a partial as primitive bounds.
func (p partial) expand() conjunction {
	switch p.op {
	case "^":
		keep := 1 // the numbers that must stay: up to the first that is not 0
		for keep < p.given && p.number[keep-1] == 0 {
			keep++
		}
		return p.within(keep)
	case "~", "~>":
		return p.within(2)
	case "":
		if p.given == 3 {
			return conjunction{{"=", p.lowest()}}
		}
		return p.within(3)
	case ">=":
		return p.from()
	case "<=":
		return p.upTo()
	}
	if p.given == 0 {
		return conjunction{{"<", zero()}} // above or below everything: nothing
	}
	if p.op == "<" {
		if p.given < 3 {
			return conjunction{{"<", first(p.number)}}
		}
		return conjunction{{"<", p.lowest()}}
	}
	if p.given < 3 {
		next := p.next(p.given)
		return conjunction{{">=", semver.New(next[0], next[1], next[2], "", "")}}
	}
	return conjunction{{">", p.lowest()}}
}

// within gives the versions from p on that share its first keep numbers, or as
// many as it has.
func (p partial) within(keep int) conjunction {
	if p.given == 0 {
		return nil
	}
	return append(p.from(), comparator{"<", first(p.next(min(keep, p.given)))})
}

func (p partial) from() conjunction {
	if p.given == 0 {
		return nil
	}
	return conjunction{{">=", p.lowest()}}
}

// upTo gives the versions up to p, all that begin with it included.
func (p partial) upTo() conjunction {
	switch p.given {
	case 0:
		return nil
	case 3:
		return conjunction{{"<=", p.lowest()}}
	}
	return conjunction{{"<", first(p.next(p.given))}}
}

func (p partial) lowest() *semver.Version {
	return semver.New(p.number[0], p.number[1], p.number[2], p.pre, "")
}

// next counts the last of the first keep numbers up by one.
func (p partial) next(keep int) [3]uint64 {
	var n [3]uint64
	copy(n[:keep], p.number[:keep])
	n[keep-1]++
	return n
}

// first gives the version that comes before every other of that number.
func first(n [3]uint64) *semver.Version { return semver.New(n[0], n[1], n[2], "0", "") }

func zero() *semver.Version { return first([3]uint64{}) }
