package lockfile

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"
)

var (
	bunComment  = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|//[^\n]*|/\*(?s:.*?)\*/`)
	bunTrailing = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|,\s*[}\]]`)
)

// uncommented gives the JSON in a bun.lock, line for line.
func uncommented(data []byte) []byte {
	blank := func(text []byte) []byte {
		if text[0] == '/' {
			return bytes.Repeat([]byte("\n"), bytes.Count(text, []byte("\n")))
		}
		if text[0] == ',' {
			return text[1:]
		}
		return text
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	return bunTrailing.ReplaceAllFunc(bunComment.ReplaceAllFunc(data, blank), blank)
}

func TestBunCorpus(t *testing.T) {
	files := corpus(t, "bun.lock")
	entries := 0
	for file, data := range files {
		inv, err := Parse(Input{Path: file, Data: data})
		if err != nil {
			t.Error(err)
			continue
		}
		entries += len(inv.Entries)
		// These are files that bun wrote, so nothing about them is doubtful.
		for _, d := range inv.Doubts {
			t.Errorf("%s:%d: doubt: %s", file, d.Line, d.Message)
		}
		var plain struct{ Packages, Workspaces map[string]json.RawMessage }
		if err := json.Unmarshal(uncommented(data), &plain); err != nil {
			t.Fatal(err)
		}
		if len(inv.Entries) != len(plain.Packages) || len(inv.Roots) != len(plain.Workspaces) {
			t.Errorf("%s: %d entries and %d roots, want %d and %d", file, len(inv.Entries), len(inv.Roots), len(plain.Packages), len(plain.Workspaces))
		}
		noBunEntryIsLost(t, data, inv)
		linesAreRight(t, data, inv)
		bunAnswers(t, inv)
		bunEntriesAreWhole(t, file, inv)
	}
	if len(files) < 5 || entries < 1_500 {
		t.Errorf("%d lockfiles with %d entries", len(files), entries)
	}
}

// bunEntriesAreWhole checks what holds for every entry that bun writes.
func bunEntriesAreWhole(t *testing.T, file string, inv *Inventory) {
	t.Helper()
	reached := newReach(inv).all
	for i, e := range inv.Entries {
		if e.Source == Registry && (e.Version == "" || len(e.Integrity) != 1) {
			t.Errorf("%s:%d: %s@%s has the hashes %q", file, e.Line, e.Name, e.Version, e.Integrity)
		}
		if !reached[i] && e.Source != Workspace {
			t.Errorf("%s:%d: no root leads to %s", file, e.Line, e.Key)
		}
	}
}
