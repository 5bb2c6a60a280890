package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var installScriptNew = Signal{
	ID:      "install-script-new",
	Family:  Takeover,
	Title:   "New package with an install script",
	Meaning: "A package that is new to the repository runs code at install. In a scan, where nothing is new, only packages under 30 days old count.",
	Why: "0.56 % of 4,268 new names had one, in 1.0 % of real updates: rare enough to look at, too common to block. " +
		"A package that is itself days old and runs code at install is the shape of a planted dependency.",
	Remedy:  "Read the script and what it runs. If it is not needed, install with scripts off or choose another package.",
	Points:  25,
	Scale:   "25; 45 if the package is under 30 days old",
	Weighed: true,
	Needs:   []evidence.Check{evidence.History, evidence.Scripts, evidence.Times},
	Check:   checkInstallScriptNew,
}

const (
	newcomer       = 30 * day // a package younger than this has no reputation
	newcomerPoints = 45
)

func checkInstallScriptNew(d *evidence.Dossier, c Context) []Finding {
	if d.Change.Kind != change.Added || len(checkInstallScriptGained(d, c)) > 0 {
		return nil
	}
	f := Finding{}
	place, isFlagged := flagged(d.Change.Head)
	switch {
	case scriptsKnown(d) && d.Release != nil && d.Release.Installs():
		ran := commands(d.Release)
		f.Facts = ran
		f.Message = fmt.Sprintf("%s is new here and runs code at install: %s.", label(d), quote(ran))
	case isFlagged:
		f = at(place, f)
		f.Facts = []Fact{{"install_script", "yes, says the lockfile"}}
		f.Message = fmt.Sprintf("%s is new here and runs code at install, says the lockfile.", label(d))
	default:
		return nil
	}
	if d.Package != nil && !d.Package.Created.IsZero() && c.Now.Sub(d.Package.Created) < newcomer {
		f.Points = newcomerPoints
		f.Message += fmt.Sprintf(" The package was first published on %s.", date(d.Package.Created))
		f.Facts = append(f.Facts, Fact{"package_created", moment(d.Package.Created)})
	} else if c.Scan {
		return nil
	}
	return []Finding{f}
}
