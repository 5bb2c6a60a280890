package attestation

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/verify"
	"github.com/sigstore/sigstore/pkg/signature"
)

// material is what signatures are held against.
type material struct {
	root.TrustedMaterial
	name string                       // in messages
	keys map[string]*root.ExpiringKey // the registry's, by id; nil for certificates
}

// with adds the registry's keys. One that Sigstore can't use is left out, as if
// it were not published.
func (m *material) with(keys []Key) *material {
	byID := make(map[string]*root.ExpiringKey, len(keys))
	for _, k := range keys {
		if verifier, err := signature.LoadECDSAVerifier(k.Public, crypto.SHA256); err == nil {
			byID[k.ID] = root.NewExpiringKey(verifier, time.Time{}, k.Expires)
		}
	}
	return &material{
		TrustedMaterial: root.TrustedMaterialCollection{m.TrustedMaterial, root.NewTrustedPublicKeyMaterialFromMapping(byID)},
		name:            m.name,
		keys:            byID,
	}
}

// check verifies one attestation's signature, log entry, time and certificate,
// and keeps who signed it. What the statement says is not looked at.
func (m *material) check(s *signed) error {
	content, err := s.bundle.VerificationContent()
	if err != nil {
		return s.fault(BadSignature, "has no certificate or key that can be read")
	}
	options := []verify.VerifierOption{
		verify.WithTransparencyLog(1), verify.WithObserverTimestamps(1), verify.WithoutStatementPredicate(),
	}
	var certificateLog []verify.VerifierOption
	policy := []verify.PolicyOption{verify.WithKey()}
	if m.keys != nil {
		hint := ""
		if key := content.PublicKey(); key != nil {
			hint = key.Hint()
		}
		if m.keys[hint] == nil {
			return s.fault(UnknownKey, "is made with the key %.80q, which the registry doesn't publish", hint)
		}
	} else {
		if content.Certificate() == nil {
			return s.fault(BadIdentity, "is signed with no certificate")
		}
		certificateLog = []verify.VerifierOption{verify.WithSignedCertificateTimestamps(1)}
		policy = []verify.PolicyOption{verify.WithoutIdentitiesUnsafe()} // see origin
	}
	if missing := m.lacks(s, content.Certificate()); missing != "" {
		return m.outdated(s, missing)
	}
	// The digest is compared in covers, where a mismatch has a word of its own.
	wanted := verify.NewPolicy(verify.WithoutArtifactUnsafe(), policy...)
	result, err := m.verify(s, wanted, append(options, certificateLog...)...)
	if err == nil {
		if result.Signature != nil && result.Signature.Certificate != nil {
			s.signer = signerOf(result.Signature.Certificate)
		}
		return nil
	}
	if certificateLog != nil {
		if _, without := m.verify(s, wanted, options...); without == nil {
			return m.outdated(s, "a log of certificates")
		}
	}
	return s.fault(BadSignature, "does not hold: %.300s", err)
}

func (m *material) verify(s *signed, p verify.PolicyBuilder, options ...verify.VerifierOption) (*verify.VerificationResult, error) {
	verifier, err := verify.NewVerifier(m.TrustedMaterial, options...)
	if err != nil {
		return nil, err
	}
	return verifier.Verify(s.bundle, p)
}

// lacks names what an attestation goes by and the root does not know; "" if it
// knows everything. Without this, Sigstore's library tells a forgery from a root
// that is too old by nothing but its words.
func (m *material) lacks(s *signed, leaf *x509.Certificate) string {
	entries, err := s.bundle.TlogEntries()
	if err != nil {
		return "" // for the verifier to refuse
	}
	logs, promised := m.RekorLogs(), false
	known := len(entries) == 0
	for _, entry := range entries {
		promised = promised || entry.HasInclusionPromise()
		known = known || logs[hex.EncodeToString([]byte(entry.LogKeyID()))] != nil
	}
	if !known {
		return "a log"
	}
	if leaf != nil && !slices.ContainsFunc(m.FulcioCertificateAuthorities(), func(ca root.CertificateAuthority) bool { return issued(ca, leaf) }) {
		return "a certificate authority"
	}
	if promised { // the log itself dates the signature
		return ""
	}
	dated, _, err := verify.VerifySignedTimestamp(s.bundle, m.TrustedMaterial)
	if stamps, _ := s.bundle.Timestamps(); err == nil && len(stamps) > 0 && len(dated) == 0 {
		return "a timestamp authority"
	}
	return ""
}

// issued reports whether a leaf names a certificate of the authority as its
// issuer.
func issued(ca root.CertificateAuthority, leaf *x509.Certificate) bool {
	fulcio, ok := ca.(*root.FulcioCertificateAuthority)
	if !ok {
		return false
	}
	return slices.ContainsFunc(append(slices.Clone(fulcio.Intermediates), fulcio.Root), func(c *x509.Certificate) bool {
		return c != nil && bytes.Equal(c.SubjectKeyId, leaf.AuthorityKeyId)
	})
}

func (m *material) outdated(s *signed, missing string) *Unverified {
	return &Unverified{Reason: fmt.Sprintf("the %s goes by %s that %s does not know", s.what, missing, m.name), outdated: true}
}
