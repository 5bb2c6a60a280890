package report

import (
	"strings"
	"testing"
	"time"
)

// A finding whose fact another one counts stands with that, in every channel.
func TestFindingsThatAreCountedAsAnotherStandWithIt(t *testing.T) {
	finding := func(signal, as, message string, points int) Finding {
		return Finding{Signal: signal, CountedAs: as, Message: message, Points: points}
	}
	excused := finding("new-binary", "new-host", "an excused one", 0)
	excused.Exception = &Exception{State: "applied"}
	list := []Finding{
		finding("new-host", "", "names one", 25),
		finding("orphan", "absent", "alone", 0),
		finding("new-host", "new-host", "names two", 0),
		finding("new-host", "new-host", "names three", 0),
		finding("new-capability", "new-host", "connects", 0),
		finding("large-file-added", "new-host", "is large", 0),
		excused,
	}
	w := newWording(&Report{}, terminal, terminal)
	var got []string
	for _, f := range reasons(list) {
		var told []string
		for _, said := range w.evidence(f, nil) {
			told = append(told, string(said))
		}
		got = append(got, f.Signal+": "+strings.Join(told, " | "))
	}
	want := "new-host: names one | names two | names three | The points also cover new-capability, large-file-added.\norphan: alone\nnew-binary: an excused one"
	if strings.Join(got, "\n") != want {
		t.Errorf("got %s\nwant %s", strings.Join(got, "\n"), want)
	}
	for range 10 {
		list = append(list, finding("new-host", "new-host", "names more", 0))
	}
	if told := w.evidence(reasons(list)[0], nil); len(told) != alike+3 || told[alike+1] != "And 8 more of the kind, in the JSON report." {
		t.Errorf("of many: %q", told)
	}
}

// What to do next speaks of all that decided, not of the first finding alone.
func TestRemediesSpeakOfWhatDecided(t *testing.T) {
	finding := func(signal string, points int) Finding {
		return Finding{Signal: signal, Points: points, Remedy: signal}
	}
	malware := finding("malware", 0)
	malware.Blocks = true
	echo := finding("echo", 0)
	echo.CountedAs = "a"
	r := &Report{Policy: Policy{Warn: 30, Block: 60}}
	for _, c := range []struct {
		list []Finding
		hold *time.Time
		want string
	}{
		{[]Finding{finding("a", 15), finding("b", 15), finding("c", 2)}, nil, "a b"},
		{[]Finding{finding("a", 25), finding("b", 25), finding("c", 15)}, nil, "a b"},
		{[]Finding{finding("a", 68), finding("b", 31), finding("c", 15)}, nil, "a b"},
		{[]Finding{finding("a", 35), echo, finding("young-release", 0)}, nil, "a"},
		{[]Finding{malware, finding("a", 68)}, nil, "malware"},
		{[]Finding{finding("a", 38), finding("young-release", 0)}, &now, "a young-release"},
		{[]Finding{finding("abandoned", 0), finding("young-release", 0)}, &now, "young-release"},
		{[]Finding{finding("policy-changed", 0)}, nil, "policy-changed"},
	} {
		if got := strings.Join(remedies(r, c.list, c.hold), " "); got != c.want {
			t.Errorf("%v: %q, want %q", c.list, got, c.want)
		}
	}
}

// Of evidence that most packages lack, a text gives the number, and of few the
// names.
func TestTextNamesFewPackages(t *testing.T) {
	for _, c := range []struct {
		lack, all int
		want      string
	}{
		{20, 20, "     for  all 20 packages\n"},
		{19, 20, "     for  19 of 20 packages\n"},
		{2, 2, "     for  2 packages: a 1, a 1\n"},
	} {
		r := &Report{Verdict: "unjudged", Mode: ModeScan}
		for i := range c.all {
			change := Change{Name: "a", To: "1", Verdict: "pass"}
			if i < c.lack {
				change.Gaps = []Gap{{Check: "times", Level: "block"}}
			}
			r.Changes = append(r.Changes, change)
		}
		if got := string(render(t, "text", r, Options{})); !strings.Contains(got, c.want) {
			t.Errorf("%d of %d: not in the text: %q\n%s", c.lack, c.all, c.want, got)
		}
	}
}
