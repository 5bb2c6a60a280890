package advisory

import (
	"crypto"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/version"
)

// eventDocument is an event as it is written. The schema has one of its members
// set.
type eventDocument struct {
	Introduced   string `json:"introduced"`
	Fixed        string `json:"fixed"`
	LastAffected string `json:"last_affected"`
	Limit        string `json:"limit"`
}

type eventKind uint8

const (
	introduced eventKind = iota
	fixed
	lastAffected
	limit
)

// event is one end of a range.
type event struct {
	kind    eventKind
	first   bool // introduced before all versions
	version string
}

// span is a range: its events in the order of their versions.
type span struct {
	ecosystem string
	events    []event
	limits    []string
}

// newSpan orders a range's events. A bound that can't be read bounds nothing:
// it is better to ask a person once too often than to pass a package because
// of a slip of the pen.
func newSpan(ecosystem string, documents []eventDocument) span {
	s := span{ecosystem: ecosystem}
	for _, d := range documents {
		s.add(introduced, d.Introduced)
		s.add(fixed, d.Fixed)
		s.add(lastAffected, d.LastAffected)
		s.add(limit, d.Limit)
	}
	if !slices.ContainsFunc(s.events, func(e event) bool { return e.kind == introduced }) {
		s.events = append(s.events, event{first: true})
	}
	slices.SortStableFunc(s.events, func(a, b event) int {
		switch {
		case a.first && b.first:
			return 0
		case a.first:
			return -1
		case b.first:
			return 1
		}
		order, _ := version.Precedence(ecosystem, a.version, b.version)
		return order
	})
	return s
}

// firsts are the ways to write that all versions from the first on are meant.
var firsts = []string{"0", "0.0.0", "0.0.0-0"}

func (s *span) add(kind eventKind, v string) {
	if v == "" {
		return
	}
	first := kind == introduced && slices.Contains(firsts, v)
	readable := first || version.ValidBound(s.ecosystem, v)
	switch {
	case first, kind == introduced && !readable:
		s.events = append(s.events, event{first: true})
	case !readable:
	case kind == limit:
		s.limits = append(s.limits, v)
	default:
		s.events = append(s.events, event{kind: kind, version: v})
	}
}

// unbounded reports whether the range names all versions that there are.
func (s span) unbounded() bool {
	ends := slices.ContainsFunc(s.events, func(e event) bool { return e.kind != introduced })
	return s.events[0].first && !ends && len(s.limits) == 0
}

// covers evaluates the range as the OSV schema says: the last event that the
// version has reached decides, and it must lie below one of the limits.
func (s span) covers(v string) bool {
	if s.unbounded() {
		return true
	}
	if !version.ValidBound(s.ecosystem, v) {
		return false
	}
	inside := false
	for _, e := range s.events {
		order, _ := version.Precedence(s.ecosystem, v, e.version)
		switch {
		case e.first, e.kind == introduced && order >= 0:
			inside = true
		case e.kind == fixed && order >= 0, e.kind == lastAffected && order > 0:
			inside = false
		}
	}
	return inside && (len(s.limits) == 0 || slices.ContainsFunc(s.limits, func(limit string) bool {
		order, _ := version.Precedence(s.ecosystem, v, limit)
		return order < 0
	}))
}

// match implements [extent].
func (s span) match(v string) (Match, bool) {
	if s.unbounded() {
		return AllVersions, true
	}
	return ByRange, s.covers(v)
}

func (s span) bounded() bool { return !s.unbounded() }

func (s span) size() int { return len(s.events) }

func (s span) fixed() []string {
	var versions []string
	for _, e := range s.events {
		if e.kind == fixed {
			versions = append(versions, e.version)
		}
	}
	return versions
}

// extent is the set of versions that a record names with one range.
type extent interface {
	match(version string) (Match, bool)
	bounded() bool // it names particular versions
	fixed() []string
	size() int // how many events or conditions it is made of
}

// match says how a record bears on the version asked for; false if it doesn't.
func (r *record) match(q Query) (best Match, found bool) {
	best = Retracted
	hit := func(m Match) { best, found = min(best, m), true }
	if r.withdrawn {
		return best, slices.ContainsFunc(r.affected, func(a affected) bool { return a.names(q) })
	}
	bounded := r.bounded(q)
	if bounded {
		hit(Elsewhere)
	}
	for _, a := range r.affected {
		if slices.ContainsFunc(q.Integrity, func(h string) bool { return slices.Contains(a.hashes, h) }) {
			hit(ByHash)
		}
		if !a.names(q) {
			continue
		}
		if q.Version != "" && slices.Contains(a.versions, q.Version) {
			hit(ByVersion)
		}
		for _, e := range a.ranges {
			m, ok := e.match(q.Version)
			if ok && (e.bounded() || !r.Malware || !bounded) {
				hit(m)
			}
		}
	}
	return best, found
}

// bounded reports whether the record names particular versions of the package.
// Its malware range over all versions is then a leftover: several reporters'
// origins are merged into one record, and the first to report a hijack often
// wrote every version (MAL-2025-47141 of @ctrl/tinycolor). A vulnerability
// without a fix is no such thing, and its range stands.
func (r *record) bounded(q Query) bool {
	for _, a := range r.affected {
		if !a.names(q) {
			continue
		}
		if len(a.versions) > 0 || slices.ContainsFunc(a.ranges, extent.bounded) {
			return true
		}
	}
	return false
}

// sweeping reports whether the record calls every version of a package malware.
func (r *record) sweeping() bool {
	return r.Malware && !r.withdrawn && slices.ContainsFunc(r.affected, func(a affected) bool {
		m, ok := r.match(Query{Ecosystem: a.ecosystem, Name: a.name})
		return ok && m == AllVersions
	})
}

// advisory gives what the record says of a query; false if nothing.
func (r *record) advisory(q Query) (Advisory, bool) {
	m, ok := r.match(q)
	if !ok {
		return Advisory{}, false
	}
	a := r.Advisory
	a.Match = m
	for _, p := range r.affected {
		if p.names(q) {
			for _, e := range p.ranges {
				a.Fixed = append(a.Fixed, e.fixed()...)
			}
		}
	}
	return a, true
}

func (a affected) names(q Query) bool { return a.ecosystem == q.Ecosystem && a.name == q.Name }

// algorithms are those of Subresource Integrity, and SHA-1 as old lockfiles
// have it.
var algorithms = map[string]crypto.Hash{
	"sha1": crypto.SHA1, "sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512,
}

// integrities writes a record's hashes of an archive as lockfiles do. They are
// keyed by algorithm and given in hexadecimal digits, or, where the key ends
// in _sri, in that form already.
func integrities(hashes map[string]string) []string {
	var list []string
	for key, value := range hashes {
		name, isSRI := strings.CutSuffix(strings.ToLower(key), "_sri")
		sum, err := hex.DecodeString(value)
		if isSRI {
			sum, err = base64.StdEncoding.DecodeString(strings.TrimPrefix(value, name+"-"))
		}
		if algorithm, ok := algorithms[name]; ok && err == nil && len(sum) == algorithm.Size() {
			list = append(list, name+"-"+base64.StdEncoding.EncodeToString(sum))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
