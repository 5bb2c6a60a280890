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

func TestOtherTitlesHoldNothing(t *testing.T) {
	for _, title := range []string{"", "HOLD: vite 7.0.1", heldTitle, heldTitle + "tomorrow", "x " + heldTitle + "2026-04-01T05:10:00Z", heldTitle + "2026-04-01T05:10:00Z\n"} {
		if until, ok := HeldUntil(title); ok {
			t.Errorf("%q holds until %s", title, until)
		}
	}
}
