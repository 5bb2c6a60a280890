package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

// maxLocations is how many places of one change a report names.
const maxLocations = 50

// The modes of a run.
const (
	ModeCheck = "check"
	ModeScan  = "scan"
)

// BuildInput is a judgement with what was judged and by what.
type BuildInput struct {
	Version   string // of the program
	Mode      string // ModeCheck or ModeScan
	Shard     *Shard // nil for the whole
	JudgedAt  time.Time
	Base      *Side // nil in a scan
	Head      Side
	Policy    *policy.Policy
	Lockfiles []Lockfile
	Judgement policy.Judgement
}

// Build makes the document. Its changes are ordered by verdict, worst first,
// then by score, ecosystem, name and version.
func Build(in BuildInput) *Report {
	r := &Report{
		Schema:     Schema,
		Tool:       Tool{Name: "lockkeeper", Version: in.Version},
		Mode:       in.Mode,
		Shard:      in.Shard,
		JudgedAt:   in.JudgedAt.UTC(),
		Base:       in.Base,
		Head:       in.Head,
		Policy:     header(in.Policy),
		Verdict:    string(in.Judgement.Verdict),
		Score:      in.Judgement.Score,
		Lockfiles:  slices.Clone(in.Lockfiles),
		Findings:   findings(in.Judgement.Repository, nil),
		Exceptions: stale(in.Judgement.Exceptions),
	}
	slices.SortStableFunc(r.Lockfiles, func(a, b Lockfile) int { return cmp.Compare(a.Path, b.Path) })
	for i := range in.Judgement.Cases {
		r.Changes = append(r.Changes, changed(&in.Judgement.Cases[i]))
	}
	slices.SortStableFunc(r.Changes, worstFirst)
	r.Gaps = append(gaps(in.Judgement.Gaps), shared(r.Changes)...)
	r.Counts = count(r)
	return r
}

func header(p *policy.Policy) Policy {
	if p == nil {
		return Policy{}
	}
	return Policy{Source: p.Source, Preset: p.Preset, Warn: p.Warn, Block: p.Block, Cooldown: duration(p.Cooldown)}
}

// duration writes a duration as a policy file does: "24h", not "24h0m0s".
func duration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func changed(j *policy.Judged) Change {
	c := j.Dossier.Change
	places := c.Head
	if c.Kind == change.Removed {
		places = c.Base
	}
	out := Change{
		PURL:      packageURL(c.Ecosystem, c.Name, version(c)),
		Ecosystem: c.Ecosystem,
		Name:      c.Name,
		Kind:      string(c.Kind),
		From:      slices.Clone(c.From),
		To:        c.To,
		Direct:    c.Direct,
		Dev:       c.Dev,
		Locations: locations(places),
		Score:     j.Score,
		Verdict:   string(j.Verdict),
		Command:   j.Command,
		Gaps:      gaps(j.Gaps),
	}
	for _, a := range j.Dossier.Fixed {
		out.Fixed = append(out.Fixed, a.ID)
	}
	for _, a := range j.Dossier.Advisories {
		if j.Dossier.Unchanged[a.ID] {
			out.Unchanged = append(out.Unchanged, a.ID)
		}
	}
	slices.Sort(out.Fixed)
	slices.Sort(out.Unchanged)
	if n := len(out.Locations) - maxLocations; n > 0 {
		out.Locations, out.MoreLocations = out.Locations[:maxLocations], n
	}
	for _, path := range c.Via {
		out.Via = append(out.Via, slices.Clone(path))
	}
	if release := j.Dossier.Release; release != nil {
		out.Publisher, out.Installs = release.Publisher.Name, release.Installs()
		if !release.Published.IsZero() {
			out.PublishedAt = new(release.Published.UTC())
		}
	}
	if !j.Hold.IsZero() {
		out.HoldUntil = new(j.Hold.UTC())
	}
	var first *Location
	if len(out.Locations) > 0 {
		first = &out.Locations[0]
	}
	out.Findings = findings(j.Findings, first)
	return out
}

// version is the one that a change is about: of a removed package, the last
// that the base pinned.
func version(c change.Change) string {
	if c.To == "" && len(c.From) > 0 {
		return c.From[len(c.From)-1]
	}
	return c.To
}

func locations(places []change.Place) []Location {
	var all []Location
	for _, p := range places {
		at := Location{Path: p.Lockfile}
		if p.Entry != nil {
			at.Line = p.Entry.Line
			if p.Entry.Touched > at.Line {
				at.Touched = p.Entry.Touched
			}
		}
		if !slices.Contains(all[max(0, len(all)-1):], at) { // places are in order
			all = append(all, at)
		}
	}
	return all
}

// findings keeps the policy's order. Where a finding names no place, it is at
// the first place of its change.
func findings(weighed []policy.Weighed, first *Location) []Finding {
	var all []Finding
	for i := range weighed {
		f := &weighed[i]
		out := Finding{
			Signal:    f.Signal,
			Points:    f.Points,
			Blocks:    f.Always,
			Title:     f.Title,
			Message:   f.Message,
			Evidence:  facts(f.Facts),
			Remedy:    f.Remedy,
			CountedAs: f.Echo,
			Location:  place(f.Path, f.Line),
		}
		if out.Location == nil && first != nil {
			out.Location = new(*first)
		}
		for _, l := range f.Links {
			out.Links = append(out.Links, Link(l))
		}
		if f.Exception != nil {
			out.Exception = new(excuse(policy.Use{Exception: *f.Exception, State: applied(f.Exception)}))
		}
		all = append(all, out)
	}
	return all
}

func facts(list []signal.Fact) map[string]string {
	all := make(map[string]string, len(list))
	for _, f := range list {
		if before, ok := all[f.Name]; ok {
			f.Value = before + ", " + f.Value
		}
		all[f.Name] = f.Value
	}
	return all
}

func place(path string, line int) *Location {
	if path == "" {
		return nil
	}
	return &Location{Path: path, Line: line}
}

func gaps(weighed []policy.WeighedGap) []Gap {
	var all []Gap
	for _, g := range weighed {
		all = append(all, Gap{
			Check: string(g.Check), Reason: g.Reason, Hint: g.Hint,
			Level: string(g.Level), Location: place(g.Path, g.Line),
		})
	}
	return all
}

// shared gives the gaps that several packages have in common, in the order of
// the checks.
func shared(changes []Change) []Gap {
	var all []Gap
	index := map[Gap]int{}
	for _, c := range changes {
		for _, g := range c.Gaps {
			g.Location = nil
			i, ok := index[g]
			if !ok {
				i = len(all)
				index[g] = i
				all = append(all, g)
			}
			all[i].Packages++
		}
	}
	all = slices.DeleteFunc(all, func(g Gap) bool { return g.Packages < 2 })
	slices.SortStableFunc(all, func(a, b Gap) int { return cmp.Compare(checkOrder(a.Check), checkOrder(b.Check)) })
	return all
}

func checkOrder(check string) int {
	if i := slices.Index(evidence.Checks, evidence.Check(check)); i >= 0 {
		return i
	}
	return len(evidence.Checks)
}

// stale gives the exceptions that need a person's hand, and the acceptances that
// excuse nothing. Those that apply stand on their findings.
func stale(uses []policy.Use) []Exception {
	var all []Exception
	for _, u := range uses {
		if u.State != policy.Applied && u.State != policy.Accepted {
			all = append(all, excuse(u))
		}
	}
	return all
}

// applied is the state of an exception that excuses a finding.
func applied(e *policy.Exception) string {
	if e.By != "" {
		return policy.Accepted
	}
	return policy.Applied
}

func excuse(u policy.Use) Exception {
	e := u.Exception
	out := Exception{
		Package: e.Ecosystem + ":" + e.Name, Signals: slices.Clone(e.Signals), Reason: e.Reason, Owner: e.Owner,
		State: u.State, By: e.By, Link: e.Link, Why: u.Why,
	}
	if e.Version != "" {
		out.Package += "@" + e.Version
	}
	if e.Given != "" {
		out.Package = e.Given
	}
	if !e.Expires.IsZero() {
		// The policy's day is the last on which it holds.
		out.Expires = e.Expires.UTC().Add(-time.Nanosecond).Format(time.DateOnly)
	}
	return out
}
