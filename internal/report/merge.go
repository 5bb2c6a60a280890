package report

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/policy"
)

// Shard says which part of a scan a document is about: part Index of Of, from
// 1.
type Shard struct {
	Index int `json:"index"`
	Of    int `json:"of"`
}

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Of) }

// Merge makes one document of all parts of a scan, in any order: the one that
// the scan would have given in one piece. The parts must be whole, of one scan,
// and judged as of one time.
func Merge(parts []*Report) (*Report, error) {
	if err := whole(parts); err != nil {
		return nil, err
	}
	parts = slices.SortedFunc(slices.Values(parts), func(a, b *Report) int { return a.Shard.Index - b.Shard.Index })
	for _, p := range parts[1:] {
		if what := differs(parts[0], p); what != "" {
			return nil, fmt.Errorf("shard %s: merging: its %s differ from shard %s's", p.Shard, what, parts[0].Shard)
		}
	}
	all := *parts[0]
	all.Shard, all.Changes = nil, nil
	for _, p := range parts {
		all.Changes = append(all.Changes, p.Changes...)
		all.Score = max(all.Score, p.Score)
		if policy.Verdict(p.Verdict).Worse(policy.Verdict(all.Verdict)) {
			all.Verdict = p.Verdict
		}
	}
	slices.SortStableFunc(all.Changes, worstFirst)
	all.Gaps = append(own(all.Gaps), shared(all.Changes)...)
	all.Exceptions = unusedByAll(parts)
	all.Counts = count(&all)
	return &all, nil
}

// whole checks that the parts are all parts of one number.
func whole(parts []*Report) error {
	if len(parts) == 0 {
		return errors.New("merging: no reports")
	}
	seen := make(map[int]bool)
	for _, p := range parts {
		switch {
		case p.Shard == nil:
			return errors.New("merging: a report is of no shard; it is whole already")
		case p.Shard.Of != len(parts) || p.Shard.Index < 1 || p.Shard.Index > p.Shard.Of:
			return fmt.Errorf("shard %s: merging: among %d reports", p.Shard, len(parts))
		case seen[p.Shard.Index]:
			return fmt.Errorf("shard %s: merging: given twice", p.Shard)
		}
		seen[p.Shard.Index] = true
	}
	return nil
}

// differs names what two parts of one scan must share and don't.
func differs(a, b *Report) string {
	for _, same := range []struct {
		what string
		a, b any
	}{
		{"versions of lockkeeper", a.Tool, b.Tool},
		{"modes", a.Mode, b.Mode},
		{"times of judgement (give each shard the same --now)", a.JudgedAt.UTC(), b.JudgedAt.UTC()},
		{"heads", a.Head, b.Head},
		{"policies", a.Policy, b.Policy},
		{"lockfiles", a.Lockfiles, b.Lockfiles},
		{"findings about the repository", a.Findings, b.Findings},
		{"gaps about files", own(a.Gaps), own(b.Gaps)},
	} {
		if !reflect.DeepEqual(same.a, same.b) {
			return same.what
		}
	}
	return ""
}

// own keeps the gaps that no package has.
func own(gaps []Gap) []Gap {
	return slices.DeleteFunc(slices.Clone(gaps), func(g Gap) bool { return g.Packages > 0 })
}

// unusedByAll lists the exceptions that want a person's hand. One that matches
// nothing in its part may match in another.
func unusedByAll(parts []*Report) []Exception {
	return slices.DeleteFunc(slices.Clone(parts[0].Exceptions), func(e Exception) bool {
		return slices.ContainsFunc(parts[1:], func(p *Report) bool {
			return !slices.ContainsFunc(p.Exceptions, func(other Exception) bool { return reflect.DeepEqual(e, other) })
		})
	})
}
