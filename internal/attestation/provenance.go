package attestation

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/sigstore/sigstore-go/pkg/fulcio/certificate"
)

// pipelines are the issuers of identities whose builds npm takes provenance
// from, where their repositories are, and how each calls a commit's page
// (https://docs.npmjs.com/generating-provenance-statements).
var pipelines = map[string]struct{ home, commit string }{
	"https://token.actions.githubusercontent.com": {"https://github.com/", "/commit/"},
	"https://gitlab.com":                          {"https://gitlab.com/", "/-/commit/"},
}

// CommitPage is the address of the commit that was built, for a person to read.
func (p *Provenance) CommitPage() string {
	for _, pipeline := range pipelines {
		if strings.HasPrefix(p.Repository, pipeline.home) {
			return p.Repository + pipeline.commit + url.PathEscape(p.Commit)
		}
	}
	return p.Repository
}

// signer is the identity in a verified certificate. Fulcio takes it from the
// pipeline's own token: a build can't choose it
// (https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md).
type signer struct {
	issuer     string
	name       string // the subject alternative name: the workflow that signed, which may be another repository's
	repository string // the one that was built
	config     string // the workflow that was started
	ref        string
	commit     string
}

func signerOf(c *certificate.Summary) *signer {
	s := &signer{
		issuer: c.Issuer, name: c.SubjectAlternativeName, repository: c.SourceRepositoryURI,
		config: c.BuildConfigURI, ref: c.SourceRepositoryRef, commit: c.SourceRepositoryDigest,
	}
	// Until April 2023 certificates had GitHub's own fields only.
	if s.repository == "" && c.GithubWorkflowRepository != "" {
		s.repository = pipelines[s.issuer].home + c.GithubWorkflowRepository
	}
	s.config = cmp.Or(s.config, s.name)
	s.ref = cmp.Or(s.ref, c.GithubWorkflowRef)
	s.commit = cmp.Or(s.commit, c.GithubWorkflowSHA)
	return s
}

// predicate is what of SLSA's provenance, v0.2 and v1, is held against the
// certificate (https://slsa.dev/spec/v1.0/provenance, …/v0.2/provenance).
type predicate struct {
	Builder    builder `json:"builder"`
	Invocation struct {
		ConfigSource struct {
			URI string `json:"uri"`
		} `json:"configSource"`
	} `json:"invocation"`

	BuildDefinition struct {
		ExternalParameters struct {
			Workflow struct {
				Repository string `json:"repository"`
			} `json:"workflow"`
		} `json:"externalParameters"`
	} `json:"buildDefinition"`
	RunDetails struct {
		Builder builder `json:"builder"`
	} `json:"runDetails"`
}

type builder struct {
	ID string `json:"id"`
}

// origin gives where a verified provenance says that the release was built. A
// statement that names another repository than its signer built is refused:
// people and tools read the statement. One that names none is no lie.
func (s *signed) origin() (*Provenance, error) {
	by := s.signer
	pipeline, known := pipelines[by.issuer]
	if !known {
		return nil, &Unverified{Reason: "the provenance is signed by an identity of " + clip(by.issuer) + ", which is no pipeline that is known"}
	}
	if !strings.HasPrefix(by.repository, pipeline.home) || !strings.HasPrefix(by.name, pipeline.home) {
		return nil, s.fault(BadIdentity, "is signed for %s as %s, which is not of %s", clip(by.repository), clip(by.name), pipeline.home)
	}
	var p predicate
	if err := json.Unmarshal(s.statement.Predicate, &p); err != nil {
		return nil, unreadable("its provenance is of no form that is known")
	}
	claimed := cmp.Or(p.BuildDefinition.ExternalParameters.Workflow.Repository, p.Invocation.ConfigSource.URI)
	if claimed != "" && !sameRepository(claimed, by.repository) {
		return nil, s.fault(BadIdentity, "names the repository %.200q, and is signed for %s", claimed, clip(by.repository))
	}
	return &Provenance{
		Repository: by.repository,
		Workflow:   by.workflow(),
		Ref:        by.ref,
		Commit:     by.commit,
		Builder:    cmp.Or(p.RunDetails.Builder.ID, p.Builder.ID),
	}, nil
}

// workflow gives the path of the file that was run, out of
// "https://github.com/owner/name/.github/workflows/release.yml@refs/heads/main".
// GitLab puts two slashes in front of it.
func (s *signer) workflow() string {
	path, ok := strings.CutPrefix(s.config, s.repository+"/")
	if !ok {
		return ""
	}
	path, _, _ = strings.Cut(path, "@")
	return strings.TrimPrefix(path, "/")
}

// sameRepository compares a repository as a statement names it
// ("git+https://github.com/owner/name@refs/heads/main") with a certificate's.
// Neither host tells capitals apart.
func sameRepository(claimed, certified string) bool {
	claimed = strings.TrimPrefix(claimed, "git+")
	claimed, _, _ = strings.Cut(claimed, "@")
	return strings.EqualFold(strings.TrimSuffix(claimed, ".git"), certified)
}

// clip bounds a text from a certificate in a message.
func clip(s string) string { return s[:min(len(s), 200)] }
