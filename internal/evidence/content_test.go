package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/artifact/artifacttest"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// vault is the archives of a registry, by "name@version".
type vault struct {
	mu       sync.Mutex
	archives map[string][]byte
	errs     map[string]error
	asked    []string
	open     int
}

func (v *vault) Archive(_ context.Context, name, version, _ string) (io.ReadCloser, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	key := name + "@" + version
	v.asked = append(v.asked, key)
	if err := v.errs[key]; err != nil {
		return nil, err
	}
	data, ok := v.archives[key]
	if !ok {
		return nil, lost(key, fetch.NotFound)
	}
	v.open++
	return &opened{bytes.NewReader(data), v}, nil
}

type opened struct {
	io.Reader
	vault *vault
}

func (o *opened) Close() error {
	o.vault.mu.Lock()
	defer o.vault.mu.Unlock()
	o.vault.open--
	return nil
}

func lost(key string, reason fetch.Reason) error {
	return fmt.Errorf("npm: archive of %s: %w", key, &fetch.Failure{URL: "https://npm.example.com/x", Reason: reason})
}

// memory is a [Shelf].
type memory struct {
	mu   sync.Mutex
	kept map[string][]byte
}

func (m *memory) Kept(name string) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.kept[name]
	return data, ok
}

func (m *memory) Keep(name string, data []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[name] = data
}

// rig is a world in which a release of wren, 1.0.1, starts to use the network.
type rig struct {
	npm        *npm
	vault      *vault
	shelf      Shelf
	base, head []*lockfile.Inventory
}

func source(version, code string) []byte {
	return artifacttest.Pack(map[string]string{"package.json": `{"name":"wren","version":"` + version + `"}`, "index.js": code})
}

// pinsOf makes a lockfile that has the hashes of what the vault holds.
func (r *rig) pinsOf(pins ...string) []*lockfile.Inventory {
	inv := tree(pins...)
	for i := range inv[0].Entries {
		e := &inv[0].Entries[i]
		e.Integrity = []string{artifacttest.Integrity(r.vault.archives[e.Key])}
	}
	return inv
}

func newRig() *rig {
	r := &rig{
		npm: &npm{packages: map[string]*registry.Package{"wren": packageOf("wren", "1.0.0", "1.0.1")}},
		vault: &vault{
			archives: map[string][]byte{"wren@1.0.0": source("1.0.0", "exports.a = 1"), "wren@1.0.1": source("1.0.1", "exports.a = 1; fetch('https://c2.invalid/')")},
			errs:     map[string]error{},
		},
	}
	r.seal()
	r.base, r.head = r.pinsOf("wren@1.0.0"), r.pinsOf("wren@1.0.1")
	return r
}

// seal gives the registry's documents the hashes of what the vault holds.
func (r *rig) seal() {
	for name, p := range r.npm.packages {
		for i := range p.Releases {
			p.Releases[i].Integrity = []string{artifacttest.Integrity(r.vault.archives[name+"@"+p.Releases[i].Version])}
		}
	}
}

func (r *rig) gatherer() *Gatherer {
	return &Gatherer{
		Histories: map[string]Historian{"npm": r.npm}, Archives: map[string]Archivist{"npm": r.vault}, Shelf: r.shelf,
		Addresses:  map[string]registry.Addresses{"npm": {URL: "https://npm.example.com/"}},
		Advisories: advisory.Database(advisories{}), Now: t0.AddDate(0, 0, 10),
	}
}

func (r *rig) gather(t *testing.T) []*Dossier {
	t.Helper()
	dossiers, err := r.gatherer().Gather(t.Context(), change.Between(r.base, r.head), r.base, r.head)
	if err != nil {
		t.Fatal(err)
	}
	if r.vault.open != 0 {
		t.Errorf("%d archives were not closed", r.vault.open)
	}
	return dossiers
}

// insideGaps are the reasons of the gaps about archives.
func insideGaps(d *Dossier) (reasons []string) {
	for _, g := range d.Gaps {
		if g.Check == Inside {
			reasons = append(reasons, g.Reason)
		}
	}
	return reasons
}

// names reports whether the delta tells of the address that 1.0.1 added.
func names(c *Content) bool {
	return c != nil && c.Delta != nil && slices.ContainsFunc(c.Delta.News, func(n artifact.News) bool { return n.What == "c2.invalid" })
}

func TestContentIsTheDeltaOfTheLockedVersions(t *testing.T) {
	d := newRig().gather(t)[0]
	if !names(d.Content) || d.Content.Delta.First || d.Content.Swapped != nil || len(insideGaps(d)) != 0 {
		t.Fatalf("content %+v, gaps %v", d.Content, d.Gaps)
	}
	if d.Content.Profile.Manifest.Version != "1.0.1" || len(d.Content.Confused) != 0 {
		t.Errorf("profile of %+v, confused %v", d.Content.Profile.Manifest, d.Content.Confused)
	}
}

// Each trouble is a gap that says what and why, but for an archive that is not
// what the lockfile pins.
func TestArchiveThatCannotBeJudged(t *testing.T) {
	huge := bytes.Repeat([]byte{0}, 64<<20+1)
	tests := []struct {
		name    string
		damage  func(r *rig)
		gap     string // a part of its reason; "" for none
		swapped bool
	}{
		{"swapped", func(r *rig) { r.vault.archives["wren@1.0.1"] = source("1.0.1", "evil()") }, "", true},
		{"the baseline swapped", func(r *rig) { r.vault.archives["wren@1.0.0"] = source("1.0.0", "evil()") }, "the archive of 1.0.0, which it is compared with, could not be read: archive: verifying", false},
		{"too large", func(r *rig) { r.vault.archives["wren@1.0.1"] = huge }, "more than the 67108864 bytes packed", false},
		{"no archive", func(r *rig) {
			r.vault.archives["wren@1.0.1"] = []byte("<html>")
			r.head = r.pinsOf("wren@1.0.1")
		}, "its archive could not be read: archive: unpacking: not gzip", false},
		{"not found", func(r *rig) { delete(r.vault.archives, "wren@1.0.1") }, "its archive could not be read: npm.example.com: not found", false},
		{"the baseline not found", func(r *rig) { delete(r.vault.archives, "wren@1.0.0") }, "the archive of 1.0.0, which it is compared with, could not be read: npm.example.com: not found", false},
		{"offline", func(r *rig) { r.vault.errs["wren@1.0.1"] = lost("wren@1.0.1", fetch.Offline) }, "its archive could not be read: npm.example.com: offline", false},
		{"the baseline not recorded", func(r *rig) { r.vault.errs["wren@1.0.0"] = lost("wren@1.0.0", fetch.NotRecorded) }, "which it is compared with, could not be read: npm.example.com: not in the bundle", false},
		{"no hash anywhere", func(r *rig) {
			r.head[0].Entries[0].Integrity = nil
			r.npm.packages["wren"].Releases[1].Integrity = nil
		}, "its archive could not be read: archive: verifying: no hash in a known algorithm", false},
		{"removed", func(r *rig) { r.npm.packages["wren"].Releases[1].Removed = true }, "", false},
		{"recorded without archives", func(r *rig) {
			r.vault.errs["wren@1.0.0"], r.vault.errs["wren@1.0.1"] = lost("", fetch.NotRecorded), lost("", fetch.NotRecorded)
		}, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig()
			tt.damage(r)
			d := r.gather(t)[0]
			swapped := d.Content != nil && d.Content.Swapped != nil
			// Without the baseline's archive the latest is judged as a new package's is.
			whole := d.Content != nil && d.Content.Delta != nil && d.Content.Delta.First && names(d.Content)
			if alone := strings.HasPrefix(tt.name, "the baseline "); swapped != tt.swapped || whole != alone || d.Content != nil && !swapped && !alone {
				t.Errorf("content %+v", d.Content)
			}
			reasons := insideGaps(d)
			if (len(reasons) == 1) != (tt.gap != "") || len(reasons) > 1 || tt.gap != "" && !strings.Contains(reasons[0], tt.gap) {
				t.Errorf("gaps %q, want %q", reasons, tt.gap)
			}
		})
	}
}

// One answer in a bundle is enough to know that archives were asked for: what
// it lacks is a gap then.
func TestBundleThatLacksOneArchive(t *testing.T) {
	r := newRig()
	r.npm.packages["tern"] = packageOf("tern", "1.0.0", "1.0.1")
	r.head = append(r.head, r.pinsOf("tern@1.0.1")...)
	r.vault.errs["tern@1.0.1"] = lost("tern@1.0.1", fetch.NotRecorded)
	for _, d := range r.gather(t) {
		if missing := d.Change.Name == "tern"; missing != (len(insideGaps(d)) == 1) || missing == names(d.Content) {
			t.Errorf("%s: gaps %v", d.Change.Name, insideGaps(d))
		}
	}
}

// A package that is new to the repository is judged by all that is inside, and
// in a scan each by what the release before it had not.
func TestWhatAReleaseIsComparedWith(t *testing.T) {
	r := newRig()
	r.base = r.pinsOf()
	if d := r.gather(t)[0]; !names(d.Content) || !d.Content.Delta.First {
		t.Errorf("added: %+v", d.Content)
	}
	r.base = nil
	if d := r.gather(t)[0]; !names(d.Content) || d.Content.Delta.First {
		t.Errorf("scanned: %+v", d.Content)
	}
	r.npm.packages["wren"].Releases[0].Removed = true
	if d := r.gather(t)[0]; !names(d.Content) || !d.Content.Delta.First {
		t.Errorf("scanned, and the release before is gone: %+v", d.Content)
	}
}

// Yarn's checksum is of an archive that yarn makes: the registry's hash stands
// for npm's.
func TestChecksumOfYarnIsNoHashOfTheArchive(t *testing.T) {
	r := newRig()
	for _, inv := range [][]*lockfile.Inventory{r.base, r.head} {
		inv[0].Entries[0].Integrity, inv[0].Entries[0].Checksum = nil, "sha512-AAAA"
	}
	if d := r.gather(t)[0]; !names(d.Content) {
		t.Errorf("content %+v, gaps %v", d.Content, insideGaps(d))
	}
	r.vault.archives["wren@1.0.1"] = source("1.0.1", "evil()")
	if d := r.gather(t)[0]; d.Content == nil || d.Content.Swapped == nil {
		t.Error("an archive without the registry's hash was read")
	}
}

func TestOnlyTheYoungestAreRead(t *testing.T) {
	r := newRig()
	var pins []string
	for i := range maxInspected + 2 {
		name := fmt.Sprintf("p%03d", i)
		p := packageOf(name, "1.0.0")
		p.Releases[0].Published = t0.AddDate(0, 0, -i)
		r.npm.packages[name] = p
		r.vault.archives[name+"@1.0.0"] = r.vault.archives["wren@1.0.1"]
		pins = append(pins, name+"@1.0.0")
	}
	r.base, r.head = nil, r.pinsOf(pins...)
	var unread []string
	for _, d := range r.gather(t) {
		if reasons := insideGaps(d); len(reasons) > 0 {
			unread = append(unread, d.Change.Name)
			if want := "252 packages changed, and the archives of only 250 were read"; reasons[0] != want || d.Content != nil {
				t.Errorf("%s: %q, content %v", d.Change.Name, reasons, d.Content)
			}
		}
	}
	if want := []string{"p250", "p251"}; !slices.Equal(unread, want) {
		t.Errorf("%v were not read, want the oldest, %v", unread, want)
	}
}

func TestEachArchiveIsReadOnce(t *testing.T) {
	r := newRig()
	r.npm.packages["wren"] = packageOf("wren", "1.0.0", "1.0.1", "1.0.2")
	r.vault.archives["wren@1.0.2"] = source("1.0.2", "fetch('https://c2.invalid/2')")
	r.seal()
	r.head = r.pinsOf("wren@1.0.1", "wren@1.0.2")
	for _, d := range r.gather(t) {
		if !names(d.Content) || d.Content.Delta.First {
			t.Errorf("%s: content %+v", d.Change.To, d.Content)
		}
	}
	slices.Sort(r.vault.asked)
	if want := []string{"wren@1.0.0", "wren@1.0.1", "wren@1.0.2"}; !slices.Equal(r.vault.asked, want) {
		t.Errorf("asked for %v", r.vault.asked)
	}
}

func TestProfilesAreKeptBetweenRuns(t *testing.T) {
	r, shelf := newRig(), &memory{kept: map[string][]byte{}}
	r.shelf = shelf
	first := r.gather(t)[0]
	r.vault.asked = nil
	if second := r.gather(t)[0]; !names(second.Content) || len(second.Content.Delta.News) != len(first.Content.Delta.News) || len(r.vault.asked) != 0 {
		t.Errorf("asked for %v again, content %+v", r.vault.asked, second.Content)
	}

	// What is forged there is not taken: neither another archive's profile, nor
	// one that says nothing, nor one of an earlier program.
	keys := slices.Sorted(maps.Keys(shelf.kept))
	genuine := maps.Clone(shelf.kept)
	for name, forged := range map[string]func(key string) []byte{
		"empty":     func(string) []byte { return nil },
		"another's": func(key string) []byte { return genuine[keys[(slices.Index(keys, key)+1)%len(keys)]] },
		"an old program": func(key string) []byte {
			return bytes.Replace(genuine[key], []byte(artifact.Schema), []byte("lockkeeper.profile/v0"), 1)
		},
		"cut": func(key string) []byte { return genuine[key][:len(genuine[key])/2] },
		"impossible": func(key string) []byte {
			return bytes.Replace(genuine[key], []byte(`"index.js"`), []byte(`"../../x.js"`), 1)
		},
	} {
		r.vault.asked = nil
		for _, key := range keys {
			shelf.Keep(key, forged(key))
		}
		if d := r.gather(t)[0]; !names(d.Content) || len(r.vault.asked) != 2 {
			t.Errorf("%s: asked for %v, content %+v", name, r.vault.asked, d.Content)
		}
		for _, key := range keys {
			if !bytes.Equal(shelf.kept[key], genuine[key]) {
				t.Errorf("%s: the forged profile was not replaced", name)
			}
		}
	}
}

func TestAManifestThatTheRegistryShowsOtherwise(t *testing.T) {
	r := newRig()
	r.npm.packages["wren"].Releases[1].Scripts = []registry.Script{{Name: "postinstall", Command: "node x.js"}}
	d := r.gather(t)[0]
	if want := (artifact.Difference{Field: "scripts.postinstall", Listed: "node x.js"}); len(d.Content.Confused) != 1 || d.Content.Confused[0] != want {
		t.Errorf("confused %v", d.Content.Confused)
	}
	r.npm.packages["wren"].Has.Scripts = false // a mirror that leaves them out
	if d := r.gather(t)[0]; len(d.Content.Confused) != 0 {
		t.Errorf("a mirror's silence is taken for a difference: %v", d.Content.Confused)
	}
}

func TestPairOfReleases(t *testing.T) {
	r := newRig()
	for _, old := range []string{"", "1.0.0"} {
		p, err := r.gatherer().Pair(t.Context(), "npm", "wren", old, "1.0.1")
		if err != nil || p.Old.Version != "1.0.0" || p.New.Version != "1.0.1" || !names(&Content{Delta: p.Delta}) {
			t.Errorf("from %q: %+v, %v", old, p, err)
		}
	}
	if p, err := r.gatherer().Pair(t.Context(), "npm", "wren", "", "1.0.0"); err != nil || p.Old.Profile != nil || !p.Delta.First {
		t.Errorf("a first release: %+v, %v", p, err)
	}
	r.npm.packages["wren"].Releases[0].Removed = true
	r.npm.errs = map[string]error{"down": lost("down", fetch.Unavailable)}
	r.vault.errs["wren@1.0.1"] = lost("wren@1.0.1", fetch.Denied)
	for _, tt := range []struct{ ecosystem, name, old, latest, want string }{
		{"pypi", "wren", "", "1.0.1", "pypi:wren: no registry is known"},
		{"npm", "tern", "", "1.0.1", "npm:tern: the configured registry does not know"},
		{"npm", "down", "", "1.0.1", "npm:down: the registry could not be asked"},
		{"npm", "wren", "", "9.9.9", "npm:wren@9.9.9: the registry lists no such version"},
		{"npm", "wren", "1.0.0", "1.0.1", "npm:wren@1.0.0: the registry no longer serves it"},
		{"npm", "wren", "", "1.0.1", "npm:wren@1.0.1: its archive could not be read: npm.example.com: access denied"},
	} {
		_, err := r.gatherer().Pair(t.Context(), tt.ecosystem, tt.name, tt.old, tt.latest)
		var missing *Missing
		if !errors.As(err, &missing) || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("error %v, want %s", err, tt.want)
		}
	}
}
