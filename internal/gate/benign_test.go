package gate

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// days gives releases that stood one every so many days, the last of them before
// the day on which the benign updates are judged.
func days(every int, template edition, versions ...string) []edition {
	var list []edition
	for i, v := range versions {
		e := template
		e.Version = v
		e.Published = benignDay.AddDate(0, 0, -every*(len(versions)-i)).Format(time.RFC3339)
		list = append(list, e)
	}
	return list
}

// benignDay is when the new releases of the benign updates are published.
var benignDay = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// today makes releases that are new.
func today(template edition, versions ...string) []edition {
	var list []edition
	for i, v := range versions {
		e := template
		e.Version = v
		e.Published = benignDay.Add(time.Duration(i) * time.Minute).Format(time.RFC3339)
		list = append(list, e)
	}
	return list
}

func concat(lists ...[]edition) (all []edition) {
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// Everyday work doesn't block, even two hours after a release and with no
// cooldown. What warns is written here, and why it may.
func TestBenignUpdates(t *testing.T) {
	person := edition{Publisher: "ann <ann@lib.example>", Maintainers: []string{"ann <ann@lib.example>"}}
	attested := edition{Trusted: true, Provenance: true, Maintainers: person.Maintainers}
	withScript := edition{Publisher: "ann", Scripts: map[string]string{"postinstall": "node install.js"}}
	with := func(e edition, change func(*edition)) edition { change(&e); return e }
	committed := with(person, func(e *edition) { e.Commit = "0123456789012345678901234567890123456789" })
	tests := []struct {
		name     string
		releases []edition
		others   map[string]history
		bump     bump
		bare     bool
		want     string
	}{
		{name: "a patch by the same person",
			releases: concat(days(30, person, "1.0.0", "1.0.1", "1.0.2"), today(person, "1.0.3")),
			bump:     bump{From: "1.0.2", To: "1.0.3"}, want: "0 pass: none"},
		{name: "a monorepo's bot that releases its lines together, as always",
			releases: concat(days(90, attested, "6.0.0", "6.0.1"), days(60, attested, "6.1.0"), days(60, attested, "7.0.0"),
				days(30, attested, "6.1.1"), days(30, attested, "7.0.1"), today(attested, "6.1.2", "7.0.2")),
			bump: bump{From: "7.0.1", To: "7.0.2"}, want: "0 pass: none"},
		{name: "two lines released together for the first time",
			releases: concat(days(50, attested, "6.0.0", "6.0.1"), days(30, attested, "7.0.0", "7.0.1"), today(attested, "6.0.2", "7.0.2")),
			bump:     bump{From: "7.0.1", To: "7.0.2"}, want: "23 pass: release-burst 23"},
		{name: "a fix carried back to a line that had ended",
			releases: concat(days(400, attested, "6.0.0"), days(30, attested, "7.0.0", "7.0.1"), today(attested, "6.0.1", "7.0.2")),
			bump:     bump{From: "6.0.0", To: "6.0.1"}, want: "23 pass: old-line-revived 23, release-burst (counted as old-line-revived)"},
		{name: "from a person to a trusted publisher",
			releases: concat(days(30, person, "1.0.0", "1.0.1", "1.0.2"), today(attested, "1.0.3")),
			bump:     bump{From: "1.0.2", To: "1.0.3"}, want: "0 pass: none"},
		{name: "an old line that never had provenance, beside a newer one that has",
			releases: concat(days(60, person, "6.0.0", "6.0.1"), days(30, attested, "7.0.0", "7.0.1", "7.0.2"), today(person, "6.0.2")),
			bump:     bump{From: "6.0.1", To: "6.0.2"}, want: "0 pass: none"},
		{name: "a release by hand, by one who did so before the pipeline",
			releases: concat(days(90, person, "1.0.0"), days(30, attested, "1.0.1", "1.0.2"), today(person, "1.0.3")),
			bump:     bump{From: "1.0.2", To: "1.0.3"}, want: "53 warn: provenance-lost 53"},
		{name: "another tool, which names no commit",
			releases: concat(days(30, committed, "1.0.0", "1.0.1", "1.0.2"), today(person, "1.0.3")),
			bump:     bump{From: "1.0.2", To: "1.0.3"}, want: "23 pass: source-link-lost 23"},
		{name: "a mirror that strips what the registry tells",
			releases: concat(days(30, attested, "1.0.0", "1.0.1", "1.0.2"), today(attested, "1.0.3")), bare: true,
			bump: bump{From: "1.0.2", To: "1.0.3"}, want: "0 pass: none"},
		{name: "the first release after a year, by the same pipeline",
			releases: concat(days(380, attested, "1.0.0"), days(375, attested, "1.0.1"), days(370, attested, "1.0.2"), days(365, attested, "1.0.3"), today(attested, "1.0.4")),
			bump:     bump{From: "1.0.3", To: "1.0.4"}, want: "23 pass: dormant-revival 23"},
		{name: "a package that releases twice in a year",
			releases: concat(days(200, person, "1.0.0", "1.0.1", "1.0.2", "1.0.3"), today(person, "1.0.4")),
			bump:     bump{From: "1.0.3", To: "1.0.4"}, want: "0 pass: none"},
		{name: "a mirror whose times are those of its copies, which tell no history",
			releases: concat(days(10, attested, "1.0.0"), days(40, attested, "1.0.1"), days(70, attested, "1.0.2"), days(100, attested, "1.0.3"), today(edition{Publisher: "ben"}, "1.0.4")),
			bump:     bump{From: "1.0.3", To: "1.0.4"}, want: "0 pass: none"},
		{name: "a prerelease from another pipeline",
			releases: concat(days(30, attested, "1.0.0", "1.0.1", "1.0.2"), today(with(person, func(e *edition) { e.Publisher = "bot" }), "1.1.0-rc.1")),
			bump:     bump{From: "1.0.2", To: "1.1.0-rc.1"}, want: "23 pass: publisher-changed 23"},
		{name: "a patch that adds an old, well-known dependency",
			releases: concat(days(30, person, "1.0.0", "1.0.1", "1.0.2"), today(with(person, func(e *edition) { e.Dependencies = map[string]string{"once": "^1.4.0"} }), "1.0.3")),
			others:   map[string]history{"once": {Releases: []edition{{Version: "1.4.0", Published: "2016-09-06"}}}},
			bump:     bump{From: "1.0.2", To: "1.0.3", Brings: map[string]string{"once": "1.4.0"}}, want: "8 pass: dependency-added 8"},
		{name: "a project that splits a package off, in its own scope",
			releases: concat(days(30, person, "1.0.0", "1.0.1", "1.0.2"), today(with(person, func(e *edition) { e.Dependencies = map[string]string{"@acme/part": "1.0.0"} }), "1.1.0")),
			others:   map[string]history{"@acme/part": {Publisher: "ann", Releases: today(person, "1.0.0")}},
			bump:     bump{From: "1.0.2", To: "1.1.0", Brings: map[string]string{"@acme/part": "1.0.0"}}, want: "8 pass: dependency-added 8"},
		{name: "a prepare script, which a registry's package doesn't run",
			releases: concat(days(30, person, "1.0.0", "1.0.1", "1.0.2"), today(with(person, func(e *edition) { e.Scripts = map[string]string{"prepare": "husky"} }), "1.0.3")),
			bump:     bump{From: "1.0.2", To: "1.0.3"}, want: "0 pass: none"},
		{name: "a package that always ran a script at install",
			releases: concat(days(30, withScript, "1.0.0", "1.0.1", "1.0.2"), today(withScript, "1.0.3")),
			bump:     bump{From: "1.0.2", To: "1.0.3"}, want: "0 pass: none"},
		{name: "such a package with another command",
			releases: concat(days(30, withScript, "1.0.0", "1.0.1", "1.0.2"), today(with(withScript, func(e *edition) { e.Scripts = map[string]string{"postinstall": "node setup.js"} }), "1.0.3")),
			bump:     bump{From: "1.0.2", To: "1.0.3"}, want: "15 pass: install-script-changed 15"},
		{name: "a new package, years old, with a script",
			releases: days(365, withScript, "1.0.0", "1.0.1", "1.0.2"),
			bump:     bump{To: "1.0.2"}, want: "15 pass: install-script-new 15"},
		{name: "an old version that is deprecated",
			releases: days(200, with(person, func(e *edition) { e.Deprecated = "use another package" }), "1.0.0", "1.0.1"),
			bump:     bump{From: "1.0.0", To: "1.0.1"}, want: "0 pass: none"},
		{name: "an old version of whose deprecation the base has no word",
			releases: concat(days(400, person, "1.0.0"), days(200, with(person, func(e *edition) { e.Deprecated = "no longer supported" }), "2.0.0")),
			bump:     bump{From: "1.0.0", To: "2.0.0"}, want: "3 pass: deprecated 3"},
		{name: "a new maintainer's first release",
			releases: concat(days(30, person, "1.0.0", "1.0.1", "1.0.2"), today(with(person, func(e *edition) { e.Publisher, e.Maintainers = "ben", []string{"ann <ann@lib.example>", "ben"} }), "1.0.3")),
			bump:     bump{From: "1.0.2", To: "1.0.3"}, want: "38 warn: publisher-changed 23, maintainer-added 15"},
		{name: "another address of the same person",
			releases: concat(days(30, person, "1.0.0", "1.0.1", "1.0.2"), today(edition{Publisher: "ann <ann@home.example>"}, "1.0.3")),
			bump:     bump{From: "1.0.2", To: "1.0.3"}, want: "15 pass: maintainer-added 15"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.bump.Package = "@acme/lib"
			s := stage{Packages: map[string]history{"@acme/lib": {Publisher: "ann", Releases: test.releases, Bare: test.bare}}}
			for name, h := range test.others {
				s.Packages[name] = h
			}
			r := s.judge(t, test.bump, benignDay.Add(freshAge), false, "0h")
			if got := fmt.Sprintf("%d %s: %s", r.Score, r.Verdict, signals(r)); got != test.want {
				t.Errorf("%s, want %s; gaps %+v", got, test.want, r.Gaps)
			}
		})
	}
}

// A lockfile that is written anew in a newer format says for the first time
// which packages run scripts; none of them is new or changed for that.
func TestMigrationIsQuiet(t *testing.T) {
	s := stage{Packages: map[string]history{
		"native": {Publisher: "ann", Releases: days(365, edition{Scripts: map[string]string{"postinstall": "node install.js"}}, "1.0.0", "1.0.1")},
	}}
	old := strings.NewReplacer("HASH", integrity("native", "1.0.0"), "ARCHIVE", archive("native", "1.0.0")).Replace(
		`{"name": "app", "version": "1.0.0", "lockfileVersion": 1, "requires": true,
		"dependencies": {"native": {"version": "1.0.0", "resolved": "ARCHIVE", "integrity": "HASH"}}}`)
	for to, want := range map[string]string{"1.0.0": "0 pass: none", "1.0.1": "0 pass: none"} {
		b := bump{Package: "native", From: "1.0.0", To: to}
		r := s.compare(t, b, old, s.lockfile(t, b, map[string]string{"native": to}), benignDay, false, "0h")
		if got := fmt.Sprintf("%d %s: %s", r.Score, r.Verdict, signals(r)); got != want {
			t.Errorf("to %s: %s, want %s", to, got, want)
		}
	}
}
