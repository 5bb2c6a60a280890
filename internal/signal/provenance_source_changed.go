package signal

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var provenanceSourceChanged = Signal{
	ID:     "provenance-source-changed",
	Family: Takeover,
	Title:  "Built somewhere else",
	Meaning: "The verified provenance of the release names another repository, workflow or branch than that of the release before it, " +
		"of the same release line where there is one. Numbers in the name of a branch don't count, and tags are not compared: each release has its own.",
	Why: "A valid provenance tells where a release was built, not that it was meant: three worms of 2026 had one, two of them of commits that stood on no branch. " +
		"Projects move and rename their workflows, and nobody has counted how often: so it warns and does not block alone. " +
		"A tag in place of a branch, or a branch in place of a tag, is mostly another way to release and only explains.",
	Remedy:  "Open the attested commit. See whether the project says that it moved, and who wrote the workflow that built the release.",
	Points:  35,
	Scale:   "35; 10 where only a tag stands in for a branch, or a branch for a tag",
	Weighed: true,
	Needs:   []evidence.Check{evidence.History, evidence.Provenance},
	Check:   checkProvenanceSourceChanged,
}

const refKindPoints = 10

func checkProvenanceSourceChanged(d *evidence.Dossier, _ Context) []Finding {
	now, before := d.Attested, d.AttestedBefore
	if now == nil || before == nil {
		return nil
	}
	f := Finding{Links: commitPage(now), Facts: []Fact{
		{"compared_with", clip(before.Version)},
		{"repository", clip(now.Repository)}, {"repository_before", clip(before.Repository)},
		{"workflow", clip(now.Workflow)}, {"workflow_before", clip(before.Workflow)},
		{"ref", clip(now.Ref)}, {"ref_before", clip(before.Ref)},
	}}
	differ := func(what, value, valueBefore string) []Finding {
		f.Message = fmt.Sprintf("The attested %s of %s is %s; that of %s was %s.", what, label(d), clip(value), clip(before.Version), clip(valueBefore)) + f.Message
		return []Finding{f}
	}
	switch {
	case !strings.EqualFold(now.Repository, before.Repository):
		f.Message = " A repository that was renamed or moved looks the same."
		return differ("repository", now.Repository, before.Repository)
	case now.Workflow != before.Workflow && now.Workflow != "" && before.Workflow != "":
		return differ("workflow", now.Workflow, before.Workflow)
	case refKind(now.Ref) != refKind(before.Ref):
		f.Points = refKindPoints
		return differ("ref", now.Ref, before.Ref)
	case refKind(now.Ref) != tags && unnumbered(now.Ref) != unnumbered(before.Ref):
		return differ("ref", now.Ref, before.Ref)
	}
	return nil
}

const tags = "refs/tags/"

// refKind gives what stands before a ref's own name; "" for anything else.
func refKind(ref string) string {
	for _, kind := range []string{tags, "refs/heads/"} {
		if strings.HasPrefix(ref, kind) {
			return kind
		}
	}
	return ""
}

// numbers are what one release's branch has in place of another's:
// release/1.2.3, release/1.2.4.
var numbers = regexp.MustCompile(`[0-9]+([.-][0-9x]+)*`)

func unnumbered(ref string) string { return numbers.ReplaceAllString(ref, "#") }

// commitPage links what a release was built from.
func commitPage(a *evidence.Attested) []Link {
	return []Link{{Title: "the attested commit of " + clip(a.Version), URL: a.CommitPage()}}
}
