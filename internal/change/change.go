// Package change compares two sets of inventories.
//
// It takes what the base pins and what the head pins and gives the [Change]s
// between them. It promises to be pure, and to compare identities (ecosystem,
// name, version, source, hash), never lines, keys or formats, so that a format
// migration or a moved lockfile is quiet. diff(a, a) is empty and diff(a, b)
// mirrors diff(b, a).
package change

import "github.com/lockkeeper/lockkeeper/internal/lockfile"

// Kind says what happened to a package.
type Kind string

// The kinds of the report's contract.
const (
	Added      Kind = "added"      // a name that the base did not pin at all; of modules also more files of a version
	Removed    Kind = "removed"    // a version that the head no longer pins, with none in its place; or some of its files
	Upgraded   Kind = "upgraded"   // a version above the one it replaces
	Downgraded Kind = "downgraded" // a version below the one it replaces
	Relocked   Kind = "relocked"   // the same version with another hash or source
)

// Change is one package version that the head pins and the base did not, or
// the other way about.
type Change struct {
	Ecosystem string
	Name      string
	Kind      Kind
	From      []string // versions that it replaces, in ascending order
	To        string   // empty when Kind is Removed
	Direct    bool
	Dev       bool // development only, in each place
	Via       []Path
	Head      []Place // where the head pins To, in order of path and line
	Base      []Place // where the base pinned From (or, relocked, To)
}

// Path is a chain of names from a manifest of the repository to the package
// itself, the shortest there is.
type Path []string

// Place is one entry of one lockfile.
type Place struct {
	Lockfile string
	Format   string
	Entry    *lockfile.Entry
}
