package signal

import (
	"cmp"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/manifest/settings"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// Run applies every row that judges a package, in the order of the table. A
// version that goes away installs nothing, and has no findings.
func Run(d *evidence.Dossier, c Context) []Finding {
	if d == nil || d.Change.Kind == change.Removed {
		return nil
	}
	d = inOrder(d)
	var first change.Place
	if len(d.Change.Head) > 0 {
		first = d.Change.Head[0]
	}
	links := pages(d)

	var all []Finding
	for i := range table {
		if table[i].Check == nil {
			continue
		}
		for _, f := range table[i].Check(d, c) {
			f = table[i].complete(f)
			if f.Path == "" && first.Entry != nil {
				f.Path, f.Line = first.Lockfile, first.Entry.Line
			}
			f.Links = append(f.Links, links...)
			all = append(all, f)
		}
	}
	return all
}

// RunRepository applies every row that judges the repository itself, in the
// order of the table.
func RunRepository(r *evidence.Repository, c Context) []Finding {
	if r == nil {
		return nil
	}
	r = repositoryInOrder(r)
	var all []Finding
	for i := range table {
		if table[i].Repository == nil {
			continue
		}
		for _, f := range table[i].Repository(r, c) {
			all = append(all, table[i].complete(f))
		}
	}
	return all
}

// complete fills in from the row what a finding leaves to it, and drops facts
// without a value. A finding that neither scores, blocks nor holds takes the
// row's points, unless another one has them already.
func (s *Signal) complete(f Finding) Finding {
	f.Signal = s.ID
	f.Title = cmp.Or(f.Title, s.Title)
	f.Remedy = cmp.Or(f.Remedy, s.Remedy)
	f.Facts = slices.DeleteFunc(f.Facts, func(fact Fact) bool { return fact.Value == "" })
	if f.Points == 0 && !f.Further && !f.Always && f.Hold.IsZero() {
		f.Points, f.Always = s.Points, s.Always
	}
	return f
}

// inOrder gives the dossier with its lists in an order of their own, so that
// the order in which the evidence arrived never shows in a finding. Places
// without an entry say nothing and are dropped.
func inOrder(d *evidence.Dossier) *evidence.Dossier {
	ordered := *d
	ordered.Change.Head = sortedPlaces(d.Change.Head)
	ordered.Change.Base = sortedPlaces(d.Change.Base)
	ordered.Change.Via = slices.SortedFunc(slices.Values(d.Change.Via), comparePaths)
	ordered.Unasked = slices.SortedFunc(slices.Values(d.Unasked), func(a, b evidence.Unasked) int {
		return cmp.Or(comparePlaces(a.Place, b.Place), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	})
	ordered.Forged = slices.SortedFunc(slices.Values(d.Forged), func(a, b evidence.Forged) int {
		return cmp.Or(comparePlaces(a.Place, b.Place), cmp.Compare(a.Hash, b.Hash), cmp.Compare(a.Fault, b.Fault))
	})
	ordered.Arrivals = slices.SortedFunc(slices.Values(d.Arrivals), compareArrivals)
	ordered.Package = chronological(d.Package)
	ordered.Advisories = slices.SortedFunc(slices.Values(d.Advisories), compareAdvisories)
	return &ordered
}

// chronological gives the package with its releases in order, which a registry's
// reader leaves them in.
func chronological(p *registry.Package) *registry.Package {
	if p == nil || slices.IsSortedFunc(p.Releases, registry.Chronological(p.Ecosystem)) {
		return p
	}
	ordered := *p
	ordered.Releases = slices.SortedFunc(slices.Values(p.Releases), registry.Chronological(p.Ecosystem))
	return &ordered
}

func repositoryInOrder(r *evidence.Repository) *evidence.Repository {
	ordered := *r
	ordered.Removed = slices.Sorted(slices.Values(r.Removed))
	ordered.Edited = slices.SortedFunc(slices.Values(r.Edited), func(a, b evidence.Edit) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Change, b.Change), cmp.Compare(a.Line, b.Line))
	})
	ordered.Loosened = slices.SortedFunc(slices.Values(r.Loosened), func(a, b settings.Loosening) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Setting, b.Setting), cmp.Compare(a.Change, b.Change))
	})
	ordered.Localized = slices.SortedFunc(slices.Values(r.Localized), func(a, b change.Local) int {
		return cmp.Or(cmp.Compare(a.Lockfile, b.Lockfile), cmp.Compare(a.Ecosystem, b.Ecosystem), cmp.Compare(a.Name, b.Name))
	})
	ordered.Head = nil
	for _, inv := range r.Head {
		if inv != nil {
			ordered.Head = append(ordered.Head, inv)
		}
	}
	slices.SortFunc(ordered.Head, func(a, b *lockfile.Inventory) int { return cmp.Compare(a.Path, b.Path) })
	return &ordered
}

func sortedPlaces(places []change.Place) []change.Place {
	kept := make([]change.Place, 0, len(places))
	for _, p := range places {
		if p.Entry != nil {
			kept = append(kept, p)
		}
	}
	slices.SortFunc(kept, comparePlaces)
	return kept
}

// comparePlaces goes beyond path and line: a minified lockfile has all its
// entries on one line, and a duplicated key twice the same one.
func comparePlaces(a, b change.Place) int {
	x, y := a.Entry, b.Entry
	return cmp.Or(
		cmp.Compare(a.Lockfile, b.Lockfile),
		cmp.Compare(x.Line, y.Line),
		cmp.Compare(x.Key, y.Key),
		cmp.Compare(x.Version, y.Version),
		cmp.Compare(x.Source, y.Source),
		cmp.Compare(x.Resolved, y.Resolved),
		slices.Compare(x.Integrity, y.Integrity),
		cmp.Compare(x.Checksum, y.Checksum),
		cmp.Compare(x.Deprecated, y.Deprecated),
	)
}

// comparePaths puts the shortest chain first: it explains most.
func comparePaths(a, b change.Path) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b))
}

func compareArrivals(a, b evidence.Arrival) int {
	return cmp.Or(
		cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.Version, b.Version),
		a.Created.Compare(b.Created),
		cmp.Compare(a.Spec, b.Spec),
	)
}

func compareAdvisories(a, b advisory.Advisory) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Match, b.Match))
}
