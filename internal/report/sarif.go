package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/lockkeeper/lockkeeper/internal/policy"
)

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
	most    int            // results
	cut     int
}

// SARIF writes the findings as a SARIF 2.1.0 log: a rule for each signal that
// fired, a result for each finding, worst first, and a notification for each
// gap. It stays within what GitHub takes; what that leaves out is counted in a
// notification.
//
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
func SARIF(w io.Writer, r *Report, _ Options) error {
	for most := maxResults; ; {
		l := newSARIF(r, most)
		var log bytes.Buffer
		if err := writeJSON(&log, l.log(), json.OmitZeroStructFields(true), jsontext.WithIndent("  ")); err != nil {
			return err
		}
		size := packedSize(log.Bytes())
		if size <= maxPacked || len(l.results) == 0 {
			_, err := w.Write(log.Bytes())
			return err
		}
		most = min(len(l.results)-1, int(int64(len(l.results))*maxPacked*9/10/int64(size)))
	}
}

// newSARIF makes at most that many results of a document.
func newSARIF(r *Report, most int) *sarifLog {
	l := &sarifLog{
		wording: newWording(r, terminal, terminal), r: r, most: most,
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
	return l
}

func (l *sarifLog) log() *sarif.Report {
	log := sarif.NewReport()
	log.Properties = sarif.PropertyBag{}
	log.AddRun(&sarif.Run{
		Tool: &sarif.Tool{Driver: &sarif.ToolComponent{
			Name: new("Lockkeeper"), Version: new(string(terminal(l.r.Tool.Version))), InformationURI: new(home), Rules: l.rules,
		}},
		AutomationDetails: &sarif.RunAutomationDetails{ID: new(category(l.r))},
		Invocations:       []*sarif.Invocation{l.invocation()},
		Results:           l.results,
	})
	return log
}

// category is under what GitHub keeps a run: a new one replaces the one before it
// of its tool, its ref and its category, and closes the alerts that it lacks. A
// check, which sees what changed, must not close those of a scan, nor one part of
// a scan those of another.
//
// https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#runautomationdetails-object
func category(r *Report) string {
	mode := ModeCheck
	if r.Mode == ModeScan {
		mode = ModeScan
	}
	if r.Shard != nil {
		return fmt.Sprintf("lockkeeper/%s-%d-of-%d/", mode, r.Shard.Index, r.Shard.Of)
	}
	return "lockkeeper/" + mode + "/"
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
	if len(l.results) == l.most {
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
	if c != nil {
		at.Line = touched(c, at)
	}
	location := physical(at)
	if c != nil {
		location.LogicalLocations = []*sarif.LogicalLocation{{
			Name: new(string(terminal(c.Name))), FullyQualifiedName: new(string(terminal(c.PURL))), Kind: new("package"),
		}}
	}
	return []*sarif.Location{location}
}

// touched gives the line to file an alert at: GitHub shows one on a pull request
// only if the pull request touches its line.
//
// https://docs.github.com/code-security/code-scanning/managing-code-scanning-alerts/triaging-code-scanning-alerts-in-pull-requests
func touched(c *Change, at Location) int {
	for _, l := range c.Locations {
		if l.Path == at.Path && l.Line == at.Line && l.Touched > 0 {
			return l.Touched
		}
	}
	return at.Line
}

func physical(at Location) *sarif.Location {
	return &sarif.Location{PhysicalLocation: &sarif.PhysicalLocation{
		ArtifactLocation: &sarif.ArtifactLocation{URI: new(relative(at.Path))},
		Region:           &sarif.Region{StartLine: new(max(at.Line, 1))},
	}}
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
