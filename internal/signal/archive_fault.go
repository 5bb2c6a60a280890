package signal

import (
	"fmt"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var archiveFault = Signal{
	ID:     "archive-fault",
	Family: Content,
	Title:  "Fault in the archive",
	Meaning: "The archive holds what no honest packer writes: names that leave its folder, links or devices, two files of one name with other bytes, or headers that readers take in different ways. " +
		"Names that differ in case alone, and other faults that packers of old have made, count less.",
	Why: "Such an archive is one thing to the tool that checks it and another to the one that installs it. " +
		"It is not manifest-confusion, which is about what the registry lists, so that excusing one does not excuse the other.",
	Remedy:  "Do not install it. List the archive with tar, and ask the project how it was packed.",
	Points:  60,
	Scale:   "60; 10 for faults that packers have made",
	Weighed: true,
	Needs:   []evidence.Check{evidence.Inside},
	Check:   checkArchiveFault,
}

const slightFaultPoints = 10

// slight are faults that old packers, other platforms and careless hands make,
// and which npm takes in one way only.
var slight = map[artifact.FaultKind]bool{
	artifact.CaseCollision: true, artifact.UnicodeCollision: true, artifact.TopFolders: true, artifact.NoFolder: true, artifact.GlobalHeader: true,
	artifact.LongPath: true, artifact.DeepPath: true, artifact.TrailingData: true, artifact.GzipMembers: true, artifact.DuplicateMember: true,
	artifact.Backslash: true, artifact.ControlCharacter: true, artifact.LoneZeroBlock: true,
}

func checkArchiveFault(d *evidence.Dossier, _ Context) []Finding {
	var found []artifact.News
	for _, n := range deltaOf(d).News {
		if n.Kind == artifact.NewFault {
			found = append(found, n)
		}
	}
	if len(found) == 0 {
		return nil
	}
	f := Finding{
		Message: fmt.Sprintf("The archive of %s has faults: %s, first at %s.", label(d), list(distinct(found, what), maxSpots), spot(found[0].Path, 0)),
		Facts:   []Fact{{"faults", list(distinct(found, what), maxHosts)}, {"path", clip(found[0].Path)}},
	}
	if !slices.ContainsFunc(found, func(n artifact.News) bool { return !slight[artifact.FaultKind(n.What)] }) {
		f.Points = slightFaultPoints
	}
	return []Finding{f}
}
