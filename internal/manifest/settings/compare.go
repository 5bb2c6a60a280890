package settings

import (
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// looseness orders the values of an ordered protection. One that is not known
// is the loosest: nobody can say that it protects.
func (p *protection) looseness(text string) int {
	if i := slices.Index(p.order, text); i >= 0 {
		return i
	}
	return len(p.order)
}

// units are what a duration may be counted in, in seconds: in words of the
// table and in yarn's suffixes.
var units = map[string]float64{
	"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400,
	"seconds": 1, "minutes": 60, "days": 86400,
}

var (
	plainDuration = regexp.MustCompile(`^([0-9]*\.?[0-9]+)(ms|s|m|h|d|w)?$`)
	isoDuration   = regexp.MustCompile(`^P(?:([0-9.]+)W)?(?:([0-9.]+)D)?(?:T(?:([0-9.]+)H)?(?:([0-9.]+)M)?(?:([0-9.]+)S)?)?$`)
)

// length gives a duration in seconds: a number in the protection's unit, a
// number with yarn's suffix, or an ISO 8601 duration of Deno's. It is not known
// of anything else, a date for one.
func (p *protection) length(text string) (seconds float64, known bool) {
	text = strings.TrimSpace(text)
	switch m, iso := plainDuration.FindStringSubmatch(text), isoDuration.FindStringSubmatch(text); {
	case m != nil:
		number, err := strconv.ParseFloat(m[1], 64)
		unit := units[p.unit]
		if m[2] != "" {
			unit = units[m[2]]
		}
		seconds, known = number*unit, err == nil
	case iso != nil && text != "P" && !strings.HasSuffix(text, "T"):
		known = true
		for i, unit := range []string{"w", "d", "h", "m", "s"} {
			if iso[i+1] == "" {
				continue
			}
			number, err := strconv.ParseFloat(iso[i+1], 64)
			seconds += number * units[unit]
			known = known && err == nil
		}
	}
	if known && p.zeroNever && seconds == 0 {
		seconds = math.Inf(1)
	}
	return seconds, known
}

// looser reports whether a state protects less than another one. Lists are
// compared by their entries.
func looser(before, after *state, registries *hosts, subject string) bool {
	row := after.row
	switch row.kind {
	case ordered:
		return before.text != after.text && row.looseness(after.text) > row.looseness(before.text)
	case duration:
		was, wasKnown := row.length(before.text)
		is, known := row.length(after.text)
		if !known {
			return before.text != after.text
		}
		return wasKnown && is < was
	case address:
		return registries.looser(before.text, after.text, subject)
	}
	return len(gained(before, after)) > 0 || len(lost(before, after)) > 0
}

// gained lists the entries by which a list allows more: those that nothing
// covered, and those that were denied and no longer are.
func gained(before, after *state) []entry {
	if after.row.kind != allow {
		return nil
	}
	was, wasDenied := newIndex(before.allowed, after.row.follows), newIndex(before.denied, false)
	is, denied := newIndex(after.allowed, false), newIndex(after.denied, false)
	var more []entry
	told := make(map[string]bool)
	for _, e := range after.allowed {
		if !was.covers(e) || wasDenied.covers(e) && !denied.covers(e) {
			more = append(more, e)
			told[e.name] = true
		}
	}
	for _, e := range before.denied {
		if !denied.covers(e) && is.covers(e) && !told[e.name] && !told[everything] {
			more = append(more, entry{name: e.name, version: e.version, set: after.last()})
			told[e.name] = true
		}
	}
	return more
}

// lost lists the entries that a list no longer demands.
func lost(before, after *state) []entry {
	if after.row.kind != demand {
		return nil
	}
	is := newIndex(after.allowed, false)
	var gone []entry
	for _, e := range before.allowed {
		if !is.covers(e) {
			gone = append(gone, e)
		}
	}
	return gone
}

// hosts compares addresses.
type hosts struct {
	public map[string]bool
	scopes map[string]string
}

func newHosts(r Registries) *hosts {
	h := &hosts{public: make(map[string]bool), scopes: make(map[string]string)}
	for _, address := range r.Public {
		_, host := hostOf(address)
		h.public[host] = true
	}
	for scope, address := range r.Scopes {
		_, h.scopes[scope] = hostOf(address)
	}
	return h
}

// hostOf gives the scheme and the host of an address with its port. Of a text
// that is no address the whole text stands for the host.
func hostOf(address string) (scheme, host string) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return "", strings.TrimSpace(address)
	}
	return strings.ToLower(u.Scheme), strings.ToLower(u.Host)
}

// named gives the host of a value; the public registry's is "".
func (h *hosts) named(address string) (host string, plain bool) {
	scheme, host := hostOf(address)
	if h.public[host] {
		host = ""
	}
	return host, scheme == "http"
}

// looser reports whether packages come from another host, or from the same one
// without encryption where there was some.
func (h *hosts) looser(before, after, subject string) bool {
	was, wasPlain := h.named(before)
	is, plain := h.named(after)
	if own, ok := h.scopes[subject]; ok && is == own && !plain && was == "" {
		return false
	}
	return was != is || plain && !wasPlain
}
