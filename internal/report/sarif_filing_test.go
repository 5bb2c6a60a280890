package report

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// alert is what GitHub knows a result by, and what it is about.
type alert struct{ print, about string }

// alertsOf renders a report as SARIF and reads its results.
func alertsOf(t *rapid.T, r *Report) []alert {
	var out bytes.Buffer
	if err := SARIF(&out, r, Options{}); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Results []struct {
				RuleID              string
				Message             struct{ Text string }
				PartialFingerprints map[string]string
				Properties          struct{ PURL string }
				Locations           []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &log, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	var all []alert
	for _, result := range log.Runs[0].Results {
		at := result.Locations[0].PhysicalLocation.ArtifactLocation.URI
		all = append(all, alert{
			print: result.PartialFingerprints["primaryLocationLineHash"],
			about: strings.Join([]string{result.RuleID, result.Properties.PURL, at, result.Message.Text}, "\n"),
		})
	}
	return all
}

// moved gives the world with other lines above each lockfile's entries.
func (w world) moved(t *rapid.T) world {
	move := func(inventories []*lockfile.Inventory) []*lockfile.Inventory {
		var all []*lockfile.Inventory
		for _, inv := range inventories {
			moved, by := *inv, rapid.IntRange(0, 1000).Draw(t, "lines")
			moved.Entries = slices.Clone(inv.Entries)
			for i := range moved.Entries {
				moved.Entries[i].Line += by
			}
			all = append(all, &moved)
		}
		return all
	}
	w.base, w.head = move(w.base), move(w.head)
	return w
}

// Of a whole report: a finding whose line moved is the same alert, and no two
// findings are.
func TestAFindingIsOneAlert(t *testing.T) {
	asTheyCome := func(n int) []int {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return all
	}
	seen := 0
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		alerts := func(w world) []alert {
			r, err := Read(bytes.NewReader(w.report(t, asTheyCome)))
			if err != nil {
				t.Fatal(err)
			}
			return alertsOf(t, r)
		}
		before := alerts(w)
		seen += len(before)
		prints := make(map[string]string)
		for _, a := range before {
			if other, twice := prints[a.print]; twice || a.print == "" {
				t.Fatalf("one fingerprint %q of\n%s\nand\n%s", a.print, a.about, other)
			}
			prints[a.print] = a.about
		}
		for _, a := range alerts(w.moved(t)) {
			if prints[a.print] != a.about {
				t.Fatalf("%q was\n%s\nand is\n%s", a.print, prints[a.print], a.about)
			}
			delete(prints, a.print)
		}
		if len(prints) > 0 {
			t.Fatalf("moved away: %q", prints)
		}
	})
	if seen == 0 {
		t.Error("nothing was ever found")
	}
}

// A finding more, or one less, leaves the others the alerts that they were.
func TestAnAlertDoesNotDependOnOthers(t *testing.T) {
	r := attack()
	var all []Finding
	for _, id := range []string{"GHSA-1", "GHSA-2", "GHSA-3"} {
		all = append(all, Finding{
			Signal: "known-vulnerability", Points: 30, Message: id + " names it.", Evidence: map[string]string{"advisory": id},
			Location: &Location{Path: "package-lock.json", Line: 3},
		})
	}
	print := func(findings []Finding, about string) string {
		r.Changes[0].Findings = findings
		for _, result := range parseSARIF(t, render(t, "sarif", r, Options{})).Results {
			if strings.HasPrefix(*result.Message.Text, about) {
				return result.PartialFingerprints["primaryLocationLineHash"]
			}
		}
		return "none"
	}
	if with, without := print(all, "GHSA-3"), print(all[1:], "GHSA-3"); with != without || with == "none" {
		t.Errorf("%s, and without the first %s", with, without)
	}
}

// Each mode, and each part of a scan, keeps its own alerts.
func TestCategories(t *testing.T) {
	of := func(mode string, shard *Shard) string {
		r := quiet()
		r.Mode, r.Shard = mode, shard
		return *parseSARIF(t, render(t, "sarif", r, Options{})).AutomationDetails.ID
	}
	for want, got := range map[string]string{
		"lockkeeper/check/":       of(ModeCheck, nil),
		"lockkeeper/scan/":        of(ModeScan, nil),
		"lockkeeper/scan-2-of-8/": of(ModeScan, &Shard{2, 8}),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// A report of anything that a registry could say fits what GitHub takes.
func TestSARIFStaysWithinItsSize(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := func(n int) string {
		s := make([]rune, n)
		for i := range s {
			s[i] = rune(0x4e00 + random.IntN(0x5000)) // an ideograph: three bytes, and nothing to compress
		}
		return string(s)
	}
	r := attack()
	r.Changes = nil
	for i := range 6000 {
		r.Changes = append(r.Changes, Change{
			Ecosystem: "npm", Name: fmt.Sprint("a", i), To: "1.0.0", Verdict: "block", Score: 100 - i/100,
			Findings: []Finding{{Signal: "deprecated", Points: 60, Message: noise(1000), Evidence: map[string]string{"notice": noise(300)}}},
		})
	}
	out := render(t, "sarif", r, Options{})
	run := parseSARIF(t, out)
	kept := len(run.Results)
	if size := packedSize(out); size > maxPacked || size < maxPacked/2 || kept == 0 {
		t.Errorf("%d results in %d bytes, where %d are taken", kept, size, maxPacked)
	}
	want := fmt.Sprintf("%d results of less weight left out", 6000-kept)
	if notes := run.Invocations[0].ToolExecutionNotifications; len(notes) == 0 || !strings.HasPrefix(*notes[len(notes)-1].Message.Text, want) {
		t.Errorf("not said: %s", want)
	}
	if last := *run.Results[kept-1].Locations[0].LogicalLocations[0].Name; last != fmt.Sprint("a", kept-1) {
		t.Errorf("the last of %d results is about %s: not the worst are kept", kept, last)
	}
}

func TestSARIFTellsSoManyGaps(t *testing.T) {
	r := quiet()
	for i := range maxNotifications + 7 {
		r.Gaps = append(r.Gaps, Gap{Check: "lockfile", Reason: fmt.Sprint("no ", i), Level: "block", Location: &Location{Path: fmt.Sprint(i, "/yarn.lock"), Line: 1}})
	}
	notes := parseSARIF(t, render(t, "sarif", r, Options{})).Invocations[0].ToolExecutionNotifications
	if len(notes) != maxNotifications+1 || *notes[maxNotifications].Message.Text != "7 gaps more, of less weight, left out" {
		t.Errorf("%d notifications: %+v", len(notes), *notes[len(notes)-1].Message.Text)
	}
}

// GitHub shows an alert on a pull request only where that touches its line: of an
// upgrade the entry's key stays, and its version doesn't.
func TestAnAlertIsOnTheLineThatTheChangeTouches(t *testing.T) {
	at := func(line int) *Location { return &Location{Path: "package-lock.json", Line: line} }
	c := &Change{Locations: []Location{{Path: "package-lock.json", Line: 24, Touched: 25}, {Path: "package-lock.json", Line: 96}}}
	for line, want := range map[int]int{24: 25, 96: 96, 40: 40} {
		l := newSARIF(&Report{}, 10)
		got := l.locations(c, &Finding{Location: at(line)})[0].PhysicalLocation.Region.StartLine
		if *got != want {
			t.Errorf("a finding on line %d is filed at %d, want %d", line, *got, want)
		}
	}
}
