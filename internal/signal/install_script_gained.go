package signal

import (
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

var installScriptGained = Signal{
	ID:     "install-script-gained",
	Family: Takeover,
	Title:  "Install script gained",
	Meaning: "An existing package gains code that runs at install: a preinstall, install or postinstall script, a binding.gyp, " +
		"or the prepare script of a package that moves from the registry to git.",
	Why: "59 % of the npm attacks since 2024 came this way, and 0.019 % of 15,455 real version changes did (3 packages, one of them protestware). " +
		"It is the strongest single sign there is; beside a young release it blocks alone.",
	Remedy:  "Read the script and what it runs before anybody installs this version. Until then stay on the version before it, or install with scripts off.",
	Points:  55,
	Weighed: true,
	Needs:   []evidence.Check{evidence.History, evidence.Scripts, evidence.Inside},
	Check:   checkInstallScriptGained,
}

func checkInstallScriptGained(d *evidence.Dossier, _ Context) []Finding {
	if gainedInRegistry(d) {
		ran := commands(d.Release)
		return []Finding{{
			Message: fmt.Sprintf("%s runs code at install, and %s did not: %s.", label(d), d.Baseline.Version, quote(ran)),
			Facts:   append(ran, Fact{"compared_with", d.Baseline.Version}),
		}}
	}
	if ran := gainedInside(d); ran != nil {
		return []Finding{{
			Message: fmt.Sprintf("The archive of %s runs code at install, and that of %s did not, though the registry lists nothing: %s.", label(d), earlier(d), quote(ran)),
			Facts:   append(ran, Fact{"compared_with", earlier(d)}),
		}}
	}
	if p, ok := gainedInLockfile(d); ok {
		return []Finding{at(p, Finding{
			Message: fmt.Sprintf("The lockfile says that %s runs code at install; in the base it says that %s did not.", label(d), versions(d.Change)),
			Facts:   []Fact{{"install_script", "yes, says the lockfile"}, {"compared_with", versions(d.Change)}},
		})}
	}
	if p, ok := gainedThroughGit(d); ok {
		return []Finding{at(p, Finding{
			Message: fmt.Sprintf("%s now comes from git, so that its prepare script runs at install: %s.", label(d), clip(d.Release.Prepare)),
			Facts:   []Fact{{"prepare", clip(d.Release.Prepare)}},
		})}
	}
	return nil
}

func gainedInRegistry(d *evidence.Dossier) bool {
	return scriptsKnown(d) && d.Release != nil && d.Baseline != nil && d.Release.Installs() && !d.Baseline.Installs()
}

// gainedInside gives the commands that only the archive knows of: an install
// runs them all the same.
func gainedInside(d *evidence.Dossier) []Fact {
	delta := deltaOf(d)
	if delta.First || delta.Ran || scriptsKnown(d) && d.Baseline != nil && d.Baseline.Installs() {
		return nil
	}
	var ran []Fact
	for _, c := range d.Content.Profile.Commands {
		ran = append(ran, Fact{clip(c.Path), clip(c.Text)})
	}
	for _, c := range delta.Changes {
		if c.Path == gypFact.Name && c.Kind == artifact.Added {
			ran = append(ran, gypFact)
		}
	}
	return ran[:min(len(ran), maxSpots)]
}

// gainedInLockfile compares the lockfiles' own flags, which also know of a
// binding.gyp that the registry's document leaves out. Where the registry knows
// that the base ran code already, it is the flag that was wrong. A base that
// says nothing, as npm-lock-v1, makes no gain.
func gainedInLockfile(d *evidence.Dossier) (change.Place, bool) {
	if scriptsKnown(d) && d.Baseline != nil && d.Baseline.Installs() {
		return change.Place{}, false
	}
	if scriptFlag(d.Change.Base) != lockfile.No {
		return change.Place{}, false
	}
	p, ok := flagged(d.Change.Head)
	for _, b := range d.Change.Base {
		if ok && manager(b) == manager(p) {
			return p, true
		}
	}
	return change.Place{}, false
}

// manager names the package manager of a place's lockfile: "npm" of
// "npm-lock-v3".
func manager(p change.Place) string {
	name, _, _ := strings.Cut(p.Format, "-")
	return name
}

// gainedThroughGit finds a package that left the registry for git, where the
// registry knows its prepare script. That script runs for git dependencies only.
func gainedThroughGit(d *evidence.Dossier) (change.Place, bool) {
	if d.Release == nil || d.Release.Prepare == "" || len(d.Change.Base) == 0 {
		return change.Place{}, false
	}
	for _, p := range d.Change.Base {
		if p.Entry.Source == lockfile.Git {
			return change.Place{}, false
		}
	}
	for _, p := range d.Change.Head {
		if p.Entry.Source == lockfile.Git {
			return p, true
		}
	}
	return change.Place{}, false
}

// scriptsKnown reports whether the registry says which releases run code at
// install.
func scriptsKnown(d *evidence.Dossier) bool {
	return d.Package != nil && d.Package.Has.Scripts
}

// scriptFlag is what lockfiles say of install scripts at some places: Yes if
// any does, No if all that say anything deny it, Unknown if none does.
func scriptFlag(places []change.Place) lockfile.Tristate {
	flag := lockfile.Unknown
	for _, p := range places {
		flag = max(flag, p.Entry.InstallScript)
	}
	return flag
}

// flagged gives the first place whose entry is said to run code at install.
func flagged(places []change.Place) (change.Place, bool) {
	for _, p := range places {
		if p.Entry.InstallScript == lockfile.Yes {
			return p, true
		}
	}
	return change.Place{}, false
}

var gypFact = Fact{"binding.gyp", "built at install"}

// commands lists, as facts, the code that a release runs at install.
func commands(r *registry.Release) []Fact {
	var facts []Fact
	for _, s := range r.Scripts {
		facts = append(facts, Fact{s.Name, clip(s.Command)})
	}
	if r.Gyp {
		facts = append(facts, gypFact)
	}
	if len(facts) == 0 && r.HasScript {
		facts = append(facts, Fact{"install_script", "yes, says the registry"})
	}
	return facts
}

// quote shows commands in a message.
func quote(commands []Fact) string {
	const shown = 3
	var parts []string
	for _, f := range commands {
		parts = append(parts, f.Name+": "+f.Value)
	}
	return list(parts, shown)
}

// versions names the versions that a change replaces.
func versions(c change.Change) string {
	const shown = 3
	return list(c.From, shown)
}
