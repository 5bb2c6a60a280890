// Package report is the one value that a run ends in, and its renderers.
//
// It takes a judgement and gives the document lockkeeper.report/v1; text,
// JSON, Markdown, SARIF and annotations are rendered from that document and
// from nothing else. It promises: same inputs, same bytes; and every text that
// came from outside passes one sink for the channel that it is written to.
package report

import "time"

// Schema is the document's name and version.
const Schema = "lockkeeper.report/v1"

// Report is the document. Fields may be added, none renamed.
type Report struct {
	Schema    string     `json:"schema"`
	Tool      Tool       `json:"tool"`
	Mode      string     `json:"mode"`            // "check" or "scan"
	Shard     *Shard     `json:"shard,omitempty"` // of a scan in parts
	JudgedAt  time.Time  `json:"judged_at"`
	Base      *Side      `json:"base,omitempty"` // absent in a scan
	Head      Side       `json:"head"`
	Policy    Policy     `json:"policy"`
	Verdict   string     `json:"verdict"`
	Score     int        `json:"score"`
	Counts    Counts     `json:"counts"`
	Lockfiles []Lockfile `json:"lockfiles"`
	Changes   []Change   `json:"changes"`
	Findings  []Finding  `json:"findings"` // about the repository
	Gaps      []Gap      `json:"gaps"`     // about files, or about all packages at once
	// Exceptions of the policy that are expired or match nothing, and commands
	// of people that excused nothing.
	Exceptions []Exception `json:"exceptions"`
}

// Tool names the program.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Side is one of the two trees.
type Side struct {
	Ref    string `json:"ref"`
	Commit string `json:"commit"`
}

// Policy says what judged, and by which numbers.
type Policy struct {
	Source   string `json:"source"` // "base:.github/lockkeeper.yml", "file:…" or "default"
	Preset   string `json:"preset"`
	Warn     int    `json:"warn"`
	Block    int    `json:"block"`
	Cooldown string `json:"cooldown"` // "24h"
}

// Counts are numbers of lockfiles that changed, of changes by kind and of
// changes by verdict.
type Counts struct {
	Lockfiles int `json:"lockfiles"`
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Removed   int `json:"removed"`
	Pass      int `json:"pass"`
	Warn      int `json:"warn"`
	Hold      int `json:"hold"`
	Block     int `json:"block"`
	Unjudged  int `json:"unjudged"`
}

// Lockfile is one lockfile of either side.
type Lockfile struct {
	Path   string `json:"path"`
	Format string `json:"format"`
	Status string `json:"status"` // added, removed, changed, unchanged, unread
}

// Change is one package's change with its verdict.
type Change struct {
	PURL      string     `json:"purl"`
	Ecosystem string     `json:"ecosystem"`
	Name      string     `json:"name"`
	Kind      string     `json:"kind"`
	From      []string   `json:"from"`
	To        string     `json:"to"`
	Direct    bool       `json:"direct"`
	Dev       bool       `json:"dev"`
	Via       [][]string `json:"via"`
	Locations []Location `json:"locations"`
	// MoreLocations counts the places that Locations leaves out.
	MoreLocations int        `json:"more_locations,omitzero"`
	PublishedAt   *time.Time `json:"published_at"` // null if not known
	// Publisher is the account that published the version; "" if not known.
	Publisher string `json:"publisher,omitzero"`
	// Installs is set where the version runs code when it is installed.
	Installs  bool       `json:"installs,omitzero"`
	HoldUntil *time.Time `json:"hold_until,omitempty"`
	Score     int        `json:"score"`
	Verdict   string     `json:"verdict"`
	// Command is the comment on the pull request, but for a reason, by which
	// somebody who may write lets a package pass; "" if none does.
	Command  string    `json:"command,omitzero"`
	Findings []Finding `json:"findings"`
	Gaps     []Gap     `json:"gaps"`
	// Fixed are ids of advisories that name a version before and not this one;
	// Unchanged those that name both. Neither has points.
	Fixed     []string `json:"fixed,omitempty"`
	Unchanged []string `json:"unchanged,omitempty"`
}

// Location is a line of a file.
type Location struct {
	Path string `json:"path"`
	Line int    `json:"line"`
	// Touched is the first line below Line that the change touches, where Line
	// itself stayed what it was, as the key of an upgraded package does.
	Touched int `json:"touched,omitzero"`
}

// Finding is one signal that fired.
type Finding struct {
	Signal   string            `json:"signal"`
	Points   int               `json:"points"`          // after the weight of age
	Blocks   bool              `json:"blocks,omitzero"` // always blocks, whatever the points
	Title    string            `json:"title"`
	Message  string            `json:"message"`
	Evidence map[string]string `json:"evidence"`
	Remedy   string            `json:"remedy"`
	Location *Location         `json:"location,omitempty"`
	Links    []Link            `json:"links,omitempty"`
	// CountedAs is set where another signal's points stand for the same fact.
	CountedAs string `json:"counted_as,omitzero"`
	// Exception is set where the policy excuses the finding: its points are
	// not counted.
	Exception *Exception `json:"exception,omitempty"`
}

// Link is a page for a reviewer.
type Link struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Gap is evidence that could not be had.
type Gap struct {
	Check    string    `json:"check"`
	Reason   string    `json:"reason"`
	Hint     string    `json:"hint,omitempty"`
	Level    string    `json:"level"` // "block" or "warn": what the policy makes of it
	Location *Location `json:"location,omitempty"`
	// Packages is the number of packages that the gap stands for, in the
	// report's own list of gaps.
	Packages int `json:"packages,omitzero"`
}

// Exception is an excuse that the policy makes, or that a person asked for in a
// comment on the pull request. The latter's signals are those that it excused.
type Exception struct {
	Package string   `json:"package"`
	Signals []string `json:"signals"`
	Reason  string   `json:"reason"`
	Owner   string   `json:"owner,omitempty"`
	Expires string   `json:"expires,omitzero"` // "2027-01-31"; absent for a person's word, which holds for one version
	State   string   `json:"state"`            // "applied", "expired" or "unused"; of a person's word "accepted", "unused" or "refused"
	By      string   `json:"by,omitzero"`      // the person's login
	Link    string   `json:"link,omitzero"`    // the comment's page
	Why     string   `json:"why,omitzero"`     // why it excused nothing
}
