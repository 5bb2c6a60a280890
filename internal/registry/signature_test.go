package registry

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/fetch/fetchtest"
)

// signer is a registry's key, made for a test.
type signer struct {
	id  string
	key *ecdsa.PrivateKey
}

func newSigner(t *testing.T, id string) signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signer{id, key}
}

func (s signer) sign(t *testing.T, text string) Signature {
	t.Helper()
	digest := sha256.Sum256([]byte(text))
	value, err := ecdsa.SignASN1(rand.Reader, s.key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return Signature{KeyID: s.id, Value: base64.StdEncoding.EncodeToString(value)}
}

func (s signer) public() Key { return Key{ID: s.id, Public: &s.key.PublicKey} }

func TestVerify(t *testing.T) {
	const signed = "wren@1.0.0:sha512-AAAA"
	published := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	ours, other := newSigner(t, "ours"), newSigner(t, "other")
	expired := func(at time.Time) Key {
		k := ours.public()
		k.Expires = at
		return k
	}
	impostor := ours
	impostor.key = other.key
	tests := []struct {
		name       string
		signatures []Signature
		hash       string
		keys       []Key
		want       string
	}{
		{"good", []Signature{ours.sign(t, signed)}, "sha512-AAAA", []Key{ours.public()}, ""},
		{"two good ones", []Signature{ours.sign(t, signed), other.sign(t, signed)}, "sha512-AAAA", []Key{other.public(), ours.public()}, ""},
		{"expired since", []Signature{ours.sign(t, signed)}, "sha512-AAAA", []Key{expired(published.Add(time.Second))}, ""},

		{"another hash", []Signature{ours.sign(t, signed)}, "sha512-EVIL", []Key{ours.public()}, "is not over this name, version and hash"},
		{"of another package", []Signature{ours.sign(t, "crow@1.0.0:sha512-AAAA")}, "sha512-AAAA", []Key{ours.public()}, "is not over this name, version and hash"},
		{"by somebody else", []Signature{impostor.sign(t, signed)}, "sha512-AAAA", []Key{ours.public()}, "is not over this name, version and hash"},
		{"no signature at all", []Signature{{"ours", "AAAA"}}, "sha512-AAAA", []Key{ours.public()}, "is not over this name, version and hash"},
		{"no base64", []Signature{{"ours", "%"}}, "sha512-AAAA", []Key{ours.public()}, "is not over this name, version and hash"},
		{"one of two bad", []Signature{ours.sign(t, signed), {"ours", "AAAA"}}, "sha512-AAAA", []Key{ours.public()}, "is not over this name, version and hash"},
		{"unknown key", []Signature{other.sign(t, signed)}, "sha512-AAAA", []Key{ours.public()}, `is made with the key "other", which the registry doesn't publish`},
		{"expired before", []Signature{ours.sign(t, signed)}, "sha512-AAAA", []Key{expired(published)},
			"is made with a key that expired on 2026-01-01, before the release was published"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			if err := Verify("wren", &Release{Version: "1.0.0", Published: published, Signatures: test.signatures}, test.hash, test.keys); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestNPMKeys(t *testing.T) {
	ours := newSigner(t, "SHA256:abc")
	der, err := x509.MarshalPKIXPublicKey(&ours.key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	document := fmt.Sprintf(`{"keys":[
		{"keyid":"old","scheme":"rsa","key":"AAAA"},
		{"keyid":"broken","scheme":"ecdsa-sha2-nistp256","key":"AAAA"},
		{"keyid":"SHA256:abc","scheme":"ecdsa-sha2-nistp256","keytype":"ecdsa-sha2-nistp256","key":%q,"expires":"2025-01-29T00:00:00.000Z"}]}`,
		base64.StdEncoding.EncodeToString(der))
	const url = "https://npm.example.com/-/npm/v1/keys"
	keys, err := npmAt(fetchtest.New(t, map[string]fetchtest.Answer{url: fetchtest.Body(document)})).Keys(t.Context(), "wren")
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) != 1 || keys[0].ID != "SHA256:abc" || !keys[0].Public.Equal(&ours.key.PublicKey) || keys[0].Expires.Year() != 2025 {
		t.Errorf("keys %+v", keys)
	}

	for name, answer := range map[string]fetchtest.Answer{
		"none published": fetchtest.Fail(fetch.NotFound),
		"no JSON":        fetchtest.Body("<html>"),
		"null":           fetchtest.Body("null"),
		"a list":         fetchtest.Body("[]"),
		"none listed":    fetchtest.Body(`{"keys":[]}`),
		"cut":            fetchtest.CutAfter(`{"keys":[`),
		"too many":       fetchtest.Body(`{"keys":[` + strings.Repeat("{},", maxKeys) + `{}]}`),
	} {
		_, err := npmAt(fetchtest.New(t, map[string]fetchtest.Answer{url: answer})).Keys(t.Context(), "wren")
		var failure *fetch.Failure
		if err == nil || (name == "none published") != (errors.As(err, &failure) && failure.Reason == fetch.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
