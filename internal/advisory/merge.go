package advisory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/version"
)

// Merge makes one advisory of all that share an id or an alias, directly or
// through others, and orders them by id. What is told answers queries of one
// ecosystem for one version, by one database or by several. Only advisories
// that name the version are left.
func Merge(ecosystem string, told ...[]Advisory) []Advisory {
	found := slices.Concat(told...)
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
		if slices.ContainsFunc(group, func(a Advisory) bool { return a.Match.Names() }) {
			all = append(all, fold(ecosystem, group))
		}
	}
	slices.SortFunc(all, func(a, b Advisory) int { return compareIDs(a.ID, b.ID) })
	return all
}

// fold makes one advisory of several that are one, in the order of their ids.
// Of those that name the version it keeps the worst that is said, and the best
// evidence for it.
func fold(ecosystem string, group []Advisory) Advisory {
	one := Advisory{Match: Retracted}
	var ids, fixed []string
	for _, a := range group {
		ids = append(ids, names(a)...)
		one.Contested, one.Withdrawn = append(one.Contested, a.Contested...), append(one.Withdrawn, a.Withdrawn...)
		switch {
		case a.Match == Retracted:
			one.Withdrawn = append(one.Withdrawn, a.ID)
			continue
		case a.Match == Elsewhere:
			one.Contested = append(one.Contested, a.ID)
		default:
			one.take(a)
		}
		fixed = append(fixed, a.Fixed...)
	}
	if one.Match < AllVersions {
		one.Contested = nil
	}
	one.Contested, one.Withdrawn = sorted(one.Contested), sorted(one.Withdrawn)
	one.name(ids, group)
	slices.SortFunc(fixed, func(a, b string) int { return version.Compare(ecosystem, a, b) })
	one.Fixed = slices.Compact(fixed)
	return one
}

// take adds what another record says that names the version.
func (one *Advisory) take(a Advisory) {
	one.Summary = cmp.Or(one.Summary, a.Summary)
	one.Malware = one.Malware || a.Malware
	one.Severity = worse(one.Severity, a.Severity)
	one.Match = min(one.Match, a.Match)
	if !a.Published.IsZero() && (one.Published.IsZero() || a.Published.Before(one.Published)) {
		one.Published = a.Published
	}
}

// name chooses the id, among those that were not withdrawn if there are any,
// and a page: that of the record with this id, or of another that names the
// version.
func (one *Advisory) name(ids []string, group []Advisory) {
	standing := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(one.Withdrawn, id) })
	if len(standing) == 0 {
		standing = ids
	}
	one.ID = slices.MinFunc(standing, compareIDs)
	one.Aliases = others(one.ID, ids)
	for _, a := range group {
		if a.Match.Names() && (one.URL == "" || a.ID == one.ID) {
			one.URL = cmp.Or(a.URL, one.URL)
		}
	}
}

// sorted gives the ids in order, each once.
func sorted(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
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
