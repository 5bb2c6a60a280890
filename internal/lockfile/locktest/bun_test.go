package locktest

import (
	"bytes"
	"testing"
)

func TestBun(t *testing.T) {
	for _, entries := range []int{1, 2, 100, 6000} {
		data := Bun(entries, 1)
		if got := bytes.Count(data, []byte(`, "", {`)); got != entries {
			t.Errorf("Bun(%d) has %d entries", entries, got)
		}
		if size := len(data) / entries; entries == 6000 && (size < 220 || size > 280) {
			t.Errorf("an entry has %d bytes, want about 250", size)
		}
	}
	if !bytes.Equal(Bun(50, 1), Bun(50, 1)) {
		t.Error("the same arguments give other bytes")
	}
	if bytes.Equal(Bun(50, 1), Bun(50, 2)) {
		t.Error("another seed gives the same bytes")
	}
}
