package report

import (
	"slices"
	"strings"
	"time"
)

// withVerdict gives the changes of one verdict, in the document's order.
func withVerdict(r *Report, verdict string) []*Change {
	var all []*Change
	for i := range r.Changes {
		if r.Changes[i].Verdict == verdict {
			all = append(all, &r.Changes[i])
		}
	}
	return all
}

// weighty reports whether findings are why a change needs a person; not so for
// one that only waits, or that only lacks evidence.
func weighty(c *Change) bool {
	switch c.Verdict {
	case "pass":
		return false
	case "block", "warn":
		return true
	}
	return slices.ContainsFunc(c.Findings, func(f Finding) bool { return f.Points > 0 || f.Blocks })
}

// waiting gives the changes that only have to wait.
func waiting(r *Report) []*Change {
	return slices.DeleteFunc(withVerdict(r, "hold"), weighty)
}

// gapGroup is one gap with all that it concerns.
type gapGroup struct {
	Gap
	changes []*Change
}

// packages is the number of packages that lack the evidence.
func (g gapGroup) packages() int { return max(g.Packages, len(g.changes)) }

// gapGroups gives each different gap once, those that decide the verdict first.
func gapGroups(r *Report) []gapGroup {
	type key struct {
		check, reason, hint, level string
		at                         Location
	}
	var all []gapGroup
	index := map[key]int{}
	group := func(g Gap) *gapGroup {
		k := key{check: g.Check, reason: g.Reason, hint: g.Hint, level: g.Level}
		if g.Location != nil {
			k.at = *g.Location
		}
		i, ok := index[k]
		if !ok {
			i = len(all)
			index[k] = i
			all = append(all, gapGroup{Gap: g})
		}
		return &all[i]
	}
	for _, g := range r.Gaps {
		group(g)
	}
	for i := range r.Changes {
		for _, g := range r.Changes[i].Gaps {
			found := group(g)
			found.changes = append(found.changes, &r.Changes[i])
		}
	}
	slices.SortStableFunc(all, func(a, b gapGroup) int { return mildness(a.Gap) - mildness(b.Gap) })
	return all
}

func mildness(g Gap) int {
	if g.Level == "block" {
		return 0
	}
	return 1
}

// listing is one signal with the changes that it only lists.
type listing struct {
	*Finding // of the first of the changes
	changes  []*Change
}

// listings gives what findings without points list, by signal.
func listings(r *Report) []listing {
	var all []listing
	for i := range r.Changes {
		c := &r.Changes[i]
		for k := range c.Findings {
			f := &c.Findings[k]
			if !isListed(f) {
				continue
			}
			at := slices.IndexFunc(all, func(l listing) bool { return l.Signal == f.Signal })
			if at < 0 {
				at = len(all)
				all = append(all, listing{Finding: f})
			}
			all[at].changes = append(all[at].changes, c)
		}
	}
	slices.SortStableFunc(all, func(a, b listing) int { return strings.Compare(a.Signal, b.Signal) })
	return all
}

// reason gives what a listing says of one of its changes.
func (l listing) reason(c *Change) string {
	for i := range c.Findings {
		if f := &c.Findings[i]; f.Signal == l.Signal {
			return f.Message
		}
	}
	return ""
}

// excuses gives each exception that plays a part: those that apply, then those
// that are expired or match nothing.
func excuses(r *Report) []Exception {
	var all []Exception
	seen := map[string]bool{}
	add := func(e Exception) {
		key := strings.Join(append([]string{e.Package, e.State, e.Reason, e.Owner, e.Expires, e.By, e.Link, e.Why}, e.Signals...), "\x00")
		if !seen[key] {
			seen[key] = true
			all = append(all, e)
		}
	}
	applied := func(list []Finding) {
		for i := range list {
			if e := list[i].Exception; e != nil {
				add(*e)
			}
		}
	}
	for i := range r.Changes {
		applied(r.Changes[i].Findings)
	}
	applied(r.Findings)
	for _, e := range r.Exceptions {
		add(e)
	}
	return all
}

// bySource gives the excuses of the policy and those that people asked for.
func bySource(r *Report) (ofPolicy, ofPeople []Exception) {
	for _, e := range excuses(r) {
		if e.By != "" {
			ofPeople = append(ofPeople, e)
		} else {
			ofPolicy = append(ofPolicy, e)
		}
	}
	return ofPolicy, ofPeople
}

// reason is a finding as it is shown: with the others that its points stand for.
type reason struct {
	*Finding
	more   []*Finding // of the same signal
	covers []*Finding // of other signals, which tell the same fact
}

// reasons gives the findings that are shown by themselves, in their order. One
// that is counted as another stands with that.
func reasons(list []Finding) []reason {
	var all []reason
	for i := range list {
		if f := &list[i]; !stands(f, list) {
			all = append(all, reason{Finding: f})
		}
	}
	for i := range list {
		f := &list[i]
		if !stands(f, list) {
			continue
		}
		by := &all[slices.IndexFunc(all, func(r reason) bool { return carries(r.Finding, f) })]
		if f.Signal == by.Signal {
			by.more = append(by.more, f)
		} else {
			by.covers = append(by.covers, f)
		}
	}
	return all
}

// stands reports whether a finding stands with another of the list.
func stands(f *Finding, list []Finding) bool {
	return f.CountedAs != "" && f.Exception == nil && !f.Blocks &&
		slices.ContainsFunc(list, func(by Finding) bool { return carries(&by, f) })
}

// carries reports whether the points of one finding count for another.
func carries(by, f *Finding) bool {
	return by.Signal == f.CountedAs && by.CountedAs == "" && by.Exception == nil
}

// remedies gives what to do next: for the findings that together have a person
// called, worst first, for the others that would by themselves, and for the
// wait of what is held. Beside one that always blocks, the rest does not matter.
func remedies(r *Report, list []Finding, hold *time.Time) []string {
	blocks := slices.ContainsFunc(list, func(f Finding) bool { return f.Blocks && f.Exception == nil })
	var all []string
	sum := 0
	for _, f := range reasons(list) {
		if f.Exception != nil || f.CountedAs != "" || isListed(f.Finding) || blocks && !f.Blocks {
			continue
		}
		first := len(all) == 0
		calls := f.Blocks || f.Points > 0 && sum < r.Policy.Warn || r.Policy.Warn > 0 && f.Points >= r.Policy.Warn
		waits := hold != nil && f.Signal == cooldownSignal
		sum += f.Points
		if (first || calls || waits) && f.Remedy != "" && !slices.Contains(all, f.Remedy) {
			all = append(all, f.Remedy)
		}
	}
	return all
}

// pages gives the links of findings, each address once.
func pages(list []Finding) []Link {
	var all []Link
	for i := range list {
		for _, l := range list[i].Links {
			if !slices.ContainsFunc(all, func(have Link) bool { return have.URL == l.URL }) {
				all = append(all, l)
			}
		}
	}
	return all
}
