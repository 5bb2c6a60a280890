package locktest

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestNPM(t *testing.T) {
	for _, entries := range []int{1, 2, 100, 6000} {
		data := NPM(entries, 1)
		var file struct{ Packages map[string]json.RawMessage }
		if err := json.Unmarshal(data, &file); err != nil {
			t.Fatal(err)
		}
		if got := len(file.Packages) - 1; got != entries {
			t.Errorf("NPM(%d) has %d entries", entries, got)
		}
		if size := len(data) / entries; entries == 6000 && (size < 450 || size > 550) {
			t.Errorf("an entry has %d bytes, want about 500", size)
		}
	}
	if !bytes.Equal(NPM(50, 1), NPM(50, 1)) {
		t.Error("the same arguments give other bytes")
	}
	if bytes.Equal(NPM(50, 1), NPM(50, 2)) {
		t.Error("another seed gives the same bytes")
	}
}
