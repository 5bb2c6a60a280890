package advisory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/version"
)

// Claim is a record of a database that doesn't write as OSV does: what GitHub's
// own advisories say.
type Claim struct {
	Advisory            // its Severity, Fixed and Match are not read
	Rating     string   // in words, as GitHub has them
	CVSS       string   // a vector, read where there is no rating
	Weaknesses []string // such as "CWE-506"
	Withdrawn  bool
	Packages   []Claimed
}

// Claimed is what a claim says of one package.
type Claimed struct {
	Ecosystem, Name string
	// Range has conditions that all must hold: ">= 1.0.0, < 1.2.3". None, or
	// ">= 0", is every version.
	Range string
	Fixed string // "" for none
}

// Answer gives, for each query and in the same order, what each of the claims
// says of it. A claim without a proper id, or out of bounds, is an error.
func Answer(claims []Claim, queries []Query) ([][]Advisory, error) {
	index := make(map[subject][]*record)
	for _, c := range claims {
		r, err := c.record()
		if err != nil {
			return nil, err
		}
		for _, a := range r.affected {
			push(index, subject{a.ecosystem, a.name}, r)
		}
	}
	all := make([][]Advisory, len(queries))
	for i, q := range queries {
		all[i] = matching(q, index[subject{q.Ecosystem, q.Name}])
	}
	return all, nil
}

func (c Claim) record() (*record, error) {
	if !isID(c.ID) {
		return nil, fmt.Errorf("has no usable id: %.40q", c.ID)
	}
	r := &record{Advisory: c.Advisory, withdrawn: c.Withdrawn}
	r.Aliases = others(c.ID, slices.DeleteFunc(slices.Clone(c.Aliases), func(id string) bool { return !isID(id) }))
	r.Summary = cut(c.Summary, maxSummary)
	r.Malware = c.Malware || isMalware(append(r.Aliases, c.ID), c.Weaknesses, c.Summary)
	r.Severity = cmp.Or(ratings[strings.ToUpper(c.Rating)], rate(c.CVSS))
	for _, p := range c.Packages {
		r.affected = append(r.affected, affected{
			ecosystem: p.Ecosystem, name: p.Name,
			ranges: []extent{newConditions(p)},
		})
	}
	if err := r.check(r.Aliases); err != nil {
		return nil, fmt.Errorf("%s: %w", c.ID, err)
	}
	return r, nil
}

// maxRange bounds a range's text. GitHub's have two conditions.
const maxRange = 1 << 10

// conditions is a range as GitHub writes it: all of them hold for the versions
// that it names.
//
// https://docs.github.com/code-security/security-advisories/working-with-repository-security-advisories/best-practices-for-writing-repository-security-advisories#affected-versions
type conditions struct {
	ecosystem string
	list      []condition
	fix       string
	illegible bool
}

type condition struct {
	operator string
	holds    func(order int) bool // of the version to the bound
	bound    string
}

// operators are ordered so that none is a prefix of a later one.
var operators = []condition{
	{operator: ">=", holds: func(order int) bool { return order >= 0 }},
	{operator: "<=", holds: func(order int) bool { return order <= 0 }},
	{operator: ">", holds: func(order int) bool { return order > 0 }},
	{operator: "<", holds: func(order int) bool { return order < 0 }},
	{operator: "=", holds: func(order int) bool { return order == 0 }},
}

// newConditions reads a range. What can't be read makes the whole of it
// illegible: what the rest says alone may be more than was meant, or less.
func newConditions(p Claimed) conditions {
	c := conditions{ecosystem: p.Ecosystem, fix: p.Fixed}
	if len(p.Range) > maxRange {
		c.illegible = true
		return c
	}
	for part := range strings.SplitSeq(p.Range, ",") {
		if part = strings.TrimSpace(part); part != "" {
			c.add(part)
		} else if strings.TrimSpace(p.Range) != "" {
			c.illegible = true
		}
	}
	return c
}

func (c *conditions) add(part string) {
	i := slices.IndexFunc(operators, func(o condition) bool { return strings.HasPrefix(part, o.operator) })
	if i < 0 {
		c.illegible = true
		return
	}
	one := operators[i]
	one.bound = strings.TrimSpace(strings.TrimPrefix(part, one.operator))
	switch {
	case strings.HasPrefix(one.operator, ">") && slices.Contains(firsts, one.bound): // every version is
	case !version.ValidBound(c.ecosystem, one.bound):
		c.illegible = true
	default:
		c.list = append(c.list, one)
	}
}

// match implements [extent].
func (c conditions) match(v string) (Match, bool) {
	switch {
	case c.illegible:
		return Unreadable, true
	case len(c.list) == 0:
		return AllVersions, true
	case len(c.list) == 1 && c.list[0].operator == "=":
		return ByVersion, c.covers(v)
	}
	return ByRange, c.covers(v)
}

func (c conditions) covers(v string) bool {
	return !slices.ContainsFunc(c.list, func(one condition) bool {
		order, ok := version.Precedence(c.ecosystem, v, one.bound)
		return !ok || !one.holds(order)
	})
}

func (c conditions) bounded() bool { return !c.illegible && len(c.list) > 0 }

func (c conditions) size() int { return len(c.list) }

func (c conditions) fixed() []string {
	if c.fix == "" {
		return nil
	}
	return []string{c.fix}
}
