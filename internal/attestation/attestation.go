// Package attestation verifies what npm's registry attests of a release.
//
// It takes the registry's document of attestations, the registry's keys and
// the release that a lockfile pins, and gives the verified [Provenance]. It
// promises: whatever is given was signed by an identity or a key that is
// known, was logged, and is about this package, this version and this hash;
// what is wrong ([*Fault]) is told from what could not be verified
// ([*Unverified]); documents are bounded; nothing is asked of the network but
// Sigstore's own root, and that only where the embedded one is too old.
//
// It is the only importer of Sigstore's libraries.
package attestation

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
)

// Release is what a lockfile pins.
type Release struct {
	Name    string
	Version string
	// Hashes are Subresource Integrity hashes in SHA-512, each of which has to
	// be the attested one. A Release without one can't be verified.
	Hashes []string
	Keys   []Key // the registry's
}

// Key is a key by which the registry signs what it publishes.
type Key struct {
	ID      string
	Public  *ecdsa.PublicKey
	Expires time.Time // zero if it doesn't
}

// Provenance says where a release was built. All of it is verified; but for
// Builder it is what the certificate says, which a build can't write itself.
type Provenance struct {
	Repository string // "https://github.com/owner/name"
	Workflow   string // the path of the pipeline's file in the repository; "" if not said
	Ref        string // "refs/heads/main", "refs/tags/v1.2.3"
	Commit     string // in hex
	Builder    string // as the build names it
}

// Verifier verifies documents. It may be used from many goroutines at once. The
// zero value has the embedded root, and no way to a newer one.
type Verifier struct {
	Door fetch.Getter
	TUF  string    // the address of Sigstore's TUF repository
	Now  time.Time // the time that the run judges as of: TUF's metadata expire

	root   *material // nil for the embedded one
	anchor string    // the TUF root to start from; "" for Sigstore's
	newer  newerRoot
}

// Verify verifies the document that a registry gives for a release: that its
// publish attestation is the registry's own and its provenance is by a known
// pipeline, and that both are over this name, version and hash. The error is a
// [*Fault] or an [*Unverified]. Every document is held against the embedded
// root first, so that the result doesn't depend on which others came before.
func (v *Verifier) Verify(ctx context.Context, document []byte, r Release) (*Provenance, error) {
	d, err := read(document)
	if err != nil {
		return nil, err
	}
	hashes, err := digests(r.Hashes)
	if err != nil {
		return nil, err
	}
	trusted := v.root
	if trusted == nil {
		if trusted, err = embedded(); err != nil {
			return nil, err
		}
	}
	found, err := d.verify(trusted, r, hashes)
	if !isOutdated(err) {
		return found, err
	}
	newer, refreshErr := v.newer.get(ctx, v)
	if refreshErr != nil {
		return nil, &Unverified{Reason: fmt.Sprintf("%s, and a newer root could not be had: %v", err, refreshErr), Err: refreshErr}
	}
	return d.verify(newer, r, hashes)
}

// A Fault is an attestation that does not hold: it speaks against the package.
type Fault struct {
	Kind  Kind
	What  string // "provenance" or "publish attestation"
	Cause string // the rest of a sentence about it
	// Hash is the lockfile's hash that is not the attested one; "" for any
	// other kind.
	Hash string
}

// Kind is what is wrong with an attestation.
type Kind string

// The kinds.
const (
	BadSignature Kind = "signature" // signature, certificate or log entry
	UnknownKey   Kind = "key"       // made with a key that the registry doesn't publish
	BadIdentity  Kind = "identity"  // the signer is not who the statement says
	BadType      Kind = "type"      // signed as something else than it is read as
	NoSubject    Kind = "subject"   // it is about no package
	NoDigest     Kind = "digest"    // it is about no bytes
	OtherPackage Kind = "package"   // it is about another package or version
	OtherDigest  Kind = "hash"      // it is about other bytes
)

func (f *Fault) Error() string { return "the " + f.What + " " + f.Cause }

// Unverified says why attestations could not be verified: it speaks neither for
// nor against the package.
type Unverified struct {
	Reason string // the rest of a sentence that ends before it with a colon
	Err    error  // the network's, where it was asked for a newer root

	outdated bool // a newer root may know more
}

func (u *Unverified) Error() string { return u.Reason }
func (u *Unverified) Unwrap() error { return u.Err }

func isOutdated(err error) bool {
	u, ok := err.(*Unverified)
	return ok && u.outdated
}

// verify verifies both attestations of a document. The publish attestation
// comes first: its key is the registry's, so that nobody else can make one.
func (d *document) verify(trusted *material, r Release, hashes []lockedDigest) (*Provenance, error) {
	if len(r.Keys) == 0 {
		return nil, &Unverified{Reason: "the registry publishes no keys"}
	}
	if err := d.publish.verify(trusted.with(r.Keys), r, hashes); err != nil {
		return nil, err
	}
	if err := d.provenance.verify(trusted, r, hashes); err != nil {
		return nil, err
	}
	return d.provenance.origin()
}

// verify verifies one attestation: what it is, who signed it, and what it is
// about, in this order.
func (s *signed) verify(trusted *material, r Release, hashes []lockedDigest) error {
	if err := s.misshapen(); err != nil {
		return err
	}
	if err := trusted.check(s); err != nil {
		return err
	}
	return s.covers(r, hashes)
}
