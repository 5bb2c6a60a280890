package evidence

import (
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

// Request is what a manifest of the head asks for by one name, and the entry
// with which the lockfile answers. Requests that an override or a resolution of
// the repository changes are left out.
type Request struct {
	Path  string   // of the manifest
	Line  int      // of the first of Specs
	Name  string   // the name asked for; an alias, if the spec says so
	Specs []string // one for each list of the manifest that has the name
	// Lockfile and Key name the entry.
	Lockfile, Key string
}

// Unasked is an entry that answers a manifest's request and isn't what the
// request asks for.
type Unasked struct {
	Request
	Place change.Place
	// Other is set where the entry is another package, not only another
	// version.
	Other bool
}

// unasked lists the places of a change that answer a request with something
// else.
func unasked(c change.Change, requests map[[2]string][]Request) []Unasked {
	var found []Unasked
	for _, p := range c.Head {
		for _, r := range requests[[2]string{p.Lockfile, p.Entry.Key}] {
			if other, fits := r.fits(c.Ecosystem, p.Entry); !fits {
				found = append(found, Unasked{Request: r, Place: p, Other: other})
			}
		}
	}
	return found
}

// byEntry indexes requests by lockfile and key.
func byEntry(requests []Request) map[[2]string][]Request {
	index := make(map[[2]string][]Request, len(requests))
	for _, r := range requests {
		key := [2]string{r.Lockfile, r.Key}
		index[key] = append(index[key], r)
	}
	return index
}

// fits reports whether an entry is what one of the specs asks for, or may be:
// of tags, addresses and paths it can't be said. other is true if the entry is
// another package.
func (r Request) fits(ecosystem string, e *lockfile.Entry) (other, fits bool) {
	if e.Source != lockfile.Registry {
		return false, true // for the signals on sources
	}
	for _, spec := range r.Specs {
		name, wanted := r.Name, spec
		if rest, ok := strings.CutPrefix(spec, "npm:"); ok {
			name, wanted = r.aliased(rest)
		}
		ok, known := version.Satisfies(ecosystem, e.Version, wanted)
		switch {
		case !known:
			return false, true
		case name != e.Name:
			other = true
		case ok:
			return false, true
		}
	}
	return other, len(r.Specs) == 0
}

// aliased takes apart what follows "npm:" in a spec: a package and its range, or,
// as yarn berry writes it, a range only.
func (r Request) aliased(rest string) (name, wanted string) {
	if at := strings.LastIndexByte(rest, '@'); at > 0 {
		return rest[:at], rest[at+1:]
	}
	if strings.HasPrefix(rest, "@") || rest == "" || !strings.ContainsAny(rest[:1], "0123456789^~<>=*xXv ") {
		return rest, ""
	}
	return r.Name, rest
}
