// Package policy turns findings and gaps into verdicts.
//
// It takes the base's policy file and, for each change, its findings and gaps,
// and gives a [Judgement]. It promises to be pure, to be the only room that
// knows thresholds, weights of age and exceptions, and that the order of its
// inputs never decides a verdict.
package policy

import (
	"time"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

// Path is where a repository keeps its policy.
const Path = ".github/lockkeeper.yml"

// Level is what a gap does to the verdict.
type Level string

// Block makes a package unjudged; Warn only says so.
const (
	LevelBlock Level = "block"
	LevelWarn  Level = "warn"
)

// Policy is a policy file with its preset filled in.
type Policy struct {
	Source     string // "default", "base:PATH" or "file:PATH"
	Preset     string // "audit", "recommended" or "strict"
	Audit      bool   // verdicts are shown and never fail the run
	Warn       int
	Block      int
	Cooldown   time.Duration
	Gaps       map[evidence.Check]Level
	GapDefault Level
	// The severities from which a vulnerability warns and blocks; "" for never.
	VulnerabilityWarn  advisory.Severity
	VulnerabilityBlock advisory.Severity
	Ignore             []string // glob patterns of lockfiles that are not judged
	Registries         map[string]Registry
	Signals            map[string]Setting
	Exceptions         []Exception
	Acceptances        bool // people who may write can accept a finding on the pull request

	file  *file        // what it was read from, for [Policy.With]; nil for a preset
	heard bool         // the pull request's comments were read
	words []acceptance // what they say
}

// Registry is where an ecosystem's packages are asked for.
type Registry struct {
	URL    string
	Scopes map[string]string
}

// Setting changes one signal.
type Setting struct {
	Off    bool
	Points *int
}

// Exception excuses named signals of one package until a day.
type Exception struct {
	Ecosystem string
	Name      string
	Version   string // "" for every version
	Signals   []string
	Reason    string
	Owner     string
	Expires   time.Time // the first moment at which it no longer holds, UTC
	Line      int
	// Of an acceptance, which has neither owner, expiry nor line, and whose
	// signals are those that it excused: who gave it, the comment's page, and
	// the package as it was written.
	By, Link, Given string
}

// Verdict is the judgement of a package or of a run.
type Verdict string

// The verdicts, from best to worst.
const (
	Pass     Verdict = "pass"
	Warn     Verdict = "warn"
	Unjudged Verdict = "unjudged"
	Hold     Verdict = "hold"
	Block    Verdict = "block"
)

// Case is one change with what was found.
type Case struct {
	Dossier  *evidence.Dossier
	Findings []signal.Finding
}

// Judgement is the outcome of a run.
type Judgement struct {
	Verdict    Verdict      // the worst of the cases, the repository and the exceptions
	Score      int          // the highest
	Cases      []Judged     // in the order of the cases
	Repository []Weighed    // worst first
	Gaps       []WeighedGap // of the repository
	Exceptions []Use        // every exception of the policy, in file order, then every acceptance
}

// Judged is one change with its verdict.
type Judged struct {
	Dossier  *evidence.Dossier
	Verdict  Verdict
	Score    int
	Hold     time.Time // when the cooldown will have passed; zero if it doesn't hold
	Findings []Weighed // worst first
	Gaps     []WeighedGap
	// Command is the comment, but for a reason, by which a person could let it
	// pass that is blocked or held; "" if none could.
	Command string
}

// Weighed is a finding with the points that it counts for.
type Weighed struct {
	signal.Finding
	Points    int        // after settings and the weight of age; 0 if excused or told twice
	Exception *Exception // that excuses it; Always and Hold are then cleared
	Echo      string     // the signal that already counts the same fact, or ""
}

// WeighedGap is a gap with what the policy makes of it.
type WeighedGap struct {
	evidence.Gap
	Level Level
}

// Use says what became of an exception or an acceptance.
type Use struct {
	Exception Exception
	State     string // of an exception Applied, Unused or Expired; of an acceptance Accepted, Unused or Refused
	Why       string // why an acceptance excused nothing, as a clause
}

// What became of an exception in a run. An expired one excuses nothing and is a
// warning until it is removed.
const (
	Applied  = "applied"
	Unused   = "unused"
	Expired  = "expired"
	Accepted = "accepted"
	Refused  = "refused"
)
