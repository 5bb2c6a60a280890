package report

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

// world is all that a run is judged by, from the lockfiles on.
type world struct {
	base, head []*lockfile.Inventory
	packages   map[string]*registry.Package
	advisories []advisory.Advisory
	arrivals   []evidence.Arrival
	gaps       []evidence.Gap
	repository evidence.Repository
	scan       bool
}

var shuffleVersions = []string{"1.0.0", "1.0.1", "1.1.0", "2.0.0", "2.1.0-rc.1"}

func drawWorld(t *rapid.T) world {
	w := world{packages: make(map[string]*registry.Package), scan: rapid.Bool().Draw(t, "scan")}
	for _, path := range []string{"a/package-lock.json", "b/package-lock.json", "c/pnpm-lock.yaml"} {
		w.base = append(w.base, drawInventory(t, path))
		w.head = append(w.head, drawInventory(t, path))
	}
	if w.scan {
		w.base = nil
	}
	for _, name := range []string{"left-pad", "lodahs", "@acme/ui"} {
		w.packages[name] = drawPackage(t, name)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "advisories") {
		w.advisories = append(w.advisories, advisory.Advisory{
			ID: fmt.Sprint("GHSA-", i), Malware: rapid.Bool().Draw(t, "malware"), Published: now,
			Severity: rapid.SampledFrom([]advisory.Severity{advisory.Low, advisory.Medium, advisory.Critical}).Draw(t, "severity"),
		})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "arrivals") {
		w.arrivals = append(w.arrivals, evidence.Arrival{Name: fmt.Sprint("payload-", i), NewToTree: true, Version: "1.0.0", Created: drawTime(t)})
	}
	for _, check := range rapid.SliceOfN(rapid.SampledFrom(evidence.Checks), 0, 3).Draw(t, "gaps") {
		w.gaps = append(w.gaps, evidence.Gap{Check: check, Reason: "nobody answers"})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "edits") {
		w.repository.Edited = append(w.repository.Edited, evidence.Edit{Path: fmt.Sprint("w", i, ".yml"), Kind: "workflow", Change: "edited", Line: 1})
		w.repository.Removed = append(w.repository.Removed, fmt.Sprint("gone-", i, "/package-lock.json"))
	}
	return w
}

func drawInventory(t *rapid.T, path string) *lockfile.Inventory {
	inv := &lockfile.Inventory{Path: path, Ecosystem: "npm", Format: "npm-lock-v3"}
	for i := range rapid.IntRange(0, 4).Draw(t, "entries") {
		inv.Entries = append(inv.Entries, lockfile.Entry{
			Line: 10 + i/2, Key: fmt.Sprint("node_modules/k", i), Source: lockfile.Registry, Direct: rapid.Bool().Draw(t, "direct"),
			Name:          rapid.SampledFrom([]string{"left-pad", "lodahs", "@acme/ui"}).Draw(t, "name"),
			Version:       rapid.SampledFrom(shuffleVersions).Draw(t, "version"),
			Integrity:     rapid.SampledFrom([][]string{nil, {"sha512-b2xk"}, {"sha512-bmV3"}}).Draw(t, "integrity"),
			InstallScript: lockfile.Tristate(rapid.IntRange(0, 2).Draw(t, "script")),
			Resolved:      rapid.SampledFrom([]string{"", "https://evil.invalid/x.tgz"}).Draw(t, "resolved"),
		})
	}
	return inv
}

func drawPackage(t *rapid.T, name string) *registry.Package {
	p := &registry.Package{Ecosystem: "npm", Name: name, Created: drawTime(t), Has: registry.Facts{Times: true, Created: true, Scripts: true, Publishers: true}}
	for _, v := range shuffleVersions {
		r := registry.Release{
			Version: v, Published: drawTime(t), Provenance: rapid.Bool().Draw(t, "provenance"), GitHead: rapid.SampledFrom([]string{"", "f00d"}).Draw(t, "commit"),
			Publisher: registry.Person{Name: rapid.SampledFrom([]string{"alice", "bob"}).Draw(t, "publisher")},
			HasScript: rapid.Bool().Draw(t, "installs"), Deprecated: rapid.SampledFrom([]string{"", "old", "malware"}).Draw(t, "notice"),
		}
		for _, m := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"alice", "bob", "carol"}), 1, 3, rapid.ID).Draw(t, "maintainers") {
			r.Maintainers = append(r.Maintainers, registry.Person{Name: m})
		}
		p.Releases = append(p.Releases, r)
	}
	return p
}

// drawTime gives few times, so that many fall together.
func drawTime(t *rapid.T) time.Time {
	const day = 24 * time.Hour
	return rapid.SampledFrom([]time.Time{now.Add(-time.Hour), now.Add(-2 * day), now.Add(-400 * day), now.Add(-900 * day), {}}).Draw(t, "time")
}

// shuffled gives the world in another order.
func (w world) shuffled(t *rapid.T) world {
	w.base, w.head = shuffle(t, w.base), shuffle(t, w.head)
	w.advisories, w.arrivals, w.gaps = shuffle(t, w.advisories), shuffle(t, w.arrivals), shuffle(t, w.gaps)
	w.repository.Edited, w.repository.Removed = shuffle(t, w.repository.Edited), shuffle(t, w.repository.Removed)
	packages := make(map[string]*registry.Package)
	for _, name := range []string{"left-pad", "lodahs", "@acme/ui"} {
		p := *w.packages[name]
		p.Releases = shuffle(t, p.Releases)
		for i := range p.Releases {
			p.Releases[i].Maintainers = shuffle(t, p.Releases[i].Maintainers)
		}
		packages[name] = &p
	}
	w.packages = packages
	return w
}

func shuffle[T any](t *rapid.T, list []T) []T {
	return rapid.Permutation(list).Draw(t, "order")
}

// report judges the world; order says in which order things are handed on.
func (w world) report(t *rapid.T, order func(n int) []int) []byte {
	known := signal.Context{Now: now, Cooldown: 24 * time.Hour, Scan: w.scan}
	changes := change.Between(w.base, w.head)
	var cases []policy.Case
	for _, i := range order(len(changes)) {
		d := w.dossier(changes[i])
		findings := signal.Run(d, known)
		c := policy.Case{Dossier: d}
		for _, k := range order(len(findings)) {
			c.Findings = append(c.Findings, findings[k])
		}
		cases = append(cases, c)
	}
	in := input()
	preset, err := policy.Preset("recommended")
	if err != nil {
		t.Fatal(err)
	}
	in.Policy, in.Lockfiles = preset, nil
	for _, inv := range w.head {
		in.Lockfiles = append(in.Lockfiles, Lockfile{inv.Path, inv.Format, "changed"})
	}
	in.Judgement = policy.Judge(preset, now, cases, signal.RunRepository(&w.repository, known), w.gaps)
	var b bytes.Buffer
	if err := JSON(&b, Build(in), Options{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (w world) dossier(c change.Change) *evidence.Dossier {
	p := w.packages[c.Name]
	d := &evidence.Dossier{
		Change: c, Package: p, Release: p.Release(c.To), Arrivals: w.arrivals, Advisories: w.advisories, Fixed: w.advisories,
		Unchanged: map[string]bool{"GHSA-1": true, "GHSA-2": true}, Gaps: w.gaps,
	}
	if len(c.From) > 0 {
		d.Baseline, d.FromBase = p.Release(c.From[0]), true
	}
	return d
}

// TestOrderChangesNoByte: in whatever order lockfiles, changes, findings,
// releases of one time, maintainers, dependencies, advisories and gaps come,
// the report is the same to the byte.
func TestOrderChangesNoByte(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		asTheyCome := func(n int) []int {
			all := make([]int, n)
			for i := range all {
				all[i] = i
			}
			return all
		}
		want := w.report(t, asTheyCome)
		got := w.shuffled(t).report(t, func(n int) []int { return shuffle(t, asTheyCome(n)) })
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Fatalf("the report depends on an order:\n%s", diff)
		}
	})
}
