package signal

import "github.com/lockkeeper/lockkeeper/internal/evidence"

// lockfileUnread documents a gap. The room that reads the files makes it, with
// the place and the cause.
var lockfileUnread = Signal{
	ID:      "lockfile-unread",
	Family:  Guardrails,
	Title:   "Lockfile not read",
	Meaning: "A lockfile of the head could not be read, or its format is not known: it is damaged, too large, too deep, a link, or of a package manager without a reader here.",
	Why: "What was not read was not judged. It is no finding, since it says nothing against anybody, and no pass either: " +
		"the policy decides whether such a gap blocks.",
	Remedy:  "Repair or regenerate the file. If it pins nothing that is installed, list it under lockfiles.ignore in the policy.",
	Scale:   "gap",
	Setting: "gaps: {lockfile: block}  # or warn\nlockfiles: {ignore: [\"examples/**\"]}\n",
	Gap:     true,
	Needs:   []evidence.Check{evidence.Lockfile},
}
