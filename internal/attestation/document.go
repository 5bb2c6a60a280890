package attestation

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/sigstore/sigstore-go/pkg/bundle"
)

// Bounds of a document. The registry's have some 15 kB and two attestations,
// each about one subject.
const (
	MaxDocument     = 1 << 20 // bytes
	maxAttestations = 16
	maxSubjects     = 64
)

// The types of statement that are read. Documents may hold others, which say
// nothing here.
const (
	typePublish      = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1"
	typeProvenance02 = "https://slsa.dev/provenance/v0.2"
	typeProvenance1  = "https://slsa.dev/provenance/v1"

	// payloadType is what DSSE calls an in-toto statement
	// (https://github.com/in-toto/attestation/blob/main/spec/v1/envelope.md).
	payloadType = "application/vnd.in-toto+json"
)

// statementTypes are the versions of in-toto statements; for what is read here
// they are the same.
var statementTypes = []string{"https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"}

// The names of the two in messages.
const (
	whatPublish    = "publish attestation"
	whatProvenance = "provenance"
)

// document is what a registry attests of one release.
type document struct {
	publish, provenance *signed
}

// signed is one attestation: a statement in the bundle that signs it.
type signed struct {
	what      string
	claimed   string // the type that the document says it has
	bundle    *bundle.Bundle
	statement statement
	signer    *signer // set once it is verified; nil for the registry's own key
}

// statement is an in-toto statement
// (https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md).
type statement struct {
	Type          string         `json:"_type"`
	PredicateType string         `json:"predicateType"`
	Subject       []subject      `json:"subject"`
	Predicate     jsontext.Value `json:"predicate"`
}

type subject struct {
	Name   string         `json:"name"`
	Digest jsontext.Value `json:"digest"` // read once the signature holds
}

// read reads a document. The error is an [*Unverified]: a document that can't be
// read says nothing.
func read(data []byte) (*document, error) {
	if len(data) > MaxDocument {
		return nil, unreadable("it has %d bytes, and at most %d are read", len(data), MaxDocument)
	}
	var listed struct {
		Attestations []struct {
			PredicateType string         `json:"predicateType"`
			Bundle        jsontext.Value `json:"bundle"`
		} `json:"attestations"`
	}
	if err := json.Unmarshal(data, &listed); err != nil {
		return nil, unreadable("it is not JSON of the form that is known")
	}
	if n := len(listed.Attestations); n > maxAttestations {
		return nil, unreadable("it holds %d attestations, and at most %d are read", n, maxAttestations)
	}
	d := new(document)
	for _, a := range listed.Attestations {
		what, place := whatProvenance, &d.provenance
		switch a.PredicateType {
		case typePublish:
			what, place = whatPublish, &d.publish
		case typeProvenance02, typeProvenance1:
		default:
			continue
		}
		if *place != nil {
			return nil, unreadable("it holds more than one %s", what)
		}
		var err error
		if *place, err = readSigned(what, a.PredicateType, a.Bundle); err != nil {
			return nil, err
		}
	}
	switch {
	case d.publish == nil:
		return nil, unreadable("it holds no %s", whatPublish)
	case d.provenance == nil:
		return nil, unreadable("it holds no %s", whatProvenance)
	}
	return d, nil
}

func readSigned(what, claimed string, data []byte) (*signed, error) {
	s := &signed{what: what, claimed: claimed, bundle: new(bundle.Bundle)}
	if err := s.bundle.UnmarshalJSON(data); err != nil {
		return nil, unreadable("its %s is no bundle of Sigstore's that is known", what)
	}
	if err := json.Unmarshal(s.bundle.GetDsseEnvelope().GetPayload(), &s.statement); err != nil {
		return nil, unreadable("its %s holds no statement", what)
	}
	if n := len(s.statement.Subject); n > maxSubjects {
		return nil, unreadable("its %s is about %d subjects, and at most %d are read", what, n, maxSubjects)
	}
	return s, nil
}

func unreadable(format string, args ...any) *Unverified {
	return &Unverified{Reason: "the registry's document can't be used: " + fmt.Sprintf(format, args...)}
}

// misshapen says what is wrong with an attestation before anything is verified;
// nil if nothing is. What is signed as another type is never read as this one.
func (s *signed) misshapen() error {
	if typ := s.bundle.GetDsseEnvelope().GetPayloadType(); typ != payloadType {
		return s.fault(BadType, "is signed as %.100q, which is no in-toto statement", typ)
	}
	if typ := s.statement.Type; !slices.Contains(statementTypes, typ) {
		return s.fault(BadType, "is of the type %.100q, which is no in-toto statement", typ)
	}
	if typ := s.statement.PredicateType; typ != s.claimed {
		return s.fault(BadType, "is listed as %s, and its statement is of the type %.100q", s.claimed, typ)
	}
	if len(s.statement.Subject) == 0 {
		return s.fault(NoSubject, "names no package")
	}
	for _, about := range s.statement.Subject {
		if len(about.Digest) == 0 {
			return s.fault(NoDigest, "names no hash")
		}
	}
	return nil
}

// covers holds the verified statement against the release: one of its subjects
// is this name and version, and each that is has every hash of the lockfile.
func (s *signed) covers(r Release, hashes []lockedDigest) error {
	ours := false
	for _, about := range s.statement.Subject {
		if !names(about.Name, r) {
			continue
		}
		ours = true
		var digest struct {
			SHA512 string `json:"sha512"`
		}
		if err := json.Unmarshal(about.Digest, &digest); err != nil || digest.SHA512 == "" {
			return s.fault(NoDigest, "names no SHA-512 hash")
		}
		for _, locked := range hashes {
			if !strings.EqualFold(digest.SHA512, locked.hex) {
				fault := s.fault(OtherDigest, "is over %s", integrity(digest.SHA512))
				fault.Hash = locked.hash
				return fault
			}
		}
	}
	if !ours {
		return s.fault(OtherPackage, "is about %.200s", s.statement.Subject[0].Name)
	}
	if s.what != whatPublish {
		return nil
	}
	var published struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	if err := json.Unmarshal(s.statement.Predicate, &published); err != nil || published.Name != r.Name || published.Version != r.Version {
		return s.fault(OtherPackage, "says that %.200s %.100s was published", published.Name, published.Version)
	}
	return nil
}

func (s *signed) fault(kind Kind, format string, args ...any) *Fault {
	return &Fault{Kind: kind, What: s.what, Cause: fmt.Sprintf(format, args...)}
}

// names reports whether a subject is a release, by its package URL: npm's own
// has the scope's @ escaped and nothing else.
func names(subject string, r Release) bool {
	plain, err := url.PathUnescape(subject)
	return err == nil && plain == "pkg:npm/"+r.Name+"@"+r.Version
}

// lockedDigest is a hash of the lockfile, as written and in hex.
type lockedDigest struct{ hash, hex string }

const sha512Prefix = "sha512-"

func digests(hashes []string) ([]lockedDigest, error) {
	var list []lockedDigest
	for _, hash := range hashes {
		value, ok := strings.CutPrefix(hash, sha512Prefix)
		sum, err := base64.StdEncoding.DecodeString(value)
		if !ok || err != nil {
			return nil, &Unverified{Reason: fmt.Sprintf("%.150q is no SHA-512 hash", hash)}
		}
		list = append(list, lockedDigest{hash, hex.EncodeToString(sum)})
	}
	if len(list) == 0 {
		return nil, &Unverified{Reason: "neither the lockfile nor the registry gives a SHA-512 hash"}
	}
	return list, nil
}

// integrity writes an attested digest as a lockfile would.
func integrity(digest string) string {
	sum, err := hex.DecodeString(digest)
	if err != nil || len(sum) != sha512.Size {
		return fmt.Sprintf("%.150q", digest)
	}
	return sha512Prefix + base64.StdEncoding.EncodeToString(sum)
}
