package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxFresh bounds how long an answer is given without asking again, whatever
// its server allows, so that a version that is taken down is seen to be. It is
// as long as npm's registry allows its own network of caches.
const maxFresh = 5 * time.Minute

// fresh reports whether a kept answer may be given without asking. A date that
// is further away than any that is ever written, as the clock was moved back or
// the folder comes from another machine, is none.
func (k kept) fresh(now time.Time) bool {
	left := k.Fresh.Sub(now)
	return left > 0 && left <= maxFresh
}

// freshUntil gives until when an answer may be given without asking again, as
// RFC 9111 has it for a cache of one user; zero if it may not at all. asked is
// the time at which the question left.
//
// It knows less than the RFC permits: neither Expires nor a guess from
// Last-Modified makes an answer fresh, nor does one that a redirect led to,
// which may lead elsewhere next time.
func freshUntil(asked time.Time, resp *http.Response, in inquiry) time.Time {
	stated, ok := directives(resp.Header)["max-age"]
	seconds, err := strconv.ParseUint(stated, 10, 31)
	redirected := resp.Request != nil && resp.Request.URL.String() != in.url
	if !ok || err != nil || in.method != http.MethodGet || redirected || varies(resp.Header) {
		return time.Time{}
	}
	for _, forbids := range []string{"no-store", "no-cache"} {
		if _, ok := directives(resp.Header)[forbids]; ok {
			return time.Time{}
		}
	}
	age, ok := ageOf(resp.Header, asked)
	lifetime := min(time.Duration(seconds)*time.Second, maxFresh) - age
	if !ok || lifetime <= 0 {
		return time.Time{}
	}
	return asked.Add(lifetime).UTC()
}

// directives gives the members of Cache-Control (section 5.2), in lower case
// and without quotes. Of one that is there twice with two values the value is
// empty, which is none. A list in quotes is taken apart as well: that forbids
// more than it says, and allows nothing.
func directives(h http.Header) map[string]string {
	found := make(map[string]string)
	for _, line := range h.Values("Cache-Control") {
		for member := range strings.SplitSeq(line, ",") {
			name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(member)), "=")
			value = strings.Trim(value, `"`)
			if other, twice := found[name]; twice && other != value {
				value = ""
			}
			found[name] = value
		}
	}
	return found
}

// ageOf gives how old an answer was when it was asked for: what the caches on
// its way say, or what its date says (section 4.2.3). An age that can't be read
// is not known.
func ageOf(h http.Header, asked time.Time) (age time.Duration, ok bool) {
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		age = max(asked.Sub(date), 0)
	}
	stated := h.Get("Age")
	if stated == "" {
		return age, true
	}
	seconds, err := strconv.ParseUint(stated, 10, 31)
	return max(age, time.Duration(seconds)*time.Second), err == nil
}

// steady are the headers of a question that are the same whenever it is asked
// again, or part of the copy's key.
var steady = map[string]bool{"accept": true, "accept-encoding": true, "authorization": true, "cookie": true, "origin": true}

// varies reports whether an answer depends on more than its question (section
// 4.1): on the program's version, or on who knows what.
func varies(h http.Header) bool {
	for _, line := range h.Values("Vary") {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.ToLower(strings.TrimSpace(name)); name != "" && !steady[name] {
				return true
			}
		}
	}
	return false
}
