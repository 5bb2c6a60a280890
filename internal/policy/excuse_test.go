package policy

import (
	"regexp"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/signal"
)

func excuse(version string, signals ...string) Exception {
	return Exception{Ecosystem: "npm", Name: "left-pad", Version: version, Signals: signals, Reason: "x", Expires: now.Add(time.Hour)}
}

func TestExceptions(t *testing.T) {
	malware := signal.Finding{Signal: "known-malware", Points: 100, Always: true}
	young := signal.Finding{Signal: "young-release", Hold: now.Add(time.Hour)}
	other := func(change func(*Exception)) Exception {
		x := excuse("1.3.0", missing)
		change(&x)
		return x
	}
	for _, test := range []struct {
		name      string
		exception Exception
		findings  []signal.Finding
		want      Verdict
		score     int
		state     string
	}{
		{"this version", excuse("1.3.0", missing), []signal.Finding{points(missing, 60)}, Pass, 0, Applied},
		{"every version", excuse("", missing), []signal.Finding{points(missing, 60)}, Pass, 0, Applied},
		{"another version", excuse("1.3.1", missing), []signal.Finding{points(missing, 60)}, Block, 60, Unused},
		{"a part of the version", excuse("1.3", missing), []signal.Finding{points(missing, 60)}, Block, 60, Unused},
		{"another name", other(func(x *Exception) { x.Name = "left-pad2" }), []signal.Finding{points(missing, 60)}, Block, 60, Unused},
		{"another case", other(func(x *Exception) { x.Name = "Left-Pad" }), []signal.Finding{points(missing, 60)}, Block, 60, Unused},
		{"another ecosystem", other(func(x *Exception) { x.Ecosystem = "pypi" }), []signal.Finding{points(missing, 60)}, Block, 60, Unused},
		{"another signal", excuse("", "deprecated"), []signal.Finding{points(missing, 60)}, Block, 60, Unused},
		{"one of two signals", excuse("", missing), []signal.Finding{points(missing, 60), points("registry-moved", 30)}, Warn, 30, Applied},
		{"two signals", excuse("", missing, "registry-moved"), []signal.Finding{points(missing, 60), points("registry-moved", 30)}, Pass, 0, Applied},
		{"malware", excuse("", "known-malware"), []signal.Finding{malware}, Pass, 0, Applied},
		{"a cooldown", excuse("", "young-release"), []signal.Finding{young}, Pass, 0, Applied},
		{"nothing found", excuse("", missing), nil, Pass, 0, Unused},
		{"an excused echo's fact", excuse("", gained), []signal.Finding{points(gained, 55), points("install-script-new", 25)}, Pass, 25, Applied},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := recommended(t)
			p.Exceptions = []Exception{test.exception}
			j := Judge(p, now, []Case{{dossier(), test.findings}}, nil, nil)
			if got := j.Cases[0]; got.Verdict != test.want || got.Score != test.score || !got.Hold.IsZero() || len(got.Findings) != len(test.findings) {
				t.Errorf("%s, score %d, %d findings; want %s, %d", got.Verdict, got.Score, len(got.Findings), test.want, test.score)
			}
			if len(j.Exceptions) != 1 || j.Exceptions[0].State != test.state {
				t.Errorf("exceptions %+v, want %s", j.Exceptions, test.state)
			}
			for _, f := range j.Cases[0].Findings {
				if f.Exception == nil {
					continue
				}
				if f.Points != 0 || f.Always || !f.Hold.IsZero() || f.Exception.Reason != "x" {
					t.Errorf("excused and still %+v", f)
				}
			}
		})
	}
}

// TestExceptionNotOfRepository: findings about no package are nobody's to excuse.
func TestExceptionNotOfRepository(t *testing.T) {
	p := recommended(t)
	p.Exceptions = []Exception{excuse("", missing), {Signals: []string{missing}, Expires: now.Add(time.Hour)}}
	j := Judge(p, now, nil, []signal.Finding{points(missing, 60)}, nil)
	if j.Verdict != Block || j.Exceptions[0].State != Unused || j.Exceptions[1].State != Unused {
		t.Errorf("%+v", j)
	}
}

func TestExpiry(t *testing.T) {
	p, err := Parse("p.yml", []byte("version: 1\nexceptions:\n  - package: npm:left-pad@1.3.0\n"+
		"    signals: [integrity-missing]\n    reason: x\n    expires: 2027-01-31\n"))
	if err != nil {
		t.Fatal(err)
	}
	findings := []signal.Finding{points(missing, 60)}
	for _, test := range []struct {
		now   time.Time
		want  Verdict
		state string
	}{
		{time.Date(2027, 1, 30, 23, 59, 59, 0, time.UTC), Pass, Applied},
		{time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), Pass, Applied},
		{time.Date(2027, 1, 31, 23, 59, 59, 999999999, time.UTC), Pass, Applied},
		{time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC), Block, Expired},
		{time.Date(2027, 2, 1, 8, 0, 0, 0, time.FixedZone("", 14*60*60)), Pass, Applied}, // 31 January, 18:00 UTC
		{time.Date(2027, 1, 31, 20, 0, 0, 0, time.FixedZone("", -12*60*60)), Block, Expired},
	} {
		j := Judge(p, test.now, []Case{{dossier(), findings}}, nil, nil)
		if got := j.Cases[0].Verdict; got != test.want || j.Exceptions[0].State != test.state {
			t.Errorf("%v: %s, %s; want %s, %s", test.now, got, j.Exceptions[0].State, test.want, test.state)
		}
	}
}

// TestExpiredWarns: an expired exception is a warning until it is removed, and
// has no say in what it once excused.
func TestExpiredWarns(t *testing.T) {
	p := recommended(t)
	p.Exceptions = []Exception{excuse("", missing), excuse("", missing)}
	p.Exceptions[0].Expires = now
	j := Judge(p, now, []Case{{dossier(), []signal.Finding{points(missing, 60)}}}, nil, nil)
	if j.Cases[0].Verdict != Pass || j.Verdict != Warn || j.Exceptions[0].State != Expired || j.Exceptions[1].State != Applied {
		t.Errorf("%+v", j)
	}
	if line := j.Cases[0].Findings[0].Exception; line != &p.Exceptions[1] {
		t.Errorf("excused by %+v", line)
	}
	if j := Judge(p, now, nil, []signal.Finding{points("lockfile-removed", 60)}, nil); j.Verdict != Block {
		t.Errorf("a block beside an expired exception: %s", j.Verdict)
	}
}

func TestSplitPackage(t *testing.T) {
	for text, want := range map[string][3]string{
		"npm:left-pad":                     {"npm", "left-pad", ""},
		"npm:left-pad@1.3.0":               {"npm", "left-pad", "1.3.0"},
		"npm:@scope/name":                  {"npm", "@scope/name", ""},
		"npm:@scope/name@1.2.3-rc.1+b":     {"npm", "@scope/name", "1.2.3-rc.1+b"},
		"golang:github.com/acme/a@v1.0.0":  {"golang", "github.com/acme/a", "v1.0.0"},
		"maven:org.acme:core@1.0":          {"maven", "org.acme:core", "1.0"},
		"github:acme/action@0123456789abc": {"github", "acme/action", "0123456789abc"},
	} {
		ecosystem, name, version := splitPackage(text)
		if got := [3]string{ecosystem, name, version}; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	pattern := regexp.MustCompile(schema(t).at("/$defs/exception/properties/package")["pattern"].(string))
	for text, want := range map[string]bool{
		"npm:@scope/name": true, "npm:a@1": true, "npm:a": true,
		"npm:": false, "npm:@": false, "npm:a@": false, "npm:a@b@c": false, "npm:@s/n@1@2": false, ":a": false, "a": false, "NPM:a": false,
		"npm:a b": false, "npm:a@1.x || 2": false, "npm:a@>=1": false, "npm:a@~1": false, "npm:a@*": false,
	} {
		if got := pattern.MatchString(text); got != want {
			t.Errorf("%q: taken %v, want %v", text, got, want)
		}
	}
}
