package signal

import (
	"fmt"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/code"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var newCapability = Signal{
	ID:     "new-capability",
	Family: Content,
	Title:  "New capability",
	Meaning: "The package's code does for the first time, or for the first time at install, what it did nowhere before: opens connections, starts programs, writes files, reads the environment, " +
		"runs text as code, or loads native code.",
	Why:     "Features bring capabilities, and so do attacks: by itself it says what to look at, not whom to mistrust. It tells a formatter that now opens connections from one that doesn't.",
	Remedy:  "See whether the release notes explain it, and read the place.",
	Points:  2,
	Scale:   "2 each, 8 at most",
	Weighed: true,
	Needs:   []evidence.Check{evidence.Inside},
	Check:   checkNewCapability,
}

const (
	capabilityPoints = 2
	mostCapability   = 8
)

// abilities are the capabilities that count, in words.
var abilities = map[string]string{
	string(code.Network):     "opens connections",
	string(code.Process):     "starts programs",
	string(code.WriteFile):   "writes files",
	string(code.Environment): "reads the environment",
	string(code.Evaluate):    "runs text as code",
	string(code.Native):      "loads native code",
}

func checkNewCapability(d *evidence.Dossier, _ Context) []Finding {
	delta := deltaOf(d)
	if delta.First {
		return nil
	}
	found := slices.DeleteFunc(running(delta, artifact.NewCapability), func(n artifact.News) bool { return abilities[n.What] == "" })
	if len(found) == 0 {
		return nil
	}
	able := distinct(found, func(n artifact.News) string { return abilities[n.What] })
	return []Finding{{
		Points:  min(capabilityPoints*len(able), mostCapability),
		Message: fmt.Sprintf("%s %s, and %s did not: %s.", label(d), enumerate(able), earlier(d), inFiles(found)),
		Facts:   append([]Fact{{"capabilities", list(distinct(found, what), len(found))}}, spots(found)...),
	}}
}
