package report

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/policy"
)

func TestBuildOrdersWorstFirst(t *testing.T) {
	in := input()
	in.Judgement.Cases = []policy.Judged{
		judged("a", "1.0.0", "1.0.1", 1, policy.Pass, 29),
		judged("b", "1.0.0", "1.0.1", 2, policy.Warn, 30),
		judged("c", "1.0.0", "1.0.1", 3, policy.Unjudged, 0),
		judged("d", "1.0.0", "1.0.1", 4, policy.Hold, 0),
		judged("e", "1.0.0", "1.0.2", 5, policy.Block, 60),
		judged("e", "1.0.0", "1.0.1", 6, policy.Block, 60),
		judged("f", "1.0.0", "1.0.1", 7, policy.Block, 80),
	}
	want := render(t, "json", Build(in), Options{})
	var names []string
	for _, c := range Build(in).Changes {
		names = append(names, c.Name+"@"+c.To)
	}
	if got, want := strings.Join(names, " "), "f@1.0.1 e@1.0.1 e@1.0.2 d@1.0.1 c@1.0.1 b@1.0.1 a@1.0.1"; got != want {
		t.Errorf("order %s, want %s", got, want)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		random.Shuffle(len(in.Judgement.Cases), func(i, j int) {
			in.Judgement.Cases[i], in.Judgement.Cases[j] = in.Judgement.Cases[j], in.Judgement.Cases[i]
		})
		if got := render(t, "json", Build(in), Options{}); !bytes.Equal(got, want) {
			t.Fatal("the order of the cases shows in the document")
		}
	}
}

func TestBuildFoldsSharedGaps(t *testing.T) {
	in := input()
	down := lacking(evidence.History, policy.LevelBlock, "no answer", "try again")
	in.Judgement.Gaps = []policy.WeighedGap{{Level: policy.LevelBlock, Gap: evidence.Gap{Check: evidence.Lockfile, Reason: "unread", Path: "bun.lock"}}}
	in.Judgement.Cases = []policy.Judged{
		judged("a", "1.0.0", "1.0.1", 1, policy.Unjudged, 0, lacking(evidence.Advisories, policy.LevelBlock, "no answer", ""), down),
		judged("b", "1.0.0", "1.0.1", 2, policy.Unjudged, 0, lacking(evidence.Advisories, policy.LevelBlock, "no answer", ""), down),
		judged("c", "1.0.0", "1.0.1", 3, policy.Unjudged, 0, down, lacking(evidence.Times, policy.LevelWarn, "no times", "")),
	}
	r := Build(in)
	want := []Gap{
		{Check: "lockfile", Reason: "unread", Level: "block", Location: &Location{Path: "bun.lock"}},
		{Check: "registry", Reason: "no answer", Hint: "try again", Level: "block", Packages: 3},
		{Check: "advisories", Reason: "no answer", Level: "block", Packages: 2},
	}
	if diff := cmp.Diff(want, r.Gaps); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range r.Changes {
		if len(c.Gaps) != 2 {
			t.Errorf("%s keeps %d of its 2 gaps", c.Name, len(c.Gaps))
		}
	}
}

func TestBuildCapsLocations(t *testing.T) {
	in := input()
	j := judged("a", "1.0.0", "1.0.1", 1, policy.Pass, 0)
	j.Dossier.Change.Head = nil
	for i := range 70 {
		place := change.Place{Lockfile: fmt.Sprintf("%02d/package-lock.json", i), Entry: &lockfile.Entry{Line: 5}}
		j.Dossier.Change.Head = append(j.Dossier.Change.Head, place, place)
	}
	in.Judgement.Cases = []policy.Judged{j}
	c := Build(in).Changes[0]
	if len(c.Locations) != maxLocations || c.MoreLocations != 20 {
		t.Errorf("%d locations, %d more", len(c.Locations), c.MoreLocations)
	}
}

func TestBuildOfRemovedPackage(t *testing.T) {
	c := quiet().Changes[2]
	if c.PURL != "pkg:npm/left-pad@1.3.0" || c.Kind != "removed" || len(c.Locations) != 1 || c.Locations[0].Line != 77 {
		t.Errorf("%+v", c)
	}
}

func TestPackageURL(t *testing.T) {
	for _, c := range []struct{ ecosystem, name, version, want string }{
		{"npm", "axios", "1.14.1", "pkg:npm/axios@1.14.1"},
		{"npm", "@babel/core", "7.0.0", "pkg:npm/%40babel/core@7.0.0"},
		{"npm", "a", "1.0.0+build", "pkg:npm/a@1.0.0%2Bbuild"},
		{"npm", "a", "", "pkg:npm/a"},
		{"npm", "a?b#c d@e", "1", "pkg:npm/a%3Fb%23c%20d%40e@1"},
		{"jsr", "@std/fs", "1.0.0", "pkg:jsr/%40std/fs@1.0.0"},
		{"deno", "https://modules.example/std", "0.224.0", "pkg:generic/modules.example/std@0.224.0"},
		{"deno", "https://modules.example:8000/q/mod.ts?a=b", "", "pkg:generic/modules.example:8000/q/mod.ts%3Fa%3Db"},
	} {
		if got := packageURL(c.ecosystem, c.name, c.version); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.name, c.version, got, c.want)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 24 * time.Hour: "24h", 90 * time.Minute: "1h30m", 10 * time.Minute: "10m", 45 * time.Second: "45s",
	} {
		if got := duration(d); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	valid := string(render(t, "json", attack(), Options{}))
	for name, doc := range map[string]string{
		"nothing":            "",
		"no report":          `{"schema": "lockkeeper.inventory/v1"}`,
		"another version":    strings.Replace(valid, Schema, "lockkeeper.report/v2", 1),
		"unknown verdict":    strings.Replace(valid, `"verdict": "pass"`, `"verdict": "fine"`, 1),
		"no verdict":         `{"schema": "lockkeeper.report/v1"}`,
		"a list":             "[]",
		"null":               "null",
		"truncated":          valid[:len(valid)/2],
		"two documents":      valid + valid,
		"duplicate member":   strings.Replace(valid, `"score": 100,`, `"score": 100, "score": 0,`, 1),
		"not UTF-8":          strings.Replace(valid, "axios", "ax\xffios", 1),
		"a number as string": strings.Replace(valid, `"score": 100`, `"score": "100"`, 1),
		"deep":               `{"x":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`,
	} {
		if r, err := Read(strings.NewReader(doc)); err == nil {
			t.Errorf("%s: read as %.100v", name, r)
		}
	}
	if _, err := Read(strings.NewReader(`{"schema": "lockkeeper.inventory/v1"}`)); !errors.Is(err, ErrNotReport) {
		t.Errorf("error %v, want ErrNotReport", err)
	}
}

func TestReadToleratesUnknownMembers(t *testing.T) {
	valid := string(render(t, "json", attack(), Options{}))
	later := strings.Replace(valid, `"mode":`, `"later": {"a": [1]}, "mode":`, 1)
	if _, err := Read(strings.NewReader(later)); err != nil {
		t.Error(err)
	}
}

// endless is a document that never ends.
type endless struct{ begun bool }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	if !e.begun {
		e.begun = true
		p[0] = '{'
	}
	return len(p), nil
}

func TestReadStopsAtItsCap(t *testing.T) {
	_, err := read(&endless{}, 2<<20)
	if err == nil || !strings.Contains(err.Error(), "larger than 2 MiB") {
		t.Errorf("%v", err)
	}
}

func TestRenderOfUnknownFormat(t *testing.T) {
	err := Render(&bytes.Buffer{}, "pdf", attack(), Options{})
	if err == nil || !strings.Contains(err.Error(), "text, json, markdown, sarif") {
		t.Errorf("%v", err)
	}
}
