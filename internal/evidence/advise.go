package evidence

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
)

// advisoryKey is one version of one package.
type advisoryKey struct{ ecosystem, name, version string }

// advice is what the databases of advisories say of each version, and what
// each of them failed with: one of them must not hide what another knows.
type advice struct {
	byKey          map[advisoryKey][]advisory.Advisory
	err, githubErr error
}

// advise asks after the head's versions and after those that they replace, so
// that what a change brings in can be told from what was there before.
func (g *Gatherer) advise(ctx context.Context, changes []change.Change) advice {
	queries := advisoryQueries(changes)
	if len(queries) == 0 {
		return advice{}
	}
	var a advice
	var found, githubs [][]advisory.Advisory
	var group errgroup.Group
	group.Go(func() error {
		found, a.err = find(ctx, g.Advisories, queries)
		return nil
	})
	if g.GitHub != nil {
		group.Go(func() error {
			githubs, a.githubErr = find(ctx, g.GitHub, queries)
			return nil
		})
	}
	_ = group.Wait() // the functions keep their own errors
	if reasonOf(a.githubErr) == fetch.NotRecorded {
		a.githubErr = nil
	}
	a.byKey = make(map[advisoryKey][]advisory.Advisory, len(queries))
	for i, q := range queries {
		var told [][]advisory.Advisory
		for _, answers := range [][][]advisory.Advisory{found, githubs} {
			if answers != nil {
				told = append(told, answers[i])
			}
		}
		a.byKey[advisoryKey{q.Ecosystem, q.Name, q.Version}] = advisory.Merge(q.Ecosystem, told...)
	}
	return a
}

func find(ctx context.Context, database advisory.Database, queries []advisory.Query) ([][]advisory.Advisory, error) {
	if database == nil {
		return nil, errors.New("no database of advisories is configured")
	}
	found, err := database.Find(ctx, queries)
	if err == nil && len(found) != len(queries) {
		return nil, fmt.Errorf("advisories: %d answers to %d queries", len(found), len(queries))
	}
	return found, err
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
	if err := a.advice.err; err != nil {
		d.gap(Advisories, "the advisory database could not be asked: "+cause(err), cmp.Or(osvHints[reasonOf(err)], hintFor(err), lookThere))
	}
	if err := a.advice.githubErr; err != nil {
		d.gap(GitHubAdvisories, "GitHub's advisories could not be asked: "+cause(err), cmp.Or(githubHints[reasonOf(err)], hintFor(err), lookThere))
	}
	c := d.Change
	d.Advisories = a.advice.byKey[advisoryKey{c.Ecosystem, c.Name, c.To}]
	d.Unchanged = make(map[string]bool)
	for _, old := range a.replaced(c) {
		stays := false
		for _, now := range d.Advisories {
			if old.Same(now) {
				stays, d.Unchanged[now.ID] = true, true
			}
		}
		if !stays && !slices.ContainsFunc(d.Fixed, old.Same) {
			d.Fixed = append(d.Fixed, old)
		}
	}
	slices.SortFunc(d.Fixed, compareAdvisories)
}

// githubHints say what a person can do where GitHub's advisories are missing,
// if that is not what they can do of a registry.
var githubHints = map[fetch.Reason]string{
	fetch.NotFound: "GitHub Enterprise Server may have no advisories of its own; let the policy forgive this check (gaps: github-advisories)",
	fetch.Denied:   "give the step a token that GitHub takes; the right to read contents is enough",
	fetch.Refused:  "set GITHUB_API_URL to the address that answers without a redirect",
}

// osvHints say the same of OSV.
var osvHints = map[fetch.Reason]string{
	fetch.NotFound: "set the address of OSV's service in the policy (registries: osv) or in LOCKKEEPER_OSV_URL",
	fetch.Denied:   "set the address of OSV's service in the policy (registries: osv) or in LOCKKEEPER_OSV_URL; OSV asks for no token",
	fetch.Refused:  "set the address of OSV's service in the policy (registries: osv) to the one that answers without a redirect",
}

// replaced gives the advisories of the versions that a change stands in for.
func (a *answers) replaced(c change.Change) []advisory.Advisory {
	var all []advisory.Advisory
	for _, from := range c.From {
		all = append(all, a.advice.byKey[advisoryKey{c.Ecosystem, c.Name, from}]...)
	}
	return all
}

// compareAdvisories orders what a dossier lists.
func compareAdvisories(a, b advisory.Advisory) int { return cmp.Compare(a.ID, b.ID) }
