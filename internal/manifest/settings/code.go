package settings

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// codePlace is where code stands that package managers run, or put in the place
// of what they install, whatever the settings say.
type codePlace struct {
	at     string
	beside bool   // only beside a lockfile: elsewhere it may be anything
	below  bool   // what is in it counts: at is a folder
	ending string // of the names that count, which then stand in it and no deeper
	tools  []Tool // nil for all
	effect string
	remedy string
	source string // where it was looked up, or tried
}

const modules = "node_modules"

const (
	runsAlways  = "code that stands there runs in every install, even where scripts are off"
	takenAsIs   = "what stands there is taken for installed, without a look at its hash"
	patchSource = "pnpm patch-commit, yarn patch-commit, bun patch --commit and patch-package, by the folder that each writes to"
)

// codePlaces is the one table of such places. Yarn's .pnp.cjs is none: every
// change of a lockfile writes it anew, and an immutable install compares it.
var codePlaces = []codePlace{
	{at: ".pnpmfile.cjs", tools: []Tool{PNPM}, effect: runsAlways, remedy: keepCode, source: "pnpm 9.15.9, 10.34.9 and 11.28.11, installs with --ignore-scripts"},
	{at: ".pnpmfile.mjs", tools: []Tool{PNPM}, effect: runsAlways, remedy: keepCode, source: "pnpm 11.28.11, an install with --ignore-scripts"},
	{at: ".yarn/releases", below: true, tools: []Tool{Yarn}, effect: runsAlways, remedy: keepCode, source: "yarn set version, which writes there what yarnPath names"},
	{at: ".yarn/plugins", below: true, tools: []Tool{Yarn}, effect: runsAlways, remedy: keepCode, source: "yarn plugin import"},
	{at: ".yarn/patches", below: true, tools: []Tool{Yarn}, effect: altersCode, remedy: keepPatch, source: patchSource},
	{at: "patches", beside: true, below: true, ending: ".patch", effect: altersCode, remedy: keepPatch, source: patchSource},
	{at: modules, beside: true, effect: takenAsIs, remedy: keepOutside, source: "pnpm 9.15.9 and 10.34.9, yarn 1.22.22 and 4.18.1, bun 1.4.5, Deno 2.9.6 and npm 11.19.1, a second install over an edited folder"},
}

// find tells whether a path is in such a place, or stands for all of it, and
// the folder that the place is in.
func (p *codePlace) find(file string) (folder string, ok bool) {
	padded, name := "/"+file, "/"+p.at
	if strings.HasSuffix(padded, name) {
		return strings.TrimPrefix(strings.TrimSuffix(padded, name), "/"), true
	}
	before, rest, found := strings.Cut(padded, name+"/")
	if !p.below || !found || p.ending != "" && (strings.Contains(rest, "/") || !strings.HasSuffix(rest, p.ending)) {
		return "", false
	}
	return strings.TrimPrefix(before, "/"), true
}

func codeAt(file string) (place *codePlace, folder string) {
	for i := range codePlaces {
		if folder, ok := codePlaces[i].find(file); ok {
			return &codePlaces[i], folder
		}
	}
	return nil, ""
}

// HoldsCode reports whether a path is where package managers find code to run
// or to put into packages. A folder is such a place only if [HoldsWhole] says so;
// a link may be one.
func HoldsCode(file string) bool {
	place, _ := codeAt(file)
	return place != nil
}

// HoldsWhole reports whether a folder counts as one: that of installed packages.
func HoldsWhole(folder string) bool { return path.Base(folder) == modules }

// Planted gives, of the paths that hold code and that the head adds or changes,
// those that a package manager of theirs finds: one for each, by path. A project
// that is new has all of its own.
func Planted(base, head Side, changed []string) []Loosening {
	before, after := newView(base), newView(head)
	var found []Loosening
	for _, file := range changed {
		place, folder := codeAt(file)
		if place == nil {
			continue
		}
		tools := after.findsCode(place, folder, before)
		if len(tools) == 0 {
			continue
		}
		l := Loosening{
			Tools: tools, Setting: clip(file), Path: file, Before: "other content", After: "its content",
			Change: "is changed", Effect: place.effect, Remedy: place.remedy,
		}
		if !before.paths[file] {
			l.Before, l.Change = "nothing", "is added"
		}
		found = append(found, l)
	}
	slices.SortFunc(found, func(a, b Loosening) int { return cmp.Compare(a.Path, b.Path) })
	return found
}

// findsCode lists the package managers that find a place in a folder, in order:
// those of the lockfile beside it, or of the nearest one above where that is
// enough. The folder of the lockfile must have been there before.
func (v *view) findsCode(place *codePlace, folder string, before *view) []Tool {
	var tools []Tool
	above(folder, func(f string) bool {
		p := v.projects[f]
		if p == nil || len(p.tools) == 0 {
			return place.beside
		}
		for tool := range p.tools {
			if before.present[f] && (place.tools == nil || slices.Contains(place.tools, tool)) {
				tools = append(tools, tool)
			}
		}
		return true
	})
	slices.Sort(tools)
	return tools
}

// compared reports whether the file that a setting names is compared by itself,
// as [Planted] does, so that the name need not be.
func (p *protection) compared(named string) bool {
	place, folder := codeAt(named)
	return place != nil && folder == "" && place.remedy == p.remedy
}
