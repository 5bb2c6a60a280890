package settings

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
)

// parseVersion gives the numbers that a version begins with, three at most; nil
// where it is not a version.
func parseVersion(text string) []int {
	var numbers []int
	for part := range strings.SplitSeq(text, ".") {
		digits := part
		if i := strings.IndexFunc(part, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
			digits = part[:i]
		}
		n, err := strconv.Atoi(digits)
		if err != nil || len(digits) > 6 {
			break
		}
		if numbers = append(numbers, n); len(numbers) == 3 || digits != part {
			break
		}
	}
	return numbers
}

// compareVersions takes what is missing for zero.
func compareVersions(a, b []int) int {
	n := max(len(a), len(b))
	padded := func(v []int) []int { return append(slices.Clone(v), make([]int, n-len(v))...) }
	return slices.Compare(padded(a), padded(b))
}

// lockTools says which package manager writes a lockfile of that name.
var lockTools = map[string]Tool{
	"package-lock.json":   NPM,
	"npm-shrinkwrap.json": NPM,
	"yarn.lock":           Yarn,
	"pnpm-lock.yaml":      PNPM,
	"bun.lock":            Bun,
	"bun.lockb":           Bun,
	"deno.lock":           Deno,
}

// ownFiles are settings files that only one package manager reads.
var ownFiles = map[string]Tool{
	pnpmWorkspace: PNPM,
	yarnRC:        Yarn,
	yarnClassicRC: Yarn,
	bunfig:        Bun,
	denoJSON:      Deno,
	denoJSONC:     Deno,
}

// lockVersions gives, for the formats of lockfiles that only old versions
// write, a version whose defaults are those of all that write it. Yarn writes
// its format into the file (@yarnpkg/core, Project.ts: 8 since 4.0, 9 since
// 4.14, 10 since 4.15).
var lockVersions = []struct{ format, version string }{
	{"yarn-classic-", "1"},
	{"yarn-berry-v9", "4.14"},
	{"yarn-berry-v10", "4.15"},
	{"yarn-berry-v4", "2"}, {"yarn-berry-v5", "3"}, {"yarn-berry-v6", "3"}, {"yarn-berry-v7", "3"}, {"yarn-berry-v8", "4"},
	{"pnpm-lock-v5", "8"}, {"pnpm-lock-v6", "8"},
}

// writtenBy gives the version of the package manager that wrote a lockfile of
// that format, or nil.
func writtenBy(format string) []int {
	for _, row := range lockVersions {
		if rest, ok := strings.CutPrefix(format, row.format); ok && (rest == "" || rest[0] == '.' || strings.HasSuffix(row.format, "-")) {
			return parseVersion(row.version)
		}
	}
	return nil
}

// project is what a side says about one folder: which package managers have a
// lockfile there, and which are named.
type project struct {
	tools    map[Tool]bool
	locks    map[Tool]string // the path of a lockfile
	owners   map[Tool]bool   // of settings files
	managers []Manager
}

// view is a side, arranged by folder.
type view struct {
	projects map[string]*project
	present  map[string]bool // folders with a known file in or below them
	paths    map[string]bool
	formats  map[string]string
	settings map[key][]*Setting
}

// key finds the settings of a protection in one folder.
type key struct {
	tool    Tool
	name    string
	subject string
	folder  string
}

func newView(s Side) *view {
	v := &view{
		projects: make(map[string]*project), present: make(map[string]bool), paths: make(map[string]bool),
		formats: s.Formats, settings: make(map[key][]*Setting),
	}
	for _, file := range s.Paths {
		v.paths[file] = true
		for folder := folderOf(file); !v.present[folder]; folder = folderOf(folder) {
			v.present[folder] = true
		}
		lock := s.Named[file]
		if tool, ok := lockTools[cmp.Or(lock.As, path.Base(file))]; ok {
			p := v.project(lock.Home(file))
			p.tools[tool], p.locks[tool] = true, file
		}
		if tool, ok := ownFiles[path.Base(file)]; ok {
			v.project(folderOf(file)).owners[tool] = true
		}
	}
	for _, file := range s.Files {
		for i := range file.Settings {
			set := &file.Settings[i]
			k := key{set.Tool, set.Name, set.Subject, set.Folder}
			v.settings[k] = append(v.settings[k], set)
		}
		if len(file.Managers) > 0 {
			p := v.project(folderOf(file.Path))
			p.managers = append(p.managers, file.Managers...)
		}
	}
	return v
}

func (v *view) project(folder string) *project {
	p := v.projects[folder]
	if p == nil {
		p = &project{tools: make(map[Tool]bool), locks: make(map[Tool]string), owners: make(map[Tool]bool)}
		v.projects[folder] = p
	}
	return p
}

// above calls visit for a folder and those above it, the root last, until it
// answers true.
func above(folder string, visit func(folder string) bool) {
	for !visit(folder) && folder != "" {
		folder = folderOf(folder)
	}
}

// home gives the project that a folder belongs to: the nearest one with a
// lockfile, at or above it; nil if there is none.
func (v *view) home(folder string) *project {
	var found *project
	above(folder, func(f string) bool {
		if p := v.projects[f]; p != nil && len(p.tools) > 0 {
			found = p
		}
		return found != nil
	})
	return found
}

// manager gives the statement that says which version of a tool a folder uses,
// or nil; with no tool, the first of any.
func (v *view) manager(tool Tool, folder string) *Manager {
	var found *Manager
	above(folder, func(f string) bool {
		p := v.projects[f]
		if p == nil {
			return false
		}
		// What yarnPath names runs, whatever package.json says.
		for _, rc := range []bool{true, false} {
			for i, m := range p.managers {
				if found == nil && (tool == "" || m.Tool == tool) && (path.Base(m.Path) != packageJSON) == rc {
					found = &p.managers[i]
				}
			}
		}
		return found != nil
	})
	return found
}

// uses reports whether a folder's packages are installed by a tool, as far as
// lockfiles and manifests say. Where they say nothing, it is npm, or one that
// has settings of its own there.
func (v *view) uses(tool Tool, folder string) bool {
	home, named := v.home(folder), v.manager("", folder)
	if home != nil || named != nil {
		return home != nil && home.tools[tool] || named != nil && named.Tool == tool
	}
	owned := tool == NPM
	above(folder, func(f string) bool {
		owned = owned || v.projects[f] != nil && v.projects[f].owners[tool]
		return owned
	})
	return owned
}

// version gives the version of a tool in a folder, or nil.
func (v *view) version(tool Tool, folder string) []int {
	if m := v.manager(tool, folder); m != nil {
		return parseVersion(m.Version)
	}
	if home := v.home(folder); home != nil {
		return writtenBy(v.formats[home.locks[tool]])
	}
	return nil
}
