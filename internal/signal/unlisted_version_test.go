package signal

import (
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

func TestUnlistedVersion(t *testing.T) {
	unlisted := func(d *evidence.Dossier) { d.Release, d.Unlisted = nil, true }
	pulled := func(d *evidence.Dossier) {
		d.Release.Removed, d.Release.Integrity, d.Unlisted = true, nil, true
	}
	runCases(t, "unlisted-version", []testCase{
		{name: "pulled", edit: pulled,
			want: []string{"60: left-pad 1.3.1 was published on 2026-10-23, and the registry no longer serves it: it was pulled."}},
		{name: "pulled, time unknown", edit: func(d *evidence.Dossier) {
			pulled(d)
			d.Release.Published = time.Time{}
		}, want: []string{"60: The registry remembers left-pad 1.3.1 and no longer serves it: it was pulled."}},
		{name: "none", edit: func(d *evidence.Dossier) {
			unlisted(d)
			d.Change.To = ""
		}, want: []string{"60: The lockfile pins no version of left-pad: what is installed is for each reader of it to guess."}},
		{name: "never there", edit: unlisted,
			want: []string{"60: The registry knows left-pad and lists no version 1.3.1."}},

		{name: "from git", edit: func(d *evidence.Dossier) {
			unlisted(d)
			fromGit(head(d), "github.com/owner/left-pad")
		}},
		{name: "from an address", edit: func(d *evidence.Dossier) {
			unlisted(d)
			head(d).Source = lockfile.URL
		}},
		{name: "from a file", edit: func(d *evidence.Dossier) {
			unlisted(d)
			head(d).Source = lockfile.File
		}},
		{name: "the registry was not asked", edit: func(d *evidence.Dossier) {
			unlisted(d)
			d.Package = nil
		}},
		{name: "only the baseline was pulled", edit: func(d *evidence.Dossier) { d.Baseline.Removed = true }},
	})
}

func TestSecurityPlaceholder(t *testing.T) {
	hold := func(d *evidence.Dossier) { d.Package.Placeholder = true }
	runCases(t, "security-placeholder", []testCase{
		{name: "placeholder", edit: hold,
			want: []string{"60: The registry holds the name left-pad as a security placeholder, in the place of a package that it removed."}},
		{name: "from git", edit: func(d *evidence.Dossier) {
			hold(d)
			fromGit(head(d), "github.com/owner/left-pad")
		}},
		{name: "not asked", edit: func(d *evidence.Dossier) { d.Package = nil }},
	})
}
