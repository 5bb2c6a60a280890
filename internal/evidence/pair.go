package evidence

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

// Pair is what one release of a package has inside that another had not.
type Pair struct {
	Ecosystem, Name string
	Old             Edition // the zero value if there is none
	New             Edition
	Delta           *artifact.Delta
	// Confused are the points in which New's own manifest is not what the
	// registry says of it.
	Confused []artifact.Difference
}

// Edition is a release and its archive's profile.
type Edition struct {
	Version   string
	Published time.Time // zero if not known
	Profile   *artifact.Profile
}

// Missing is the error for a release whose archive could not be had or read.
type Missing struct {
	Subject string // "npm:left-pad@1.3.0"
	Reason  string
	hint    string
	err     error
}

// Error says what is missing, and why.
func (m *Missing) Error() string { return m.Subject + ": " + m.Reason }

// Hint says what the user can do; it may be empty.
func (m *Missing) Hint() string { return m.hint }

func (m *Missing) Unwrap() error { return m.err }

// Pair compares two releases of a package by their archives, each held against
// the registry's own hash. Without an old version that is the release before the
// new one; of a first release all is new. The error is a [*Missing].
func (g *Gatherer) Pair(ctx context.Context, ecosystem, name, old, latest string) (*Pair, error) {
	subject := ecosystem + ":" + name
	if g.Histories[ecosystem] == nil || g.Archives[ecosystem] == nil {
		return nil, &Missing{Subject: subject, Reason: "no registry is known that has archives of it"}
	}
	p, err := g.Histories[ecosystem].Package(ctx, name)
	if err != nil {
		return nil, &Missing{subject, silence(err), hintFor(err), err}
	}
	release, err := served(p, latest)
	if err != nil {
		return nil, err
	}
	baseline := before(p, latest)
	if old != "" {
		if baseline, err = served(p, old); err != nil {
			return nil, err
		}
	}
	return g.compare(ctx, p, baseline, release)
}

// served gives a release that the registry still has.
func served(p *registry.Package, wanted string) (*registry.Release, error) {
	r := p.Release(wanted)
	switch {
	case r == nil:
		return nil, &Missing{Subject: p.Ecosystem + ":" + p.Name + "@" + wanted, Reason: "the registry lists no such version", hint: highest(p)}
	case r.Removed:
		return nil, &Missing{Subject: p.Ecosystem + ":" + p.Name + "@" + wanted, Reason: "the registry no longer serves it"}
	}
	return r, nil
}

// highest says which versions a registry serves, the highest ones first.
func highest(p *registry.Package) string {
	const few = 3
	var all []string
	for _, r := range p.Releases {
		if !r.Removed {
			all = append(all, r.Version)
		}
	}
	if len(all) == 0 {
		return ""
	}
	slices.SortFunc(all, func(a, b string) int { return version.Compare(p.Ecosystem, b, a) })
	return "the highest that it lists: " + strings.Join(all[:min(few, len(all))], ", ")
}

func (g *Gatherer) compare(ctx context.Context, p *registry.Package, old, latest *registry.Release) (*Pair, error) {
	r, both := g.reader(), Pair{Ecosystem: p.Ecosystem, Name: p.Name}
	var oldErr, newErr error
	var group sync.WaitGroup
	group.Go(func() { both.New, newErr = r.edition(ctx, p, latest) })
	if old != nil {
		group.Go(func() { both.Old, oldErr = r.edition(ctx, p, old) })
	}
	group.Wait()
	if err := cmp.Or(newErr, oldErr); err != nil {
		return nil, err
	}
	both.Delta = artifact.Diff(both.Old.Profile, both.New.Profile)
	both.Confused = confusion(p, latest, both.New.Profile)
	return &both, nil
}

func (r *reader) edition(ctx context.Context, p *registry.Package, release *registry.Release) (Edition, error) {
	profile, err := r.profile(ctx, archived{p.Ecosystem, p.Name, release, release.Integrity})
	if err != nil {
		return Edition{}, &Missing{
			Subject: fmt.Sprintf("%s:%s@%s", p.Ecosystem, p.Name, release.Version),
			Reason:  "its archive could not be read: " + cause(err), hint: archiveHint(err), err: err,
		}
	}
	return Edition{release.Version, release.Published, profile}, nil
}
