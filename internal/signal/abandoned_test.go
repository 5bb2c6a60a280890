package signal

import (
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// resting gives a package whose last release is four years old, and edits it.
func resting(edits ...func(*evidence.Dossier)) func(*evidence.Dossier) {
	return func(d *evidence.Dossier) {
		after(func(r *registry.Release) { r.Published = now.AddDate(-4, 0, 0) }, made("1.3.0", 2000*day))(d)
		for _, edit := range edits {
			edit(d)
		}
	}
}

// kept gives the last release maintainers.
func kept(names ...string) func(*evidence.Dossier) {
	return func(d *evidence.Dossier) {
		last := &d.Package.Releases[len(d.Package.Releases)-1]
		last.Maintainers = nil
		for _, name := range names {
			last.Maintainers = append(last.Maintainers, registry.Person{Name: name})
		}
	}
}

func deep(d *evidence.Dossier) {
	d.Change.Direct, d.Change.Via = false, []change.Path{{"express", "left-pad"}}
}

func TestAbandoned(t *testing.T) {
	const said = "0: left-pad was last released on 2022-11-22 (1.3.1), 4 years ago, with 1 maintainer; here it "
	install := func(d *evidence.Dossier) { scripts(d.Release, "install", "node x") }
	runCases(t, "abandoned", []testCase{
		{name: "a direct dependency", start: addition, scan: true, edit: resting(), want: []string{said + "is a direct dependency in production."}},
		{name: "runs code at install, deep in the tree", start: addition, scan: true, edit: resting(deep, install), want: []string{said + "runs code at install."}},
		{name: "runs code at install, says the lockfile", start: addition, scan: true, edit: resting(deep, func(d *evidence.Dossier) { head(d).InstallScript = lockfile.Yes }),
			want: []string{said + "runs code at install."}},
		{name: "both", start: addition, scan: true, edit: resting(install), want: []string{said + "runs code at install and is a direct dependency in production."}},
		{name: "two maintainers", start: addition, scan: true, edit: resting(kept("bob", "alice")), want: []string{
			"0: left-pad was last released on 2022-11-22 (1.3.1), 4 years ago, with 2 maintainers; here it is a direct dependency in production."}},
		{name: "an older version is pinned", start: addition, scan: true, edit: resting(func(d *evidence.Dossier) { d.Release = &d.Package.Releases[0] }),
			want: []string{said + "is a direct dependency in production."}},
		{name: "a younger release was pulled", start: addition, scan: true, edit: resting(func(d *evidence.Dossier) {
			d.Package.Releases = append(d.Package.Releases, registry.Release{Version: "9.9.9", Published: now.Add(-day), Removed: true})
		}), want: []string{said + "is a direct dependency in production."}},

		{name: "a check", start: addition, edit: resting()},
		{name: "three maintainers", start: addition, scan: true, edit: resting(kept("alice", "bob", "carol"))},
		{name: "maintainers unknown", start: addition, scan: true, edit: resting(kept())},
		{name: "released since", start: addition, scan: true, edit: resting(func(d *evidence.Dossier) {
			d.Package.Releases = append(d.Package.Releases, made("2.0.0", 600*day))
		})},
		{name: "a release without a time", start: addition, scan: true, edit: resting(func(d *evidence.Dossier) {
			d.Package.Releases = append([]registry.Release{{Version: "2.0.0"}}, d.Package.Releases...)
		})},
		{name: "a mirror without times", start: addition, scan: true, edit: resting(func(d *evidence.Dossier) { d.Package.Has.Times = false })},
		{name: "for development only", start: addition, scan: true, edit: resting(func(d *evidence.Dossier) { d.Change.Dev = true })},
		{name: "deep in the tree", start: addition, scan: true, edit: resting(deep)},
		{name: "from git", start: addition, scan: true, edit: resting(func(d *evidence.Dossier) { fromGit(head(d), "github.com/acme/left-pad") })},
		{name: "registry unknown", start: addition, scan: true, edit: func(d *evidence.Dossier) { d.Package = nil }},
	})
}
