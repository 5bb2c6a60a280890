package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var largeFileAdded = Signal{
	ID:      "large-file-added",
	Family:  Content,
	Title:   "Large file added",
	Meaning: "A script of 300 kB or more appears whose code the earlier version had not, or the unpacked size doubles and grows by as much.",
	Why: "The payloads of the worms of 2025 and 2026 had 0.5 to 10 MB, beside packages of a few kB. Builds grow too, most of all where a project starts to bundle, " +
		"so that it counts only beside something else.",
	Remedy:  "Look at what the file is, and whether the project's build makes it.",
	Points:  10,
	Weighed: true,
	Needs:   []evidence.Check{evidence.Inside},
	Check:   checkLargeFileAdded,
}

func checkLargeFileAdded(d *evidence.Dossier, _ Context) []Finding {
	delta := deltaOf(d)
	if delta.First {
		return nil
	}
	scripts, doubled := running(delta, artifact.LargeScript), running(delta, artifact.Doubled)
	var message string
	switch {
	case len(scripts) > 0:
		message = fmt.Sprintf("%s: %s, %s.", beyond(d, "a large script"), places(scripts[0]), size(scripts[0].Count))
	case len(doubled) > 0:
		message = fmt.Sprintf("%s unpacks to %s, twice what %s did or more.", label(d), size(doubled[0].Count), earlier(d))
	default:
		return nil
	}
	facts := spots(scripts)
	if len(doubled) > 0 {
		facts = append(facts, Fact{"unpacked_size", size(doubled[0].Count)})
	}
	return []Finding{{Message: message, Facts: facts}}
}

// size says how many bytes something has.
func size(n int) string {
	switch {
	case n >= 1_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1000:
		return fmt.Sprintf("%d kB", n/1000)
	}
	return fmt.Sprintf("%d bytes", n)
}
