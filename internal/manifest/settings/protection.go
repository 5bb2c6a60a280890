package settings

import (
	"slices"
	"strings"
)

// kind says how two values of a protection compare.
type kind uint8

const (
	// ordered has few values, from the strictest to the loosest.
	ordered kind = iota
	// duration protects more the longer it is.
	duration
	// address is where packages come from.
	address
	// allow is a list that allows more the more it holds.
	allow
	// demand is a list that protects more the more it holds.
	demand
)

// protection is a row of the table of protections.
type protection struct {
	tool     Tool
	name     string // unique for its tool: the newest spelling
	kind     kind
	order    []string // of an ordered one, from the strictest
	unit     string   // of a duration's plain numbers
	defaults []since  // by version; the last is the newest
	places   []place  // of two that are both read, the later one counts

	// within names the protection that this one is an exception from: it
	// matters only where that one is on.
	within string
	// idle names the protection in whose strictest state this one has no
	// effect.
	idle string
	// follows is set for a list whose versions follow the updates of its
	// packages: another version of a name that is there is no new entry.
	follows bool
	// zeroNever is set for a duration that protects most at zero.
	zeroNever bool
	// lockfile is set for a setting without which no lockfile is kept.
	lockfile bool

	effect string // what a looser one means
	remedy string
	source string // where it was looked up
}

// since is a default from a version on.
type since struct {
	version string // "" for all before the next
	value   string
}

// place is where a protection can stand.
type place struct {
	file string
	path string // names from the outside in; "*" stands for a scope, package or address
	form form
	// until is the major version that no longer reads it here, or 0.
	until int
	// only is set for a list that takes the default's place.
	only bool
	// opens is set for a list of denials that, where nothing has only, allows
	// all that it does not name.
	opens bool
}

func (p *place) segments() []string { return strings.Fields(p.path) }

// The values of switches, by which of the two is strict.
var (
	strictTrue  = []string{"true", "false"}
	strictFalse = []string{"false", "true"}
)

func (p *protection) boolean() bool { return slices.Contains(p.order, "true") }

// protections is the one table of what package managers protect with.
var protections = slices.Concat(npmProtections, pnpmProtections, yarnProtections, bunProtections, denoProtections)

// find gives the row of a tool's protection.
func find(tool Tool, name string) *protection {
	i := slices.IndexFunc(protections, func(p protection) bool { return p.tool == tool && p.name == name })
	if i < 0 {
		return nil
	}
	return &protections[i]
}

// wantedIn lists the places of a file that may say something.
func wantedIn(file string) [][]string {
	wanted := [][]string{{"packageManager"}, {"devEngines"}, {"yarnPath"}, {"yarn-path"}}
	for i := range protections {
		for j := range protections[i].places {
			if p := &protections[i].places[j]; p.file == file {
				wanted = append(wanted, p.segments())
			}
		}
	}
	return wanted
}

// byDefault gives what counts where nothing is set. Of a version that is not
// known the newest default counts: it is the strictest.
func (p *protection) byDefault(v []int) string {
	value := ""
	for _, d := range p.defaults {
		if d.version == "" || v == nil || compareVersions(v, parseVersion(d.version)) >= 0 {
			value = d.value
		}
	}
	return value
}
