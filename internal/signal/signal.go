// Package signal turns facts into findings.
//
// It takes a dossier and gives findings. It promises to be pure: no I/O, no
// clock of its own, no state; one file for a signal and one table of all. A
// fact that is not known never makes a finding.
package signal

import (
	"time"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

// Finding says something about a package or about the repository.
type Finding struct {
	Signal  string    // the signal's id
	Points  int       // before the weight of age
	Further bool      // has no points, because another finding of the signal has them for both
	Always  bool      // blocks whatever the points
	Hold    time.Time // for the cooldown: until when; zero otherwise
	Title   string
	Message string // one or two sentences, with the evidence in them
	Remedy  string // what to do next
	Facts   []Fact // the evidence by name, in order
	// Severity is set by known-vulnerability, whose points the policy decides.
	Severity advisory.Severity
	// Path and Line say where; empty for the first place of the change.
	Path  string
	Line  int
	Links []Link
}

// Fact is one named piece of evidence.
type Fact struct{ Name, Value string }

// Link is a page that a reviewer should look at.
type Link struct{ Title, URL string }

// Family groups signals as SIGNALS.md does.
type Family string

// The families in the order of the documentation.
const (
	KnownBad   Family = "known bad"
	Tampering  Family = "tampering"
	Takeover   Family = "takeover"
	Content    Family = "content"
	Guardrails Family = "guardrails"
)

// Context is what a signal may know beside the facts.
type Context struct {
	Now      time.Time     // the time that the run judges as of
	Cooldown time.Duration // how old a release must be
	Scan     bool          // the whole head is judged, not a change
}

// Signal is a row of the table.
type Signal struct {
	ID      string
	Family  Family
	Title   string // a noun phrase
	Meaning string // when it fires, in a sentence
	Why     string // where the points come from
	Remedy  string // what a person should do
	Points  int    // the points of its usual finding, 0 to 100
	Scale   string // how the points read where one number does not say it
	Setting string // the policy's own setting for it, where it has one; whole lines of YAML
	Always  bool   // blocks whatever the points
	Weighed bool   // the age of the release weighs its points
	// Gap marks a row that only documents a gap, made by another room. It has
	// neither Check nor Repository.
	Gap   bool
	Needs []evidence.Check
	// One of the two, or both: over a package, and over the repository.
	Check      func(*evidence.Dossier, Context) []Finding
	Repository func(*evidence.Repository, Context) []Finding
}
