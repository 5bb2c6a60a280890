package advisory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/version"
)

// page is where people read about an advisory.
const page = "https://osv.dev/vulnerability/"

// Merge gives a database that asks all of these and takes their answers for one
// another's by alias. If one of them can't answer, nor can it.
func Merge(databases ...Database) Database { return merged(databases) }

type merged []Database

// Find implements [Database].
func (m merged) Find(ctx context.Context, queries []Query) ([][]Advisory, error) {
	if len(m) == 0 {
		return nil, errors.New("advisories: no database is configured")
	}
	answers := make([][][]Advisory, len(m))
	err := each(len(m), func(i int) (err error) {
		answers[i], err = m[i].Find(ctx, queries)
		if err == nil && len(answers[i]) != len(queries) {
			err = fmt.Errorf("advisories: %d answers to %d queries", len(answers[i]), len(queries))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	all := make([][]Advisory, len(queries))
	for i := range queries {
		var found []Advisory
		for _, answer := range answers {
			found = append(found, answer[i]...)
		}
		all[i] = combine(queries[i].Ecosystem, found)
	}
	return all, nil
}

// combine makes one advisory of those that share an id or an alias, directly or
// through others, and orders them by id. They answer queries of one ecosystem.
func combine(ecosystem string, found []Advisory) []Advisory {
	found = slices.Clone(found)
	slices.SortStableFunc(found, func(a, b Advisory) int { return compareIDs(a.ID, b.ID) })
	same := newPartition(len(found))
	owner := make(map[string]int)
	for i, a := range found {
		for _, id := range names(a) {
			if first, ok := owner[id]; ok {
				same.join(first, i)
			} else {
				owner[id] = i
			}
		}
	}
	groups := make([][]Advisory, len(found))
	for i, a := range found {
		root := same.root(i)
		groups[root] = append(groups[root], a)
	}
	var all []Advisory
	for _, group := range groups {
		if len(group) > 0 {
			all = append(all, fold(ecosystem, group))
		}
	}
	slices.SortFunc(all, func(a, b Advisory) int { return compareIDs(a.ID, b.ID) })
	return all
}

// fold makes one advisory of several that are one, in the order of their ids.
// It keeps the worst that is said, and the best evidence for it.
func fold(ecosystem string, group []Advisory) Advisory {
	one := group[0]
	var ids, fixed []string
	for _, a := range group {
		ids = append(ids, names(a)...)
		fixed = append(fixed, a.Fixed...)
		one.Summary = cmp.Or(one.Summary, a.Summary)
		one.Malware = one.Malware || a.Malware
		one.Severity = worse(one.Severity, a.Severity)
		one.Match = min(one.Match, a.Match)
		if !a.Published.IsZero() && (one.Published.IsZero() || a.Published.Before(one.Published)) {
			one.Published = a.Published
		}
	}
	one.ID = slices.MinFunc(ids, compareIDs)
	one.Aliases = others(one.ID, ids)
	slices.SortFunc(fixed, func(a, b string) int { return version.Compare(ecosystem, a, b) })
	one.Fixed = slices.Compact(fixed)
	one.URL = page + url.PathEscape(one.ID)
	return one
}

func names(a Advisory) []string { return append([]string{a.ID}, a.Aliases...) }

// compareIDs orders ids by what people know them by, so that one advisory has
// one id whichever of its records a database has.
func compareIDs(a, b string) int {
	kind := func(id string) int {
		i := slices.IndexFunc(kinds, func(prefix string) bool { return strings.HasPrefix(id, prefix) })
		if i < 0 {
			return len(kinds)
		}
		return i
	}
	return cmp.Or(cmp.Compare(kind(a), kind(b)), strings.Compare(a, b))
}

var kinds = []string{"MAL-", "GHSA-", "CVE-"}

// A partition holds disjoint sets of numbers: for each, another of its set.
type partition []int

func newPartition(n int) partition {
	p := make(partition, n)
	for i := range p {
		p[i] = i
	}
	return p
}

func (p partition) root(i int) int {
	for p[i] != i {
		p[i] = p[p[i]]
		i = p[i]
	}
	return i
}

func (p partition) join(i, j int) { p[p.root(j)] = p.root(i) }
