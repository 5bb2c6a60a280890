package signal

import (
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

func TestYoungRelease(t *testing.T) {
	published := func(age time.Duration) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) { d.Release.Published = now.Add(-age) }
	}
	runCases(t, "young-release", []testCase{
		{name: "hours old", edit: published(3*time.Hour + 20*time.Minute), want: []string{
			"hold: left-pad 1.3.1 was published 3 hours ago (2026-11-22 08:40 UTC). Releases wait 24 hours here: until 2026-11-23 08:40 UTC."}},
		{name: "seconds old", edit: published(time.Second), want: []string{
			"hold: left-pad 1.3.1 was published less than a minute ago (2026-11-22 11:59 UTC). Releases wait 24 hours here: until 2026-11-23 11:59 UTC."}},
		{name: "a moment before the end", edit: published(day - time.Nanosecond), want: []string{
			"hold: left-pad 1.3.1 was published 23 hours ago (2026-11-21 12:00 UTC). Releases wait 24 hours here: until 2026-11-22 12:00 UTC."}},
		{name: "in the future", edit: published(-time.Hour), want: []string{
			"hold: left-pad 1.3.1 was published in the future, by the registry's clock (2026-11-22 13:00 UTC). Releases wait 24 hours here: until 2026-11-23 13:00 UTC."}},

		{name: "the cooldown has passed", edit: published(day)},
		{name: "a name that is new here, and a version that is old enough", start: addition, edit: func(d *evidence.Dossier) {
			published(2 * day)(d)
			d.Package.Created = now.Add(-2 * day)
		}},
		{name: "time unknown", edit: func(d *evidence.Dossier) { d.Release.Published = time.Time{} }},
		{name: "release unknown", edit: func(d *evidence.Dossier) { d.Release = nil }},
		{name: "from git", edit: func(d *evidence.Dossier) {
			published(time.Hour)(d)
			fromGit(head(d), "github.com/owner/left-pad")
		}},
	})
	for _, age := range []time.Duration{time.Hour, -time.Hour} {
		d := ordinary()
		published(age)(d)
		if got := said(Run(d, Context{Now: now}), "young-release"); got != nil {
			t.Errorf("without a cooldown, %s old: %q", age, got)
		}
	}
	d := ordinary()
	published(time.Hour)(d)
	if got := Run(d, judged())[0]; got.Points != 0 || !got.Hold.Equal(now.Add(23*time.Hour)) {
		t.Errorf("holds with %d points until %s", got.Points, got.Hold)
	}
}

// arriving sets the dependencies that the release adds.
func arriving(arrivals ...evidence.Arrival) func(*evidence.Dossier) {
	return func(d *evidence.Dossier) { d.Arrivals = arrivals }
}

// born gives an arrival whose package was first published that long before the
// ordinary release, which is 30 days old.
func born(name string, before time.Duration) evidence.Arrival {
	return evidence.Arrival{Name: name, Spec: "^1.0.0", NewToTree: true, Version: "1.0.0", Created: now.Add(-30*day - before)}
}

func TestYoungDependency(t *testing.T) {
	scoped := func(age time.Duration, name string) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) {
			d.Change.Name = "@acme/ui"
			d.Package.Created = now.Add(-30*day - age)
			d.Arrivals = []evidence.Arrival{born(name, day)}
		}
	}
	runCases(t, "young-dependency", []testCase{
		{name: "days before the release", edit: arriving(born("payload", 2*day)), want: []string{
			"45: left-pad 1.3.1 adds payload@1.0.0, a package first published 2 days before it (2026-10-21 12:00 UTC)."}},
		{name: "just after the release", edit: arriving(born("payload", -time.Hour)), want: []string{
			"45: left-pad 1.3.1 adds payload@1.0.0, a package first published 1 hour after it (2026-10-23 13:00 UTC)."}},
		{name: "days ago, long after the release", edit: arriving(born("payload", -29*day)), want: []string{
			"45: left-pad 1.3.1 adds payload@1.0.0, a package first published 29 days after it (2026-11-21 12:00 UTC)."}},
		{name: "the release's time is not known", edit: func(d *evidence.Dossier) {
			d.Release.Published = time.Time{}
			d.Arrivals = []evidence.Arrival{{Name: "payload", Created: now.Add(-time.Hour)}}
		}, want: []string{"45: left-pad 1.3.1 adds payload, a package first published 1 hour ago (2026-11-22 11:00 UTC)."}},
		{name: "two make one finding, about the youngest", edit: arriving(born("a", 3*day), born("b", day)), want: []string{
			"45: left-pad 1.3.1 adds b@1.0.0, a package first published 24 hours before it (2026-10-22 12:00 UTC). It adds 1 more package that is days old as well."}},
		{name: "three", edit: arriving(born("a", 3*day), born("b", day), born("c", 2*day)), want: []string{
			"45: left-pad 1.3.1 adds b@1.0.0, a package first published 24 hours before it (2026-10-22 12:00 UTC). It adds 2 more packages that are days old as well."}},
		{name: "another scope", edit: scoped(365*day, "@evil/ui"), want: []string{
			"45: @acme/ui 1.3.1 adds @evil/ui@1.0.0, a package first published 24 hours before it (2026-10-22 12:00 UTC)."}},
		{name: "a scope whose name only begins alike", edit: scoped(365*day, "@acme-evil/ui"), want: []string{
			"45: @acme/ui 1.3.1 adds @acme-evil/ui@1.0.0, a package first published 24 hours before it (2026-10-22 12:00 UTC)."}},
		{name: "its own scope, itself days old", edit: scoped(5*day, "@acme/core"), want: []string{
			"45: @acme/ui 1.3.1 adds @acme/core@1.0.0, a package first published 24 hours before it (2026-10-22 12:00 UTC)."}},

		{name: "taken in days after it was first published", start: addition, edit: func(d *evidence.Dossier) { d.Package.Created = now.Add(-2 * day) }, want: []string{
			"20: left-pad 1.3.1 is new here, and so is the package: it was first published 2 days ago (2026-11-20 12:00 UTC)."}},

		{name: "taken in a week after it", start: addition, edit: func(d *evidence.Dossier) { d.Package.Created = now.Add(-7 * day) }},
		{name: "brought by another package", start: addition, edit: func(d *evidence.Dossier) {
			d.Package.Created, d.Change.Direct = now.Add(-2*day), false
		}},
		{name: "in a scan, where nothing is new", start: addition, scan: true, edit: func(d *evidence.Dossier) { d.Package.Created = now.Add(-2 * day) }},
		{name: "its own scope, long there", edit: scoped(365*day, "@acme/core")},
		{name: "a week before the release", edit: arriving(born("payload", 7*day))},
		{name: "made weeks after the release, weeks ago", edit: arriving(born("payload", -10*day))},
		{name: "age unknown", edit: arriving(evidence.Arrival{Name: "payload", Version: "1.0.0", NewToTree: true})},
		{name: "no arrivals", edit: arriving()},
	})
}

func TestDependencyAdded(t *testing.T) {
	old := func(name string) evidence.Arrival { return born(name, 365*day) }
	known := old("known")
	known.NewToTree = false
	absent := evidence.Arrival{Name: "absent", NewToTree: true}
	unversioned := evidence.Arrival{Name: "unversioned", NewToTree: true, Place: place(70, "unversioned", "")}

	runCases(t, "dependency-added", []testCase{
		{name: "patch", edit: arriving(old("a")), want: []string{"5: left-pad 1.3.1 brings 1 new package that 1.3.0 did not have: a@1.0.0."}},
		{name: "many names make one finding", edit: arriving(old("f"), old("e"), old("d"), old("c"), old("b"), old("a"), known, absent, unversioned), want: []string{
			"5: left-pad 1.3.1 brings 7 new packages that 1.3.0 did not have: a@1.0.0, b@1.0.0, c@1.0.0, d@1.0.0, e@1.0.0 and 2 more."}},

		{name: "known to the tree", edit: arriving(known)},
		{name: "not installed", edit: arriving(absent)},
		{name: "major", edit: func(d *evidence.Dossier) {
			d.Arrivals = []evidence.Arrival{old("a")}
			d.Release.Version = "2.0.0"
		}},
		{name: "new package, compared with its own history", start: addition, edit: arriving(old("a"))},
		{name: "scan", scan: true, edit: arriving(old("a"))},
	})
}

func TestDeprecated(t *testing.T) {
	notice := func(after, before string) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) { d.Release.Deprecated, d.Baseline.Deprecated = after, before }
	}
	const plain = "5: left-pad 1.3.1 is deprecated: use String.prototype.padStart."
	runCases(t, "deprecated", []testCase{
		{name: "plain", edit: notice("use String.prototype.padStart", ""), want: []string{plain}},
		{name: "security words", edit: notice("This version was COMPROMISED!", ""), want: []string{
			"20: left-pad 1.3.1 is deprecated: This version was COMPROMISED!"}},
		{name: "an advisory's id", edit: notice("see GHSA-aaaa-bbbb-cccc", ""), want: []string{"20: left-pad 1.3.1 is deprecated: see GHSA-aaaa-bbbb-cccc."}},
		{name: "how it came to be", edit: notice("Published by an unauthorised party", ""), want: []string{
			"20: left-pad 1.3.1 is deprecated: Published by an unauthorised party."}},
		{name: "a successor, and nothing of security", edit: notice("Renamed to pad-left. Old versions are no longer maintained", ""), want: []string{
			"5: left-pad 1.3.1 is deprecated: Renamed to pad-left. Old versions are no longer maintained."}},
		{name: "another notice than before", edit: notice("malicious release.", "use 2.x"), want: []string{"20: left-pad 1.3.1 is deprecated: malicious release."}},
		{name: "a new package whose earlier releases are deprecated too", start: addition,
			edit: notice("use String.prototype.padStart", "use String.prototype.padStart"), want: []string{plain}},
		{name: "by the lockfile, with no registry", edit: func(d *evidence.Dossier) {
			d.Package, d.Release, d.Baseline = nil, nil, nil
			head(d).Deprecated = "use String.prototype.padStart"
		}, want: []string{plain}},

		{name: "as before", edit: notice("use String.prototype.padStart", "use String.prototype.padStart")},
		{name: "as before, by the lockfile", edit: func(d *evidence.Dossier) {
			d.Package, d.Release, d.Baseline = nil, nil, nil
			head(d).Deprecated, base(d).Deprecated = "old", "old"
		}},
		{name: "taken back in the registry", edit: func(d *evidence.Dossier) { head(d).Deprecated = "old" }},
		{name: "only the base's", edit: notice("", "old")},
	})
}
