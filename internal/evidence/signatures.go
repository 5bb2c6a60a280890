package evidence

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// Signer is a [Historian] whose registry signs its releases.
type Signer interface {
	// Keys gives the keys of the registry that serves a name.
	Keys(ctx context.Context, name string) ([]registry.Key, error)
}

// Forged is a place whose hash the registry's signature is not over.
type Forged struct {
	Place change.Place
	Hash  string // the lockfile's
	Fault string // what is wrong with the signature, as the rest of a sentence about it
}

// keyring is what a registry answers when it is asked for its keys.
type keyring struct {
	keys []registry.Key
	err  error
}

// askKeys asks each registry once that signed one of the releases at hand, or
// attests it.
func (g *Gatherer) askKeys(ctx context.Context, a *answers, changes []change.Change) map[string]keyring {
	asked := make(map[string]subject) // by address: a name that is served there
	for _, c := range changes {
		s := subject{c.Ecosystem, c.Name}
		if h := a.histories[s]; h != nil && h.pkg != nil && (isSigned(h.pkg.Release(c.To)) || claimsProvenance(h.pkg.Release(c.To))) {
			asked[g.Addresses[s.ecosystem].For(s.name)] = s
		}
	}
	var mu sync.Mutex
	rings := make(map[string]keyring)
	var group errgroup.Group
	group.SetLimit(atOnce)
	for address, s := range asked {
		signer, ok := g.Histories[s.ecosystem].(Signer)
		if !ok {
			continue
		}
		group.Go(func() error {
			keys, err := signer.Keys(ctx, s.name)
			mu.Lock()
			defer mu.Unlock()
			rings[address] = keyring{keys, err}
			return nil
		})
	}
	_ = group.Wait() // a failure is kept in its ring
	return rings
}

func isSigned(r *registry.Release) bool { return r != nil && len(r.Signatures) > 0 }

// verify checks the registry's signatures over the change's release against the
// hashes that the lockfile pins: what the registry says of the hash today does
// not matter.
func (a *answers) verify(d *Dossier, addresses map[string]registry.Addresses) {
	if !isSigned(d.Release) {
		return
	}
	name := d.Change.Name
	ring, asked := a.keys[addresses[d.Change.Ecosystem].For(name)]
	switch {
	case !asked:
		return
	case ring.err != nil:
		var failure *fetch.Failure
		why := "its keys could not be had: " + cause(ring.err)
		if errors.As(ring.err, &failure) && failure.Reason == fetch.NotFound {
			why = "the configured registry publishes no keys"
		}
		d.gap(Signatures, "the registry's signature could not be verified: "+why, hintFor(ring.err))
		return
	}
	seen := make(map[string]bool)
	for _, p := range d.Change.Head {
		hash := signedHash(p.Entry, d.Release)
		if p.Entry.Source != lockfile.Registry || hash == "" || seen[hash] {
			continue
		}
		seen[hash] = true
		if err := registry.Verify(name, d.Release, hash, ring.keys); err != nil {
			d.Forged = append(d.Forged, Forged{Place: p, Hash: hash, Fault: err.Error()})
		}
	}
}

// signedHash gives the hash over which the registry signed, as the lockfile has
// it: of the algorithm that is the registry's strongest. A lockfile without
// such a hash, as yarn berry's, leaves the registry's own.
func signedHash(e *lockfile.Entry, r *registry.Release) string {
	algorithm := lockfile.Strongest(r.Integrity)
	pick := func(hashes []string) string {
		var found []string
		for _, h := range hashes {
			if lockfile.Algorithm(h) == algorithm {
				found = append(found, h)
			}
		}
		return strings.Join(found, " ")
	}
	return cmp.Or(pick(e.Hashes()), pick(r.Integrity))
}
