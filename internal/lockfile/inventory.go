// Package lockfile reads lockfiles.
//
// It takes the bytes of one lockfile (and, where the format leaves something
// out, a look at the manifest beside it) and gives an [Inventory]: every entry
// that the file pins, in file order, each with the line that it stands on.
//
// It promises: one reader for a format, in files of the format's name; never a
// panic, never the network, never unbounded recursion; nothing is skipped. What
// two readers could read two ways is a [Doubt] on the inventory; what cannot be
// read at all is an [*Unread] error. Neither is ever dropped.
package lockfile

import "strings"

// Source says where the bytes of an entry come from.
type Source string

// The six sources that a lockfile can name.
const (
	Registry  Source = "registry"  // a package registry, by name and version
	Git       Source = "git"       // a git repository at a commit
	URL       Source = "url"       // an archive at an address that is no registry's
	File      Source = "file"      // an archive or folder inside the repository
	Workspace Source = "workspace" // a package of the repository itself
	Link      Source = "link"      // a link to a folder; its target has an entry of its own
)

// Tristate is an answer that a format may not give.
type Tristate uint8

// Unknown is the zero value: the format doesn't say.
const (
	Unknown Tristate = iota
	No
	Yes
)

// Inventory is what one lockfile pins.
type Inventory struct {
	Path      string // slash-separated, relative to the tree's root
	Ecosystem string // the package URL type: "npm"
	Format    string // "npm-lock-v3"
	Entries   []Entry
	Doubts    []Doubt
	// Roots are the packages that the repository itself builds: the root of
	// the tree first, then its workspaces, each with what it asks for.
	Roots []Root
}

// Root is one manifest of the repository and its direct dependencies, resolved
// to the entries that they install.
type Root struct {
	Name         string // as its manifest names it; may be empty
	Folder       string // relative to the lockfile's folder; "" is the lockfile's own
	Line         int
	Dependencies []Dependency
}

// Entry is one installed place of one package.
type Entry struct {
	Line int // 1-based line of the entry's key
	// Touched is the first of its lines that an older text of the file lacks; 0
	// where there is none, or nobody asked [Inventory.Touch].
	Touched int
	Key     string // the entry's own key in the file; twice only where a doubt says so, or in two documents
	// Ecosystem is set where it is not the inventory's, as for what deno.lock
	// takes from JSR; see [Inventory.EcosystemOf].
	Ecosystem string
	Name      string // the real package name
	Version   string // as written; empty where the format gives none
	Alias     string // the name that it is installed under, when that differs
	Source    Source

	Resolved  string   // the address as written, or ""
	Integrity []string // hashes of the archive, one each, as written; see [Entry.Hashes]
	// Checksum is a hash of what the package manager makes of the archive
	// ("10c0/<hex>" of yarn's own zip file). It says nothing of the archive's
	// own hash, and can be compared only with one that has the same text
	// before the slash. A "~" there marks a key that is not the file's own.
	Checksum string

	Direct   bool // a manifest of the repository asks for it
	Dev      bool // reached through development dependencies only
	Optional bool
	Peer     bool // reached through peer dependencies only
	Bundled  bool // said to come inside its parent's archive

	InstallScript Tristate
	Deprecated    string // the notice, where the format keeps it

	Dependencies []Dependency
}

// EcosystemOf gives the package URL type of an entry.
func (inv *Inventory) EcosystemOf(e *Entry) string {
	if e.Ecosystem != "" {
		return e.Ecosystem
	}
	return inv.Ecosystem
}

// Own reports whether an entry is code of the repository itself, which is
// reviewed as such: a workspace, a link, or a folder. An archive is not, though
// it may lie in the repository: nobody reads it in a pull request.
func (e *Entry) Own() bool {
	switch e.Source {
	case Workspace, Link:
		return true
	case File:
		file, _, _ := strings.Cut(e.Resolved, "::") // yarn's parameters
		file, _, _ = strings.Cut(file, "#")
		return file != "" && !isTarball(file)
	}
	return false
}

// Kind tells which list of a manifest a dependency stands in.
type Kind uint8

// Production is the zero value.
const (
	Production Kind = iota
	Development
	OptionalKind
	PeerKind
)

// Dependency is an edge: what an entry asks for, and the entry that answers.
type Dependency struct {
	Name string // the name that is asked for (the alias, if there is one)
	Spec string // the range, tag or address asked for
	Key  string // the key of the entry that it resolves to; "" if none does
	Kind Kind
}

// Doubt is a place that two readers could read two ways.
type Doubt struct {
	Line    int
	Key     string // the entry concerned, or ""
	Message string // what is doubtful, in one sentence without a final period
	// Packages is set where the two readings name different packages,
	// versions, addresses or hashes, not only different flags.
	Packages bool
}

// Unread is the error for a file that could not be read: its place, the cause,
// and what its owner can do about it.
type Unread struct {
	Path   string
	Line   int // 0 if the trouble has no line
	Reason string
	Hint   string
}

// Error gives "path:line: reading: reason".
func (u *Unread) Error() string {
	return place(u.Path, u.Line) + ": reading: " + u.Reason
}
