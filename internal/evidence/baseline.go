package evidence

import (
	"net/url"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

// baseline gives the release that the change's version is compared with: the
// one that the base pins, or else the release before it in the registry's
// history. fromBase tells which.
func baseline(p *registry.Package, c change.Change) (r *registry.Release, fromBase bool) {
	if locked := closest(c.Ecosystem, c.From, c.To); locked != "" && c.Kind != change.Relocked {
		if r := p.Release(locked); r != nil {
			return r, true
		}
	}
	return before(p, c.To), false
}

// closest picks, of several versions, the highest below v, or else the lowest
// above it: the least that can have changed.
func closest(ecosystem string, versions []string, v string) string {
	below, above := "", ""
	for _, old := range versions {
		switch {
		case version.Compare(ecosystem, old, v) < 0:
			if below == "" || version.Compare(ecosystem, old, below) > 0 {
				below = old
			}
		case above == "" || version.Compare(ecosystem, old, above) < 0:
			above = old
		}
	}
	if below != "" {
		return below
	}
	return above
}

// before gives the release that a user of v's release line had before v: the
// highest lower version of the same line that is still served, or else of any
// line. Prereleases are passed over unless v is one: few users had them.
func before(p *registry.Package, v string) *registry.Release {
	eco := p.Ecosystem
	line, pre := version.Line(eco, v), version.Prerelease(eco, v)
	var best *registry.Release
	bestInLine := false
	for i := range p.Releases {
		r := &p.Releases[i]
		if r.Removed || !version.Valid(eco, r.Version) || version.Compare(eco, r.Version, v) >= 0 {
			continue
		}
		if version.Prerelease(eco, r.Version) && !pre {
			continue
		}
		inLine := version.Line(eco, r.Version) == line
		switch {
		case best == nil, inLine && !bestInLine:
		case inLine != bestInLine, version.Compare(eco, r.Version, best.Version) <= 0:
			continue
		}
		best, bestInLine = r, inLine
	}
	return best
}

// arrivals gives the dependencies that a release has and its baseline has not,
// as far as the head installs them.
func arrivals(d *Dossier, a *answers, known, now pinned) []Arrival {
	if d.Release == nil || d.Baseline == nil {
		return nil
	}
	had := make(map[string]bool, len(d.Baseline.Dependencies))
	for _, dep := range d.Baseline.Dependencies {
		had[dep.Name] = true
	}
	var found []Arrival
	for _, dep := range d.Release.Dependencies {
		if had[dep.Name] {
			continue
		}
		s := subject{d.Change.Ecosystem, dep.Name}
		arrival := Arrival{Name: dep.Name, Spec: dep.Spec, NewToTree: !known.names[s]}
		if place, ok := now.places[s]; ok {
			arrival.Version, arrival.Place = place.Entry.Version, place
		}
		if h := a.histories[s]; h != nil && h.pkg != nil {
			arrival.Created = h.pkg.Created
		}
		found = append(found, arrival)
	}
	return found
}

// pinned is what a side's lockfiles hold, by name and by host.
type pinned struct {
	names  map[subject]bool
	places map[subject]change.Place // the first place of each
	hosts  map[string]bool
}

func newPinned(inventories []*lockfile.Inventory) pinned {
	p := pinned{
		names:  make(map[subject]bool),
		places: make(map[subject]change.Place),
		hosts:  make(map[string]bool),
	}
	for _, inv := range inventories {
		for i := range inv.Entries {
			e := &inv.Entries[i]
			s := subject{inv.Ecosystem, e.Name}
			if !p.names[s] {
				p.names[s] = true
				p.places[s] = change.Place{Lockfile: inv.Path, Format: inv.Format, Entry: e}
			}
			if host := host(e.Resolved); host != "" {
				p.hosts[host] = true
			}
		}
	}
	return p
}

// serves reports whether entries already come from the address's host.
func (p pinned) serves(address string) bool { return p.hosts[host(address)] }

// host gives scheme and host of an address. It does without url.Parse for the
// usual shape: a tree has thousands of addresses and few hosts.
func host(address string) string {
	const secure = "https://"
	if rest, ok := strings.CutPrefix(address, secure); ok {
		if i := strings.IndexAny(rest, `/\?#@`); i >= 0 && rest[i] == '/' {
			return secure + strings.ToLower(rest[:i])
		}
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}
