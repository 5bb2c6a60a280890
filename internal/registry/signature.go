package registry

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
)

// Signature is a registry's own signature over a release.
type Signature struct {
	KeyID string
	Value string // base64
}

// Key is a key by which a registry signs.
type Key struct {
	ID      string
	Public  *ecdsa.PublicKey
	Expires time.Time // zero if it doesn't; it then signs nothing that is published later
}

// Bounds of signatures and keys. npm signs with one key, and has had two.
const (
	maxSignatures = 8 // of one release
	maxKeys       = 100
	maxKeysBody   = 1 << 20
)

// Verify checks a registry's signatures over a release of npm's: each has to be
// over "name@version:hash", in ECDSA over SHA-256, by a key that was valid when
// the release was published (npm's documentation on registry signatures;
// pacote's lib/registry.js refuses the same). hash is the one that the lockfile
// pins, as Subresource Integrity. The error says what is wrong with the first
// that does not hold, as the rest of a sentence about it.
func Verify(name string, r *Release, hash string, keys []Key) error {
	digest := sha256.Sum256([]byte(name + "@" + r.Version + ":" + hash))
	for _, s := range r.Signatures {
		key := keyOf(keys, s.KeyID)
		switch {
		case key == nil:
			return fmt.Errorf("is made with the key %.80q, which the registry doesn't publish", s.KeyID)
		case !key.Expires.IsZero() && !r.Published.Before(key.Expires) && !r.Published.IsZero():
			return fmt.Errorf("is made with a key that expired on %s, before the release was published", key.Expires.UTC().Format(time.DateOnly))
		}
		signature, err := base64.StdEncoding.DecodeString(s.Value)
		if err != nil || !ecdsa.VerifyASN1(key.Public, digest[:], signature) {
			return errors.New("is not over this name, version and hash")
		}
	}
	return nil
}

func keyOf(keys []Key, id string) *Key {
	for i := range keys {
		if keys[i].ID == id {
			return &keys[i]
		}
	}
	return nil
}

// Keys asks the registry that is configured for a package's name for the keys
// by which it signs. The error wraps a [*fetch.Failure]: not found where the
// registry publishes none.
func (n NPM) Keys(ctx context.Context, name string) ([]Key, error) {
	body, err := n.Door.Fetch(ctx, fetch.Request{
		URL:    strings.TrimSuffix(n.Address(name), "/") + "/-/npm/v1/keys",
		Accept: "application/json",
		Limit:  maxKeysBody,
	})
	if err != nil {
		return nil, fmt.Errorf("npm: signing keys: %w", err)
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("npm: signing keys: %w", err)
	}
	keys, err := readKeys(data)
	if err != nil {
		return nil, fmt.Errorf("npm: signing keys: reading: %w", err)
	}
	return keys, nil
}

// readKeys reads the document of a registry's keys. A key of a kind that is not
// known is left out: what it signs is then made with a key that nobody knows.
func readKeys(data []byte) ([]Key, error) {
	var document struct {
		Keys []struct {
			KeyID   string     `json:"keyid"`
			Scheme  string     `json:"scheme"`
			Key     string     `json:"key"`
			Expires *time.Time `json:"expires"`
		} `json:"keys"`
	}
	if json.Unmarshal(data, &document) != nil || len(document.Keys) == 0 {
		return nil, errors.New("it lists no keys") // which convicts nobody
	}
	if len(document.Keys) > maxKeys {
		return nil, fmt.Errorf("there are %d, and at most %d are read", len(document.Keys), maxKeys)
	}
	var keys []Key
	for _, k := range document.Keys {
		der, err := base64.StdEncoding.DecodeString(k.Key)
		if err != nil || k.Scheme != "ecdsa-sha2-nistp256" {
			continue
		}
		public, err := x509.ParsePKIXPublicKey(der)
		if err != nil {
			continue
		}
		curve, ok := public.(*ecdsa.PublicKey)
		if !ok {
			continue
		}
		key := Key{ID: k.KeyID, Public: curve}
		if k.Expires != nil {
			key.Expires = *k.Expires
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// signatures reads those of the release being read.
func (d *npmDocument) signatures() error {
	return d.each(func() error {
		if len(d.release.Signatures) == maxSignatures {
			return &limitError{maxSignatures, "signatures of a release"}
		}
		var s Signature
		_, err := d.fields(func(name []byte) (err error) {
			switch string(name) {
			case "keyid":
				s.KeyID, err = d.term()
			case "sig":
				s.Value, err = d.text()
			default:
				err = d.skip()
			}
			return err
		})
		d.release.Signatures = append(d.release.Signatures, s)
		return err
	})
}
