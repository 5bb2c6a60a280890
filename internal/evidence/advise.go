package evidence

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/change"
)

// advisoryKey is one version of one package.
type advisoryKey struct{ ecosystem, name, version string }

// advise asks after the head's versions and after those that they replace, so
// that what a change brings in can be told from what was there before.
func (g *Gatherer) advise(ctx context.Context, changes []change.Change) (map[advisoryKey][]advisory.Advisory, error) {
	queries := advisoryQueries(changes)
	if len(queries) == 0 {
		return nil, nil
	}
	if g.Advisories == nil {
		return nil, errors.New("no database of advisories is configured")
	}
	found, err := g.Advisories.Find(ctx, queries)
	if err != nil {
		return nil, err
	}
	byKey := make(map[advisoryKey][]advisory.Advisory, len(queries))
	for i, q := range queries {
		slices.SortFunc(found[i], compareAdvisories)
		byKey[advisoryKey{q.Ecosystem, q.Name, q.Version}] = found[i]
	}
	return byKey, nil
}

// advisoryQueries lists each version once, in the order of the changes.
func advisoryQueries(changes []change.Change) []advisory.Query {
	var queries []advisory.Query
	at := make(map[advisoryKey]int)
	add := func(c change.Change, version string, places []change.Place) {
		key := advisoryKey{c.Ecosystem, c.Name, version}
		i, seen := at[key]
		if !seen {
			i = len(queries)
			at[key] = i
			queries = append(queries, advisory.Query{Ecosystem: c.Ecosystem, Name: c.Name, Version: version})
		}
		for _, p := range places {
			for _, hash := range p.Entry.Hashes() {
				if p.Entry.Version == version && !slices.Contains(queries[i].Integrity, hash) {
					queries[i].Integrity = append(queries[i].Integrity, hash)
				}
			}
		}
	}
	for _, c := range changes {
		if c.Kind == change.Removed || !advisory.Covers(c.Ecosystem) {
			continue
		}
		add(c, c.To, c.Head)
		for _, from := range c.From {
			add(c, from, nil)
		}
	}
	return queries
}

// tellAdvisories sorts what is known into new, unchanged and fixed.
func (a *answers) tellAdvisories(d *Dossier) {
	if !advisory.Covers(d.Change.Ecosystem) {
		// Of code that no registry has, a gap of its own says that nothing is known.
		if asksRegistry(d.Change) {
			d.gap(Coverage, "nobody writes advisories for packages of "+d.Change.Ecosystem,
				"watch the package's own repository; a policy decides whether such packages may pass (gaps: coverage)")
		}
		return
	}
	if a.adviceErr != nil {
		d.gap(Advisories, "the advisory database could not be asked: "+cause(a.adviceErr), hintFor(a.adviceErr))
		return
	}
	c := d.Change
	d.Advisories = a.advisories[advisoryKey{c.Ecosystem, c.Name, c.To}]
	d.Unchanged = make(map[string]bool)
	for _, old := range a.replaced(c) {
		if i := slices.IndexFunc(d.Advisories, old.Same); i >= 0 {
			d.Unchanged[d.Advisories[i].ID] = true
			continue
		}
		if !slices.ContainsFunc(d.Fixed, old.Same) {
			d.Fixed = append(d.Fixed, old)
		}
	}
	slices.SortFunc(d.Fixed, compareAdvisories)
}

// replaced gives the advisories of the versions that a change stands in for.
func (a *answers) replaced(c change.Change) []advisory.Advisory {
	var all []advisory.Advisory
	for _, from := range c.From {
		all = append(all, a.advisories[advisoryKey{c.Ecosystem, c.Name, from}]...)
	}
	return all
}

// compareAdvisories orders what a dossier lists.
func compareAdvisories(a, b advisory.Advisory) int { return cmp.Compare(a.ID, b.ID) }
