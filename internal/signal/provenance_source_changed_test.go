package signal

import (
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/attestation"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

const (
	attestedHome = "https://github.com/owner/left-pad"
	attestedFile = ".github/workflows/release.yml"
)

func TestProvenanceSourceChanged(t *testing.T) {
	type source = attestation.Provenance
	home := source{Repository: attestedHome, Workflow: attestedFile, Ref: "refs/heads/main", Commit: gitCommit}
	with := func(edit func(*source)) source {
		s := home
		edit(&s)
		return s
	}
	ref := func(name string) source { return with(func(s *source) { s.Ref = name }) }
	from := func(before, now source) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) {
			d.Attested = &evidence.Attested{Version: "1.3.1", Provenance: now}
			d.AttestedBefore = &evidence.Attested{Version: "1.3.0", Provenance: before}
		}
	}
	runCases(t, "provenance-source-changed", []testCase{
		{name: "repository", edit: from(home, with(func(s *source) { s.Repository = "https://github.com/evil/left-pad" })), want: []string{
			"35: The attested repository of left-pad 1.3.1 is https://github.com/evil/left-pad; that of 1.3.0 was https://github.com/owner/left-pad. A repository that was renamed or moved looks the same."}},
		{name: "workflow", edit: from(home, with(func(s *source) { s.Workflow = ".github/workflows/x.yml" })), want: []string{
			"35: The attested workflow of left-pad 1.3.1 is .github/workflows/x.yml; that of 1.3.0 was .github/workflows/release.yml."}},
		{name: "branch", edit: from(home, ref("refs/heads/evil")), want: []string{
			"35: The attested ref of left-pad 1.3.1 is refs/heads/evil; that of 1.3.0 was refs/heads/main."}},
		{name: "a branch with a number in place of one without", edit: from(home, ref("refs/heads/main2")), want: []string{
			"35: The attested ref of left-pad 1.3.1 is refs/heads/main2; that of 1.3.0 was refs/heads/main."}},
		{name: "a pull request", edit: from(ref("refs/pull/1/merge"), ref("refs/pull/x/head")), want: []string{
			"35: The attested ref of left-pad 1.3.1 is refs/pull/x/head; that of 1.3.0 was refs/pull/1/merge."}},
		{name: "a tag in place of a branch explains", edit: from(home, ref("refs/tags/v1.3.1")), want: []string{
			"10: The attested ref of left-pad 1.3.1 is refs/tags/v1.3.1; that of 1.3.0 was refs/heads/main."}},
		{name: "a branch in place of a tag explains", edit: from(ref("refs/tags/v1.3.0"), home), want: []string{
			"10: The attested ref of left-pad 1.3.1 is refs/heads/main; that of 1.3.0 was refs/tags/v1.3.0."}},

		{name: "the same", edit: from(home, with(func(s *source) { s.Commit = "0000000" }))},
		{name: "each release has its tag", edit: from(ref("refs/tags/v1.3.0"), ref("refs/tags/v1.3.1"))},
		{name: "each release has its branch", edit: from(ref("refs/heads/release/1.3.0"), ref("refs/heads/release/1.3.1"))},
		{name: "the branch of a line", edit: from(ref("refs/heads/1.x"), ref("refs/heads/1.3.x"))},
		{name: "capitals", edit: from(home, with(func(s *source) { s.Repository = "https://github.com/Owner/left-pad" }))},
		{name: "no workflow named", edit: from(home, with(func(s *source) { s.Workflow = "" }))},
		{name: "nothing before it", edit: func(d *evidence.Dossier) { d.Attested = &evidence.Attested{Version: "1.3.1", Provenance: home} }},
		{name: "not verified", edit: func(d *evidence.Dossier) { d.AttestedBefore = &evidence.Attested{Version: "1.3.0", Provenance: home} }},
	})
}

func TestProvenanceSourceChangedLinksTheCommit(t *testing.T) {
	d := ordinary()
	d.Attested = &evidence.Attested{Version: "1.3.1", Provenance: attestation.Provenance{Repository: "https://gitlab.com/evil/left-pad", Commit: gitCommit}}
	d.AttestedBefore = &evidence.Attested{Version: "1.3.0", Provenance: attestation.Provenance{Repository: attestedHome}}
	want := Link{"the attested commit of 1.3.1", "https://gitlab.com/evil/left-pad/-/commit/" + gitCommit}
	for _, f := range Run(d, judged()) {
		if f.Signal == "provenance-source-changed" && len(f.Links) > 0 && f.Links[0] == want {
			return
		}
	}
	t.Errorf("no finding links %v", want)
}
