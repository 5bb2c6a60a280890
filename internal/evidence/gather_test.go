package evidence

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

var t0 = time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)

// npm is a registry of the test: packages or errors by name, and a count of
// the questions.
type npm struct {
	mu       sync.Mutex
	asked    []string
	packages map[string]*registry.Package
	errs     map[string]error
	delay    func(name string) time.Duration
}

func (n *npm) Package(_ context.Context, name string) (*registry.Package, error) {
	n.mu.Lock()
	n.asked = append(n.asked, name)
	n.mu.Unlock()
	if n.delay != nil {
		time.Sleep(n.delay(name))
	}
	if err := n.errs[name]; err != nil {
		return nil, err
	}
	if p := n.packages[name]; p != nil {
		return p, nil
	}
	return nil, &fetch.Failure{URL: "https://npm.example.com/" + name, Reason: fetch.NotFound, Status: 404}
}

// packageOf makes a package of releases written "version needs…", a day apart.
func packageOf(name string, releases ...string) *registry.Package {
	p := &registry.Package{
		Ecosystem: "npm", Name: name, Created: t0,
		Has: registry.Facts{Created: true, Times: true, Hashes: true, Scripts: true, Publishers: true},
	}
	for i, r := range releases {
		words := strings.Fields(r)
		release := registry.Release{
			Version: words[0], Published: t0.AddDate(0, 0, i), Integrity: []string{"sha512-" + words[0]},
		}
		for _, dep := range words[1:] {
			release.Dependencies = append(release.Dependencies, registry.Dependency{Name: dep, Spec: "^1.0.0"})
		}
		p.Releases = append(p.Releases, release)
	}
	return p
}

// advisories names versions "name@version" to ids.
type advisories map[string][]string

func (a advisories) Find(_ context.Context, queries []advisory.Query) ([][]advisory.Advisory, error) {
	if a == nil {
		return nil, errors.New("osv.example: asking: out of order")
	}
	found := make([][]advisory.Advisory, len(queries))
	for i, q := range queries {
		for _, id := range a[q.Name+"@"+q.Version] {
			found[i] = append(found[i], advisory.Advisory{ID: id})
		}
	}
	return found, nil
}

// tree is a lockfile of entries "name@version".
func tree(pins ...string) []*lockfile.Inventory {
	inv := &lockfile.Inventory{Path: "package-lock.json", Ecosystem: "npm", Format: "npm-lock-v3"}
	for i, pin := range pins {
		at := strings.LastIndex(pin, "@")
		inv.Entries = append(inv.Entries, lockfile.Entry{
			Line: i + 1, Key: pin, Name: pin[:at], Version: pin[at+1:], Source: lockfile.Registry,
			Integrity: []string{"sha512-" + pin[at+1:]},
		})
	}
	return []*lockfile.Inventory{inv}
}

func gather(t *testing.T, n *npm, a advisory.Database, base, head []*lockfile.Inventory) []*Dossier {
	t.Helper()
	g := Gatherer{
		Histories:  map[string]Historian{"npm": n},
		Addresses:  map[string]registry.Addresses{"npm": {URL: "https://npm.example.com/", Public: []string{"https://public.example/"}}},
		Advisories: a,
		Now:        t0.AddDate(0, 0, 10),
	}
	dossiers, err := g.Gather(t.Context(), change.Between(base, head), base, head)
	if err != nil {
		t.Fatal(err)
	}
	return dossiers
}

// gaps lists the checks that a dossier lacks.
func gaps(d *Dossier) []Check {
	var checks []Check
	for _, g := range d.Gaps {
		checks = append(checks, g.Check)
	}
	return checks
}

func TestBaseline(t *testing.T) {
	p := packageOf("a", "1.0.0", "2.0.0-rc.1", "1.1.0", "2.0.0", "1.2.0", "2.1.0", "2.1.1")
	p.Releases[5].Removed = true // 2.1.0 was pulled
	tests := []struct {
		name     string
		base     []string
		to       string
		want     string
		fromBase bool
	}{
		{"what the base pins", []string{"a@1.0.0"}, "2.0.0", "1.0.0", true},
		{"the nearest of several below", []string{"a@1.0.0", "a@1.1.0"}, "1.2.0", "1.1.0", true},
		{"the one above, going down", []string{"a@2.0.0"}, "1.2.0", "2.0.0", true},
		{"the release before it in its line", nil, "1.2.0", "1.1.0", false},
		{"a pulled release is passed over", nil, "2.1.1", "2.0.0", false},
		{"a prerelease is passed over", nil, "2.0.0", "1.2.0", false},
		{"the first release has none", nil, "1.0.0", "", false},
		{"a base version that the registry lost", []string{"a@0.9.0"}, "1.1.0", "1.0.0", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ds := gather(t, &npm{packages: map[string]*registry.Package{"a": p}}, advisories{}, tree(test.base...), tree("a@"+test.to))
			var got string
			d := ds[slices.IndexFunc(ds, func(d *Dossier) bool { return d.Change.To == test.to })]
			if d.Baseline != nil {
				got = d.Baseline.Version
			}
			if got != test.want || d.FromBase != test.fromBase {
				t.Errorf("baseline %q (from base: %v), want %q (%v)", got, d.FromBase, test.want, test.fromBase)
			}
		})
	}
}

func TestArrivals(t *testing.T) {
	n := &npm{packages: map[string]*registry.Package{
		"a":     packageOf("a", "1.0.0 old", "1.0.1 old known young optional"),
		"young": packageOf("young", "1.0.0"),
	}}
	ds := gather(t, n, advisories{},
		tree("a@1.0.0", "old@1.0.0", "known@1.0.0"),
		tree("a@1.0.1", "old@1.0.0", "known@1.0.0", "young@1.0.0"))
	var got []string
	for _, a := range ds[0].Arrivals {
		got = append(got, fmt.Sprintf("%s new=%v version=%q created=%v", a.Name, a.NewToTree, a.Version, !a.Created.IsZero()))
	}
	want := []string{
		`known new=false version="1.0.0" created=false`,
		`young new=true version="1.0.0" created=true`,
		`optional new=true version="" created=false`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("arrivals (-want +got):\n%s", diff)
	}
}

func TestAdvisoriesAreNewUnchangedOrFixed(t *testing.T) {
	n := &npm{packages: map[string]*registry.Package{"a": packageOf("a", "1.0.0", "1.0.1")}}
	ds := gather(t, n, advisories{"a@1.0.0": {"OLD", "BOTH"}, "a@1.0.1": {"NEW", "BOTH"}}, tree("a@1.0.0"), tree("a@1.0.1"))
	d := ds[0]
	var now, fixed []string
	for _, a := range d.Advisories {
		now = append(now, fmt.Sprint(a.ID, " ", d.Unchanged[a.ID]))
	}
	for _, a := range d.Fixed {
		fixed = append(fixed, a.ID)
	}
	if !slices.Equal(now, []string{"BOTH true", "NEW false"}) || !slices.Equal(fixed, []string{"OLD"}) {
		t.Errorf("now %v, fixed %v", now, fixed)
	}
}

func TestGaps(t *testing.T) {
	bare := packageOf("bare", "1.0.0")
	bare.Has = registry.Facts{}
	bare.Releases[0].Published = time.Time{}
	bare.Releases[0].Integrity = nil
	n := &npm{
		packages: map[string]*registry.Package{"bare": bare, "whole": packageOf("whole", "1.0.0"), "pulled": packageOf("pulled", "0.9.0")},
		errs: map[string]error{
			"down": &fetch.Failure{URL: "https://npm.example.com/down", Reason: fetch.Unavailable, Status: 503},
		},
	}
	head := tree("bare@1.0.0", "whole@1.0.0", "pulled@1.0.0", "down@1.0.0", "unknown@1.0.0", "git@1.0.0", "private@1.0.0", "public@1.0.0")
	head[0].Entries[5].Source = lockfile.Git
	head[0].Entries[6].Resolved = "https://elsewhere.example/private/-/private-1.0.0.tgz"
	head[0].Entries[7].Resolved = "https://public.example/public/-/public-1.0.0.tgz"
	n.packages["public"] = packageOf("public", "1.0.0")

	got := make(map[string][]Check)
	reasons := make(map[string]string)
	for _, d := range gather(t, n, advisories{}, nil, head) {
		got[d.Change.Name] = gaps(d)
		for _, g := range d.Gaps {
			reasons[d.Change.Name] += g.Reason
		}
	}
	want := map[string][]Check{
		"bare": {Times, Hashes, Scripts, Publishers}, "whole": nil, "pulled": nil, "down": {History}, "unknown": {History},
		"git": {Source}, "private": {History}, "public": nil,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	if slices.Contains(n.asked, "private") {
		t.Error("a private package's name was told to another registry")
	}
	if want := "the registry could not be asked: npm.example.com: unavailable (HTTP 503)"; reasons["down"] != want {
		t.Errorf("reason %q, want %q", reasons["down"], want)
	}
}

// A mirror that leaves out the first publication shows the earliest release that
// it kept. That an old package looks young there must convict nobody.
func TestAFirstPublicationThatIsNotSaidIsUnknown(t *testing.T) {
	young, old := packageOf("young", "1.0.0"), packageOf("old", "1.0.0")
	young.Has.Created, old.Has.Created = false, false
	old.Created = t0.AddDate(-1, 0, 0)
	n := &npm{packages: map[string]*registry.Package{"young": young, "old": old}}
	for _, d := range gather(t, n, advisories{}, nil, tree("young@1.0.0", "old@1.0.0")) {
		unknown := d.Change.Name == "young"
		if d.Package.Created.IsZero() != unknown || slices.Equal(gaps(d), []Check{Times}) != unknown {
			t.Errorf("%s: created %v, gaps %v", d.Change.Name, d.Package.Created, gaps(d))
		}
	}
}

func TestNoAdvisoriesIsAGap(t *testing.T) {
	n := &npm{packages: map[string]*registry.Package{"a": packageOf("a", "1.0.0")}}
	for name, database := range map[string]advisory.Database{"out of order": advisories(nil), "none": nil} {
		if got := gaps(gather(t, n, database, nil, tree("a@1.0.0"))[0]); !slices.Equal(got, []Check{Advisories}) {
			t.Errorf("%s: gaps %v", name, got)
		}
	}
}

func TestNothingIsAskedTwice(t *testing.T) {
	n := &npm{packages: map[string]*registry.Package{"a": packageOf("a", "1.0.0", "2.0.0", "1.0.1", "2.0.1")}}
	gather(t, n, advisories{}, tree("a@1.0.0", "a@2.0.0"), tree("a@1.0.1", "a@2.0.1"))
	if !slices.Equal(n.asked, []string{"a"}) {
		t.Errorf("asked %v", n.asked)
	}
}

func TestOrderOfAnswersDecidesNothing(t *testing.T) {
	const packages = 40
	var pins []string
	n := &npm{packages: make(map[string]*registry.Package)}
	for i := range packages {
		name := fmt.Sprintf("p%02d", i)
		pins = append(pins, name+"@1.0.1")
		n.packages[name] = packageOf(name, "1.0.0", fmt.Sprintf("1.0.1 p%02d", (i+1)%packages))
	}
	run := func(delay func(string) time.Duration) []string {
		n.delay = delay
		var lines []string
		for _, d := range gather(t, n, advisories{"p07@1.0.1": {"X"}}, nil, tree(pins...)) {
			line := fmt.Sprint(d.Change.Name, d.Advisories, d.Gaps)
			for _, a := range d.Arrivals {
				line += fmt.Sprint(" ", a.Name, a.Version, a.NewToTree, a.Created)
			}
			lines = append(lines, line)
		}
		return lines
	}
	forward := run(func(name string) time.Duration { return time.Duration(name[1]) * 100 * time.Microsecond })
	backward := run(func(name string) time.Duration { return time.Duration('9'-name[1]) * 100 * time.Microsecond })
	if diff := cmp.Diff(forward, backward); diff != "" {
		t.Errorf("dossiers depend on the order of answers:\n%s", diff)
	}
}

func TestOnlyNeededDependenciesAreKept(t *testing.T) {
	n := &npm{packages: map[string]*registry.Package{"a": packageOf("a", "1.0.0 x", "1.0.1 x", "1.0.2 x")}}
	d := gather(t, n, advisories{}, tree("a@1.0.1"), tree("a@1.0.2"))[0]
	if d.Package.Releases[0].Dependencies != nil || d.Release.Dependencies == nil || d.Baseline.Dependencies == nil {
		t.Error("dependencies are kept of a release that nothing refers to, or dropped of one in use")
	}
}

func TestAnEndedContextIsAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var g Gatherer
	if _, err := g.Gather(ctx, nil, nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
