package signal

import (
	"fmt"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var unreadableCode = Signal{
	ID:      "unreadable-code",
	Family:  Content,
	Title:   "Unreadable code",
	Meaning: "Code that something loads can't be parsed, where the earlier version's could or had no such file. It was read by its tokens alone, which show less.",
	Why: "A file that defeats the parser is never clean. Templates and new syntax do it more often than attackers, " +
		"so that it counts only beside something else.",
	Remedy:  "Look at the file: code that no parser reads runs all the same where a lenient one does.",
	Points:  10,
	Weighed: true,
	Needs:   []evidence.Check{evidence.Inside},
	Check:   checkUnreadableCode,
}

func checkUnreadableCode(d *evidence.Dossier, _ Context) []Finding {
	delta := deltaOf(d)
	// Sources that nothing loads may be in any dialect.
	found := slices.DeleteFunc(running(delta, artifact.NewUnreadable), func(n artifact.News) bool { return n.Reach == artifact.Unknown })
	if delta.First || len(found) == 0 {
		return nil
	}
	return []Finding{{
		Message: fmt.Sprintf("%s has code that can't be parsed: %s: %s.", label(d), inFiles(found), clip(found[0].Text)),
		Facts:   append(spots(found), Fact{"reason", clip(found[0].Text)}),
	}}
}
