package policy

import (
	"fmt"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

// preset is a row of the table of presets: where they differ.
type preset struct {
	name     string
	audit    bool
	cooldown time.Duration
	forgives bool // a policy file may make a gap warn only
	accepts  bool // a person's word on the pull request is followed
}

var presets = []preset{
	{name: "audit", audit: true, cooldown: day, forgives: true, accepts: true},
	{name: "recommended", cooldown: day, forgives: true, accepts: true},
	{name: "strict", cooldown: 7 * day},
}

// Standard is the preset of a policy that names none.
const Standard = "recommended"

func presetOf(name string) (preset, error) {
	var names []string
	for _, p := range presets {
		if p.name == name {
			return p, nil
		}
		names = append(names, p.name)
	}
	return preset{}, unusable("preset", suggestion(name, names), "unknown name %s", quote(name))
}

// Preset gives the policy of that name, as it is with no file. The error is a
// [*Broken].
func Preset(name string) (*Policy, error) {
	row, err := presetOf(name)
	if err != nil {
		return nil, err
	}
	return row.policy(), nil
}

func (row preset) policy() *Policy {
	p := &Policy{
		Source:             "default",
		Preset:             row.name,
		Audit:              row.audit,
		Warn:               warnFrom,
		Block:              blockFrom,
		Cooldown:           row.cooldown,
		GapDefault:         LevelBlock,
		VulnerabilityWarn:  advisory.Medium,
		VulnerabilityBlock: advisory.Critical,
		Acceptances:        row.accepts,
	}
	if row.forgives {
		// Code from git or an address has no history anywhere, most mirrors leave
		// publishers, keys and attestations out, and nobody writes advisories for JSR: blocking
		// on that would hold up each update there for ever, and so would blocking on what a repository
		// pins of other ecosystems. A library leaves its lockfile out on purpose. And a loosened setting warns: one that can't be
		// read is no worse. GitHub's advisories are asked beside OSV, which has most of them, and an archive
		// is read for what the documents don't tell already.
		p.Gaps = map[evidence.Check]Level{
			evidence.Settings: LevelWarn, evidence.Publishers: LevelWarn, evidence.Signatures: LevelWarn,
			evidence.Provenance: LevelWarn, evidence.Source: LevelWarn, evidence.Coverage: LevelWarn,
			evidence.GitHubAdvisories: LevelWarn, evidence.Inside: LevelWarn, evidence.Foreign: LevelWarn,
			evidence.Unpinned: LevelWarn,
		}
	}
	return p
}

// Overrides are the settings of a command line or an Action's inputs, as their
// user wrote them. Empty ones change nothing.
type Overrides struct {
	Preset   string
	Cooldown string
}

// With gives the policy as it is with the overrides. Another preset is put
// under the policy's file: what the file says in so many words still holds. The
// error, also for what the preset forbids the file to say, is a [*Broken].
func (p *Policy) With(o Overrides) (*Policy, error) {
	changed := *p
	if o.Preset != "" {
		row, err := presetOf(o.Preset)
		if err != nil {
			return nil, err
		}
		rebuilt := row.policy()
		if p.file != nil {
			if rebuilt, err = p.file.policy(row, newNotes(p.file.path, p.file.root)); err != nil {
				return nil, err
			}
		}
		rebuilt.Source = p.Source
		changed = *rebuilt
	}
	if o.Cooldown != "" {
		age, err := duration(o.Cooldown)
		if err != nil {
			return nil, unusable("cooldown", "", "%v", err)
		}
		changed.Cooldown = age
	}
	return &changed, nil
}

// Fails reports whether a verdict may fail the run at all.
func (p *Policy) Fails() bool { return !p.Audit }

// unusable is the error for a setting that stands in no file.
func unusable(name, hint, format string, args ...any) error {
	return &Broken{Problems: []Problem{{Path: name, Message: fmt.Sprintf(format, args...), Hint: hint}}}
}
