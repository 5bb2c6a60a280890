// Package settings reads the settings by which package managers protect an
// install, and tells which of them a change loosens.
//
// It takes the bytes of the files in which such settings stand, of both sides
// of a change, and gives a [Loosening] for each setting that protects less than
// before. What counts is what the package manager makes of all files together:
// a setting that moves, is spelled another way or becomes stricter is quiet. It
// promises what package manifest promises: no panic, no network, bounded depth,
// and doubt said instead of skipped.
package settings

import (
	"path"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/manifest"
)

// Tool is a package manager.
type Tool string

// The package managers whose settings are known.
const (
	NPM  Tool = "npm"
	PNPM Tool = "pnpm"
	Yarn Tool = "yarn"
	Bun  Tool = "bun"
	Deno Tool = "deno"
)

// Setting is one setting as a file says it.
type Setting struct {
	Tool    Tool
	Name    string // of the protection that it is about; several spellings have the same
	Subject string // the scope that it is for, such as "@acme", or ""
	Folder  string // of the file, "" for the root
	Path    string // of the file
	Line    int
	// Spelling is the setting as the file names it: "pnpm.overrides".
	Spelling string
	Values   []Value // one, or the entries of a list

	row   *protection
	place *place
}

// Value is one value of a setting, or one entry of a list.
type Value struct {
	Text string
	Deny bool // an entry that forbids
	// Whole is set for a text in which no sign has a meaning.
	Whole bool
	Line  int
}

// Manager says which version of a package manager a project uses.
type Manager struct {
	Tool    Tool
	Version string // "10.1.0"
	Path    string
	Line    int
}

// File is what one file sets.
type File struct {
	Path     string
	Settings []Setting
	Managers []Manager // the one that counts first
	Doubts   []manifest.Doubt
}

// Side is one side of a change.
type Side struct {
	// Paths are the files that show which folders are projects, and of which
	// package manager: manifests, lockfiles and files with settings.
	Paths []string
	Files []*File
	// Formats are the formats of lockfiles, by path, as package lockfile names
	// them. They tell old versions of a package manager; they may be missing.
	Formats map[string]string
	// Named are the lockfiles that settings name, by path.
	Named map[string]Lock
}

// Registries are the addresses at which packages are found where no setting
// says so.
type Registries struct {
	Public []string          // the public registry, by all its addresses
	Scopes map[string]string // those of scopes that have a public registry of their own
}

// Loosening is a setting that protects less than before.
type Loosening struct {
	Tools    []Tool // those that obey it
	Setting  string // as the file names it
	Path     string
	Line     int    // 0 where the setting is gone
	Before   string // what counted before, for a person
	After    string
	Change   string // the difference: "goes from 3 days to 0 days", `gains "left-pad"`
	Effect   string // what it means: "new releases are installed sooner"
	Remedy   string // one line
	Lockfile bool   // it keeps a lockfile from being read or written
}

// Known reports whether a file of that path can hold settings.
func Known(file string) bool {
	_, ok := formats[path.Base(file)]
	return ok
}

// Read reads one file with settings. The error is an [*Unread].
func Read(file string, data []byte) (*File, error) {
	f, ok := formats[path.Base(file)]
	if !ok {
		return nil, &Unread{Reason: "no settings are known to stand in such a file"}
	}
	if len(data) > maxSize {
		return nil, tooMany("bytes", len(data), maxSize)
	}
	tree, doubts, err := f.read(data, wantedIn(path.Base(file)))
	if err != nil {
		return nil, unread(err)
	}
	c := &collector{format: f, file: &File{Path: file, Doubts: doubts}}
	for i := range protections {
		c.row = &protections[i]
		for j := range c.row.places {
			if p := &c.row.places[j]; p.file == path.Base(file) {
				c.place = p
				c.collect(tree, p.segments(), nil, "", 1)
			}
		}
	}
	c.managers(tree)
	slices.SortStableFunc(c.file.Doubts, func(a, b manifest.Doubt) int { return a.Line - b.Line })
	return c.file, nil
}

// folderOf gives the folder of a path, "" for the root.
func folderOf(file string) string {
	if folder := path.Dir(file); folder != "." {
		return folder
	}
	return ""
}
