package evidence

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// signing is a registry of the test that signs; it counts who asks for keys.
type signing struct {
	*npm
	keys  []registry.Key
	err   error
	asked *int
}

func (s signing) Keys(context.Context, string) ([]registry.Key, error) {
	*s.asked++
	return s.keys, s.err
}

// The registry's signature is held against the hash that the lockfile pins,
// with one question for all packages, and none where nothing is signed.
func TestSignatures(t *testing.T) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys := []registry.Key{{ID: "k", Public: &private.PublicKey}}
	signed := func(name string) *registry.Package {
		p := packageOf(name, "1.0.0")
		digest := sha256.Sum256([]byte(name + "@1.0.0:sha512-1.0.0"))
		value, err := ecdsa.SignASN1(rand.Reader, private, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		p.Releases[0].Signatures = []registry.Signature{{KeyID: "k", Value: base64.StdEncoding.EncodeToString(value)}}
		return p
	}
	missing := &fetch.Failure{URL: "https://npm.example.com/-/npm/v1/keys", Reason: fetch.NotFound, Status: 404}
	tests := []struct {
		name   string
		pins   []string
		edit   func(hash *[]string) // of the first pin
		keys   []registry.Key
		err    error
		asked  int
		forged int
		gap    string
	}{
		{name: "good", pins: []string{"a@1.0.0", "b@1.0.0"}, keys: keys, asked: 1},
		{name: "a hash that the registry did not sign", pins: []string{"a@1.0.0", "b@1.0.0"}, keys: keys, asked: 1, forged: 1,
			edit: func(hash *[]string) { *hash = []string{"sha512-evil"} }},
		{name: "a lockfile without hashes has the registry's", pins: []string{"a@1.0.0"}, keys: keys, asked: 1,
			edit: func(hash *[]string) { *hash = nil }},
		{name: "a key that nobody knows", pins: []string{"a@1.0.0"}, asked: 1, forged: 1},
		{name: "a registry that hides its keys", pins: []string{"a@1.0.0"}, err: missing, asked: 1,
			gap: "the registry's signature could not be verified: the configured registry publishes no keys"},
		{name: "nothing is signed", pins: []string{"plain@1.0.0"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			asked := 0
			known := &npm{packages: map[string]*registry.Package{"a": signed("a"), "b": signed("b"), "plain": packageOf("plain", "1.0.0")}}
			head := tree(test.pins...)
			if test.edit != nil {
				test.edit(&head[0].Entries[0].Integrity)
			}
			g := Gatherer{
				Histories:  map[string]Historian{"npm": signing{known, test.keys, test.err, &asked}},
				Addresses:  map[string]registry.Addresses{"npm": {URL: "https://npm.example.com/"}},
				Advisories: advisories{},
				Now:        t0,
			}
			dossiers, err := g.Gather(t.Context(), change.Between(nil, head), nil, head)
			if err != nil {
				t.Fatal(err)
			}
			forged, gap := 0, ""
			for _, d := range dossiers {
				forged += len(d.Forged)
				for _, found := range d.Gaps {
					gap = found.Reason
				}
			}
			if asked != test.asked || forged != test.forged || gap != test.gap {
				t.Errorf("asked %d times, %d forged, gap %q; want %d, %d, %q", asked, forged, gap, test.asked, test.forged, test.gap)
			}
		})
	}
}

// early is a registry that holds b's history back until it is asked for keys.
type early struct {
	signing
	told chan struct{}
}

func (e early) Keys(ctx context.Context, name string) ([]registry.Key, error) {
	close(e.told)
	return e.signing.Keys(ctx, name)
}

func (e early) Package(ctx context.Context, name string) (*registry.Package, error) {
	if name == "b" {
		select {
		case <-e.told:
		case <-time.After(10 * time.Second):
			return nil, errors.New("nobody asks for keys")
		}
	}
	return e.signing.Package(ctx, name)
}

// A registry is asked for its keys while the other histories are on their way.
func TestKeysAreAskedForEarly(t *testing.T) {
	signed := packageOf("a", "1.0.0")
	signed.Releases[0].Signatures = []registry.Signature{{KeyID: "k"}}
	n := &npm{packages: map[string]*registry.Package{"a": signed, "b": packageOf("b", "1.0.0")}}
	g := Gatherer{
		Histories:  map[string]Historian{"npm": early{signing{npm: n, asked: new(int)}, make(chan struct{})}},
		Addresses:  map[string]registry.Addresses{"npm": {URL: "https://npm.example.com/"}},
		Advisories: advisories{},
	}
	head := tree("a@1.0.0", "b@1.0.0")
	dossiers, err := g.Gather(t.Context(), change.Between(nil, head), nil, head)
	if err != nil {
		t.Fatal(err)
	}
	if d := dossiers[1]; d.Package == nil {
		t.Errorf("gaps %+v", d.Gaps)
	}
}
