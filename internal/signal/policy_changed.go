package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var policyChanged = Signal{
	ID:      "policy-changed",
	Family:  Guardrails,
	Title:   "The gate's own rules change",
	Meaning: "The head adds, edits or removes Lockkeeper's policy, a workflow that runs it, or who owns those files and the lockfiles (CODEOWNERS). One finding for each file.",
	Why: "Whoever wants an update through can ask the gate to look away. The base's policy judges this change, whatever the head says, so it warns and does not block; " +
		"but the next change will be judged by what is merged here.",
	Remedy: "Have a person who answers for security read the difference. Requiring an owner's review for these files makes that a rule.",
	Points: 30,

	Repository: checkPolicyChanged,
}

// effects say when an edit of each kind counts.
var effects = map[string]string{
	"policy":   "the policy that pull requests are judged by. It does not judge this one; once merged, it judges all others.",
	"owners":   "the owners who must review the gate's own files or a lockfile, if owners' reviews are required.",
	"workflow": "a workflow that runs Lockkeeper. On pull requests the forge may run the head's own version of it.",
}

// verbs say what the head does to a file.
var verbs = map[string]string{"added": "adds", "removed": "removes", "edited": "edits"}

func checkPolicyChanged(r *evidence.Repository, _ Context) []Finding {
	var found []Finding
	for i, e := range r.Edited {
		verb, effect := verbs[e.Change], effects[e.Kind]
		if verb == "" {
			verb = verbs["edited"]
		}
		if effect == "" {
			effect = effects["workflow"]
		}
		found = append(found, Finding{
			Further: i > 0, // several files are one look for the same person
			Message: fmt.Sprintf("The head %s %s, %s", verb, e.Path, effect),
			Facts:   []Fact{{"file", e.Kind}, {"change", e.Change}},
			Path:    e.Path,
			Line:    e.Line,
		})
	}
	return found
}
