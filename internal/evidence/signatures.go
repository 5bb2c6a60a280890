package evidence

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

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

// keyrings are filled while the histories are read.
type keyrings struct {
	mu        sync.Mutex
	byAddress map[string]keyring
}

// askKeys asks a registry for its keys, once, as soon as one of the releases at
// hand turns out to be signed or attested: other packages' histories are still on their way
// then.
func (g *Gatherer) askKeys(ctx context.Context, rings *keyrings, p *registry.Package, s subject, versions []string) {
	signer, ok := g.Histories[s.ecosystem].(Signer)
	if !ok || p == nil || !slices.ContainsFunc(versions, func(v string) bool { return isSigned(p.Release(v)) || claimsProvenance(p.Release(v)) }) {
		return
	}
	address := g.Addresses[s.ecosystem].For(s.name)
	rings.mu.Lock()
	_, asked := rings.byAddress[address]
	if !asked {
		rings.byAddress[address] = keyring{} // for others to see
	}
	rings.mu.Unlock()
	if asked {
		return
	}
	keys, err := signer.Keys(ctx, s.name)
	rings.mu.Lock()
	defer rings.mu.Unlock()
	rings.byAddress[address] = keyring{keys, err}
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
		why, hint := "its keys could not be had: "+cause(ring.err), cmp.Or(hintFor(ring.err), lookThere)
		if errors.As(ring.err, &failure) && failure.Reason == fetch.NotFound {
			why, hint = "the configured registry publishes no keys", "ask the registry that the mirror copies, or let the policy forgive this check"
		}
		d.gap(Signatures, "the registry's signature could not be verified: "+why, hint)
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
