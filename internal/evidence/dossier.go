// Package evidence gathers what the world knows of each change.
//
// It takes changes and gives a [Dossier] for each: the change, the facts, and
// the gaps where a fact could not be had. It is the only room with
// concurrency. It promises to ask the cheapest question first and nothing
// twice, and to give the same dossiers whatever order the answers arrive in.
package evidence

import (
	"time"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/attestation"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/manifest/settings"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// Check names a question that can be asked of a change. Users write these
// names in their policy's gaps.
type Check string

// The checks. A gap names the one that could not be made.
const (
	Lockfile   Check = "lockfile"   // the lockfile could be read
	Foreign    Check = "foreign"    // the lockfile is of an ecosystem that is judged
	Unpinned   Check = "unpinned"   // a lockfile pins what a manifest asks for
	Settings   Check = "settings"   // the package manager's settings could be read
	History    Check = "registry"   // the registry's document of the package
	Times      Check = "times"      // publication times
	Hashes     Check = "hashes"     // the registry's content hashes
	Scripts    Check = "scripts"    // install scripts
	Publishers Check = "publishers" // who published each release, and maintained it then
	Signatures Check = "signatures" // the registry's signatures could be verified
	Provenance Check = "provenance" // attestations could be had and verified
	Advisories Check = "advisories" // known malware and vulnerabilities
	Source     Check = "source"     // code from git or an address, which has no history to ask after
	Inside     Check = "content"    // what is in the archives, of this version and the one before
	Coverage   Check = "coverage"   // an ecosystem that advisories are written for at all

	// GitHubAdvisories is known malware and vulnerabilities in GitHub's own
	// database, which is asked beside the other where there is a token.
	GitHubAdvisories Check = "github-advisories"
)

// Checks lists every check, in the order in which a report shows them.
var Checks = []Check{Lockfile, Foreign, Unpinned, Settings, History, Times, Hashes, Scripts, Publishers, Signatures, Provenance, Advisories, GitHubAdvisories, Source, Inside, Coverage}

// Gap is evidence that could not be had. It says nothing for or against a
// package.
type Gap struct {
	Check  Check
	Reason string // one sentence without a final period
	Hint   string // what the user can do; may be empty
	// Path and Line are set for a gap about a file.
	Path string
	Line int
}

// Dossier is a change and all that is known of it.
type Dossier struct {
	Change change.Change

	Package  *registry.Package // nil if the registry was not asked or could not be had
	Release  *registry.Release // the version that the head pins; nil if not known
	Baseline *registry.Release // what it is compared with; nil if there is none
	// FromBase is set when Baseline is the version that the base pins, not
	// only the release before it in the registry's history.
	FromBase bool
	// Unlisted is set when the registry knows the package and not the version.
	Unlisted bool

	// Forged are the places whose hash the registry's signature is not over.
	Forged []Forged

	// Content is what is inside the release; nil if its archive was not read.
	Content *Content

	// Attested is where Release was built, and AttestedBefore where the release
	// was that it is compared with; nil where nobody claims provenance, or it
	// could not be verified.
	Attested, AttestedBefore *Attested
	// Misattested is what is wrong with the attestations of Release; nil if
	// nothing is known to be.
	Misattested *attestation.Fault

	// Arrivals are the dependencies that Release has and Baseline has not.
	Arrivals []Arrival

	Advisories []advisory.Advisory // that name the head's version
	Fixed      []advisory.Advisory // that named a base version and no longer apply
	Unchanged  map[string]bool     // ids in Advisories that the base had too

	// Unasked are the places that answer a manifest with something else than
	// it asks for.
	Unasked []Unasked

	Registries Registries
	Gaps       []Gap
}

// Arrival is a dependency that a release adds.
type Arrival struct {
	Name      string
	Spec      string
	NewToTree bool      // the base pinned no version of it
	Version   string    // the version that the head pins; "" if it pins none
	Created   time.Time // first publication of the package; zero if not known
	Place     change.Place
}

// Registries is what is configured, and what the base already uses, so that a
// signal can tell a known address from a new one.
type Registries struct {
	// Configured reports whether an address belongs to the registry that is
	// configured for that package name.
	Configured func(name, address string) bool
	// Public reports whether an address belongs to the ecosystem's public
	// registry.
	Public func(address string) bool
	// Home gives the registry that serves a name of which the lockfile has no
	// address.
	Home func(name string) string
	// Established reports whether entries of the base already come from the
	// address's host.
	Established func(address string) bool
}

// Repository is what is known of the repository itself, rather than of a
// package: files of both sides that decide how the gate judges.
type Repository struct {
	PolicyPath string
	// Policy and workflow files that the head adds, edits or removes.
	Edited []Edit
	// Lockfiles that the base has and the head has not, while a manifest of
	// the same folder stays.
	Removed []string
	// Settings of the package managers that protect less than the base's. One
	// that keeps a lockfile from being read or written is a lockfile that goes
	// away.
	Loosened []settings.Loosening
	// Localized are the requests that the head answers with code of the
	// repository, and the base did not.
	Localized []change.Local
	// Inventories of the head, with their doubts.
	Head []*lockfile.Inventory
	// BaseDoubts are the doubts that the base had already, by [DoubtKey]; they
	// are not the change's fault.
	BaseDoubts map[string]bool
	Gaps       []Gap
}

// DoubtKey names a doubt about a lockfile, wherever in it the doubt stands.
func DoubtKey(path string, d lockfile.Doubt) string { return path + "\x00" + d.Message }

// Edit is a file that governs the gate and that the head changes.
type Edit struct {
	Path   string
	Kind   string // "policy" or "workflow"
	Change string // "added", "edited" or "removed"
	Line   int    // the first line that differs
}
