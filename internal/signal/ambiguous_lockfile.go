package signal

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

var ambiguousLockfile = Signal{
	ID:     "ambiguous-lockfile",
	Family: Tampering,
	Title:  "Lockfile can be read two ways",
	Meaning: "Two readers could read the file differently: duplicate keys, conflict markers, halves that disagree, keys that differ in case only, an unknown version. " +
		"Doubts that the base had already are quiet.",
	Why: "What the reviewer's tools see and what the installer sees must be one thing. Package managers write no such file, but a badly resolved merge does: " +
		"so it warns, and it blocks where the two readings name different packages.",
	Remedy: "Regenerate the lockfile with the package manager instead of editing it.",
	Points: 40,
	Scale:  "40; 60 where the readings name different packages",
	Needs:  []evidence.Check{evidence.Lockfile},

	Repository: checkAmbiguousLockfile,
}

const (
	// maxDoubts bounds the findings of one file; the rest are counted.
	maxDoubts      = 10
	packagesPoints = 60
)

func checkAmbiguousLockfile(r *evidence.Repository, _ Context) []Finding {
	var found []Finding
	for _, inv := range r.Head {
		found = append(found, doubtsOf(inv, r.BaseDoubts)...)
	}
	return found
}

// doubtsOf gives a finding for each new doubt of one file: those that concern
// packages first, so that no flood of lesser ones hides them. The first has the
// points: one bad merge makes many doubts.
func doubtsOf(inv *lockfile.Inventory, known map[string]bool) []Finding {
	var doubts []lockfile.Doubt
	for _, doubt := range inv.Doubts {
		if !known[evidence.DoubtKey(inv.Path, doubt)] {
			doubts = append(doubts, doubt)
		}
	}
	slices.SortFunc(doubts, compareDoubts)

	var found []Finding
	for i, doubt := range doubts[:min(len(doubts), maxDoubts)] {
		f := Finding{
			Further: i > 0,
			Message: sentence(doubt.Message),
			Facts:   []Fact{{"entry", clip(doubt.Key)}},
			Path:    inv.Path,
			Line:    doubt.Line,
		}
		if i == 0 && doubt.Packages {
			f.Points = packagesPoints
		}
		found = append(found, f)
	}
	if len(doubts) > maxDoubts {
		found = append(found, Finding{
			Further: true,
			Message: fmt.Sprintf("The file can be read two ways in %s more.", count(len(doubts)-maxDoubts, "place")),
			Path:    inv.Path,
			Line:    doubts[maxDoubts].Line,
		})
	}
	return found
}

func compareDoubts(a, b lockfile.Doubt) int {
	if a.Packages != b.Packages {
		if a.Packages {
			return -1
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Key, b.Key),
		cmp.Compare(a.Message, b.Message),
	)
}
