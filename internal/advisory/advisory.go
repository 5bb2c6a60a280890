// Package advisory knows which package versions are known to be bad.
//
// It takes packages with their versions and gives the advisories that name
// them, from OSV's service, GitHub's, or a local database, behind one
// interface. It promises: a withdrawn record names nothing, records that are
// aliases of one another are one advisory once merged, and an answer that could
// not be had is an error, never an empty answer.
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

// Advisory is what is said of the version asked for: by one record, or, once
// merged, by all those that are aliases of one another.
type Advisory struct {
	ID        string
	Aliases   []string // sorted, without ID
	Summary   string
	Malware   bool
	Severity  Severity
	Published time.Time
	Fixed     []string // versions that the record calls fixed, as written
	URL       string   // a page for people; may be empty
	Match     Match

	// Contested and Withdrawn are what [Merge] knows of the records behind an
	// advisory, by their ids, sorted. The first name other versions of the
	// package and not this one, where no better evidence than a claim on all
	// versions names it; the second were withdrawn, while another stands.
	Contested, Withdrawn []string
}

// Same reports whether two advisories are one, by an id or an alias of both.
func (a Advisory) Same(b Advisory) bool {
	return slices.ContainsFunc(names(a), func(id string) bool { return id == b.ID || slices.Contains(b.Aliases, id) })
}

// Match says what in a record named the version.
type Match uint8

// Exact evidence beats a bounded range, and both beat a range that names every
// version that there is. The last two name nothing: they only bear on what
// another record of the same advisory says.
const (
	ByVersion   Match = iota // the version is listed
	ByHash                   // the lockfile's hash is among the indicators
	ByRange                  // a range with an end
	AllVersions              // a range from the first version with no end
	Unreadable               // a range that can't be read, and may name the version
	Elsewhere                // other versions of the package are named, and not this one
	Retracted                // the record was withdrawn
)

// Names reports whether the match names the version, or may.
func (m Match) Names() bool { return m < Elsewhere }

// Database answers queries.
type Database interface {
	// Find gives, for each query and in the same order, what each record on
	// its package or its hashes says of it, for [Merge] to make advisories
	// of. An error means that nothing is known of any of them.
	Find(ctx context.Context, queries []Query) ([][]Advisory, error)
}
