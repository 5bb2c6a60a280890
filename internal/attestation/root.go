package attestation

import (
	"context"
	_ "embed"
	"fmt"
	"sync"

	"github.com/sigstore/sigstore-go/pkg/root"
)

// Date is from when the youngest key of the embedded root is valid: what was
// signed by a younger one needs a newer root.
const Date = "2025-09-23"

// trustedRoot is the trusted root of Sigstore's public-good instance, as its
// TUF repository distributed it on 2026-11-22 under the name of targetName
// (Apache-2.0).
//
//go:embed trusted_root.json
var trustedRoot []byte

// embedded reads the embedded root, when it is first needed.
var embedded = sync.OnceValues(func() (*material, error) {
	m, err := readRoot("Sigstore's root of "+Date, trustedRoot)
	if err != nil {
		return nil, &Unverified{Reason: fmt.Sprintf("the embedded root can't be read: %v", err)}
	}
	return m, nil
})

func readRoot(name string, data []byte) (*material, error) {
	trusted, err := root.NewTrustedRootFromJSON(data)
	if err != nil {
		return nil, err
	}
	return &material{TrustedMaterial: trusted, name: name}, nil
}

// newerRoot is a root that is asked for once, whoever needs it first.
type newerRoot struct {
	once sync.Once
	root *material
	err  error
}

func (n *newerRoot) get(ctx context.Context, v *Verifier) (*material, error) {
	n.once.Do(func() {
		var data []byte
		if data, n.err = v.update(ctx); n.err == nil {
			n.root, n.err = readRoot("Sigstore's newest root", data)
		}
	})
	return n.root, n.err
}
