package signal

import (
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// made is a release published that long before the ordinary one, which is 30
// days old, by alice, from a commit.
func made(version string, before time.Duration, edits ...func(*registry.Release)) registry.Release {
	r := registry.Release{
		Version: version, Published: now.Add(-30*day - before), GitHead: gitCommit,
		Publisher:   registry.Person{Name: "alice", Email: "alice@acme.example"},
		Maintainers: []registry.Person{{Name: "alice", Email: "alice@acme.example"}},
	}
	for _, edit := range edits {
		edit(&r)
	}
	return r
}

func by(name string) func(*registry.Release) {
	return func(r *registry.Release) { r.Publisher = registry.Person{Name: name} }
}

func attested(r *registry.Release) { r.Provenance = true }
func trusted(r *registry.Release)  { r.Trusted = true }
func unlinked(r *registry.Release) { r.GitHead = "" }

// after gives the history before the ordinary release, which is edited.
func after(edit func(*registry.Release), history ...registry.Release) func(*evidence.Dossier) {
	return func(d *evidence.Dossier) {
		r := made("1.3.1", 0, edit)
		d.Package.Releases = append(history, r)
		d.Release = &r
	}
}

func TestPublisherChanged(t *testing.T) {
	runCases(t, "publisher-changed", []testCase{
		{name: "somebody new", edit: after(by("mallory"), made("1.2.0", 60*day), made("1.3.0", 30*day)), want: []string{
			"15: left-pad 1.3.1 was published by mallory, who had published no release before; 1.3.0 came from alice."}},
		{name: "after a long silence", edit: after(by("mallory"), made("1.3.0", 200*day)), want: []string{
			"30: left-pad 1.3.1 was published by mallory, who had published no release before; 1.3.0 came from alice. The package had been silent for 200 days."}},
		{name: "from a pipeline to a person", edit: after(by("mallory"), made("1.3.0", 30*day, by("GitHub Actions"), trusted)), want: []string{
			"15: left-pad 1.3.1 was published by mallory, who had published no release before; 1.3.0 came from a trusted publisher (GitHub Actions)."}},
		{name: "a bot for the first time, with provenance, which is no merit", edit: after(func(r *registry.Release) { by("acme-bot")(r); attested(r) }, made("1.3.0", 30*day)), want: []string{
			"15: left-pad 1.3.1 was published by acme-bot, who had published no release before; 1.3.0 came from alice."}},
		{name: "staged and approved by new accounts", edit: after(func(r *registry.Release) {
			by("mallory")(r)
			r.Approver = registry.Person{Name: "eve"}
		}, made("1.3.0", 30*day)), want: []string{
			"15: left-pad 1.3.1 was published by mallory, who had published no release before; 1.3.0 came from alice."}},

		{name: "the same account", edit: after(by("Alice"), made("1.3.0", 30*day))},
		{name: "somebody who published long ago", edit: after(by("bob"), made("1.0.0", 900*day, by("bob")), made("1.3.0", 30*day))},
		{name: "from a person to a pipeline", edit: after(func(r *registry.Release) { by("GitHub Actions")(r); trusted(r) }, made("1.3.0", 30*day))},
		{name: "the first release", edit: after(by("mallory"))},
		{name: "a mirror that leaves publishers out", edit: after(by(""), made("1.3.0", 30*day))},
		{name: "a mirror that left them out before", edit: after(by("mallory"), made("1.3.0", 30*day, by("")))},
		{name: "a mirror that left most of them out before", edit: after(by("bob"), made("1.1.0", 90*day, by("")), made("1.2.0", 60*day, by("")), made("1.3.0", 30*day))},
		{name: "a bot that publishes always", edit: after(by("acme-bot"), made("1.2.0", 60*day, by("acme-bot")), made("1.3.0", 30*day, by("acme-bot")))},
		{name: "staged by a new account, and approved by a known one", edit: after(func(r *registry.Release) {
			by("acme-bot")(r)
			r.Approver = registry.Person{Name: "alice"}
		}, made("1.3.0", 30*day))},
		{name: "the second release of somebody new, which the base passes over", edit: after(by("mallory"), made("1.2.0", 90*day), made("1.3.0", 60*day), made("1.3.1-a", day, by("mallory"))), want: []string{
			"15: left-pad 1.3.1 was published by mallory, who had published no release before; 1.3.0 came from alice."}},
		{name: "the same a week later", edit: after(by("mallory"), made("1.2.0", 90*day), made("1.3.0", 60*day), made("1.3.1-a", 7*day, by("mallory")))},
		{name: "only a later release is another's", edit: after(by("alice"), made("1.3.0", 30*day), made("1.4.0", -2*day, by("mallory")))},
	})
}

func TestMaintainerAdded(t *testing.T) {
	team := func(people ...registry.Person) func(*registry.Release) {
		return func(r *registry.Release) { r.Maintainers = people }
	}
	alice, bob := registry.Person{Name: "alice", Email: "alice@acme.example"}, registry.Person{Name: "bob", Email: "bob@acme.example"}
	runCases(t, "maintainer-added", []testCase{
		{name: "one more", edit: after(team(alice, bob), made("1.3.0", 30*day)), want: []string{
			"10: left-pad 1.3.1 names bob as maintainers for the first time."}},
		{name: "two more, in the order of their names", edit: after(team(registry.Person{Name: "dora"}, alice, bob), made("1.3.0", 30*day)), want: []string{
			"10: left-pad 1.3.1 names bob, dora as maintainers for the first time."}},
		{name: "another address", edit: after(team(registry.Person{Name: "alice", Email: "a@evil.invalid"}), made("1.3.0", 30*day)), want: []string{
			"10: left-pad 1.3.1 gives another e-mail address for alice."}},
		{name: "another address of the publisher only", edit: after(func(r *registry.Release) { r.Publisher.Email = "a@evil.invalid" }, made("1.3.0", 30*day)), want: []string{
			"10: left-pad 1.3.1 gives another e-mail address for alice."}},

		{name: "nobody left", edit: after(team(bob), made("1.3.0", 30*day)), want: []string{
			"20: left-pad 1.3.1 names bob as maintainers for the first time. None of those who maintained 1.3.0 is left."}},

		{name: "the same", edit: after(team(alice), made("1.3.0", 30*day))},
		{name: "another publisher, which is another signal", edit: after(by("mallory"), made("1.3.0", 30*day))},
		{name: "one who was there before", edit: after(team(alice, bob), made("1.0.0", 900*day, team(bob)), made("1.3.0", 30*day))},
		{name: "one less", edit: after(team(alice), made("1.3.0", 30*day, team(alice, bob)))},
		{name: "addresses that the registry left out before", edit: after(team(alice), made("1.3.0", 30*day, team(registry.Person{Name: "alice"})))},
		{name: "a mirror that left most of them out before", edit: after(team(bob), made("1.1.0", 90*day, team()), made("1.2.0", 60*day, team()), made("1.3.0", 30*day))},
		{name: "a pipeline's account and address", edit: after(func(r *registry.Release) {
			trusted(r)
			r.Publisher = registry.Person{Name: "GitHub Actions", Email: "bot@registry.example"}
		}, made("1.3.0", 30*day))},
		{name: "the registry tells none", edit: after(team(alice), made("1.3.0", 30*day, team()))},
	})
}

func TestDormantRevival(t *testing.T) {
	same := func(*registry.Release) {}
	monthly := []registry.Release{made("1.0.0", 290*day), made("1.1.0", 260*day), made("1.2.0", 230*day), made("1.3.0", 200*day)}
	runCases(t, "dormant-revival", []testCase{
		{name: "after 200 days", edit: after(same, monthly...), want: []string{
			"15: left-pad 1.3.1 is the first release in 200 days; before, the package released every 30 days or so."}},

		{name: "after 180 days", edit: after(same, made("1.0.0", 270*day), made("1.1.0", 240*day), made("1.2.0", 210*day), made("1.3.0", 180*day))},
		{name: "as usual", edit: after(same, made("1.0.0", 900*day), made("1.1.0", 700*day), made("1.2.0", 500*day), made("1.3.0", 300*day))},
		{name: "too few for a habit", edit: after(same, monthly[1:]...)},
		{name: "times unknown", edit: func(d *evidence.Dossier) { after(same, monthly...)(d); d.Release.Published = time.Time{} }},
	})
}

func TestOldLineRevived(t *testing.T) {
	same := func(*registry.Release) {}
	runCases(t, "old-line-revived", []testCase{
		{name: "beside a newer line", edit: after(same, made("1.3.0", 400*day), made("2.0.0", 300*day), made("2.1.0", 20*day)), want: []string{
			"15: left-pad 1.3.1 revives a line whose last release was 1.3.0, 400 days before; meanwhile the package went on to 2.1.0."}},

		{name: "a line that is still kept", edit: after(same, made("1.3.0", 170*day), made("2.0.0", 100*day))},
		{name: "no newer line", edit: after(same, made("0.9.0", 300*day), made("1.3.0", 400*day))},
		{name: "the newer line is older than the silence", edit: after(same, made("2.0.0", 500*day), made("1.3.0", 400*day))},
		{name: "only prereleases of a newer line", edit: after(same, made("1.3.0", 400*day), made("2.0.0-rc.1", 100*day))},
		{name: "the line's first release", edit: after(same, made("2.0.0", 100*day))},
	})
}

func TestReleaseBurst(t *testing.T) {
	same := func(*registry.Release) {}
	habit := []registry.Release{
		made("1.1.0", 90*day), made("2.1.0", 90*day-time.Minute), made("1.2.0", 60*day), made("2.2.0", 60*day-time.Minute), made("1.3.0", 30*day),
	}
	runCases(t, "release-burst", []testCase{
		{name: "two lines", edit: after(same, made("1.3.0", 30*day), made("0.30.4", -39*time.Minute)), want: []string{
			"15: left-pad 1.3.1 was published within an hour of 0.30.4, of other release lines."}},
		{name: "three lines, in the order of their versions", edit: after(same, made("10.0.1", time.Minute), made("2.0.1", -time.Minute)), want: []string{
			"15: left-pad 1.3.1 was published within an hour of 2.0.1, 10.0.1, of other release lines."}},

		{name: "two hours apart", edit: after(same, made("0.30.4", 2*time.Hour))},
		{name: "the same line", edit: after(same, made("1.3.0", time.Minute))},
		{name: "the nightly builds of a monorepo", edit: after(func(r *registry.Release) { r.Version = "1.3.1-nightly.5" }, made("2.0.0", time.Minute))},
		{name: "a prerelease beside it", edit: after(same, made("2.0.0-next.1", time.Minute))},
		{name: "a habit", edit: after(same, append(habit, made("2.3.0", time.Minute))...)},
	})
}

func TestSourceLinkLost(t *testing.T) {
	three := []registry.Release{made("1.1.0", 90*day), made("1.2.0", 60*day), made("1.3.0", 30*day)}
	runCases(t, "source-link-lost", []testCase{
		{name: "after three with one", edit: after(unlinked, three...), want: []string{
			"15: left-pad 1.3.1 names no commit that it was made from; the releases before it did, 1.3.0 the commit " + gitCommit + "."}},

		{name: "kept", edit: after(func(*registry.Release) {}, three...)},
		{name: "a pipeline's identity instead", edit: after(func(r *registry.Release) { unlinked(r); trusted(r) }, three...)},
		{name: "two are no habit", edit: after(unlinked, three[1:]...)},
		{name: "one of three had none", edit: after(unlinked, made("1.1.0", 90*day), made("1.2.0", 60*day, unlinked), made("1.3.0", 30*day))},
		{name: "an approval instead", edit: after(func(r *registry.Release) { unlinked(r); r.Approver.Name = "alice" }, three...)},
		{name: "a mirror that strips the newest", edit: after(func(r *registry.Release) { unlinked(r); by("")(r) }, three...)},
		{name: "a mirror that leaves commits out", edit: after(unlinked, made("1.1.0", 90*day, unlinked), made("1.2.0", 60*day, unlinked), made("1.3.0", 30*day, unlinked))},
	})
}

func TestInstallScriptChanged(t *testing.T) {
	runs := func(before, now []registry.Script) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) { d.Baseline.Scripts, d.Release.Scripts = before, now }
	}
	build := registry.Script{Name: "install", Command: "node build.js"}
	runCases(t, "install-script-changed", []testCase{
		{name: "another command", edit: runs([]registry.Script{build}, []registry.Script{{Name: "install", Command: "node x.js"}}), want: []string{
			"10: left-pad 1.3.1 runs another command at install: install: node x.js. In 1.3.0 it was install: node build.js."}},
		{name: "one more", edit: runs([]registry.Script{build}, []registry.Script{build, {Name: "postinstall", Command: "node x.js"}}), want: []string{
			"10: left-pad 1.3.1 runs another command at install: postinstall: node x.js. In 1.3.0 it was install: node build.js."}},
		{name: "a binding.gyp beside it", edit: func(d *evidence.Dossier) {
			runs([]registry.Script{build}, []registry.Script{build})(d)
			d.Release.Gyp = true
		}, want: []string{"10: left-pad 1.3.1 runs another command at install: binding.gyp: built at install. In 1.3.0 it was install: node build.js."}},

		{name: "the same", edit: runs([]registry.Script{build}, []registry.Script{build})},
		{name: "one less", edit: runs([]registry.Script{build, {Name: "postinstall", Command: "x"}}, []registry.Script{build})},
		{name: "a binding.gyp that was there", edit: func(d *evidence.Dossier) { d.Baseline.Gyp, d.Release.Gyp = true, true }},
		{name: "the registry flagged the version before, and names no command of it", edit: func(d *evidence.Dossier) {
			d.Baseline.HasScript = true
			scripts(d.Release, "install", "node build.js")
		}},
		{name: "gained, which is another signal", edit: runs(nil, []registry.Script{build})},
		{name: "unknown", edit: func(d *evidence.Dossier) {
			runs([]registry.Script{build}, []registry.Script{{Name: "install", Command: "x"}})(d)
			d.Package.Has.Scripts = false
		}},
	})
}

// A mirror that gives the times at which it fetched the releases, in whatever
// order, makes no history.
func TestTimesOfAMirrorMakeNoHistory(t *testing.T) {
	d := ordinary()
	after(by("mallory"),
		made("1.2.0", 250*day), made("1.0.0", 240*day), made("1.3.0", 230*day), made("1.1.0", 220*day), made("0.1.0", time.Minute))(d)
	if got := Run(d, judged()); len(got) > 0 {
		t.Errorf("findings %v", located(got))
	}
	// One release out of order is a project that fixed an older minor release.
	after(by("mallory"), made("1.0.0", 100*day), made("1.2.0", 90*day), made("1.1.1", 80*day), made("1.3.0", 60*day))(d)
	if got := said(Run(d, judged()), "publisher-changed"); len(got) != 1 {
		t.Errorf("findings %v", got)
	}
}
