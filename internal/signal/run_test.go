package signal

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

func TestOrdinaryChangesAreQuiet(t *testing.T) {
	tests := map[string]struct {
		start func() *evidence.Dossier
		edit  func(*evidence.Dossier)
	}{
		"an update":   {ordinary, func(*evidence.Dossier) {}},
		"an addition": {addition, func(*evidence.Dossier) {}},
		"same bytes":  {samePinned, func(*evidence.Dossier) {}},
		"a removal of malware": {ordinary, func(d *evidence.Dossier) {
			d.Change.Kind, d.Change.To, d.Change.Head = change.Removed, "", nil
			d.Advisories = malware
		}},
		"lockfile version 1 to 3": {ordinary, func(d *evidence.Dossier) {
			d.Change.Base[0].Format = "npm-lock-v1"
			base(d).InstallScript, head(d).InstallScript = lockfile.Unknown, lockfile.Yes
			d.Baseline.HasScript, d.Release.HasScript = true, true
		}},
		"addresses left out of the lockfile": {ordinary, func(d *evidence.Dossier) {
			base(d).Resolved, head(d).Resolved = "", ""
		}},
		"a git dependency's next commit": {ordinary, func(d *evidence.Dossier) {
			fromGit(base(d), "github.com/owner/left-pad")
			fromGit(head(d), "github.com/owner/left-pad")
			d.Package, d.Release, d.Baseline = nil, nil, nil
		}},
		"a registry that could not be asked": {addition, func(d *evidence.Dossier) {
			d.Package, d.Release, d.Baseline = nil, nil, nil
		}},
		"a mirror that leaves every fact out": {ordinary, func(d *evidence.Dossier) {
			d.Package = &registry.Package{Ecosystem: "npm", Name: "left-pad"}
			d.Release = &registry.Release{Version: "1.3.1"}
			d.Baseline = &registry.Release{Version: "1.3.0"}
			d.Arrivals = []evidence.Arrival{{Name: "pad", Version: "1.0.0"}}
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := test.start()
			test.edit(d)
			if got := Run(d, judged()); len(got) > 0 {
				t.Errorf("findings: %+v", got)
			}
		})
	}
}

// A fact that the document does not state is never used, whatever the zero
// value of its field seems to say.
func TestUnstatedFactsMakeNoFinding(t *testing.T) {
	d := ordinary()
	d.Package.Has = registry.Facts{}
	d.Release = &registry.Release{Version: "1.3.1", HasScript: true, Integrity: []string{evilHash}}
	if got := Run(d, judged()); len(got) > 0 {
		t.Errorf("findings: %+v", got)
	}
}

func TestRunFillsInFromTheRow(t *testing.T) {
	d := ordinary()
	d.Release.HasScript = true
	got := Run(d, judged())
	if len(got) != 1 {
		t.Fatalf("findings: %+v, want one", got)
	}
	f, row := got[0], installScriptGained
	want := Finding{
		Signal: row.ID, Points: row.Points, Title: row.Title, Remedy: row.Remedy,
		Message: f.Message, Facts: f.Facts, Path: lockName, Line: 12,
		Links: pages(d),
	}
	if diff := cmp.Diff(want, f); diff != "" || len(f.Links) == 0 {
		t.Errorf("finding (-want +got), with %d links:\n%s", len(f.Links), diff)
	}
}

// The axios attack of March 2026, as a check of the next morning sees it
// (axios#10636, MAL-2026-2307).
func TestAxiosAttack(t *testing.T) {
	published := time.Date(2026, 3, 31, 0, 21, 0, 0, time.UTC)
	bait := time.Date(2026, 3, 30, 5, 57, 0, 0, time.UTC)

	axios := ordinary()
	axios.Change.Name, axios.Change.From, axios.Change.To = "axios", []string{"1.14.0"}, "1.14.1"
	axios.Change.Base = []change.Place{place(10, "axios", "1.14.0", oldHash)}
	axios.Change.Head = []change.Place{place(12, "axios", "1.14.1", newHash)}
	axios.Baseline.Version = "1.14.0"
	axios.Release.Version, axios.Release.Published = "1.14.1", published
	axios.Arrivals = []evidence.Arrival{{Name: "plain-crypto-js", Spec: "^4.2.1", NewToTree: true, Version: "4.2.1", Created: bait}}

	crypto := addition()
	crypto.Change.Name, crypto.Change.To = "plain-crypto-js", "4.2.1"
	crypto.Change.Head = []change.Place{place(40, "plain-crypto-js", "4.2.1", newHash)}
	crypto.Package.Created = bait
	crypto.Baseline.Version = "4.2.0"
	crypto.Release = &registry.Release{
		Version: "4.2.1", Published: published.Add(-22 * time.Minute), Integrity: []string{newHash},
		Scripts: []registry.Script{{Name: "postinstall", Command: "node setup.js"}},
	}

	known := Context{Now: time.Date(2026, 3, 31, 2, 0, 0, 0, time.UTC), Cooldown: day}
	tests := []struct {
		d    *evidence.Dossier
		id   string
		want string
	}{
		{axios, "young-dependency", "45: axios 1.14.1 adds plain-crypto-js@4.2.1, a package first published 18 hours before it (2026-03-30 05:57 UTC)."},
		{axios, "dependency-added", "5: axios 1.14.1 brings 1 new package that 1.14.0 did not have: plain-crypto-js@4.2.1."},
		{axios, "young-release", "hold: axios 1.14.1 was published 1 hour ago (2026-03-31 00:21 UTC). Releases wait 24 hours here: until 2026-04-01 00:21 UTC."},
		{crypto, "install-script-gained", "55: plain-crypto-js 4.2.1 runs code at install, and 4.2.0 did not: postinstall: node setup.js."},
	}
	for _, test := range tests {
		if diff := cmp.Diff([]string{test.want}, said(Run(test.d, known), test.id)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.id, diff)
		}
	}
}
