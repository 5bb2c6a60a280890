package gate

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/report"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

// replay is an update with the archives of both sides. Those of attacks have
// the shape that write-ups describe, and can do nothing: their hosts don't
// exist, the files that they name are below /nonexistent, and what they would
// run is no program.
//
// It is written in a file of testdata/replays, the fields first, one a line:
//
//	title: what it is
//	package: NAME OLD NEW       OLD is - for a package that is new
//	facts: FILE                 of testdata/attacks, for what the registry showed
//	brings: NAME VERSION        a package that comes with it; may stand several times
//	shape: what the archive gains, as a sentence without its period
//	beyond: why its content alone doesn't make a warning, for an attack
//	-- old/PATH --              files of the old archive
//	-- new/PATH --              of the new one
//	-- both/PATH --             of both
//	-- with/NAME@VERSION/PATH -- of a package that comes with it
//	-- listed/package.json --   the manifest that the registry shows of the new version, if not the archive's
//	-- swapped/PATH --          files of what the registry serves instead of what the lockfile pins
//
// Large files and binary ones are made by directives, see [expanded].
type replay struct {
	name   string
	fields map[string]string
	bump   bump
	facts  *attack             // nil where there are none
	trees  map[string]fileTree // by "old", "new", "listed", "swapped" and NAME@VERSION
	packed map[string][]byte   // the archives of those
	// What the gate said.
	content, registry, both *report.Report
}

type fileTree = map[string][]byte

// replayDay is when content alone is judged.
var replayDay = time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)

// TestReplays judges attacks and ordinary releases by what is in their archives
// and keeps docs/replays.md equal to what the gate says. The processors and the
// order of answers must not matter.
func TestReplays(t *testing.T) {
	attacks, ordinary := readReplays(t, "attacks"), readReplays(t, "ordinary")
	keepDocument(t, "replays.md", func() []byte { return replayDocument(t, attacks, ordinary) })
}

// replayDocument judges all. An ordinary release that warns is a fault of a
// signal; so is an attack that doesn't, unless the replay says why.
func replayDocument(t *testing.T, attacks, ordinary []*replay) []byte {
	t.Helper()
	for _, r := range ordinary {
		r.judge(t)
		if r.content.Verdict != "pass" {
			t.Errorf("%s: %s by content: %s", r.name, verdict(r.content), signals(r.content))
		}
	}
	for _, r := range attacks {
		r.judge(t)
		if caught := r.content.Verdict != "pass"; caught == (r.fields["beyond"] != "") {
			t.Errorf("%s: %s by content (%s), and beyond content is %q", r.name, verdict(r.content), signals(r.content), r.fields["beyond"])
		}
	}
	return replayTable(attacks, ordinary)
}

// judge asks the gate three times: by content alone, four days after
// publication; by what the registry showed two hours after it; and by both.
func (r *replay) judge(t *testing.T) {
	t.Helper()
	alone := r.stage(t)
	alone.Policy = contentOnly()
	r.content = alone.judge(t, r.bump, replayDay, false, "0h")
	for _, c := range r.content.Changes {
		for _, g := range c.Gaps {
			if g.Check == "content" {
				t.Errorf("%s: %s: %s", r.name, c.Name, g.Reason)
			}
		}
	}
	if r.facts == nil {
		return
	}
	bad, ok := r.facts.edition(r.bump.Package, r.bump.To)
	if !ok {
		t.Fatalf("%s: %s has no release %s of %s", r.name, r.facts.Name, r.bump.To, r.bump.Package)
	}
	published := moment(t, bad.Published)
	r.registry = r.facts.judge(t, r.bump, published.Add(freshAge), false, "")
	known := stage{Packages: maps.Clone(r.facts.Packages), Content: true}
	for name, h := range known.Packages {
		h.Releases = slices.Clone(h.Releases)
		for i := range h.Releases {
			r.fill(t, name, &h.Releases[i])
		}
		known.Packages[name] = h
	}
	r.both = known.judge(t, r.bump, published.Add(freshAge), false, "")
}

// contentOnly is a policy in which the signals of a release's history are off,
// as if nothing was amiss with it.
func contentOnly() []byte {
	var b strings.Builder
	b.WriteString("version: 1\nsignals:\n")
	for _, s := range signal.Table() {
		if s.Family == signal.Takeover && s.ID != "young-release" {
			b.WriteString("  " + s.ID + ": off\n")
		}
	}
	return []byte(b.String())
}

// stage is a world in which nothing but the archives speaks against the update:
// the same person has published for years, the last time four days ago.
func (r *replay) stage(t *testing.T) stage {
	t.Helper()
	day := func(before int) string { return replayDay.AddDate(0, 0, -before).Format(time.RFC3339) }
	s := stage{Packages: map[string]history{}, Content: true}
	add := func(name string, versions ...string) {
		h := history{Created: day(2000), Publisher: "ann"}
		for i, v := range versions {
			if v == "" {
				continue
			}
			e := edition{Version: v, Published: day(4 + 30*(len(versions)-1-i))}
			r.fill(t, name, &e)
			h.Releases = append(h.Releases, e)
		}
		s.Packages[name] = h
	}
	add(r.bump.Package, r.bump.From, r.bump.To)
	for name, version := range r.bump.Brings {
		if !strings.HasPrefix(version, "git+") {
			add(name, version)
		}
	}
	return s
}

// fill gives a release its archive, and what a registry reads in it: the
// manifest.
func (r *replay) fill(t *testing.T, name string, e *edition) {
	t.Helper()
	side := name + "@" + e.Version
	listed := side
	switch side {
	case r.bump.Package + "@" + r.bump.From:
		side, listed = "old", "old"
	case r.bump.Package + "@" + r.bump.To:
		side, listed = "new", "new"
		if r.trees["listed"] != nil {
			listed = "listed"
		}
		e.Served = r.packed["swapped"]
	}
	tree := r.trees[side]
	if tree == nil {
		return
	}
	var m struct{ Scripts, Dependencies, OptionalDependencies map[string]string }
	if err := json.Unmarshal(r.trees[listed]["package.json"], &m); err != nil {
		t.Fatalf("%s: %s@%s: package.json: %v", r.name, name, e.Version, err)
	}
	e.Archive, e.Scripts, e.Dependencies, e.Optional = r.packed[side], m.Scripts, m.Dependencies, m.OptionalDependencies
	if tree["binding.gyp"] != nil && m.Scripts["install"]+m.Scripts["preinstall"] == "" {
		e.Scripts = map[string]string{"install": "node-gyp rebuild"} // npm fills it in
		maps.Copy(e.Scripts, m.Scripts)
	}
}

func readReplays(t *testing.T, folder string) []*replay {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "replays", folder, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no replays: %v", err)
	}
	slices.Sort(files)
	var all []*replay
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, readReplay(t, strings.TrimSuffix(filepath.Base(file), ".txtar"), data))
	}
	return all
}

func readReplay(t *testing.T, name string, data []byte) *replay {
	t.Helper()
	archive := txtar.Parse(data)
	r := &replay{name: name, fields: map[string]string{}, bump: bump{Brings: map[string]string{}}, trees: map[string]fileTree{}, packed: map[string][]byte{}}
	for line := range strings.Lines(string(archive.Comment)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch words := strings.Fields(value); {
		case key == "package" && len(words) == 3:
			r.bump.Package, r.bump.From, r.bump.To = words[0], strings.TrimPrefix(words[1], "-"), words[2]
		case key == "brings" && len(words) == 2:
			r.bump.Brings[words[0]] = words[1]
		case slices.Contains([]string{"title", "facts", "shape", "beyond"}, key):
			r.fields[key] = value
		case key != "":
			t.Fatalf("%s: %q is no field", name, line)
		}
	}
	for _, f := range archive.Files {
		side, path, _ := strings.Cut(f.Name, "/")
		sides := []string{side}
		switch side {
		case "both":
			sides = []string{"old", "new"}
		case "with":
			at := 1 + strings.IndexByte(path[1:], '@') // a scope's stands first
			end := at + strings.IndexByte(path[at:], '/')
			sides, path = []string{path[:end]}, path[end+1:]
		}
		content := expanded(t, string(f.Data))
		for _, s := range sides {
			if r.trees[s] == nil {
				r.trees[s] = fileTree{}
			}
			r.trees[s][path] = content
		}
	}
	for side, tree := range r.trees {
		r.packed[side] = worldtest.Pack(tree)
	}
	if facts := r.fields["facts"]; facts != "" {
		r.facts = readAttack(t, filepath.Join("testdata", "attacks", facts+".json"))
	}
	if r.fields["title"] == "" || r.fields["shape"] == "" || r.trees["new"] == nil {
		t.Fatalf("%s: a title, a shape or the new archive is missing", name)
	}
	return r
}

// webAddress finds the hosts of a replay.
var webAddress = regexp.MustCompile(`(?i)\b(?:https?|wss?)://([^/"'\s:?#)>|;,]+)`)

// A replay can reach nothing: its hosts are names that never resolve
// (https://www.rfc-editor.org/rfc/rfc6761), or are put together at run time.
func TestReplaysReachNothing(t *testing.T) {
	found := 0
	for _, r := range slices.Concat(readReplays(t, "attacks"), readReplays(t, "ordinary")) {
		for side, tree := range r.trees {
			for path, content := range tree {
				for _, m := range webAddress.FindAllSubmatch(content, -1) {
					found++
					host := string(m[1])
					if !strings.HasSuffix(host, ".invalid") && !strings.HasSuffix(host, ".example") && !strings.HasPrefix(host, "${") {
						t.Errorf("%s: %s/%s names %s", r.name, side, path, host)
					}
				}
			}
		}
	}
	if found == 0 {
		t.Error("no replay names a host")
	}
}
