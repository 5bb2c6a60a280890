package report

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/lockkeeper/lockkeeper/internal/policy"
)

// maxResults is how many results of a run GitHub keeps.
//
// https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#validating-your-sarif-file
const maxResults = 5000

const home = "https://github.com/lockkeeper/lockkeeper"

// sarifLog is a document on its way to a SARIF log. Unset members are left
// out, so the library's types are used without its constructors.
type sarifLog struct {
	wording[inert]
	r       *Report
	rules   []*sarif.ReportingDescriptor
	worst   map[string]Finding // of each rule
	results []*sarif.Result
	seen    map[string]int // results by fingerprint
	cut     int
}

// SARIF writes the findings as a SARIF 2.1.0 log: a rule for each signal that
// fired, a result for each finding, worst first, and a notification for each
// gap.
//
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
func SARIF(w io.Writer, r *Report, _ Options) error {
	l := sarifLog{
		wording: newWording(r, terminal, terminal), r: r,
		results: []*sarif.Result{}, worst: map[string]Finding{}, seen: map[string]int{},
	}
	for _, v := range verdicts {
		for _, c := range withVerdict(r, v.id) {
			for i := range c.Findings {
				l.add(c, &c.Findings[i], level(v.id))
			}
		}
		for i := range r.Findings {
			if f := &r.Findings[i]; repositoryVerdict(r, f) == v.id {
				l.add(nil, f, level(v.id))
			}
		}
	}
	for _, rule := range l.rules {
		l.rate(rule)
	}
	log := sarif.NewReport()
	log.Properties = sarif.PropertyBag{}
	log.AddRun(&sarif.Run{
		Tool: &sarif.Tool{Driver: &sarif.ToolComponent{
			Name: new("Lockkeeper"), Version: new(string(terminal(r.Tool.Version))), InformationURI: new(home), Rules: l.rules,
		}},
		AutomationDetails: &sarif.RunAutomationDetails{ID: new("lockkeeper/")},
		Invocations:       []*sarif.Invocation{l.invocation()},
		Results:           l.results,
	})
	return writeJSON(w, log, json.OmitZeroStructFields(true), jsontext.WithIndent("  "))
}

// level is that of a verdict's findings.
func level(verdict string) string {
	switch verdict {
	case "block":
		return sarif.LevelError
	case "warn", "hold":
		return sarif.LevelWarning
	}
	return sarif.LevelNote
}

// repositoryVerdict is the one that a finding about the repository would bring
// about by itself.
func repositoryVerdict(r *Report, f *Finding) string {
	switch {
	case f.Exception != nil:
		return "pass"
	case f.Blocks || f.Points >= r.Policy.Block:
		return "block"
	}
	return "warn" // a person should see each of them
}

// add makes a finding a result. The change is nil for the repository's own.
func (l *sarifLog) add(c *Change, f *Finding, level string) {
	if len(l.results) == maxResults {
		l.cut++
		return
	}
	id := ruleID(f.Signal)
	l.rule(id, f)
	said := terminal(f.Message)
	if said == "" { // the standard wants one
		said = l.subject(f)
	}
	if f.Remedy != "" {
		said += " " + terminal(f.Remedy)
	}
	result := &sarif.Result{
		RuleID:              &id,
		Level:               level,
		Message:             message(said),
		Locations:           l.locations(c, f),
		PartialFingerprints: l.fingerprints(id, c, f),
		Properties:          properties(c, f),
	}
	if e := f.Exception; e != nil {
		result.Level = sarif.LevelNote
		why := terminal(e.Reason)
		if e.By != "" {
			why = "accepted by " + terminal("@"+e.By) + ": " + why
		}
		result.Suppressions = []*sarif.Suppression{{Kind: new("external"), Justification: new(string(why))}}
	}
	l.results = append(l.results, result)
}

// ruleID keeps what identifiers of signals are made of.
func ruleID(id string) string {
	id = strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, id)
	if id == "" {
		return "unknown"
	}
	return id[:min(len(id), 64)]
}

func message(said inert) *sarif.Message { return &sarif.Message{Text: new(unlinked(said))} }

// unlinked is plain text, in which SARIF would still read "[text](address)".
func unlinked(said inert) string { return strings.ReplaceAll(string(said), "](", "] (") }

// locations places a finding. GitHub refuses a log with a result that has no
// place: one about no file is put on the first lockfile.
func (l *sarifLog) locations(c *Change, f *Finding) []*sarif.Location {
	at := Location{Path: policy.Path}
	switch {
	case f.Location != nil:
		at = *f.Location
	case c != nil && len(c.Locations) > 0:
		at = c.Locations[0]
	case len(l.r.Lockfiles) > 0:
		at.Path = l.r.Lockfiles[0].Path
	}
	location := physical(at)
	if c != nil {
		location.LogicalLocations = []*sarif.LogicalLocation{{
			Name: new(string(terminal(c.Name))), FullyQualifiedName: new(string(terminal(c.PURL))), Kind: new("package"),
		}}
	}
	return []*sarif.Location{location}
}

func physical(at Location) *sarif.Location {
	return &sarif.Location{PhysicalLocation: &sarif.PhysicalLocation{
		ArtifactLocation: &sarif.ArtifactLocation{URI: new(relative(at.Path))},
		Region:           &sarif.Region{StartLine: new(max(at.Line, 1))},
	}}
}

// fingerprints tell GitHub which alerts of two uploads are the same: those of
// one signal about one package version in one file, wherever its line moved.
func (l *sarifLog) fingerprints(id string, c *Change, f *Finding) map[string]string {
	parts := []string{id}
	if c != nil {
		parts = append(parts, c.Ecosystem, c.Name, c.To)
	}
	if f.Location != nil {
		parts = append(parts, f.Location.Path)
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	key := hex.EncodeToString(sum[:8])
	l.seen[key]++
	return map[string]string{"primaryLocationLineHash": key + ":" + strconv.Itoa(l.seen[key])}
}

func properties(c *Change, f *Finding) *sarif.PropertyBag {
	p := sarif.Properties{"points": f.Points}
	if len(f.Evidence) > 0 {
		p["evidence"] = f.Evidence
	}
	if c != nil {
		p["purl"], p["score"], p["verdict"] = c.PURL, c.Score, c.Verdict
	}
	return &sarif.PropertyBag{Properties: p}
}

// invocation carries what is no result: gaps, and what the limit cut off.
func (l *sarifLog) invocation() *sarif.Invocation {
	run := &sarif.Invocation{ExecutionSuccessful: new(true)}
	for _, g := range gapGroups(l.r) {
		n := &sarif.Notification{Level: sarif.LevelWarning, Descriptor: &sarif.ReportingDescriptorReference{ID: new("gap/" + ruleID(g.Check))}}
		if mildness(g.Gap) == 0 {
			n.Level = sarif.LevelError
			run.ExecutionSuccessful = new(false)
		}
		said := "Not checked (" + terminal(g.Check) + "): " + terminal(g.Reason)
		if count := g.packages(); count > 0 {
			said += ", " + plural[inert](count, "package", "packages")
			if len(g.changes) > 0 {
				said += ": " + few(g.changes, textNames, ", ", l.title)
			}
		}
		if g.Hint != "" {
			said += ". " + terminal(g.Hint)
		}
		n.Message = message(said)
		if g.Location != nil {
			n.Locations = []*sarif.Location{physical(*g.Location)}
		}
		run.ToolExecutionNotifications = append(run.ToolExecutionNotifications, n)
	}
	if l.cut > 0 {
		run.ToolExecutionNotifications = append(run.ToolExecutionNotifications, &sarif.Notification{
			Level:   sarif.LevelWarning,
			Message: message(plural[inert](l.cut, "result", "results") + " of less weight left out: GitHub keeps " + digits[inert](maxResults) + " of a run"),
		})
	}
	return run
}
