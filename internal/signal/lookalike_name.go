package signal

import (
	"fmt"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

var lookalikeName = Signal{
	ID:     "lookalike-name",
	Family: Takeover,
	Title:  "Name like a famous one",
	Meaning: "A name that is new to the tree can be taken for one with a million downloads a month or more: one edit away, the same but for separators " +
		"or characters that look alike, the same words in another order, or the same name in a scope one edit away. Names that are widely used themselves, or over two years old, are quiet.",
	Why: "Of 6,416 names in real lockfiles 12 look so after widely used names are set aside (0.2 %), nearly all of them old; of 31 known look-alikes 26 do. Few attacks come this way into a lockfile that is there, " +
		"but four did since 2024. A look-alike that nobody complained of for years is somebody's honest work.",
	Remedy:  "See whether the name is the one that was meant. If it is, an exception says so for good.",
	Points:  40,
	Weighed: true,
	Check:   checkLookalikeName,
}

func checkLookalikeName(d *evidence.Dossier, c Context) []Finding {
	if d.Change.Kind != change.Added || d.Change.Ecosystem != "npm" || c.Scan || isOld(d.Package, c.Now) {
		return nil
	}
	for _, p := range d.Change.Head {
		if p.Entry.Source != lockfile.Registry {
			continue
		}
		target, how := lookalike(d.Change.Name)
		if target == "" {
			return nil
		}
		return []Finding{at(p, Finding{
			Message: fmt.Sprintf("%s is new here, and its name is like %s, a far more popular package: %s.", clip(d.Change.Name), target, how),
			Facts:   []Fact{{"looks_like", target}, {"how", how}},
		})}
	}
	return nil
}

// isOld reports whether a package has been there for so long that a name made to
// deceive would have been found out.
func isOld(p *registry.Package, now time.Time) bool {
	const longThere = 2 * 365 * day
	return p != nil && !p.Created.IsZero() && now.Sub(p.Created) > longThere
}
