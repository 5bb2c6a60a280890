package attestation

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sigstore/sigstore-go/pkg/fulcio/certificate"

	"github.com/lockkeeper/lockkeeper/internal/corpustest"
)

const (
	github = "https://token.actions.githubusercontent.com"
	gitlab = "https://gitlab.com"
)

// The certificate says where a release was built; a statement may not say
// otherwise.
func TestOrigin(t *testing.T) {
	ours := func() *certificate.Summary {
		return &certificate.Summary{
			SubjectAlternativeName: "https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1.0.0",
			Extensions: certificate.Extensions{
				Issuer: github, SourceRepositoryURI: "https://github.com/owner/name", SourceRepositoryRef: "refs/tags/v1.0.0", SourceRepositoryDigest: "c0ffee",
				BuildConfigURI: "https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1.0.0",
			},
		}
	}
	built := &Provenance{Repository: "https://github.com/owner/name", Workflow: ".github/workflows/release.yml", Ref: "refs/tags/v1.0.0", Commit: "c0ffee", Builder: "b"}
	const v1 = `{"buildDefinition": {"externalParameters": {"workflow": {"repository": %q}}}, "runDetails": {"builder": {"id": "b"}}}`
	const v02 = `{"builder": {"id": "b"}, "invocation": {"configSource": {"uri": %q}}}`
	tests := []struct {
		name string
		edit func(*certificate.Summary)
		form string // of the predicate, with a place for its repository
		repo string
		want *Provenance
		err  string
	}{
		{name: "v1", form: v1, repo: "https://github.com/owner/name", want: built},
		{name: "v0.2", form: v02, repo: "git+https://github.com/owner/name@refs/tags/v1.0.0", want: built},
		{name: "capitals", form: v1, repo: "https://github.com/Owner/Name", want: built},
		{name: "a predicate that names none", form: `{"runDetails": {"builder": {"id": "b"}}}`, want: built},
		{name: "a reusable workflow signed", form: v1, repo: "https://github.com/owner/name", want: built, edit: func(c *certificate.Summary) {
			c.SubjectAlternativeName = "https://github.com/other/shared/.github/workflows/publish.yml@refs/heads/main"
		}},
		{name: "an old certificate", form: v02, repo: "git+https://github.com/owner/name@refs/tags/v1.0.0", want: built, edit: func(c *certificate.Summary) {
			c.Extensions = certificate.Extensions{Issuer: github, GithubWorkflowRepository: "owner/name", GithubWorkflowRef: "refs/tags/v1.0.0", GithubWorkflowSHA: "c0ffee"}
		}},
		{name: "GitLab", form: v02, repo: "git+https://gitlab.com/group/sub/name", edit: func(c *certificate.Summary) {
			c.SubjectAlternativeName = "https://gitlab.com/group/sub/name//.gitlab-ci.yml@refs/heads/main"
			c.Extensions = certificate.Extensions{Issuer: gitlab, SourceRepositoryURI: "https://gitlab.com/group/sub/name", SourceRepositoryRef: "refs/heads/main",
				SourceRepositoryDigest: "c0ffee", BuildConfigURI: c.SubjectAlternativeName}
		}, want: &Provenance{Repository: "https://gitlab.com/group/sub/name", Workflow: ".gitlab-ci.yml", Ref: "refs/heads/main", Commit: "c0ffee", Builder: "b"}},

		{name: "v1 names another repository", form: v1, repo: "https://github.com/owner/names",
			err: `the provenance names the repository "https://github.com/owner/names", and is signed for https://github.com/owner/name`},
		{name: "v0.2 names another repository", form: v02, repo: "git+https://github.com/evil/name@refs/tags/v1.0.0",
			err: `the provenance names the repository "git+https://github.com/evil/name@refs/tags/v1.0.0", and is signed for https://github.com/owner/name`},
		{name: "a person", form: v1, repo: "https://github.com/owner/name", edit: func(c *certificate.Summary) {
			c.SubjectAlternativeName, c.Extensions = "eve@evil.invalid", certificate.Extensions{Issuer: "https://accounts.example"}
		}, err: "the provenance is signed by an identity of https://accounts.example, which is no pipeline that is known"},
		{name: "GitLab's identity for a repository elsewhere", form: v1, repo: "https://github.com/owner/name", edit: func(c *certificate.Summary) { c.Issuer = gitlab },
			err: "the provenance is signed for https://github.com/owner/name as https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1.0.0, which is not of https://gitlab.com/"},
		{name: "no repository", form: v1, edit: func(c *certificate.Summary) { c.SourceRepositoryURI = "" },
			err: "the provenance is signed for  as https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1.0.0, which is not of https://github.com/"},
		{name: "a predicate of another form", form: `{"builder": []}`, err: "the registry's document can't be used: its provenance is of no form that is known"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := ours()
			if test.edit != nil {
				test.edit(c)
			}
			text := test.form
			if strings.Contains(text, "%q") {
				text = fmt.Sprintf(text, test.repo)
			}
			s := &signed{what: whatProvenance, signer: signerOf(c), statement: statement{Predicate: []byte(text)}}
			got, err := s.origin()
			if errorText(err) != test.err {
				t.Errorf("error %q, want %q", errorText(err), test.err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("provenance (-want +got):\n%s", diff)
			}
		})
	}
}

// A document that is too large, too deep, or none at all says nothing.
func TestUnreadableDocuments(t *testing.T) {
	tests := map[string]string{
		"empty":       "",
		"HTML":        "<html>",
		"null":        "null",
		"a list":      "[]",
		"no list":     `{"attestations": {}}`,
		"no bundle":   `{"attestations": [{"predicateType": "` + typePublish + `"}]}`,
		"null bundle": `{"attestations": [{"predicateType": "` + typePublish + `", "bundle": null}]}`,
		"no content":  `{"attestations": [{"predicateType": "` + typePublish + `", "bundle": {"mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.2"}}]}`,
		"twice":       `{"attestations": [], "attestations": []}`,
		"cut short":   `{"attestations": [{"predicateType": "` + typePublish,
		"deep":        strings.Repeat(`{"attestations": [`, MaxDocument/20),
		"deep bundle": `{"attestations": [{"predicateType": "` + typePublish + `", "bundle": ` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}]}`,
		"huge":        `{"attestations": []}` + strings.Repeat(" ", MaxDocument),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := new(Verifier).Verify(t.Context(), []byte(text), Release{})
			var unverified *Unverified
			if !errors.As(err, &unverified) || !strings.HasPrefix(err.Error(), "the registry's document can't be used: ") {
				t.Errorf("error %v, want an unusable document", err)
			}
		})
	}
}

// FuzzVerify tries changed documents: none panics, and none verifies unless the
// change is one that nothing signed.
func FuzzVerify(f *testing.F) {
	files := corpustest.Attestations(f)
	for name, data := range files {
		if strings.HasSuffix(name, ".tgz.json") || strings.Contains(name, ".intoto.") {
			f.Add(data)
		}
	}
	r := pinned(f, files, realFile, cli1)
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := new(Verifier).Verify(t.Context(), data, r)
		if (got == nil) == (err == nil) {
			t.Fatalf("gave %v and the error %v", got, err)
		}
		if got != nil {
			if diff := cmp.Diff(&bySigstore, got); diff != "" {
				t.Fatalf("a changed document verifies as another provenance:\n%s", diff)
			}
		}
	})
}

// A bit that flips anywhere in what is signed is seen.
func TestFlippedBits(t *testing.T) {
	files := corpustest.Attestations(t)
	r := pinned(t, files, realFile, cli1)
	var d struct {
		Attestations []struct {
			PredicateType string          `json:"predicateType"`
			Bundle        json.RawMessage `json:"bundle"`
		} `json:"attestations"`
	}
	if err := json.Unmarshal(files[realFile], &d); err != nil {
		t.Fatal(err)
	}
	for i := range d.Attestations {
		var bundle struct {
			DSSE struct {
				Payload    []byte
				Signatures []struct{ Sig []byte }
			} `json:"dsseEnvelope"`
		}
		if err := json.Unmarshal(d.Attestations[i].Bundle, &bundle); err != nil {
			t.Fatal(err)
		}
		for what, data := range map[string][]byte{"payload": bundle.DSSE.Payload, "signature": bundle.DSSE.Signatures[0].Sig} {
			for at := 0; at < len(data); at += max(1, len(data)/16) {
				flipped := flip(t, files[realFile], data, at)
				if got, err := new(Verifier).Verify(t.Context(), flipped, r); err == nil {
					t.Errorf("%s: a flipped bit of byte %d of the %s verifies as %v", d.Attestations[i].PredicateType, at, what, got)
				}
			}
		}
	}
}

// flip changes one bit of data where the document has it in base64.
func flip(t *testing.T, document, data []byte, at int) []byte {
	t.Helper()
	before, _ := json.Marshal(data)
	changed := append([]byte(nil), data...)
	changed[at] ^= 1
	after, _ := json.Marshal(changed)
	flipped := strings.Replace(string(document), string(before), string(after), 1)
	if flipped == string(document) {
		t.Fatal("nothing was changed")
	}
	return []byte(flipped)
}

func BenchmarkVerify(b *testing.B) {
	files := corpustest.Attestations(b)
	r := pinned(b, files, realFile, cli1)
	for b.Loop() {
		if _, err := new(Verifier).Verify(b.Context(), files[realFile], r); err != nil {
			b.Fatal(err)
		}
	}
}
