package signal

import (
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/manifest/settings"
)

var guardrailLoosened = Signal{
	ID:     "guardrail-loosened",
	Family: Guardrails,
	Title:  "Protection loosened",
	Meaning: "The head loosens a setting by which npm, pnpm, yarn, bun or Deno protects the install: scripts, waiting times, trust, registries, checks and their exceptions. " +
		"Or it has them run code of the repository itself, or put some into packages: plugins, hooks, patches, folders of installed packages, yarn's own release. " +
		"One finding for each setting or file; one that moves, is spelled another way or becomes stricter is quiet, and so is what comes with a new project.",
	Why: "All package managers obey the head's files, so that who wants an update through can ask them to look away. None of 50 real lockfile changes loosened anything, " +
		"but to allow one more package is everyday work: so it warns, the first with the points for all.",
	Remedy: "Have a person who answers for security read the change.",
	Points: 40,
	Needs:  []evidence.Check{evidence.Settings},

	Repository: checkGuardrailLoosened,
}

// maxLoosened bounds the findings of one change; the rest are counted.
const maxLoosened = 20

func checkGuardrailLoosened(r *evidence.Repository, _ Context) []Finding {
	var found []Finding
	rest := 0
	for _, l := range r.Loosened {
		switch {
		case l.Lockfile:
		case len(found) == maxLoosened:
			rest++
		default:
			f := loosened(l)
			f.Further = len(found) > 0 // several settings are one look for the same person
			found = append(found, f)
		}
	}
	if rest > 0 {
		found = append(found, Finding{
			Further: true,
			Message: fmt.Sprintf("The head loosens %s more.", count(rest, "setting")),
		})
	}
	return found
}

// loosened tells of one setting.
func loosened(l settings.Loosening) Finding {
	tools := make([]string, len(l.Tools))
	for i, tool := range l.Tools {
		tools[i] = string(tool)
	}
	names := strings.Join(tools, ", ")
	return Finding{
		Message: fmt.Sprintf("%s of %s %s: %s.", l.Setting, names, l.Change, l.Effect),
		Remedy:  l.Remedy,
		Facts:   []Fact{{"setting", l.Setting}, {"tools", names}, {"before", l.Before}, {"after", l.After}},
		Path:    l.Path,
		Line:    l.Line,
	}
}
