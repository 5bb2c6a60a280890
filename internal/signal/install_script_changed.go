package signal

import (
	"fmt"
	"path"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var installScriptChanged = Signal{
	ID:      "install-script-changed",
	Family:  Takeover,
	Title:   "Install script changed",
	Meaning: "The package ran code at install before, and the command that it runs is another one, there is one more, or a file that it runs is new or changed.",
	Why: "A package that may run scripts already is where one more goes unseen. Projects change their build commands too, " +
		"so that it counts only beside something else.",
	Remedy:  "Read the new command and the file that it runs.",
	Points:  10,
	Weighed: true,
	Needs:   []evidence.Check{evidence.History, evidence.Scripts, evidence.Inside},
	Check:   checkInstallScriptChanged,
}

func checkInstallScriptChanged(d *evidence.Dossier, _ Context) []Finding {
	if found := commandChanged(d); found != nil {
		return found
	}
	return fileChanged(d)
}

// fileChanged finds files that an install runs and that are not what they were
// in the earlier version, where the commands are.
func fileChanged(d *evidence.Dossier) []Finding {
	delta := deltaOf(d)
	if delta.First {
		return nil
	}
	var files []string
	for _, c := range delta.Changes {
		moved := c.Kind == artifact.Moved && c.Was == artifact.AtInstall
		if c.Reach == artifact.AtInstall && c.Kind != artifact.Removed && !moved && path.Base(c.Path) != "package.json" {
			files = append(files, clip(c.Path))
		}
	}
	if len(files) == 0 {
		return nil
	}
	return []Finding{{
		Message: fmt.Sprintf("%s runs at install what %s did not: %s.", label(d), earlier(d), list(files, maxSpots)),
		Facts:   []Fact{{"files", list(files, maxHosts)}, {"compared_with", earlier(d)}},
	}}
}

func commandChanged(d *evidence.Dossier) []Finding {
	if !scriptsKnown(d) || d.Release == nil || d.Baseline == nil || len(d.Baseline.Scripts) == 0 && !d.Baseline.Gyp {
		return nil
	}
	before := commands(d.Baseline)
	var changed []Fact
	for _, s := range d.Release.Scripts {
		if !slices.Contains(d.Baseline.Scripts, s) {
			changed = append(changed, Fact{s.Name, clip(s.Command)})
		}
	}
	if d.Release.Gyp && !d.Baseline.Gyp {
		changed = append(changed, gypFact)
	}
	if changed == nil {
		return nil
	}
	return []Finding{{
		Message: fmt.Sprintf("%s runs another command at install: %s. In %s it was %s.", label(d), quote(changed), clip(d.Baseline.Version), quote(before)),
		Facts:   append(changed, Fact{"compared_with", clip(d.Baseline.Version)}),
	}}
}
