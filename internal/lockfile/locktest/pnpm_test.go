package locktest

import (
	"bytes"
	"testing"
)

func TestPNPM(t *testing.T) {
	for _, entries := range []int{2, 100, 3000} {
		data := PNPM(entries, 1)
		if got := bytes.Count(data, []byte("resolution: {integrity: ")); got != entries {
			t.Errorf("PNPM(%d) has %d entries", entries, got)
		}
		if size := len(data) / entries; entries == 3000 && (size < 250 || size > 400) {
			t.Errorf("an entry has %d bytes, want about 300", size)
		}
	}
	if !bytes.Equal(PNPM(50, 1), PNPM(50, 1)) {
		t.Error("the same arguments give other bytes")
	}
	if bytes.Equal(PNPM(50, 1), PNPM(50, 2)) {
		t.Error("another seed gives the same bytes")
	}
}
