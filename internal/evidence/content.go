package evidence

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// Archivist gives the archive of one release. listed is the address that the
// registry's document names, which need not be trusted.
type Archivist interface {
	Archive(ctx context.Context, name, version, listed string) (io.ReadCloser, error)
}

// Shelf keeps what was made of immutable answers between runs.
type Shelf interface {
	Kept(name string) ([]byte, bool)
	Keep(name string, data []byte)
}

// Content is what is inside a release, and what of that its baseline lacked.
type Content struct {
	Profile *artifact.Profile
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
	downloads    = 16  // archives on their way at once
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
	r := reader{scan: scan, archives: g.Archives, shelf: g.Shelf, cores: make(chan struct{}, min(runtime.GOMAXPROCS(0), 4))}
	wanted = wanted[:min(maxInspected, len(wanted))]
	found := make([]pair, len(wanted))
	var group errgroup.Group
	group.SetLimit(downloads)
	for i, d := range wanted {
		group.Go(func() error {
			found[i] = r.read(ctx, d)
			return nil
		})
	}
	_ = group.Wait() // each pair keeps its errors
	if !slices.ContainsFunc(found, func(p pair) bool { return !unrecorded(p.latest.err) }) {
		return // a bundle that was recorded without archives
	}
	for i, d := range wanted {
		d.open(found[i])
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

// reader makes profiles of archives.
type reader struct {
	scan     bool
	archives map[string]Archivist
	shelf    Shelf
	cores    chan struct{} // bounds the archives in memory
}

// pair are the archives of one change.
type pair struct{ latest, old profiled }

type profiled struct {
	profile *artifact.Profile
	err     error
}

func (r *reader) read(ctx context.Context, d *Dossier) (p pair) {
	var both sync.WaitGroup
	both.Go(func() { p.latest.profile, p.latest.err = r.profile(ctx, d, d.Release, pins(d.Change.Head, d.Release)) })
	if r.compares(d) {
		both.Go(func() { p.old.profile, p.old.err = r.profile(ctx, d, d.Baseline, pins(d.Change.Base, d.Baseline)) })
	}
	both.Wait()
	return p
}

// open writes into the dossier what the archives hold.
func (d *Dossier) open(p pair) {
	var swapped *artifact.Mismatch
	switch {
	case errors.As(p.latest.err, &swapped):
		d.Content = &Content{Swapped: swapped}
		return
	case p.latest.err != nil:
		d.gap(Inside, "its archive could not be read: "+cause(p.latest.err), cmp.Or(hintFor(p.latest.err), "read the package's code yourself"))
		return
	case p.old.err != nil:
		d.gap(Inside, fmt.Sprintf("the archive of %s, which it is compared with, could not be read: %s", d.Baseline.Version, cause(p.old.err)), hintFor(p.old.err))
		return
	}
	d.Content = &Content{Profile: p.latest.profile, Delta: artifact.Diff(p.old.profile, p.latest.profile)}
	if d.Package.Has.Scripts {
		d.Content.Confused = artifact.Confusion(p.latest.profile, claims(d.Change.Name, d.Release))
	}
}

// compares reports whether a release is held against an earlier one: in a scan
// the one before it, else the one that the repository had. A package that is
// new to it is judged by all that is inside.
func (r *reader) compares(d *Dossier) bool {
	return d.Baseline != nil && !d.Baseline.Removed && (r.scan || d.Change.Kind != change.Added)
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

// profile gives the profile of an archive: an earlier run's, or one that is made
// now.
func (r *reader) profile(ctx context.Context, d *Dossier, release *registry.Release, integrity []string) (*artifact.Profile, error) {
	key, err := artifact.Key(integrity)
	if err != nil {
		return nil, err
	}
	if r.shelf != nil {
		if data, ok := r.shelf.Kept(key); ok {
			if p, err := artifact.Decode(data, integrity); err == nil {
				return p, nil
			}
		}
	}
	body, err := r.archives[d.Change.Ecosystem].Archive(ctx, d.Change.Name, release.Version, release.Archive)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	r.cores <- struct{}{}
	defer func() { <-r.cores }()
	p, err := artifact.Read(ctx, body, integrity, artifact.Limits{})
	if err != nil {
		return nil, err
	}
	if r.shelf != nil {
		if data, err := artifact.Encode(p); err == nil {
			r.shelf.Keep(key, data)
		}
	}
	return p, nil
}

// claims are what the registry says of a release.
func claims(name string, r *registry.Release) artifact.Claims {
	c := artifact.Claims{Name: name, Version: r.Version, Scripts: make(map[string]string), Dependencies: make(map[string]string)}
	for _, s := range r.Scripts {
		c.Scripts[s.Name] = s.Command
	}
	for _, dep := range r.Dependencies {
		c.Dependencies[dep.Name] = dep.Spec
	}
	return c
}
