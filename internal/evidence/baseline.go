package evidence

import (
	"net/url"
	"strings"
	"sync"

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

// arrive fills in the dependencies that each release has and its baseline has
// not, with what the trees and the registries know of them.
func arrive(dossiers []*Dossier, a *answers, base, head pinned) {
	wanted := make(map[subject]bool)
	for _, d := range dossiers {
		for _, arrival := range d.Arrivals {
			wanted[subject{d.Change.Ecosystem, arrival.Name}] = true
		}
	}
	before, after := base.places(wanted), head.places(wanted)
	for _, d := range dossiers {
		for i := range d.Arrivals {
			arrival := &d.Arrivals[i]
			s := subject{d.Change.Ecosystem, arrival.Name}
			_, had := before[s]
			arrival.NewToTree = !had
			if place, ok := after[s]; ok {
				arrival.Version, arrival.Place = place.Entry.Version, place
			}
			if h := a.histories[s]; h != nil && h.pkg != nil {
				arrival.Created = h.pkg.Created
			}
		}
	}
}

// added lists the dependencies that the release has and its baseline has not.
func (d *Dossier) added() []Arrival {
	if d.Release == nil || d.Baseline == nil {
		return nil
	}
	had := make(map[string]bool, len(d.Baseline.Dependencies))
	for _, dep := range d.Baseline.Dependencies {
		had[dep.Name] = true
	}
	var found []Arrival
	for _, dep := range d.Release.Dependencies {
		if !had[dep.Name] {
			found = append(found, Arrival{Name: dep.Name, Spec: dep.Spec})
		}
	}
	return found
}

// pinned is what a side's lockfiles hold, looked up when a question comes up: a
// tree has thousands of entries, and few of them are ever asked after.
type pinned struct {
	inventories []*lockfile.Inventory
	hosts       func() map[string]bool
}

func newPinned(inventories []*lockfile.Inventory) pinned {
	p := pinned{inventories: inventories}
	p.hosts = sync.OnceValue(func() map[string]bool {
		hosts := make(map[string]bool)
		for _, inv := range inventories {
			for i := range inv.Entries {
				if host := host(inv.Entries[i].Resolved); host != "" && !hosts[host] {
					hosts[host] = true
				}
			}
		}
		return hosts
	})
	return p
}

// serves reports whether entries already come from the address's host.
func (p pinned) serves(address string) bool { return p.hosts()[host(address)] }

// places gives the first place of each of the packages asked for.
func (p pinned) places(wanted map[subject]bool) map[subject]change.Place {
	found := make(map[subject]change.Place, len(wanted))
	if len(wanted) == 0 {
		return found
	}
	for _, inv := range p.inventories {
		for i := range inv.Entries {
			s := subject{inv.EcosystemOf(&inv.Entries[i]), inv.Entries[i].Name}
			if _, seen := found[s]; wanted[s] && !seen {
				found[s] = change.Place{Lockfile: inv.Path, Format: inv.Format, Entry: &inv.Entries[i]}
			}
		}
	}
	return found
}

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
