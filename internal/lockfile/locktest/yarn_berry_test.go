package locktest

import (
	"bytes"
	"testing"

	"go.yaml.in/yaml/v4"
)

func TestYarnBerry(t *testing.T) {
	for _, entries := range []int{1, 2, 100, 2000} {
		data := YarnBerry(entries, 1)
		var file map[string]any
		if err := yaml.Unmarshal(data, &file); err != nil {
			t.Fatal(err)
		}
		if got := len(file) - 2; got != entries { // the metadata and the root
			t.Errorf("YarnBerry(%d) has %d entries", entries, got)
		}
		if size := len(data) / entries; entries == 2000 && (size < 350 || size > 450) {
			t.Errorf("an entry has %d bytes, want about 400", size)
		}
	}
	if !bytes.Equal(YarnBerry(50, 1), YarnBerry(50, 1)) {
		t.Error("the same arguments give other bytes")
	}
	if bytes.Equal(YarnBerry(50, 1), YarnBerry(50, 2)) {
		t.Error("another seed gives the same bytes")
	}
}
