package signal

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// The world of the tests: a public registry, a private one for @acme, and a
// mirror that the base uses already.
const (
	public  = "https://npm.example.com/"
	private = "https://npm.acme.example/"
	mirror  = "https://mirror.example/"
	evil    = "https://evil.invalid/"

	oldHash   = "sha512-b2xkIGJ5dGVz"
	newHash   = "sha512-bmV3IGJ5dGVz"
	evilHash  = "sha512-ZXZpbCBieXRlcw=="
	oldSHA1   = "sha1-b2xkIHNoYTE="
	newSHA1   = "sha1-bmV3IHNoYTE="
	lockName  = "package-lock.json"
	lockV3    = "npm-lock-v3"
	gitCommit = "79ac49eedf774dd4b0cfa308722bc463cfe5885c"
)

var (
	now   = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	at1st = now.AddDate(-6, 0, 0) // when the ordinary package began
)

func judged() Context { return Context{Now: now, Cooldown: day} }

// ordinary is an everyday update: left-pad from 1.3.0 to 1.3.1, a month old,
// from the public registry, with the registry's own hashes.
func ordinary() *evidence.Dossier {
	d := &evidence.Dossier{
		Change: change.Change{
			Ecosystem: "npm", Name: "left-pad", Kind: change.Upgraded,
			From: []string{"1.3.0"}, To: "1.3.1", Direct: true, Via: []change.Path{{"left-pad"}},
			Head: []change.Place{place(12, "left-pad", "1.3.1", newHash)},
			Base: []change.Place{place(10, "left-pad", "1.3.0", oldHash)},
		},
		Package: &registry.Package{
			Ecosystem: "npm", Name: "left-pad", Created: at1st, Latest: "1.3.1",
			Has: registry.Facts{Times: true, Hashes: true, Scripts: true, Publishers: true},
		},
		Release:    &registry.Release{Version: "1.3.1", Published: now.Add(-30 * day), Integrity: []string{newHash, newSHA1}},
		Baseline:   &registry.Release{Version: "1.3.0", Published: now.Add(-90 * day), Integrity: []string{oldHash, oldSHA1}},
		FromBase:   true,
		Registries: world(),
	}
	return d
}

// addition is an everyday addition of a package.
func addition() *evidence.Dossier {
	d := ordinary()
	d.Change.Kind, d.Change.From, d.Change.Base = change.Added, nil, nil
	d.FromBase = false
	return d
}

// samePinned is a change of the place only: the version and its release stay.
func samePinned() *evidence.Dossier {
	d := ordinary()
	d.Change.Kind, d.Change.From = change.Relocked, []string{"1.3.1"}
	d.Change.Base = []change.Place{place(10, "left-pad", "1.3.1", newHash)}
	return d
}

func place(line int, name, version string, integrity ...string) change.Place {
	base := name[strings.IndexByte(name, '/')+1:]
	return change.Place{
		Lockfile: lockName,
		Format:   lockV3,
		Entry: &lockfile.Entry{
			Line: line, Key: "node_modules/" + name, Name: name, Version: version, Source: lockfile.Registry,
			Resolved:  public + name + "/-/" + base + "-" + version + ".tgz",
			Integrity: integrity, InstallScript: lockfile.No, Direct: true,
		},
	}
}

func world() evidence.Registries {
	a := registry.Addresses{URL: public, Scopes: map[string]string{"@acme": private}, Public: []string{public}}
	return evidence.Registries{
		Configured:  a.Configured,
		Public:      a.IsPublic,
		Established: func(address string) bool { return strings.HasPrefix(address, mirror) },
	}
}

// head and base give the first entry of each side, to change it.
func head(d *evidence.Dossier) *lockfile.Entry { return d.Change.Head[0].Entry }
func base(d *evidence.Dossier) *lockfile.Entry { return d.Change.Base[0].Entry }

// fromGit makes an entry one of a git repository.
func fromGit(e *lockfile.Entry, repository string) {
	e.Source, e.Resolved, e.Integrity = lockfile.Git, "git+ssh://git@"+repository+".git#"+gitCommit, nil
}

// testCase is a dossier, made from a start by an edit, and what the signal
// says: "points: message" for each finding, and nothing if it stays quiet.
type testCase struct {
	name  string
	start func() *evidence.Dossier // ordinary, if nil
	edit  func(*evidence.Dossier)
	scan  bool
	want  []string
}

func runCases(t *testing.T, id string, cases []testCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			start := c.start
			if start == nil {
				start = ordinary
			}
			d := start()
			c.edit(d)
			known := judged()
			known.Scan = c.scan
			if diff := cmp.Diff(c.want, said(Run(d, known), id)); diff != "" {
				t.Errorf("%s: findings (-want +got):\n%s", id, diff)
			}
		})
	}
}

// said shows the findings of one signal as a test expects them.
func said(findings []Finding, id string) []string {
	var lines []string
	for _, f := range findings {
		if f.Signal != id {
			continue
		}
		score := fmt.Sprint(f.Points)
		switch {
		case f.Always:
			score = "always"
		case !f.Hold.IsZero():
			score = "hold"
		}
		lines = append(lines, score+": "+f.Message)
	}
	return lines
}

// factOf gives a fact of the first finding of a signal.
func factOf(findings []Finding, id, name string) string {
	for _, f := range findings {
		for _, fact := range f.Facts {
			if f.Signal == id && fact.Name == name {
				return fact.Value
			}
		}
	}
	return ""
}
