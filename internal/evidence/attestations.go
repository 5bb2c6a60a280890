package evidence

import (
	"context"
	"errors"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/lockkeeper/lockkeeper/internal/attestation"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

// Attester is a [Historian] whose registry keeps attestations of its releases.
type Attester interface {
	// Attestations gives the document of one release, unverified.
	Attestations(ctx context.Context, name, version string) ([]byte, error)
}

// Verifier verifies a document of attestations. The error is an
// [*attestation.Fault] or says why it could not be verified.
type Verifier interface {
	Verify(ctx context.Context, document []byte, r attestation.Release) (*attestation.Provenance, error)
}

// Attested is where a release was built, verified.
type Attested struct {
	Version string
	attestation.Provenance
}

// document is what a registry answers when it is asked for attestations.
type document struct {
	data []byte
	err  error
}

// release is one version of one package.
type release struct {
	subject
	version string
}

// attest verifies the attestations of each change's release, and of the one that
// it is compared with. It asks only for those whose registry claims provenance,
// at most twice for a change.
func (g *Gatherer) attest(ctx context.Context, dossiers []*Dossier, a *answers) {
	documents := g.askAttestations(ctx, dossiers)
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, d := range dossiers {
		if claimsProvenance(d.Release) {
			group.Go(func() error {
				g.attestOne(ctx, d, a, documents)
				return nil
			})
		}
	}
	_ = group.Wait() // what failed is a gap of its dossier
}

func claimsProvenance(r *registry.Release) bool { return r != nil && r.Provenance }

// askAttestations asks for each document once.
func (g *Gatherer) askAttestations(ctx context.Context, dossiers []*Dossier) map[release]*document {
	documents := make(map[release]*document)
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, d := range dossiers {
		for _, r := range []*registry.Release{d.Release, d.earlier()} {
			source, ok := g.Histories[d.Change.Ecosystem].(Attester)
			if !claimsProvenance(d.Release) || r == nil || !ok {
				continue
			}
			key := d.released(r)
			if documents[key] != nil {
				continue
			}
			doc := new(document)
			documents[key] = doc
			group.Go(func() error {
				doc.data, doc.err = source.Attestations(ctx, key.name, key.version)
				return nil
			})
		}
	}
	_ = group.Wait() // a failure is kept in its document
	return documents
}

func (d *Dossier) released(r *registry.Release) release {
	return release{subject{d.Change.Ecosystem, d.Change.Name}, r.Version}
}

// earlier gives the release whose provenance the change's is compared with, if
// it claims one: the baseline, or the one before in the line of the change's
// version where the baseline is of another line. Projects move between lines.
// It is nil where there is none.
func (d *Dossier) earlier() *registry.Release {
	if d.Release == nil || d.Package == nil {
		return nil
	}
	ecosystem, v := d.Change.Ecosystem, d.Release.Version
	inLine := func(r *registry.Release) bool {
		return r != nil && version.Line(ecosystem, r.Version) == version.Line(ecosystem, v)
	}
	r := d.Baseline
	if r == nil || version.Compare(ecosystem, r.Version, v) >= 0 || !inLine(r) {
		if last := before(d.Package, v); inLine(last) {
			r = last
		}
	}
	if !claimsProvenance(r) || version.Compare(ecosystem, r.Version, v) >= 0 {
		return nil
	}
	return r
}

// attestOne writes into a dossier what was attested of its release, and of the
// one before where the first holds.
func (g *Gatherer) attestOne(ctx context.Context, d *Dossier, a *answers, documents map[release]*document) {
	var fault *attestation.Fault
	found, err := g.verifyOne(ctx, d, d.Release, d.lockedHashes(), a, documents)
	switch {
	case errors.As(err, &fault):
		d.Misattested = fault
		return
	case err != nil:
		d.unattested("its attestations", err)
		return
	}
	d.Attested = found
	last := d.earlier()
	if last == nil {
		return
	}
	if d.AttestedBefore, err = g.verifyOne(ctx, d, last, sha512s(last.Integrity), a, documents); err != nil {
		d.unattested("the attestations of "+last.Version+", which it is compared with,", err)
	}
}

func (g *Gatherer) verifyOne(ctx context.Context, d *Dossier, r *registry.Release, hashes []string, a *answers, documents map[release]*document) (*Attested, error) {
	doc := documents[d.released(r)]
	ring := a.keys[g.Addresses[d.Change.Ecosystem].For(d.Change.Name)]
	switch {
	case g.Verifier == nil || doc == nil:
		return nil, errors.New("nothing that verifies them is configured")
	case doc.err != nil:
		return nil, doc.err
	case ring.err != nil:
		return nil, ring.err
	}
	var keys []attestation.Key
	for _, k := range ring.keys {
		keys = append(keys, attestation.Key{ID: k.ID, Public: k.Public, Expires: k.Expires})
	}
	built, err := g.Verifier.Verify(ctx, doc.data, attestation.Release{Name: d.Change.Name, Version: r.Version, Hashes: hashes, Keys: keys})
	if err != nil {
		return nil, err
	}
	return &Attested{Version: r.Version, Provenance: *built}, nil
}

// unattested records that attestations could not be had or verified.
func (d *Dossier) unattested(whose string, err error) {
	why, hint := cause(err), hintFor(err)
	var unverified *attestation.Unverified
	if errors.As(err, &unverified) {
		why = unverified.Reason
	}
	var failure *fetch.Failure
	switch {
	case !errors.As(err, &failure):
		hint = "take its provenance as claimed and no more"
	case failure.Reason == fetch.NotFound:
		hint = "ask the registry that the mirror copies, or let the policy forgive this check"
	}
	d.gap(Provenance, whose+" could not be verified: "+why, hint)
}

// lockedHashes gives the SHA-512 hashes that the head's places pin, each once; a
// lockfile without one, as yarn berry's, leaves the registry's own.
func (d *Dossier) lockedHashes() []string {
	var all []string
	for _, p := range d.Change.Head {
		if p.Entry.Source != lockfile.Registry {
			continue
		}
		pinned := sha512s(p.Entry.Hashes())
		if len(pinned) == 0 {
			pinned = sha512s(d.Release.Integrity)
		}
		for _, hash := range pinned {
			if !slices.Contains(all, hash) {
				all = append(all, hash)
			}
		}
	}
	return all
}

func sha512s(hashes []string) []string {
	return slices.DeleteFunc(slices.Clone(hashes), func(hash string) bool { return !strings.HasPrefix(hash, "sha512-") })
}
