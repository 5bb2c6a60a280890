package settings

import (
	"path"
	"slices"
	"strings"
)

// Lock is a lockfile as a setting names it.
type Lock struct {
	Setting *Setting
	Named   string // as the setting writes it
	As      string // the name that a lockfile of its format has by default
	// File is its path from the tree's root; "" where that lies outside, or
	// nobody can tell where.
	File string
	// Base is the name, and not more, where it counts in every folder below
	// the setting's as well; else "".
	Base string
	// Folder is set where the setting names the folder alone: the lockfile in
	// there has its usual name.
	Folder bool
}

// Home gives the folder of which the lockfile pins what is installed: the
// setting's, or where it counts in many, or no setting names it, its own.
func (l Lock) Home(file string) string {
	if l.Setting == nil || l.Base != "" {
		return folderOf(file)
	}
	return l.Setting.Folder
}

// usual are the names of the lockfiles that settings put elsewhere.
var usual = map[Tool]string{PNPM: "pnpm-lock.yaml", Yarn: "yarn.lock", Deno: "deno.lock"}

// Locks lists the lockfiles that a file's settings name, or whose folder they
// name.
func Locks(f *File) []Lock {
	var all []Lock
	for i := range f.Settings {
		if set := &f.Settings[i]; set.row.namesLock() {
			for _, v := range set.Values {
				all = append(all, lockAt(set, v))
			}
		}
	}
	return all
}

// namesLock reports whether a protection's values are paths of lockfiles, or of
// the folders that hold them.
func (p *protection) namesLock() bool { return p.lockfile && p.kind == allow }

func lockAt(set *Setting, v Value) Lock {
	l := Lock{Setting: set, Named: v.Text, As: usual[set.Tool]}
	file := path.Join(set.Folder, v.Text)
	if set.row.byDefault(nil) == "." {
		l.Folder, file = true, path.Join(file, l.As)
	} else if set.Path != "" && path.Base(set.Path) == yarnRC && !strings.Contains(v.Text, "/") {
		// Yarn reads .yarnrc.yml of the folders above a project, too, and takes
		// the name for one in the project's (@yarnpkg/core, Project.find).
		l.Base = v.Text
	}
	if path.IsAbs(v.Text) || file == "." || file == ".." || strings.HasPrefix(file, "../") || strings.ContainsAny(v.Text, "$\\:") {
		l.Base = ""
		return l // a variable, an address and another system's path, too
	}
	l.File = file
	return l
}

// Locking tells which lockfiles the package managers obey.
type Locking struct{ v *view }

// NewLocking takes a side whose files are all in which settings about lockfiles
// stand.
func NewLocking(s Side) *Locking { return &Locking{newView(s)} }

// Dropped gives the setting by which no install obeys a lockfile: that none is
// kept, or that it is another file, which isn't there. nil where the lockfile
// counts, as far as anybody can tell. The format is the name that a lockfile of
// its format has by default, has tells which files there are.
func (l *Locking) Dropped(file, format string, has func(string) bool) *Setting {
	return l.v.drops(lockTools[format], folderOf(file), has)
}

// Without gives the setting by which no package manager that a folder uses
// keeps a lockfile, or nil. The root is "" or ".".
func (l *Locking) Without(folder string, has func(string) bool) *Setting {
	if folder == "." {
		folder = ""
	}
	for _, tool := range []Tool{NPM, PNPM, Yarn, Bun, Deno} {
		if l.v.uses(tool, folder) {
			if set := l.v.drops(tool, folder, has); set != nil {
				return set
			}
		}
	}
	return nil
}

func (v *view) drops(tool Tool, folder string, has func(string) bool) *Setting {
	readings := []reading{{version: v.version(tool, folder)}}
	if readings[0].version == nil {
		readings = append(readings, reading{modern: true})
	}
	for i := range protections {
		row := &protections[i]
		if row.tool != tool || !row.lockfile {
			continue
		}
		var found *Setting
		for _, r := range readings {
			s := v.state(row, "", folder, r)
			if found = s.last(); found == nil || row.kind == ordered && s.on() || row.namesLock() && found.leads(has) {
				found = nil
				break
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// leads reports whether a file is there that a setting names.
func (s *Setting) leads(has func(string) bool) bool {
	return slices.ContainsFunc(s.Values, func(v Value) bool {
		l := lockAt(s, v)
		return len(s.Values) == 0 || l.Base != "" || l.File != "" && has(l.File)
	})
}

// Said gives the setting with its first value, as a person reads it.
func (s *Setting) Said() string {
	if len(s.Values) == 0 {
		return s.Spelling
	}
	return s.Spelling + "=" + s.Values[0].Text
}
