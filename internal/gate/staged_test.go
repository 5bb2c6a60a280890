package gate

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// stage is a world in which packages are released and advisories written as
// time goes by, so that one pull request can be judged at several moments.
type stage struct {
	Packages   map[string]history `json:"packages"`
	Advisories []notice           `json:"advisories"`
	Content    bool               `json:"-"` // whether archives are read
	Policy     []byte             `json:"-"` // a policy file; nil for the recommended preset
}

// history is what a registry tells of a package. A fact that is left out is
// left out of the registry's document as well.
type history struct {
	Created   string    `json:"created"`   // "" for when the first release was published
	Publisher string    `json:"publisher"` // of the releases that name none
	Releases  []edition `json:"releases"`
	// Bare leaves out what mirrors strip: publishers, maintainers, commits and
	// attestations.
	Bare bool `json:"-"`
}

// edition is one release. People are written "name <address>".
type edition struct {
	Version      string            `json:"version"`
	Published    string            `json:"published"` // a moment, or a day, which stands for its midnight in UTC
	Before       int               `json:"before"`    // instead: so many days before the first update's release
	Scripts      map[string]string `json:"scripts"`
	Dependencies map[string]string `json:"dependencies"`
	Optional     map[string]string `json:"optional"`
	Publisher    string            `json:"publisher"`
	Maintainers  []string          `json:"maintainers"`
	Provenance   bool              `json:"provenance"`
	Trusted      bool              `json:"trusted"`
	Commit       string            `json:"commit"`
	Deprecated   string            `json:"deprecated"`
	// Archive is what the registry serves; nil where no archive is read.
	Archive []byte `json:"-"`
	Served  []byte `json:"-"` // other bytes than have the hash that is listed
}

func (e edition) served() []byte {
	if e.Served != nil {
		return e.Served
	}
	return e.Archive
}

// integrity is the hash of the release's archive, or stands for that of one that
// is not here.
func (e edition) integrity(name string) string {
	if e.Archive != nil {
		return worldtest.Integrity(e.Archive)
	}
	return integrity(name, e.Version)
}

// notice is an advisory on one package.
type notice struct {
	ID        string              `json:"id"`
	Package   string              `json:"package"`
	Published string              `json:"published"`
	Aliases   []string            `json:"aliases"`
	Versions  []string            `json:"versions"`
	Ranges    []map[string]string `json:"ranges"` // the events of one range
	// MoreRanges is a second range of the same record.
	MoreRanges []map[string]string `json:"more_ranges"`
	CWE        string              `json:"cwe"`
}

// bump is a pull request that takes a package from one version to another.
type bump struct {
	Package string `json:"package"`
	From    string `json:"from"` // "" for a package that is new
	To      string `json:"to"`
	// Brings are the packages that the update brings into the tree, with their
	// versions, or the address of the commit that they come from.
	Brings map[string]string `json:"brings"`
}

// judge runs the gate on the pull request as of a moment. The policy is the
// recommended one but for the cooldown, and no network is there but the stage.
func (s stage) judge(t *testing.T, b bump, now time.Time, advised bool, cooldown string) *report.Report {
	t.Helper()
	base, head := map[string]string{}, map[string]string{b.Package: b.To}
	if b.From != "" {
		base[b.Package] = b.From
	}
	maps.Copy(head, b.Brings)
	return s.compare(t, b, s.lockfile(t, b, base), s.lockfile(t, b, head), now, advised, cooldown)
}

// compare is judge with the lockfiles of the two sides.
func (s stage) compare(t *testing.T, b bump, base, head string, now time.Time, advised bool, cooldown string) *report.Report {
	t.Helper()
	side := func(version, lockfile string) string {
		return folder(t, map[string]string{
			".npmrc":            "registry=https://npm.example.com/\n",
			"package.json":      manifestOf(b.Package, version),
			"package-lock.json": lockfile,
		})
	}
	return check(t, side(b.From, base), side(b.To, head), Options{
		Now:        now,
		Content:    s.Content,
		PolicyFile: s.Policy,
		Overrides:  policy.Overrides{Cooldown: cooldown},
		Network:    Network{Transport: hosts{&worldtest.World{Files: s.files(t, now, advised)}}},
	})
}

// files is the stage as [worldtest.World] serves it.
func (s stage) files(t *testing.T, now time.Time, advised bool) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	for name, h := range s.Packages {
		files[name+".json"] = &fstest.MapFile{Data: marshal(t, h.document(t, name, now))}
		for _, e := range h.Releases {
			if served := e.served(); served != nil {
				files["archives/"+name+"@"+e.Version+".tgz"] = &fstest.MapFile{Data: served}
			}
		}
	}
	for _, n := range s.Advisories {
		if advised {
			files["osv/"+n.ID+".json"] = &fstest.MapFile{Data: marshal(t, n.record())}
		}
	}
	return files
}

// document is the registry's on a package at a moment: what is released later
// is not in it.
func (h history) document(t *testing.T, name string, now time.Time) map[string]any {
	t.Helper()
	versions, times := map[string]any{}, map[string]any{}
	latest, created := "", time.Time{}
	for _, e := range h.Releases {
		published := moment(t, e.Published)
		if published.After(now) {
			continue
		}
		if created.IsZero() || published.Before(created) {
			created = published
		}
		latest = e.Version
		times[e.Version] = published
		versions[e.Version] = h.release(name, e)
	}
	if h.Created != "" {
		created = moment(t, h.Created)
	}
	times["created"] = created
	return map[string]any{"_id": name, "name": name, "dist-tags": map[string]any{"latest": latest}, "versions": versions, "time": times}
}

func (h history) release(name string, e edition) map[string]any {
	dist := map[string]any{"integrity": e.integrity(name), "tarball": archive(name, e.Version)}
	r := map[string]any{"_id": name + "@" + e.Version, "name": name, "version": e.Version, "dist": dist}
	optional := func(member string, value any, present bool) {
		if present {
			r[member] = value
		}
	}
	optional("scripts", e.Scripts, e.Scripts != nil)
	optional("dependencies", e.Dependencies, e.Dependencies != nil)
	optional("optionalDependencies", e.Optional, e.Optional != nil)
	optional("deprecated", e.Deprecated, e.Deprecated != "")
	if h.Bare {
		return r
	}
	publisher := person(h.Publisher)
	if e.Publisher != "" {
		publisher = person(e.Publisher)
	}
	if e.Trusted {
		publisher = map[string]any{"name": "GitHub Actions", "email": "npm-oidc-no-reply@github.com",
			"trustedPublisher": map[string]any{"id": "github", "oidcConfigId": "oidc:0"}}
	}
	optional("_npmUser", publisher, publisher["name"] != "")
	var maintainers []any
	for _, m := range e.Maintainers {
		maintainers = append(maintainers, person(m))
	}
	optional("maintainers", maintainers, maintainers != nil)
	optional("gitHead", e.Commit, e.Commit != "")
	if e.Provenance {
		dist["attestations"] = map[string]any{
			"url":        "https://npm.example.com/-/npm/v1/attestations/" + name + "@" + e.Version,
			"provenance": map[string]any{"predicateType": "https://slsa.dev/provenance/v1"},
		}
	}
	return r
}

func person(text string) map[string]any {
	name, email, _ := strings.Cut(strings.TrimSuffix(text, ">"), " <")
	p := map[string]any{"name": name}
	if email != "" {
		p["email"] = email
	}
	return p
}

func (n notice) record() map[string]any {
	affected := map[string]any{"package": map[string]any{"ecosystem": "npm", "name": n.Package}}
	var ranges []any
	for _, events := range [][]map[string]string{n.Ranges, n.MoreRanges} {
		if events != nil {
			ranges = append(ranges, map[string]any{"type": "SEMVER", "events": events})
		}
	}
	if ranges != nil {
		affected["ranges"] = ranges
	}
	if n.Versions != nil {
		affected["versions"] = n.Versions
	}
	r := map[string]any{"id": n.ID, "modified": "2026-11-01T00:00:00Z", "aliases": n.Aliases, "affected": []any{affected}}
	if n.Published != "" {
		r["published"] = n.Published
	}
	if n.CWE != "" {
		r["database_specific"] = map[string]any{"cwe_ids": []string{n.CWE}}
	}
	return r
}

// manifestOf asks for that version of a package; for nothing where it is "".
func manifestOf(name, version string) string {
	if version == "" {
		return `{"name": "app", "version": "1.0.0"}`
	}
	return fmt.Sprintf(`{"name": "app", "version": "1.0.0", "dependencies": {%q: %q}}`, name, version)
}

// lockfile is npm's own for the packages with those versions.
func (s stage) lockfile(t *testing.T, b bump, pins map[string]string) string {
	t.Helper()
	root := map[string]any{"name": "app", "version": "1.0.0"}
	if version, ok := pins[b.Package]; ok {
		root["dependencies"] = map[string]any{b.Package: version}
	}
	packages := map[string]any{"": root}
	for name, version := range pins {
		entry := map[string]any{"version": version, "resolved": archive(name, version), "integrity": integrity(name, version)}
		if strings.HasPrefix(version, "git+") {
			entry = map[string]any{"version": "0.0.0", "resolved": version}
		}
		if e, ok := s.edition(name, version); ok {
			entry["integrity"] = e.integrity(name)
			if e.Scripts["preinstall"]+e.Scripts["install"]+e.Scripts["postinstall"] != "" {
				entry["hasInstallScript"] = true
			}
			if e.Dependencies != nil {
				entry["dependencies"] = e.Dependencies
			}
			if e.Optional != nil {
				entry["optionalDependencies"] = e.Optional
			}
			if e.Deprecated != "" {
				entry["deprecated"] = e.Deprecated
			}
		}
		packages["node_modules/"+name] = entry
	}
	return string(marshal(t, map[string]any{"name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": packages}))
}

func (s stage) edition(name, version string) (edition, bool) {
	list := s.Packages[name].Releases
	i := slices.IndexFunc(list, func(e edition) bool { return e.Version == version })
	if i < 0 {
		return edition{}, false
	}
	return list[i], true
}

// integrity stands for a hash of an archive that is not here.
func integrity(name, version string) string {
	sum := sha512.Sum512([]byte(name + "@" + version))
	return "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

func archive(name, version string) string {
	return fmt.Sprintf("https://npm.example.com/%s/-/%s-%s.tgz", name, filepath.Base(name), version)
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		at, err = time.Parse(time.RFC3339, text)
	}
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

func marshal(t *testing.T, value any) []byte {
	t.Helper()
	data, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return data
}
