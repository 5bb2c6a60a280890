package signal

import (
	"strings"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// scripts gives a release scripts, by name and command in turn.
func scripts(r *registry.Release, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		r.Scripts = append(r.Scripts, registry.Script{Name: pairs[i], Command: pairs[i+1]})
	}
}

// flags sets what the lockfiles say of install scripts.
func flags(before, after lockfile.Tristate) func(*evidence.Dossier) {
	return func(d *evidence.Dossier) { base(d).InstallScript, head(d).InstallScript = before, after }
}

func TestInstallScriptGained(t *testing.T) {
	const byFlag = "55: The lockfile says that left-pad 1.3.1 runs code at install; in the base it says that 1.3.0 did not."
	runCases(t, "install-script-gained", []testCase{
		{name: "postinstall", edit: func(d *evidence.Dossier) { scripts(d.Release, "postinstall", "node setup.js") },
			want: []string{"55: left-pad 1.3.1 runs code at install, and 1.3.0 did not: postinstall: node setup.js."}},
		{name: "several", edit: func(d *evidence.Dossier) {
			scripts(d.Release, "install", "a", "postinstall", "b", "preinstall", "c")
			d.Release.Gyp = true
		}, want: []string{"55: left-pad 1.3.1 runs code at install, and 1.3.0 did not: install: a, postinstall: b, preinstall: c and 1 more."}},
		{name: "binding.gyp without a script", edit: func(d *evidence.Dossier) { d.Release.Gyp = true },
			want: []string{"55: left-pad 1.3.1 runs code at install, and 1.3.0 did not: binding.gyp: built at install."}},
		{name: "the registry gives only its flag", edit: func(d *evidence.Dossier) { d.Release.HasScript = true },
			want: []string{"55: left-pad 1.3.1 runs code at install, and 1.3.0 did not: install_script: yes, says the registry."}},
		{name: "a package that is new here, against the release before it", start: addition, edit: func(d *evidence.Dossier) {
			scripts(d.Release, "preinstall", "node x")
		}, want: []string{"55: left-pad 1.3.1 runs code at install, and 1.3.0 did not: preinstall: node x."}},
		{name: "in a scan", start: addition, scan: true, edit: func(d *evidence.Dossier) { scripts(d.Release, "preinstall", "node x") },
			want: []string{"55: left-pad 1.3.1 runs code at install, and 1.3.0 did not: preinstall: node x."}},
		{name: "the lockfile's flag, in a newer version of the format", edit: func(d *evidence.Dossier) {
			flags(lockfile.No, lockfile.Yes)(d)
			d.Change.Base[0].Format = "npm-lock-v2"
		}, want: []string{byFlag}},
		{name: "the lockfile's flag, with no registry", edit: func(d *evidence.Dossier) {
			flags(lockfile.No, lockfile.Yes)(d)
			d.Package, d.Release, d.Baseline = nil, nil, nil
		}, want: []string{byFlag}},
		{name: "the lockfile's flag knows more than the registry", edit: flags(lockfile.No, lockfile.Yes), want: []string{byFlag}},
		{name: "registry to git, with a prepare script", edit: func(d *evidence.Dossier) {
			fromGit(head(d), "github.com/evil/left-pad")
			d.Release.Prepare = "bun run x.js"
		}, want: []string{"55: left-pad 1.3.1 now comes from git, so that its prepare script runs at install: bun run x.js."}},
		{name: "registry to git, flagged", edit: func(d *evidence.Dossier) {
			flags(lockfile.No, lockfile.Yes)(d)
			fromGit(head(d), "github.com/evil/left-pad")
			d.Package, d.Release, d.Baseline = nil, nil, nil
		}, want: []string{byFlag}},

		{name: "it had one", edit: func(d *evidence.Dossier) {
			scripts(d.Baseline, "install", "node-gyp rebuild")
			scripts(d.Release, "install", "node-gyp rebuild")
		}},
		{name: "another hook and command than before", edit: func(d *evidence.Dossier) {
			scripts(d.Baseline, "install", "a")
			scripts(d.Release, "postinstall", "b")
		}},
		{name: "lost it", edit: func(d *evidence.Dossier) { scripts(d.Baseline, "install", "a") }},
		{name: "prepare of a registry package", edit: func(d *evidence.Dossier) { d.Release.Prepare = "tsc" }},
		{name: "prepare of a package that was git's before", edit: func(d *evidence.Dossier) {
			fromGit(base(d), "github.com/owner/left-pad")
			fromGit(head(d), "github.com/owner/left-pad")
			d.Release.Prepare = "tsc"
		}},
		{name: "another package manager's lockfile", edit: func(d *evidence.Dossier) {
			flags(lockfile.No, lockfile.Yes)(d)
			d.Change.Head[0].Format = "pnpm-lock-v6.0"
		}},
		{name: "the base's format has no flags", edit: flags(lockfile.Unknown, lockfile.Yes)},
		{name: "the flag was there in one of the base's places", edit: func(d *evidence.Dossier) {
			flags(lockfile.No, lockfile.Yes)(d)
			p := place(5, "left-pad", "1.2.0", oldHash)
			p.Entry.InstallScript = lockfile.Yes
			d.Change.Base = append(d.Change.Base, p)
		}},
		{name: "the base's flag was wrong, says the registry", edit: func(d *evidence.Dossier) {
			flags(lockfile.No, lockfile.Yes)(d)
			scripts(d.Baseline, "install", "a")
			scripts(d.Release, "install", "a")
		}},
		{name: "nothing to compare with", start: addition, edit: func(d *evidence.Dossier) {
			scripts(d.Release, "install", "a")
			d.Baseline = nil
		}},
		{name: "the registry states no scripts", edit: func(d *evidence.Dossier) {
			scripts(d.Release, "install", "a")
			d.Package.Has.Scripts = false
		}},
	})
}

func TestInstallScriptNew(t *testing.T) {
	firstRelease := func(edit func(*evidence.Dossier)) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) {
			d.Baseline = nil
			edit(d)
		}
	}
	script := firstRelease(func(d *evidence.Dossier) { scripts(d.Release, "install", "node x") })
	young := firstRelease(func(d *evidence.Dossier) {
		scripts(d.Release, "install", "node x")
		d.Package.Created = now.Add(-29 * day)
	})
	const fromYoung = "45: left-pad 1.3.1 is new here and runs code at install: install: node x. The package was first published on 2026-10-24."

	runCases(t, "install-script-new", []testCase{
		{name: "script", start: addition, edit: script, want: []string{"25: left-pad 1.3.1 is new here and runs code at install: install: node x."}},
		{name: "flagged by the lockfile only", start: addition, edit: firstRelease(func(d *evidence.Dossier) {
			head(d).InstallScript, d.Package, d.Release = lockfile.Yes, nil, nil
		}), want: []string{"25: left-pad 1.3.1 is new here and runs code at install, says the lockfile."}},
		{name: "the release before had one too", start: addition, edit: func(d *evidence.Dossier) {
			scripts(d.Release, "install", "node x")
			scripts(d.Baseline, "install", "node x")
		}, want: []string{"25: left-pad 1.3.1 is new here and runs code at install: install: node x."}},
		{name: "a young package", start: addition, edit: young, want: []string{fromYoung}},
		{name: "a young package, in a scan", start: addition, scan: true, edit: young, want: []string{fromYoung}},

		{name: "in a scan nothing else is new", start: addition, scan: true, edit: script},
		{name: "gained, which says more", start: addition, edit: func(d *evidence.Dossier) { scripts(d.Release, "install", "node x") }},
		{name: "an update", edit: script},
		{name: "none", start: addition, edit: firstRelease(func(*evidence.Dossier) {})},
		{name: "age unknown", start: addition, edit: firstRelease(func(d *evidence.Dossier) {
			scripts(d.Release, "install", "node x")
			d.Package.Created = time.Time{}
		}), want: []string{"25: left-pad 1.3.1 is new here and runs code at install: install: node x."}},
	})
}

func TestLongCommandsAreCut(t *testing.T) {
	d := ordinary()
	scripts(d.Release, "install", "x"+strings.Repeat("é", 10_000))
	for _, f := range Run(d, judged()) {
		if len(f.Message) > 3*maxQuote || !strings.Contains(f.Message, "é…") {
			t.Errorf("message of %d bytes: %.300s", len(f.Message), f.Message)
		}
	}
}
