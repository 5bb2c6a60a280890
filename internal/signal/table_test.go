package signal

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

func TestRowsAreWhole(t *testing.T) {
	seen := make(map[string]bool)
	for _, s := range Table() {
		if seen[s.ID] || !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(s.ID) {
			t.Errorf("%q: the id is taken or malformed", s.ID)
		}
		seen[s.ID] = true
		for name, text := range map[string]string{"family": string(s.Family), "title": s.Title, "meaning": s.Meaning, "why": s.Why, "remedy": s.Remedy} {
			if text == "" || text != strings.TrimSpace(text) {
				t.Errorf("%s: %s is %q", s.ID, name, text)
			}
		}
		for name, text := range map[string]string{"meaning": s.Meaning, "why": s.Why, "remedy": s.Remedy} {
			if !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %s does not end in a period", s.ID, name)
			}
		}
		if strings.HasSuffix(s.Title, ".") {
			t.Errorf("%s: the title is no noun phrase", s.ID)
		}
		if does := s.Check != nil || s.Repository != nil; does == s.Gap {
			t.Errorf("%s: it needs a Check or a Repository, or else it is a Gap", s.ID)
		}
		if s.Points < 0 || s.Points > 100 || (s.Points == 0 && s.Scale == "") {
			t.Errorf("%s: %d points", s.ID, s.Points)
		}
		// Only what a release's own history says against it ages with it.
		if s.Weighed && (s.Always || s.Family != Takeover && s.Family != Content) {
			t.Errorf("%s: age must not weigh it", s.ID)
		}
		for _, need := range s.Needs {
			if !slices.Contains(evidence.Checks, need) {
				t.Errorf("%s: needs %q, which is no check", s.ID, need)
			}
		}
		if got, ok := Lookup(s.ID); !ok || got.ID != s.ID {
			t.Errorf("%s: is not found by its id", s.ID)
		}
	}
	if _, ok := Lookup("no-such-signal"); ok {
		t.Error("an id that no row has was found")
	}
}

func TestTableIsTheCallers(t *testing.T) {
	Table()[0].ID = "changed"
	if Table()[0].ID == "changed" {
		t.Error("a caller can change the table")
	}
}

// The specification's ids and their order are promises. The table may lack some
// of them, but has no others, but for those named, and no other order.
func TestTableFollowsTheSpecification(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root(t), "..", "shared", "SIGNALS.md"))
	if err != nil {
		t.Skip("the specification, ../shared/SIGNALS.md, is not here")
	}
	var specified []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|").FindAllSubmatch(data, -1) {
		specified = append(specified, string(row[1]))
	}
	rest := specified
	for _, s := range Table() {
		if s.ID == archiveFault.ID {
			continue // younger than the specification
		}
		i := slices.Index(rest, s.ID)
		if i < 0 {
			t.Fatalf("%s is not in the specification, or out of its order:\n%s", s.ID, strings.Join(specified, "\n"))
		}
		rest = rest[i+1:]
	}
}

// root gives the repository's folder: the one with go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test's folder")
		}
		dir = parent
	}
}
