package locktest

import (
	"bytes"
	"testing"
)

func TestYarnClassic(t *testing.T) {
	for _, entries := range []int{1, 2, 100, 6000} {
		data := YarnClassic(entries, 1)
		if got := bytes.Count(data, []byte("\n  version ")); got != entries {
			t.Errorf("YarnClassic(%d) has %d entries", entries, got)
		}
		if size := len(data) / entries; entries == 6000 && (size < 290 || size > 350) {
			t.Errorf("an entry has %d bytes, want about 320", size)
		}
	}
	if !bytes.Equal(YarnClassic(50, 1), YarnClassic(50, 1)) {
		t.Error("the same arguments give other bytes")
	}
	if bytes.Equal(YarnClassic(50, 1), YarnClassic(50, 2)) {
		t.Error("another seed gives the same bytes")
	}
}
