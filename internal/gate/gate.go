// Package gate composes the rooms: a target goes in, a report comes out.
//
// It promises that whatever could not be looked at is in the report as a gap,
// that everything that governs the verdict is read from the base, and that the
// clock is read once.
package gate

import (
	"context"
	"fmt"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/report"
	"github.com/lockkeeper/lockkeeper/internal/signal"
	"github.com/lockkeeper/lockkeeper/internal/target"
)

// Options are what a run needs to know beside its target.
type Options struct {
	PolicyFile []byte // a policy to use instead of the base's; nil for the base's
	PolicyName string // how PolicyFile is called in messages
	PolicyPath string // where the base keeps its policy; "" for [policy.Path]
	Overrides  policy.Overrides

	// Content asks for the archives to be read, of this version and the one
	// before.
	Content bool

	Record     string // a bundle to write
	Replay     string // a bundle to answer from
	Offline    bool
	CacheDir   string // "" keeps nothing
	Advisories string // a local database; "" for the network's
	GitHub     GitHub
	Network    Network
	// Words gives what people said about what is judged, or false where that can't
	// be heard or a run of that verdict needs no word. It is asked only where the
	// policy lets people accept something; nil where there is nobody to ask.
	Words func(context.Context, policy.Verdict) (words []policy.Word, heard bool)
	// Shard is the part of a scan to make; nil for the whole.
	Shard *report.Shard

	Now      time.Time // zero for the time of the replayed bundle, or the clock
	Clock    func() time.Time
	Getenv   func(string) string
	Progress func(stage string, done, total int) // may be nil
	Version  string
}

// Misuse is an error of what the user configured: an address, a bundle, a
// database that can't be used.
type Misuse struct{ Err error }

func (m *Misuse) Error() string { return m.Err.Error() }
func (m *Misuse) Unwrap() error { return m.Err }

// Run judges a target. The error is a wrong use (a [*policy.Broken] or a
// [*Misuse]) or a trouble that left nothing to report on.
func Run(ctx context.Context, t *target.Target, o Options) (*report.Report, error) {
	sides, err := read(ctx, t, o)
	if err != nil {
		return nil, err
	}
	world, err := open(ctx, sides, o)
	if err != nil {
		return nil, &Misuse{err}
	}
	known := signal.Context{Now: world.now, Cooldown: sides.policy.Cooldown, Scan: sides.scan}

	changes, others := divide(change.Between(sides.base.inventories, sides.head.inventories), o.Shard)
	gatherer := world.gatherer(o)
	gatherer.Others = others
	gatherer.Requests = sides.requests(ctx)
	dossiers, err := gatherer.Gather(ctx, changes, sides.base.inventories, sides.head.inventories)
	if err != nil {
		return nil, err
	}
	cases := make([]policy.Case, len(dossiers))
	for i, d := range dossiers {
		cases[i] = policy.Case{Dossier: d, Findings: signal.Run(d, known)}
	}
	repository := sides.repository()
	findings := signal.RunRepository(repository, known)
	judgement := policy.Judge(sides.policy, world.now, cases, findings, repository.Gaps)
	if o.Words != nil && sides.policy.Acceptances {
		if words, heard := o.Words(ctx, judgement.Verdict); heard {
			judgement = policy.Judge(sides.policy.Hear(words), world.now, cases, findings, repository.Gaps)
		}
	}

	if err := world.door.Close(); err != nil {
		return nil, fmt.Errorf("evidence: recording: %w", err)
	}
	return report.Build(report.BuildInput{
		Version:   o.Version,
		Mode:      sides.mode(),
		Shard:     o.Shard,
		JudgedAt:  world.now,
		Base:      sides.base.side(),
		Head:      *sides.head.side(),
		Policy:    sides.policy,
		Lockfiles: sides.statuses(),
		Judgement: judgement,
	}), nil
}

// gatherer asks the registries and the advisories that are configured.
func (w *world) gatherer(o Options) *evidence.Gatherer {
	g := &evidence.Gatherer{
		Histories:  w.histories,
		Hashers:    w.hashers,
		Addresses:  w.addresses,
		Advisories: w.advisories,
		GitHub:     w.github,
		Verifier:   w.verifier,
		Now:        w.now,
		Progress: func(done, total int) {
			if o.Progress != nil {
				o.Progress("asking the registry and the advisories", done, total)
			}
		},
	}
	if o.Content {
		g.Archives, g.Shelf = w.archives, w.door
	}
	return g
}
