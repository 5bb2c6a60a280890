package signal

import (
	"fmt"
	"path"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var lockfileRemoved = Signal{
	ID:      "lockfile-removed",
	Family:  Guardrails,
	Title:   "Lockfile removed",
	Meaning: "A lockfile goes away while the manifest beside it stays, and no other lockfile takes its place; or a setting has the package manager ignore it, or read another one.",
	Why: "Without a lockfile each install takes the newest versions that the manifest allows, and no later change of them can be seen or judged. " +
		"A project that is retired takes its manifest along.",
	Remedy: "Restore the lockfile, or remove the manifest too if the project is retired.",
	Points: 40,
	Needs:  []evidence.Check{evidence.Settings},

	Repository: checkLockfileRemoved,
}

func checkLockfileRemoved(r *evidence.Repository, _ Context) []Finding {
	var found []Finding
	gone := make(map[string]bool) // folders
	for _, file := range r.Removed {
		gone[path.Dir(file)] = true
		found = append(found, Finding{
			Message: fmt.Sprintf("%s goes away and its manifest stays, so that nothing pins what is installed.", file),
			Path:    file,
		})
	}
	for _, l := range r.Loosened {
		if l.Lockfile {
			f := loosened(l)
			f.Further = gone[path.Dir(l.Path)] // the same lockfile, which counts once
			found = append(found, f)
		}
	}
	return found
}
