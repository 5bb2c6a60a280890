package gate

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/corpustest"
	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
)

// attested is a package of the real documents, whose releases 1.0.3 and 1.0.5
// were built by two workflows of one repository.
const attested = "@laurentsimon/provenance-npm-test"

// attestedWorld serves the package with the document of 1.0.5 that a test wants.
func attestedWorld(t *testing.T, document string) (world *worldtest.World, files map[string][]byte) {
	t.Helper()
	files = corpustest.Attestations(t)
	versions, times := map[string]any{}, map[string]any{"created": "2023-02-15T00:00:00Z", "modified": "2023-05-18T18:00:00Z"}
	served := fstest.MapFS{"-/npm/v1/keys.json": {Data: npmKeys(t, files["npm-keys.json"])}}
	for v, file := range map[string]string{"1.0.3": "provenance-npm-test-cli-v02-prega.tgz", "1.0.5": "provenance-npm-test-ossf.tgz"} {
		versions[v] = map[string]any{
			"name": attested, "version": v, "_npmUser": map[string]string{"name": "laurentsimon"},
			"dist": map[string]any{
				"integrity":    sha512Of(files[file]),
				"tarball":      "https://npm.example.com/" + attested + "/-/provenance-npm-test-" + v + ".tgz",
				"attestations": map[string]any{"url": "https://evil.invalid/", "provenance": map[string]string{"predicateType": "x"}},
			},
		}
		times[v] = "2023-05-" + map[string]string{"1.0.3": "01", "1.0.5": "18"}[v] + "T18:00:00Z"
		data := files[file+".json"]
		if v == "1.0.5" {
			data = files[document]
		}
		served["attestations/"+attested+"@"+v+".json"] = &fstest.MapFile{Data: data}
	}
	full, err := json.Marshal(map[string]any{"name": attested, "dist-tags": map[string]string{"latest": "1.0.5"}, "versions": versions, "time": times})
	if err != nil {
		t.Fatal(err)
	}
	served[attested+".json"] = &fstest.MapFile{Data: full}
	return &worldtest.World{Files: served}, files
}

func sha512Of(archive []byte) string {
	sum := sha512.Sum512(archive)
	return "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

// npmKeys writes npm's keys as its registry does, from Sigstore's form of them.
func npmKeys(t *testing.T, data []byte) []byte {
	t.Helper()
	var sigstore struct {
		Keys []struct {
			KeyID     string `json:"keyId"`
			KeyUsage  string `json:"keyUsage"`
			PublicKey struct {
				RawBytes string `json:"rawBytes"`
				ValidFor struct {
					End *string `json:"end"`
				} `json:"validFor"`
			} `json:"publicKey"`
		} `json:"keys"`
	}
	if err := json.Unmarshal(data, &sigstore); err != nil {
		t.Fatal(err)
	}
	var keys []map[string]any
	for _, k := range sigstore.Keys {
		if k.KeyUsage == "npm:signatures" {
			keys = append(keys, map[string]any{"keyid": k.KeyID, "keytype": "ecdsa-sha2-nistp256", "scheme": "ecdsa-sha2-nistp256",
				"key": k.PublicKey.RawBytes, "expires": k.PublicKey.ValidFor.End})
		}
	}
	written, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		t.Fatal(err)
	}
	return written
}

// pinsAttested is a lockfile that pins the package.
func pinsAttested(version, hash string) map[string]string {
	return map[string]string{
		"package.json": `{"name":"app","dependencies":{"` + attested + `":"^1.0.0"}}`,
		"package-lock.json": fmt.Sprintf(`{"name":"app","lockfileVersion":3,"packages":{"":{"name":"app","dependencies":{%[1]q:"^1.0.0"}},
			"node_modules/%[1]s":{"version":%[2]q,"resolved":"https://npm.example.com/%[1]s/-/provenance-npm-test-%[2]s.tgz","integrity":%[3]q}}}`, attested, version, hash),
	}
}

// Real attestations, from the registry to the verdict: what holds is compared,
// what doesn't blocks, what can't be had is a gap.
func TestAttestations(t *testing.T) {
	const good = "provenance-npm-test-ossf.tgz.json"
	tests := []struct {
		name     string
		document string // of 1.0.5
		edit     func(*worldtest.World, map[string]string)
		verdict  string
		findings []string
		gaps     []string
	}{
		{name: "another workflow", document: good, verdict: "warn", findings: []string{
			"provenance-source-changed: The attested workflow of " + attested + " 1.0.5 is .github/workflows/release-slsa3.yml; that of 1.0.3 was .github/workflows/release.yml."}},
		{name: "a broken provenance", document: "provenance-npm-test-ossf-invalidsigprov.tgz.json", verdict: "block", findings: []string{
			"attestation-mismatch: The provenance of " + attested + " 1.0.5 does not hold: "}},
		{name: "a broken publish attestation", document: "provenance-npm-test-ossf-invalidsigpub.tgz.json", verdict: "block", findings: []string{
			"attestation-mismatch: The publish attestation of " + attested + " 1.0.5 does not hold: "}},
		{name: "another release's", document: "provenance-npm-test-cli-v02-prega.tgz.json", verdict: "block", findings: []string{
			"attestation-mismatch: The publish attestation of " + attested + " 1.0.5 is about pkg:npm/%40laurentsimon/provenance-npm-test@1.0.3."}},
		{name: "bytes that nobody attested", document: good, verdict: "block", edit: func(w *worldtest.World, head map[string]string) {
			// A mirror that serves other bytes says so in its document, too.
			files := w.Files.(fstest.MapFS)
			real, evil := integrityOf(t, files, "1.0.5"), sha512Of([]byte("evil"))
			head["package-lock.json"] = strings.ReplaceAll(head["package-lock.json"], real, evil)
			full := files[attested+".json"]
			full.Data = []byte(strings.ReplaceAll(string(full.Data), real, evil))
		}, findings: []string{"attestation-mismatch: The lockfile pins " + attested + " 1.0.5 by the hash sha512-"}},
		{name: "no document", document: good, verdict: "pass", edit: func(w *worldtest.World, _ map[string]string) {
			delete(w.Files.(fstest.MapFS), "attestations/"+attested+"@1.0.5.json")
		}, gaps: []string{"provenance: its attestations could not be verified: npm.example.com: not found (HTTP 404)"}},
		{name: "an empty document", document: "none", verdict: "pass", gaps: []string{
			"provenance: its attestations could not be verified: the registry's document can't be used: it is not JSON of the form that is known"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			world, files := attestedWorld(t, test.document)
			base := pinsAttested("1.0.3", sha512Of(files["provenance-npm-test-cli-v02-prega.tgz"]))
			head := pinsAttested("1.0.5", sha512Of(files["provenance-npm-test-ossf.tgz"]))
			if test.edit != nil {
				test.edit(world, head)
			}
			r := check(t, folder(t, base), folder(t, head), Options{
				Now:     time.Date(2023, 5, 20, 0, 0, 0, 0, time.UTC), // two days after 1.0.5
				Network: Network{Transport: hosts{world}},
				Getenv:  registryAt("https://npm.example.com/"),
			})
			var findings, gaps []string
			for _, c := range r.Changes {
				for _, f := range c.Findings {
					findings = append(findings, f.Signal+": "+f.Message)
				}
				for _, g := range c.Gaps {
					gaps = append(gaps, g.Check+": "+g.Reason)
				}
			}
			if r.Verdict != test.verdict || len(findings) != len(test.findings) {
				t.Fatalf("%s with %q, want %s with %q", r.Verdict, findings, test.verdict, test.findings)
			}
			for i, want := range test.findings {
				if !strings.HasPrefix(findings[i], want) {
					t.Errorf("finding %q, want %q", findings[i], want)
				}
			}
			if diff := cmp.Diff(test.gaps, gaps); diff != "" {
				t.Errorf("gaps (-want +got):\n%s", diff)
			}
		})
	}
}

func registryAt(address string) func(string) string {
	return func(name string) string {
		if name == "NPM_CONFIG_REGISTRY" {
			return address
		}
		return ""
	}
}

func integrityOf(t *testing.T, files fstest.MapFS, version string) string {
	t.Helper()
	var full struct {
		Versions map[string]struct {
			Dist struct {
				Integrity string `json:"integrity"`
			} `json:"dist"`
		} `json:"versions"`
	}
	if err := json.Unmarshal(files[attested+".json"].Data, &full); err != nil {
		t.Fatal(err)
	}
	return full.Versions[version].Dist.Integrity
}
