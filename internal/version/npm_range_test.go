package version

import (
	"bufio"
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestSatisfies holds npm's own answers: the table was written by node-semver.
func TestSatisfies(t *testing.T) {
	table, err := os.ReadFile("testdata/npm_ranges.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var versions []string
	checked := 0
	rows := bufio.NewScanner(bytes.NewReader(table))
	rows.Scan() // where the table comes from
	for rows.Scan() {
		spec, want, _ := strings.Cut(rows.Text(), "\t")
		if spec == "versions" {
			versions = strings.Fields(want)
			continue
		}
		for i, v := range versions {
			ok, known := Satisfies("npm", v, spec)
			if known != (want != "invalid") {
				t.Errorf("%q: known = %v, want %s", spec, known, want)
				break
			}
			checked++
			if known && ok != (want[i] == '1') {
				t.Errorf("Satisfies(%q, %q) = %v", v, spec, ok)
			}
		}
	}
	if checked < 1000 {
		t.Errorf("the table has only %d answers", checked)
	}
}

func TestSatisfiesHasLimits(t *testing.T) {
	if _, known := Satisfies("npm", "1.0.0", strings.Repeat("1.0.0||", maxSpec)); known {
		t.Error("a range of any length was read")
	}
	if _, known := Satisfies("npm", "latest", "*"); known {
		t.Error("a version that does not parse lies in no known range")
	}
}

func FuzzSatisfies(f *testing.F) {
	for _, v := range ascending {
		f.Add(v, "^1.0.0 || 2.x - 3")
		f.Add("1.0.0", v)
	}
	f.Fuzz(func(t *testing.T, v, spec string) {
		ok, known := Satisfies("npm", v, spec)
		if ok && !known {
			t.Errorf("Satisfies(%q, %q) says yes without knowing", v, spec)
		}
		if known && !Valid("npm", v) {
			t.Errorf("Satisfies(%q, %q) knows of a version that does not parse", v, spec)
		}
	})
}
