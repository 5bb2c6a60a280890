// Package advisory knows which package versions are known to be bad.
//
// It takes packages with their versions and gives the advisories that name
// them, from OSV's service, GitHub's, or a local database, behind one
// interface. It promises: withdrawn records are ignored, records that are
// aliases of one another are one advisory, and an answer that could not be had
// is an error, never an empty answer.
package advisory

import (
	"context"
	"slices"
	"time"
)

// Query asks after one version of one package.
type Query struct {
	Ecosystem string // the package URL type
	Name      string
	Version   string
	Integrity []string // the lockfile's hashes, for records that list indicators
}

// Severity is how bad a vulnerability is said to be.
type Severity string

// From best to worst. Unrated is for a record that rates nothing.
const (
	Unrated  Severity = ""
	Low      Severity = "low"
	Medium   Severity = "medium"
	High     Severity = "high"
	Critical Severity = "critical"
)

// Advisory is a record that names the version asked for.
type Advisory struct {
	ID        string
	Aliases   []string // sorted, without ID
	Summary   string
	Malware   bool
	Severity  Severity
	Published time.Time
	Fixed     []string // versions that the record calls fixed, as written
	URL       string   // a page for people
	Match     Match
}

// Same reports whether two advisories are one, by id or by alias.
func (a Advisory) Same(b Advisory) bool {
	return a.ID == b.ID || slices.Contains(a.Aliases, b.ID) || slices.Contains(b.Aliases, a.ID)
}

// Match says what in a record named the version.
type Match uint8

// Exact evidence beats a bounded range, and both beat a range that names every
// version that there is.
const (
	ByVersion   Match = iota // the version is listed
	ByHash                   // the lockfile's hash is among the indicators
	ByRange                  // a range with an end
	AllVersions              // a range from the first version with no end
)

// Database answers queries.
type Database interface {
	// Find gives, for each query and in the same order, the advisories that
	// name it. An error means that nothing is known of any of them.
	Find(ctx context.Context, queries []Query) ([][]Advisory, error)
}
