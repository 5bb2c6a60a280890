// Package registry knows what a package registry says of a package.
//
// It takes a package's name and gives its release history in one shape,
// whatever the registry. It promises: one file for a registry; documents are
// read as a stream and only the facts that a signal needs are kept; what a
// registry (or a mirror of one) leaves out is said to be unknown, never zero.
package registry

import (
	"strings"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/version"
)

// Package is a package's history as its registry tells it.
type Package struct {
	Ecosystem string
	Name      string
	Created   time.Time // first publication, or the first that is listed; zero if not known
	Latest    string    // the version that an unpinned install takes; "" if not said
	// Placeholder is set where the registry holds the name as a security
	// placeholder.
	Placeholder bool
	Releases    []Release // in the order of [Chronological]
	Has         Facts     // which facts this document states at all
	// DatedSince is from when the registry dates releases: one without a time
	// is older. It is zero where nothing is known of those.
	DatedSince time.Time
}

// Facts says which kinds of fact a registry's document carries. Mirrors leave
// some out, and an absent fact is a gap, never a finding.
type Facts struct {
	Times      bool // publication times of the releases
	Created    bool // when the name was first published: else a mirror may leave out older releases
	Hashes     bool // content hashes
	Scripts    bool // install scripts, or the flag that there are some
	Publishers bool // who published each release
}

// Release is one published version.
type Release struct {
	Version   string
	Published time.Time // zero if not known
	Removed   bool      // the registry remembers its time and no longer serves it

	Integrity []string // Subresource Integrity hashes, a sha1 sum included
	// Signatures are the registry's own, over name, version and hash.
	Signatures []Signature
	Archive    string // the address that the registry names; evidence, never followed blindly

	Scripts    []Script // those that run at install, in order of their names
	HasScript  bool     // the registry's own flag, where it gives no scripts
	Gyp        bool     // a binding.gyp is built at install
	Prepare    string   // the prepare script: runs only for git dependencies
	Deprecated string   // the notice; "" if not deprecated
	Publisher  Person
	Approver   Person // who released it from the registry's staging; zero if nobody had to
	Trusted    bool   // published through a trusted publisher
	Provenance bool   // claims provenance; not verified here
	GitHead    string // the commit that it was made from, as its publisher says
	// Repository is the page of the project on a public forge, as the version's
	// own manifest names it; "" if it names none. See [Repository].
	Repository  string
	Maintainers []Person

	Dependencies []Dependency // production, optional and peer, by name
}

// Installs reports whether the release runs code when it is installed.
func (r *Release) Installs() bool { return len(r.Scripts) > 0 || r.HasScript || r.Gyp }

// Chronological orders releases of an ecosystem by their time of publication,
// undated ones first, and those of one time by their versions.
func Chronological(ecosystem string) func(a, b Release) int {
	return func(a, b Release) int {
		if order := a.Published.Compare(b.Published); order != 0 {
			return order
		}
		if a.Published.IsZero() { // no history is told of these, and there may be thousands
			return strings.Compare(a.Version, b.Version)
		}
		return version.Compare(ecosystem, a.Version, b.Version)
	}
}

// IsName reports whether a registry of the ecosystem can hold a package of that
// name, so that the name is safe in an address once it is escaped.
func IsName(ecosystem, name string) (ok bool) {
	switch ecosystem {
	case "npm":
		_, ok = npmPath(name)
	case "jsr":
		_, _, ok = jsrName(name)
	}
	return ok
}

// Person is an account as a registry shows it.
type Person struct {
	Name  string
	Email string
}

// Script is a lifecycle script and its command.
type Script struct {
	Name    string
	Command string
}

// Dependency is what a release asks for.
type Dependency struct {
	Name     string
	Spec     string
	Optional bool
	Peer     bool
}

// Release gives the release of that version, or nil.
func (p *Package) Release(version string) *Release {
	for i := range p.Releases {
		if p.Releases[i].Version == version {
			return &p.Releases[i]
		}
	}
	return nil
}
