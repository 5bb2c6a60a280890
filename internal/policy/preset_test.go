package policy

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

func TestPresets(t *testing.T) {
	for _, want := range []struct {
		name     string
		cooldown time.Duration
		fails    bool
	}{
		{"audit", 24 * time.Hour, false},
		{"recommended", 24 * time.Hour, true},
		{"strict", 168 * time.Hour, true},
	} {
		p, err := Preset(want.name)
		if err != nil {
			t.Fatal(err)
		}
		if p.Preset != want.name || p.Source != "default" || p.Cooldown != want.cooldown || p.Fails() != want.fails {
			t.Errorf("%s: %+v, fails %v", want.name, p, p.Fails())
		}
		if p.Warn != 30 || p.Block != 60 || p.VulnerabilityWarn != "medium" || p.VulnerabilityBlock != "critical" {
			t.Errorf("%s: thresholds %+v", want.name, p)
		}
		for _, check := range evidence.Checks {
			j := Judge(p, now, []Case{{Dossier: dossier(gapOf(check))}}, nil, nil)
			verdict := Unjudged
			forgiven := []evidence.Check{evidence.Foreign, evidence.Unpinned, evidence.Settings, evidence.Publishers, evidence.Signatures, evidence.Provenance, evidence.Source, evidence.Coverage, evidence.GitHubAdvisories, evidence.Inside}
			if want.name != "strict" && slices.Contains(forgiven, check) {
				verdict = Pass
			}
			if j.Verdict != verdict {
				t.Errorf("%s: a gap in %s is %s, want %s", want.name, check, j.Verdict, verdict)
			}
		}
	}
}

func TestOverrides(t *testing.T) {
	const file = "version: 1\npreset: audit\nthresholds: {warn: 20}\ncooldown: 2d\nexceptions:\n" +
		"  - {package: npm:a, signals: [deprecated], reason: x, expires: 2027-01-31}\n"
	tests := []struct {
		name, file string
		o          Overrides
		preset     string
		cooldown   time.Duration
		err        string
	}{
		{"none", file, Overrides{}, "audit", 48 * time.Hour, ""},
		{"the file's cooldown outlives its preset", file, Overrides{Preset: "strict"}, "strict", 48 * time.Hour, ""},
		{"the preset's cooldown where the file has none", "version: 1\n", Overrides{Preset: "strict"}, "strict", 168 * time.Hour, ""},
		{"a cooldown", file, Overrides{Cooldown: "7d"}, "audit", 168 * time.Hour, ""},
		{"no cooldown", file, Overrides{Cooldown: "0h"}, "audit", 0, ""},
		{"both", file, Overrides{Preset: "strict", Cooldown: "36h"}, "strict", 36 * time.Hour, ""},
		{"no file", "", Overrides{Preset: "audit"}, "audit", 24 * time.Hour, ""},
		{"unknown preset", file, Overrides{Preset: "strickt"}, "", 0, `preset: unknown name "strickt"; did you mean strict?`},
		{"no cooldown at all", file, Overrides{Cooldown: "soon"}, "", 0, `cooldown: "soon" is not a duration; such as 24h or 7d`},
		{"strict over a forgiven gap", "version: 1\ngaps: {times: warn}\n", Overrides{Preset: "strict"}, "", 0,
			"p.yml:2:15: gaps.times: must be block: the preset strict forgives no gap; leave it out, or take another preset"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := Preset(Standard)
			if test.file != "" {
				p, err = Parse("p.yml", []byte(test.file))
			}
			if err != nil {
				t.Fatal(err)
			}
			p.Source = "base:p.yml"
			before := *p
			// Twice, since the first must leave nothing behind.
			for range 2 {
				got, err := p.With(test.o)
				if test.err != "" {
					broken := new(Broken)
					if !errors.As(err, &broken) || err.Error() != test.err {
						t.Fatalf("error %v, want a *Broken: %s", err, test.err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				if got.Preset != test.preset || got.Cooldown != test.cooldown || got.Source != "base:p.yml" || got.Fails() != (test.preset != "audit") {
					t.Errorf("got %+v", got)
				}
				if got.Warn != before.Warn || len(got.Exceptions) != len(before.Exceptions) {
					t.Errorf("the file's settings are lost: %+v", got)
				}
			}
			if p.Preset != before.Preset || p.Cooldown != before.Cooldown {
				t.Errorf("the policy itself changed: %+v", p)
			}
		})
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"24h": 24 * time.Hour, "7d": 168 * time.Hour, "1d12h": 36 * time.Hour, "90m": 90 * time.Minute,
		"1h30m5s": time.Hour + 30*time.Minute + 5*time.Second, "1.5h": 90 * time.Minute, "0h": 0, "0d": 0, "365d": 365 * 24 * time.Hour,
	} {
		if got, err := duration(text); err != nil || got != want {
			t.Errorf("duration(%q) = %v, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "d", "24", "h", "-1h", "1d-1h", "-1d", "+1h", "1d+1h", "1h1d", "1.5d", "365d1s", "366d", "65536d", "99999999999999999999d",
		"9999999h", "65535d2500000h", "1 d", "1D", "1w", "∞", "0x1d", "1d1d", "NaNh",
	} {
		if got, err := duration(text); err == nil {
			t.Errorf("duration(%q) = %v, want an error", text, got)
		}
	}
}
