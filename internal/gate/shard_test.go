package gate

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// shardStage is a world of 30 packages. The newest release of each brings the
// next one but six into the tree; every third package is a few days old; and
// there are advisories, a registry that fails, and packages that are unknown.
func shardStage(t *testing.T) (files fstest.MapFS, head string) {
	s := stage{Packages: make(map[string]history)}
	var entries []string
	for i := range 30 {
		name, next := fmt.Sprintf("p%02d", i), fmt.Sprintf("p%02d", (i+7)%30)
		first := "2025-01-01"
		if i%3 == 0 {
			first = "2026-11-15"
		}
		s.Packages[name] = history{Publisher: "a <a@example.com>", Releases: []edition{
			{Version: "1.0.0", Published: first, Maintainers: []string{"a <a@example.com>"}},
			{Version: "1.1.0", Published: "2026-11-18", Dependencies: map[string]string{next: "^1.0.0"}, Maintainers: []string{"a <a@example.com>"}},
		}}
		entries = append(entries, fmt.Sprintf(`"node_modules/%s": {"version": "1.1.0", "resolved": %q, "integrity": %q, "dependencies": {%q: "^1.0.0"}}`,
			name, archive(name, "1.1.0"), integrity(name, "1.1.0"), next))
	}
	for i, name := range []string{"p03", "p11", "p11", "p20"} {
		s.Advisories = append(s.Advisories, notice{ID: fmt.Sprintf("GHSA-aaaa-bbbb-%04d", i), Package: name, Versions: []string{"1.1.0"}})
	}
	entries = append(entries, `"node_modules/p05": {"version": "1.0.0"}`) // doubtful: a key twice
	files = s.files(t, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), true)
	for _, name := range []string{"p08", "p09", "p14"} {
		delete(files, name+".json")
	}
	for _, name := range []string{"p22", "p23"} {
		files[name+".fault"] = &fstest.MapFile{Data: []byte("403")}
	}
	return files, folder(t, map[string]string{
		".npmrc":            "registry=https://npm.example.com/\n",
		"package.json":      `{"name": "app", "version": "1.0.0", "dependencies": {"p00": "^1.0.0"}}`,
		"package-lock.json": `{"name": "app", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"dependencies": {"p00": "^1.0.0"}}, ` + strings.Join(entries, ", ") + `}}`,
		"broken/yarn.lock":  "what is this",
	})
}

// A scan in parts, saved and merged, is byte for byte the scan in one piece:
// with dependencies whose packages other parts ask after, exceptions that one
// part uses and others don't, findings and gaps of the repository.
func TestShardsMergeToTheWhole(t *testing.T) {
	files, head := shardStage(t)
	policies := map[string]string{
		"standard": "version: 1\n",
		"exceptions": "version: 1\nexceptions:\n" +
			"  - {package: npm:p11, signals: [known-vulnerability], reason: applied, expires: 2027-01-31}\n" +
			"  - {package: npm:p12, signals: [young-dependency, dependency-added], reason: applied, expires: 2027-01-31}\n" +
			"  - {package: npm:p12, signals: [deprecated], reason: unused, expires: 2027-01-31}\n" +
			"  - {package: npm:none, signals: [deprecated], reason: unused, expires: 2027-01-31}\n" +
			"  - {package: npm:p11, signals: [deprecated], reason: expired, expires: 2026-01-31}\n",
		"the repository is worst": "version: 1\nthresholds: {warn: 1, block: 2}\nsignals: {ambiguous-lockfile: {points: 100}, young-dependency: off}\n",
	}
	for name, text := range policies {
		run := func(shard *report.Shard) *report.Report {
			return check(t, "", head, Options{
				Now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), PolicyFile: []byte(text), PolicyName: "p.yml", Shard: shard,
				Network: Network{Transport: hosts{&worldtest.World{Files: files}}},
			})
		}
		whole := run(nil)
		for _, n := range []int{1, 2, 3, 7, 100} {
			var parts []*report.Report
			for i := range n {
				saved := rendered(t, run(&report.Shard{Index: n - i, Of: n}))
				part, err := report.Read(bytes.NewReader(saved))
				if err != nil {
					t.Fatal(err)
				}
				parts = append(parts, part)
			}
			merged, err := report.Merge(parts)
			if err != nil {
				t.Fatalf("%s in %d: %v", name, n, err)
			}
			for _, format := range []string{"json", "markdown", "text"} {
				if diff := cmp.Diff(asText(t, format, whole), asText(t, format, merged)); diff != "" {
					t.Errorf("%s in %d as %s (-whole +merged):\n%s", name, n, format, diff)
				}
			}
		}
	}
}

func asText(t *testing.T, format string, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Render(&b, format, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The stage would show a part that lacks something: it has what the parts have
// to agree on.
func TestShardStageHasWhatPartsShare(t *testing.T) {
	files, head := shardStage(t)
	options := Options{Now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), Network: Network{Transport: hosts{&worldtest.World{Files: files}}}}
	whole := check(t, "", head, options)
	for _, want := range []string{"young-dependency", "known-vulnerability", "ambiguous-lockfile", "broken/yarn.lock", "does not know this package", "HTTP 403"} {
		if !strings.Contains(asText(t, "json", whole), want) {
			t.Errorf("the whole lacks %s", want)
		}
	}
	options.Shard = &report.Shard{Index: 2, Of: 3}
	part := check(t, "", head, options)
	of := func(name string) bool {
		return slices.ContainsFunc(part.Changes, func(c report.Change) bool { return c.Name == name })
	}
	crossing := 0
	for _, c := range part.Changes {
		for _, f := range c.Findings {
			if name, _, _ := strings.Cut(f.Evidence["dependency"], "@"); f.Signal == "young-dependency" && !of(name) {
				crossing++
			}
		}
	}
	if crossing == 0 {
		t.Errorf("no arrival of %d packages is in another part", len(part.Changes))
	}
}

// A part asks after its own packages and those that arrive with them, and no
// other; of the advisories, after its own.
func TestAShardAsksForItsPart(t *testing.T) {
	files, head := shardStage(t)
	total := int64(0)
	var whole int64
	for _, n := range []int{1, 10} {
		total = 0
		for i := range n {
			world := &worldtest.World{Files: files}
			check(t, "", head, Options{
				Now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), Shard: &report.Shard{Index: i + 1, Of: n},
				Network: Network{Transport: hosts{world}}, CacheDir: filepath.Join(t.TempDir(), "cache"),
			})
			total += world.Requests()
		}
		if n == 1 {
			whole = total
		}
	}
	// Each part asks the advisories once; each package is asked after at most
	// twice: by its own part and by that of the one package that brings it.
	if total > 2*whole+10 {
		t.Errorf("10 parts ask %d questions, the whole %d", total, whole)
	}
}
