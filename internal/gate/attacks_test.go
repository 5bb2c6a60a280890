package gate

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/report"
)

// attack is one that was: what is known of it, and the pull requests that it
// would have met.
type attack struct {
	Name    string   `json:"attack"`
	Sources []string `json:"sources"`
	stage
	Updates []met    `json:"updates"`
	Beyond  string   `json:"beyond"`  // what no registry tells
	Assumed []string `json:"assumed"` // what had to be filled in, and how
}

// met is a pull request, and the id of the advisory that later named what it
// brings in; "" where no source gives one.
type met struct {
	bump
	Advisory string `json:"advisory"`
}

// outcome is what the gate said of one pull request.
type outcome struct {
	attack *attack
	update met
	// As of two hours after publication with no advisory, the same with no
	// cooldown, and four days after it.
	fresh, unheld, rested *report.Report
	advised               *report.Report // an hour after the advisory; nil where none is on record
	lag                   time.Duration  // from publication to the advisory; zero if not known
}

const (
	freshAge  = 2 * time.Hour
	restedAge = 4 * 24 * time.Hour
)

// TestAttacks judges the attacks on npm packages since 2021 of which it is
// known what the registry showed, and keeps docs/attacks.md equal to what the
// gate says. The processors and the order of answers must not matter.
func TestAttacks(t *testing.T) {
	attacks := readAttacks(t)
	keepDocument(t, "attacks.md", func() []byte { return attackDocument(t, attacks) })
}

// keepDocument holds a document of docs against what the gate says, with one
// processor as with many.
func keepDocument(t *testing.T, name string, write func() []byte) {
	t.Helper()
	got := write()
	before := runtime.GOMAXPROCS(1)
	again := write()
	runtime.GOMAXPROCS(before)
	if !bytes.Equal(got, again) {
		t.Error("one processor gives another document than many")
	}
	path := filepath.Join("..", "..", "docs", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("docs/%s is not what the gate says; run the test with -update and review the difference (-want +got):\n%s",
			name, cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")))
	}
}

func attackDocument(t *testing.T, attacks []*attack) []byte {
	t.Helper()
	var outcomes []outcome
	for _, a := range attacks {
		for _, u := range a.Updates {
			outcomes = append(outcomes, a.try(t, u))
		}
	}
	return attackTable(outcomes)
}

func (a *attack) try(t *testing.T, u met) outcome {
	t.Helper()
	bad, ok := a.edition(u.Package, u.To)
	if !ok {
		t.Fatalf("%s: %s has no release %s", a.Name, u.Package, u.To)
	}
	published := moment(t, bad.Published)
	o := outcome{
		attack: a,
		update: u,
		fresh:  a.judge(t, u.bump, published.Add(freshAge), false, ""),
		unheld: a.judge(t, u.bump, published.Add(freshAge), false, "0h"),
		rested: a.judge(t, u.bump, published.Add(restedAge), false, ""),
	}
	if v := o.fresh.Verdict; v != "block" && v != "hold" {
		t.Errorf("%s: %s at publication", o.title(), v)
	}
	if o.unheld.Verdict != "block" && a.Beyond == "" {
		t.Errorf("%s: what would show it beyond the registry?", o.title())
	}
	i := slices.IndexFunc(a.Advisories, func(n notice) bool { return n.ID == u.Advisory })
	if i < 0 {
		return o
	}
	now := published.Add(restedAge)
	if written := a.Advisories[i].Published; written != "" {
		o.lag = moment(t, written).Sub(published)
		now = moment(t, written).Add(time.Hour)
	}
	o.advised = a.judge(t, u.bump, now, true, "")
	if o.advised.Verdict != "block" {
		t.Errorf("%s: %s after %s", o.title(), o.advised.Verdict, u.Advisory)
	}
	return o
}

// readAttacks gives the attacks in the order of their dates.
func readAttacks(t *testing.T) []*attack {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "attacks", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no attacks: %v", err)
	}
	slices.Sort(files)
	var attacks []*attack
	for _, file := range files {
		attacks = append(attacks, readAttack(t, file))
	}
	return attacks
}

func readAttack(t *testing.T, file string) *attack {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := &attack{}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields() // a misspelt fact would be one that is left out
	if err := decoder.Decode(a); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	a.date(t)
	return a
}

// date puts in the dates that no source gives: those of releases that stand so
// many days before the first update's, and, for a package that was there before
// the attack, that of its first publication.
func (a *attack) date(t *testing.T) {
	t.Helper()
	const years = 5
	for name, h := range a.Packages {
		var attacked time.Time
		if i := slices.IndexFunc(a.Updates, func(u met) bool { return u.Package == name }); i >= 0 {
			bad, _ := a.edition(name, a.Updates[i].To)
			attacked = moment(t, bad.Published)
			if a.Updates[i].From != "" {
				h.Created = attacked.AddDate(-years, 0, 0).Format(time.RFC3339)
				a.Packages[name] = h
			}
		}
		for i := range h.Releases {
			e := &h.Releases[i]
			if (e.Before > 0) == (e.Published != "") || e.Before > 0 && attacked.IsZero() {
				t.Fatalf("%s: %s %s needs a date, or the days before an update", a.Name, name, e.Version)
			}
			if e.Before > 0 {
				e.Published = attacked.AddDate(0, 0, -e.Before).Format(time.RFC3339Nano)
			}
		}
	}
}
