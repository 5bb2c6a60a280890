package evidence

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// Content is what is inside a release, and what of that its baseline lacked.
type Content struct {
	Profile *artifact.Profile // its outline: see [artifact.Profile.Outline]
	Delta   *artifact.Delta
	// Confused are the points in which the archive's own manifest is not what
	// the registry says of the release.
	Confused []artifact.Difference
	// Swapped is set where the registry serves other bytes than the lockfile
	// pins; nothing else is known then.
	Swapped *artifact.Mismatch
}

// Bounds of one run. Beyond the first the packages whose releases are the
// youngest were read, and the rest is a gap.
const (
	maxInspected = 250 // packages
	downloads    = 16  // packages whose archives are on their way at once
)

// inspect reads the archives of both sides of each change that a registry
// serves.
func (g *Gatherer) inspect(ctx context.Context, dossiers []*Dossier, scan bool) {
	wanted := inspectable(dossiers, g.Archives)
	if len(wanted) == 0 {
		return
	}
	for _, d := range wanted[min(maxInspected, len(wanted)):] {
		d.gap(Inside, fmt.Sprintf("%d packages changed, and the archives of only %d were read", len(wanted), maxInspected),
			"split the change, or read this one by lockkeeper diff")
	}
	wanted = wanted[:min(maxInspected, len(wanted))]
	stack := newStack(g.reader())
	pairs := make([]pair, len(wanted))
	for i, d := range wanted {
		pairs[i].latest = stack.add(archived{d.Change.Ecosystem, d.Change.Name, d.Release, pins(d.Change.Head, d.Release)})
		if compares(d, scan) {
			pairs[i].old = stack.add(archived{d.Change.Ecosystem, d.Change.Name, d.Baseline, pins(d.Change.Base, d.Baseline)})
		}
	}
	var group errgroup.Group
	group.SetLimit(downloads)
	for i, d := range wanted {
		group.Go(func() error {
			pairs[i].read(ctx, stack.reader, d)
			return nil
		})
	}
	_ = group.Wait() // each pair keeps its errors
	if !slices.ContainsFunc(pairs, func(p pair) bool { return !unrecorded(p.err) }) {
		return // a bundle that was recorded without archives
	}
	for i, d := range wanted {
		d.open(&pairs[i])
	}
}

// unrecorded reports whether a replayed bundle lacks the answer.
func unrecorded(err error) bool { return reasonOf(err) == fetch.NotRecorded }

// inspectable gives the dossiers of which an archive can be had, the youngest
// releases first.
func inspectable(dossiers []*Dossier, archives map[string]Archivist) []*Dossier {
	var wanted []*Dossier
	for _, d := range dossiers {
		if archives[d.Change.Ecosystem] != nil && d.Release != nil && !d.Release.Removed {
			wanted = append(wanted, d)
		}
	}
	slices.SortStableFunc(wanted, func(a, b *Dossier) int { return b.Release.Published.Compare(a.Release.Published) })
	return wanted
}

// pair are the archives of one change, and what was made of them.
type pair struct {
	latest, old *copied // old is nil if there is nothing to compare with
	content     *Content
	err, oldErr error
}

// read makes the delta at once, so that no run holds more profiles than are
// being compared.
func (p *pair) read(ctx context.Context, r *reader, d *Dossier) {
	var latest, old *artifact.Profile
	var both sync.WaitGroup
	both.Go(func() { latest, p.err = p.latest.take(ctx, r) })
	if p.old != nil {
		both.Go(func() { old, p.oldErr = p.old.take(ctx, r) })
	}
	both.Wait()
	if p.err != nil {
		return
	}
	// Without the old one the latest is judged as what is new would be.
	r.busy(func() {
		delta := artifact.Diff(old, latest)
		p.content = &Content{Profile: latest.Outline(delta), Delta: delta, Confused: confusion(d.Package, d.Release, latest)}
	})
}

// open writes into the dossier what the archives hold.
func (d *Dossier) open(p *pair) {
	var swapped *artifact.Mismatch
	switch {
	case errors.As(p.err, &swapped):
		d.Content = &Content{Swapped: swapped}
	case p.err != nil:
		d.gap(Inside, "its archive could not be read: "+cause(p.err), archiveHint(p.err))
	default:
		d.Content = p.content
		if p.oldErr != nil {
			d.gap(Inside, fmt.Sprintf("the archive of %s, which it is compared with, could not be read: %s", d.Baseline.Version, cause(p.oldErr)), archiveHint(p.oldErr))
		}
	}
}

// archiveHint says what a person can do about an archive that could not be
// read.
func archiveHint(err error) string {
	const self = "read the package's code yourself"
	if reasonOf(err) == fetch.NotFound {
		return "the registry lists the version and has no archive where it says so; " + self
	}
	return cmp.Or(hintFor(err), self)
}

// compares reports whether a release is held against an earlier one: in a scan
// the one before it, else the one that the repository had. A package that is
// new to it is judged by all that is inside.
func compares(d *Dossier, scan bool) bool {
	return d.Baseline != nil && !d.Baseline.Removed && (scan || d.Change.Kind != change.Added)
}

// pins gives the hashes that an archive must have: those of the lockfile, where
// it has any of the archive itself, else the registry's.
func pins(places []change.Place, r *registry.Release) []string {
	for _, p := range places {
		if p.Entry.Source != lockfile.Registry || p.Entry.Version != r.Version {
			continue
		}
		hashes := slices.DeleteFunc(slices.Clone(p.Entry.Hashes()), func(h string) bool { return p.Entry.Checksum != "" && !slices.Contains(p.Entry.Integrity, h) })
		if len(hashes) > 0 {
			return hashes
		}
	}
	return r.Integrity
}

// confusion holds the archive's own manifest against the registry's document,
// where that says what a release runs.
func confusion(p *registry.Package, r *registry.Release, inside *artifact.Profile) []artifact.Difference {
	if !p.Has.Scripts {
		return nil
	}
	c := artifact.Claims{Name: p.Name, Version: r.Version, Scripts: make(map[string]string), Dependencies: make(map[string]string)}
	for _, s := range r.Scripts {
		c.Scripts[s.Name] = s.Command
	}
	for _, dep := range r.Dependencies {
		c.Dependencies[dep.Name] = dep.Spec
	}
	return artifact.Confusion(inside, c)
}
