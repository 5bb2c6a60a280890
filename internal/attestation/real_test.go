package attestation

import (
	"crypto/ecdsa"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/corpustest"
)

// The releases that the real documents are about. The hash of the first one's
// archive, which is not among them, is npm's own.
var (
	first = Release{Name: "@laurentsimon/provenance-npm-test", Version: "1.0.0", Hashes: []string{
		"sha512-KdGfJiM/REEyhBKzT9c+0QTs/vYvFAl4kMzPdFW1IbZcWs/4UYSfqoXIU5WqItQBQ28B86+2GxnHgOkGyIx/IA=="}}
	cli02 = Release{Name: "@laurentsimon/provenance-npm-test", Version: "1.0.3"}
	cli1  = Release{Name: "sigstore", Version: "2.3.1"}
	slsa3 = Release{Name: "@laurentsimon/provenance-npm-test", Version: "1.0.5"}
)

var (
	byNPM = Provenance{
		Repository: "https://github.com/laurentsimon/provenance-npm-test", Workflow: ".github/workflows/release.yml",
		Ref: "refs/heads/main", Commit: "b38894f2dda4355ea5606fccb166e61565e12a14", Builder: "https://github.com/actions/runner",
	}
	bySigstore = Provenance{
		Repository: "https://github.com/sigstore/sigstore-js", Workflow: ".github/workflows/release.yml",
		Ref: "refs/heads/main", Commit: "46e7056ff9912ebfee5298d94024895a9fea76c0", Builder: "https://github.com/actions/runner/github-hosted",
	}
	// Signed by a workflow of another repository, as reusable ones are.
	byGenerator = Provenance{
		Repository: "https://github.com/laurentsimon/provenance-npm-test", Workflow: ".github/workflows/release-slsa3.yml",
		Ref: "refs/heads/main", Commit: "34490b44db557f009617bcb92b8780f972c189ab",
		Builder: "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_nodejs_slsa3.yml@refs/tags/v1.6.0",
	}
)

// Every real document: the good ones verify, and each broken one is refused for
// its own reason.
func TestRealDocuments(t *testing.T) {
	tests := []struct {
		file string
		of   Release
		want *Provenance
		kind Kind
		what string
	}{
		{"npm-attestations.intoto.sigstore", first, &Provenance{
			Repository: "https://github.com/laurentsimon/provenance-npm-test", Workflow: ".github/workflows/release.yml",
			Ref: "refs/heads/main", Commit: "16babffb9153811e193c019939391357372b25ce", Builder: "https://github.com/npm/cli@9.5.0",
		}, "", ""},
		{"npm-att-mismatch-prov-payloadtype.intoto.sigstore", first, nil, BadType, "provenance"},
		{"npm-stmt-mismatch-prov-type.intoto.sigstore", first, nil, BadType, "provenance"},
		{"npm-att-prov-invalid-signature.intoto.sigstore", first, nil, BadSignature, "provenance"},
		{"npm-att-publish-invalid-signature.intoto.sigstore", first, nil, BadSignature, "publish attestation"},
		{"npm-att-publish-nodigest.intoto.sigstore", first, nil, NoDigest, "publish attestation"},
		{"npm-att-publish-nosubjects.intoto.sigstore", first, nil, NoSubject, "publish attestation"},

		{"provenance-npm-test-cli-v02-prega.tgz.json", cli02, &byNPM, "", ""},
		{"provenance-npm-test-cli-v02-prega-invalidsigprov.tgz.json", cli02, nil, BadSignature, "provenance"},
		{"provenance-npm-test-cli-v02-prega-invalidsigpub.tgz.json", cli02, nil, BadSignature, "publish attestation"},
		{"provenance-npm-test-cli-v1-prega.tgz.json", cli1, &bySigstore, "", ""},
		{"provenance-npm-test-cli-v1-prega-invalidsigprov.tgz.json", cli1, nil, BadSignature, "provenance"},
		{"provenance-npm-test-cli-v1-prega-invalidsigpub.tgz.json", cli1, nil, BadSignature, "publish attestation"},
		{"provenance-npm-test-ossf.tgz.json", slsa3, &byGenerator, "", ""},
		{"provenance-npm-test-ossf-invalidsigprov.tgz.json", slsa3, nil, BadSignature, "provenance"},
		{"provenance-npm-test-ossf-invalidsigpub.tgz.json", slsa3, nil, BadSignature, "publish attestation"},
	}
	files := corpustest.Attestations(t)
	tried := 0
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			got, err := new(Verifier).Verify(t.Context(), files[test.file], pinned(t, files, test.file, test.of))
			if test.want != nil {
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("provenance (-want +got):\n%s", diff)
				}
				return
			}
			var fault *Fault
			if !errors.As(err, &fault) || fault.Kind != test.kind || fault.What != test.what {
				t.Errorf("error %v, want a fault of the kind %q in the %s", err, test.kind, test.what)
			}
		})
	}
	for name := range files {
		if strings.Contains(name, ".intoto.") || strings.HasSuffix(name, ".tgz.json") {
			tried++
		}
	}
	if tried != len(tests) {
		t.Errorf("there are %d documents, and %d are tried", tried, len(tests))
	}
}

// pinned gives a release as a lockfile pins it: by the hash of the archive that
// stands beside the document.
func pinned(t testing.TB, files map[string][]byte, document string, r Release) Release {
	t.Helper()
	if archive := files[strings.TrimSuffix(document, ".json")]; strings.HasSuffix(document, ".json") {
		r.Hashes = []string{hashOf(archive)}
	}
	r.Keys = registryKeys(t, files["npm-keys.json"])
	return r
}

func hashOf(archive []byte) string {
	sum := sha512.Sum512(archive)
	return sha512Prefix + base64.StdEncoding.EncodeToString(sum[:])
}

// registryKeys reads npm's keys in the form in which Sigstore distributes them.
func registryKeys(t testing.TB, data []byte) []Key {
	t.Helper()
	var document struct {
		Keys []struct {
			KeyID, KeyUsage string
			PublicKey       struct {
				RawBytes []byte
				ValidFor struct{ End time.Time }
			}
		}
	}
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	var keys []Key
	for _, k := range document.Keys {
		public, err := x509.ParsePKIXPublicKey(k.PublicKey.RawBytes)
		if err != nil {
			t.Fatal(err)
		}
		if k.KeyUsage == "npm:attestations" {
			keys = append(keys, Key{ID: k.KeyID, Public: public.(*ecdsa.PublicKey), Expires: k.PublicKey.ValidFor.End})
		}
	}
	return keys
}

// What holds for one release holds for no other.
func TestVerifyHoldsForOneReleaseOnly(t *testing.T) {
	const file = "provenance-npm-test-cli-v1-prega.tgz.json"
	files := corpustest.Attestations(t)
	evil := hashOf([]byte("evil"))
	tests := []struct {
		name string
		edit func(*Release)
		want string
	}{
		{"another hash", func(r *Release) { r.Hashes = []string{evil} },
			"the publish attestation is over sha512-8G+/XDU8wNsJOQS5ysDVO0Etg9/2uA5gR9l4ZwijjlwxBcrU6RPfwi2+jJmbP+Ap1Hlp/nVAaEO4Fj22/SL2gQ=="},
		{"another hash beside the attested one", func(r *Release) { r.Hashes = append(r.Hashes, evil) }, "the publish attestation is over "},
		{"another name", func(r *Release) { r.Name = "sigstorre" }, "the publish attestation is about pkg:npm/sigstore@2.3.1"},
		{"another version", func(r *Release) { r.Version = "2.3.10" }, "the publish attestation is about pkg:npm/sigstore@2.3.1"},
		{"a name with the version in it", func(r *Release) { r.Name, r.Version = "sigstore@2.3", "1" }, "the publish attestation is about "},
		{"no hash", func(r *Release) { r.Hashes = nil }, "neither the lockfile nor the registry gives a SHA-512 hash"},
		{"a weaker hash", func(r *Release) { r.Hashes = []string{"sha1-b2xkIHNoYTE="} }, `"sha1-b2xkIHNoYTE=" is no SHA-512 hash`},
		{"no keys", func(r *Release) { r.Keys = nil }, "the registry publishes no keys"},
		{"another's keys", func(r *Release) { r.Keys = r.Keys[1:] }, "the publish attestation is made with the key "},
		{"a key that ended before", func(r *Release) { r.Keys[0].Expires = time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC) }, "the publish attestation does not hold: "},
		{"another key of that name", func(r *Release) { r.Keys[0].Public = r.Keys[1].Public }, "the publish attestation does not hold: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := pinned(t, files, file, cli1)
			test.edit(&r)
			got, err := new(Verifier).Verify(t.Context(), files[file], r)
			if got != nil || err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("gave %v and the error %v, want none and %q", got, err, test.want)
			}
			var fault *Fault
			if errors.As(err, &fault) && (fault.Kind == OtherDigest) != (fault.Hash == evil) {
				t.Errorf("the fault %v blames the hash %q", fault, fault.Hash)
			}
		})
	}
}

// A document of one release is no good for another, whole or in part.
func TestVerifyRefusesMixedDocuments(t *testing.T) {
	files := corpustest.Attestations(t)
	const ours, theirs = "provenance-npm-test-cli-v02-prega.tgz.json", "provenance-npm-test-ossf.tgz.json"
	parts := func(file string) (publish, provenance json.RawMessage) {
		var d struct{ Attestations []json.RawMessage }
		if err := json.Unmarshal(files[file], &d); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(d.Attestations[0][:200]), typePublish) {
			return d.Attestations[0], d.Attestations[1]
		}
		return d.Attestations[1], d.Attestations[0]
	}
	ourPublish, ourProvenance := parts(ours)
	theirPublish, theirProvenance := parts(theirs)
	join := func(list ...json.RawMessage) []byte {
		data, err := json.Marshal(map[string]any{"attestations": list})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	tests := []struct {
		name     string
		document []byte
		want     string
	}{
		{"good", join(ourProvenance, ourPublish), ""},
		{"another's provenance", join(ourPublish, theirProvenance), "the provenance is about pkg:npm/%40laurentsimon/provenance-npm-test@1.0.5"},
		{"another's publish attestation", join(theirPublish, ourProvenance), "the publish attestation is about pkg:npm/%40laurentsimon/provenance-npm-test@1.0.5"},
		{"two provenances", join(ourPublish, ourProvenance, theirProvenance), "the registry's document can't be used: it holds more than one provenance"},
		{"no provenance", join(ourPublish), "the registry's document can't be used: it holds no provenance"},
		{"no publish attestation", join(ourProvenance), "the registry's document can't be used: it holds no publish attestation"},
		{"too many", join(make([]json.RawMessage, maxAttestations+1)...), "the registry's document can't be used: it holds 17 attestations, and at most 16 are read"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := new(Verifier).Verify(t.Context(), test.document, pinned(t, files, ours, cli02))
			if got := errorText(err); got != test.want {
				t.Errorf("error %q, want %q", got, test.want)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
