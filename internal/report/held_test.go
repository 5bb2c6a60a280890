package report

import (
	"testing"
	"time"
)

func TestTheEndOfAHoldIsFoundAgain(t *testing.T) {
	found := 0
	for _, n := range Annotations(cooling()) {
		if until, ok := HeldUntil(n.Title); ok {
			found++
			if want := time.Date(2026, 4, 1, 5, 10, 0, 0, time.UTC); !until.Equal(want) || n.Level != "notice" {
				t.Errorf("%s: held until %s, want %s", n.Level, until, want)
			}
		}
	}
	if found != 1 {
		t.Errorf("%d annotations say when the hold ends", found)
	}
	for _, n := range Annotations(attack()) {
		if _, ok := HeldUntil(n.Title); ok {
			t.Errorf("a blocked run says that it is held: %s", n.Title)
		}
	}
}

// What an annotation of a failed job says is known again; what other tools say
// is not.
func TestOurTitlesAreKnown(t *testing.T) {
	for _, r := range []*Report{attack(), cooling(), outage(), loosened()} {
		for _, n := range Annotations(r) {
			if (n.Level == "error" || n.Level == "warning") && !Told(n.Title) {
				t.Errorf("%q is not known again", n.Title)
			}
		}
	}
	for title, want := range map[string]bool{
		"Lockkeeper": true, heldTitle + "2026-04-01T05:10:00Z": true, "UNJUDGED: vite 7.0.1": true,
		"": false, "tests fail": false, "PASS: vite": false, "BLOCK": false, " BLOCK: vite": false, "error: BLOCK: vite": false, "Lockkeeper's tests": false,
	} {
		if Told(title) != want {
			t.Errorf("%q: %v, want %v", title, !want, want)
		}
	}
}

func TestOtherTitlesHoldNothing(t *testing.T) {
	for _, title := range []string{"", "HOLD: vite 7.0.1", heldTitle, heldTitle + "tomorrow", "x " + heldTitle + "2026-04-01T05:10:00Z", heldTitle + "2026-04-01T05:10:00Z\n"} {
		if until, ok := HeldUntil(title); ok {
			t.Errorf("%q holds until %s", title, until)
		}
	}
}
