package signal

import (
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

func TestOffRegistrySource(t *testing.T) {
	// git makes both sides, or the head alone, come from repositories.
	git := func(before, after string) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) {
			if before != "" {
				fromGit(base(d), before)
			}
			fromGit(head(d), after)
		}
	}
	archives := func(before, after string) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) {
			base(d).Source, base(d).Resolved = lockfile.URL, before
			head(d).Source, head(d).Resolved = lockfile.URL, after
		}
	}
	registry := func(address string) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) { head(d).Resolved = address + "left-pad/-/left-pad-1.3.1.tgz" }
	}
	transitive := func(d *evidence.Dossier) {
		d.Change.Direct = false
		d.Change.Via = []change.Path{{"app", "router", "left-pad"}, {"router", "left-pad"}}
	}
	const fromFork = "40: left-pad 1.3.1 comes from the git repository github.com/evil/left-pad, not from a registry."

	runCases(t, "off-registry-source", []testCase{
		{name: "git, asked for by the repository", start: addition, edit: func(d *evidence.Dossier) {
			fromGit(head(d), "github.com/evil/left-pad")
		}, want: []string{fromFork}},
		{name: "git, brought by a package", start: addition, edit: func(d *evidence.Dossier) {
			fromGit(head(d), "github.com/evil/left-pad")
			transitive(d)
		}, want: []string{"60: left-pad 1.3.1 comes from the git repository github.com/evil/left-pad, not from a registry. " +
			"It is brought by router, not asked for by the repository."}},
		{name: "git, asked for by the repository and brought by a package", start: addition, edit: func(d *evidence.Dossier) {
			fromGit(head(d), "github.com/evil/left-pad")
			transitive(d)
			d.Change.Direct = true
		}, want: []string{fromFork}},
		{name: "two repositories count once", start: addition, edit: func(d *evidence.Dossier) {
			fromGit(head(d), "github.com/evil/left-pad")
			second := place(90, "left-pad", "1.3.1")
			fromGit(second.Entry, "github.com/evil/other")
			d.Change.Head = append(d.Change.Head, second)
		}, want: []string{fromFork, "0: left-pad 1.3.1 comes from the git repository github.com/evil/other, not from a registry."}},
		{name: "git, in a tree whose roots are not known", start: addition, edit: func(d *evidence.Dossier) {
			fromGit(head(d), "github.com/evil/left-pad")
			d.Change.Direct, d.Change.Via = false, nil
		}, want: []string{fromFork}},
		{name: "registry to git in an update", edit: git("", "github.com/evil/left-pad"), want: []string{fromFork}},
		{name: "another owner", edit: git("github.com/owner/left-pad", "github.com/evil/left-pad"), want: []string{fromFork}},
		{name: "another host with the old one as its user", edit: git("github.com/owner/left-pad", "github.com@evil.invalid/owner/left-pad"),
			want: []string{"40: left-pad 1.3.1 comes from the git repository evil.invalid/owner/left-pad, not from a registry."}},
		{name: "an owner whose name is a number", edit: func(d *evidence.Dossier) {
			git("github.com/1/left-pad", "github.com/2/left-pad")(d)
			base(d).Resolved, head(d).Resolved = "git@github.com:1/left-pad.git", "git@github.com:2/left-pad.git"
		}, want: []string{"40: left-pad 1.3.1 comes from the git repository github.com/2/left-pad, not from a registry."}},
		{name: "unencrypted git", start: addition, edit: func(d *evidence.Dossier) {
			head(d).Source, head(d).Resolved = lockfile.Git, "git://github.com/owner/left-pad.git#f00d"
		}, want: []string{"40: left-pad 1.3.1 comes from the git repository github.com/owner/left-pad, " +
			"over a connection that is not encrypted, and not from a registry."}},
		{name: "an archive", start: addition, edit: func(d *evidence.Dossier) {
			head(d).Source, head(d).Resolved = lockfile.URL, evil+"left-pad.tgz"
		}, want: []string{"40: left-pad 1.3.1 comes from the address https://evil.invalid/left-pad.tgz, not from a registry."}},
		{name: "an archive of another owner", edit: archives(
			"https://codeload.github.com/owner/left-pad/tar.gz/v1", "https://codeload.github.com/evil/left-pad/tar.gz/v1"),
			want: []string{"40: left-pad 1.3.1 comes from the address https://codeload.github.com/evil/left-pad/tar.gz/v1, not from a registry."}},
		{name: "an unknown registry", start: addition, edit: registry(evil), want: []string{
			"40: left-pad 1.3.1 comes from the registry at evil.invalid, which is not configured, not public, and new to the repository."}},
		{name: "the public registry, unencrypted", edit: registry("http://npm.example.com/"), want: []string{
			"40: left-pad 1.3.1 comes from the registry at http://npm.example.com, over a connection that is not encrypted."}},

		{name: "the public registry, unencrypted as in the base", edit: func(d *evidence.Dossier) {
			registry("http://npm.example.com/")(d)
			base(d).Resolved = "http://npm.example.com/left-pad/-/left-pad-1.3.0.tgz"
		}},
		{name: "from unencrypted to encrypted", edit: func(d *evidence.Dossier) {
			registry("https://old.example/")(d)
			base(d).Resolved = "http://old.example/left-pad/-/left-pad-1.3.0.tgz"
			d.Registries.Established = func(address string) bool { return strings.HasPrefix(address, "http://old.example/") }
		}},
		{name: "the same repository", edit: git("github.com/owner/left-pad", "github.com/owner/left-pad")},
		{name: "the same repository, written in another way", edit: func(d *evidence.Dossier) {
			git("github.com/owner/left-pad", "github.com/owner/left-pad")(d)
			base(d).Resolved = "github:owner/left-pad#f00d"
		}},
		{name: "the same repository, written in ssh's way", edit: func(d *evidence.Dossier) {
			git("git.example:2222/owner/left-pad", "git.example/owner/left-pad")(d)
			base(d).Resolved = "git@git.example:owner/left-pad.git#f00d"
		}},
		{name: "the same repository at a port", edit: git("git.example:2222/owner/left-pad", "git.example/owner/left-pad")},
		{name: "an archive of the same owner", edit: archives(
			"https://codeload.github.com/owner/left-pad/tar.gz/v1", "https://codeload.github.com/owner/left-pad/tar.gz/v2")},
		{name: "an archive in a folder of its version", edit: archives(
			"https://cdn.example/left-pad-1.3.0/left-pad-1.3.0.tgz", "https://cdn.example/left-pad-1.3.1/left-pad-1.3.1.tgz")},
		{name: "the configured registry of a scope", start: addition, edit: func(d *evidence.Dossier) {
			d.Change.Name, head(d).Name = "@acme/ui", "@acme/ui"
			head(d).Resolved = private + "@acme/ui/-/ui-1.3.1.tgz"
		}},
		{name: "a mirror that the base uses", start: addition, edit: registry(mirror)},
		{name: "a bundled entry", start: addition, edit: func(d *evidence.Dossier) {
			registry(evil)(d)
			head(d).Bundled = true
		}},
		{name: "a bundled archive", start: addition, edit: func(d *evidence.Dossier) {
			head(d).Source, head(d).Resolved, head(d).Bundled = lockfile.URL, evil+"left-pad.tgz", true
		}},
		{name: "a file", start: addition, edit: func(d *evidence.Dossier) { head(d).Source, head(d).Resolved = lockfile.File, "file:x.tgz" }},
		{name: "no registry is known", start: addition, edit: func(d *evidence.Dossier) {
			registry(evil)(d)
			d.Registries = evidence.Registries{}
		}},
	})
}

func TestRegistryMoved(t *testing.T) {
	moved := func(from, to string) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) {
			base(d).Resolved = from + "left-pad/-/left-pad-1.3.0.tgz"
			head(d).Resolved = to + "left-pad/-/left-pad-1.3.1.tgz"
		}
	}
	const finding = "60: left-pad 1.3.1 comes from the public registry; the base takes left-pad from npm.acme.example. " +
		"A public package of that name may be another package."
	runCases(t, "registry-moved", []testCase{
		{name: "private to public", edit: moved(private, public), want: []string{finding}},
		{name: "private to public, unencrypted", edit: moved(private, "http://npm.example.com/"), want: []string{finding}},
		{name: "private to public at the same version, other bytes", start: samePinned, edit: func(d *evidence.Dossier) {
			moved(private, public)(d)
			head(d).Integrity = []string{evilHash}
		}, want: []string{finding}},
		{name: "one of two places", edit: func(d *evidence.Dossier) {
			moved(private, private)(d)
			d.Change.Head = append(d.Change.Head, place(90, "left-pad", "1.3.1", newHash))
		}, want: []string{finding}},

		{name: "same bytes", start: samePinned, edit: moved(private, public)},
		{name: "public to private", edit: moved(public, private)},
		{name: "private to private", edit: moved(private, mirror)},
		{name: "npm 4's unencrypted address of the public registry", edit: moved("http://npm.example.com/", public)},
		{name: "the base took it from both", edit: func(d *evidence.Dossier) {
			moved(private, public)(d)
			d.Change.Base = append(d.Change.Base, place(90, "left-pad", "1.3.0", oldHash))
		}},
		{name: "a new package", start: addition, edit: func(*evidence.Dossier) {}},
		{name: "no registry is known", edit: func(d *evidence.Dossier) {
			moved(private, public)(d)
			d.Registries = evidence.Registries{}
		}},
	})
}
