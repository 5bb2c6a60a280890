package evidence

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// askElsewhere asks after the packages of other shards that arrivals name, of
// which only the age is wanted: so that an arrival is as old as it is in a scan
// that is made in one piece. What can't be asked there is unknown here, too.
func (g *Gatherer) askElsewhere(ctx context.Context, a *answers, dossiers []*Dossier) {
	named := make(map[subject]bool)
	for _, d := range dossiers {
		for _, arrival := range d.Arrivals {
			named[subject{d.Change.Ecosystem, arrival.Name}] = true
		}
	}
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, c := range g.Others {
		s := subject{c.Ecosystem, c.Name}
		if a.histories[s] != nil || !named[s] || !asksRegistry(c) {
			continue
		}
		h := &history{}
		a.histories[s] = h
		if unconfigured(c, g.Addresses[c.Ecosystem]) != "" {
			continue
		}
		group.Go(func() error {
			h.pkg, h.err = g.history(ctx, s)
			return nil
		})
	}
	_ = group.Wait() // the functions keep their own errors
}
