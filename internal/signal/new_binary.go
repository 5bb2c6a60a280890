package signal

import (
	"fmt"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var newBinary = Signal{
	ID:      "new-binary",
	Family:  Content,
	Title:   "New binary",
	Meaning: "An executable, a shared object or a WebAssembly file appears that the earlier version had not, whatever number is in its name.",
	Why: "Nobody reads what is compiled. Packages that are made of binaries renew them and have them already; one that never had any and ships one is rare: none of 1,089 real updates. " +
		"eslint-config-prettier's takeover of July 2025 was a DLL. WebAssembly can do nothing that its caller does not hand to it.",
	Remedy:  "Ask where the file was built, and whether the project's pipeline does it. Compare it with the release on the project's own page.",
	Points:  firstPoints,
	Scale:   "30; 10 if the package had compiled files already, or for WebAssembly",
	Weighed: true,
	Needs:   []evidence.Check{evidence.Inside},
	Check:   checkNewBinary,
}

const (
	firstPoints   = 30
	anotherPoints = 10
)

func checkNewBinary(d *evidence.Dossier, _ Context) []Finding {
	delta := deltaOf(d)
	found := running(delta, artifact.NewBinary)
	if delta.First || len(found) == 0 {
		return nil
	}
	points := firstPoints
	onlyWasm := !slices.ContainsFunc(found, func(n artifact.News) bool { return n.What != string(artifact.Wasm) })
	if onlyWasm || hadCompiled(d.Content.Profile, delta) {
		points = anotherPoints
	}
	return []Finding{{
		Points:  points,
		Message: fmt.Sprintf("%s: %s.", beyond(d, count(len(found), "compiled file")), inFiles(found)),
		Facts:   append([]Fact{{"kinds", list(distinct(found, what), len(found))}}, spots(found)...),
	}}
}

// hadCompiled reports whether the earlier version had compiled files, too: those
// that are no news.
func hadCompiled(p *artifact.Profile, delta *artifact.Delta) bool {
	fresh := map[string]bool{}
	for _, n := range delta.News {
		if n.Kind == artifact.NewBinary {
			fresh[n.Path] = true
		}
	}
	return slices.ContainsFunc(p.Files, func(f artifact.File) bool {
		return (f.Kind == artifact.Binary || f.Kind == artifact.Wasm) && !fresh[f.Path]
	})
}
