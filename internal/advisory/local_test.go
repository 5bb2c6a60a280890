package advisory

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// readQueries reads testdata/queries.txt.
func readQueries(t testing.TB) []Query {
	t.Helper()
	text, err := os.ReadFile("testdata/queries.txt")
	if err != nil {
		t.Fatal(err)
	}
	var queries []Query
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); fields[0] != "#" {
			queries = append(queries, Query{Ecosystem: "npm", Name: fields[0], Version: fields[1], Integrity: fields[2:]})
		}
	}
	return queries
}

var matches = map[Match]string{ByVersion: "version", ByHash: "hash", ByRange: "range", AllVersions: "all versions"}

// describe writes answers as the golden holds them.
func describe(queries []Query, answers [][]Advisory) string {
	var b strings.Builder
	for i, q := range queries {
		fmt.Fprintf(&b, "%s@%s\n", q.Name, q.Version)
		for _, a := range Merge(q.Ecosystem, answers[i]) {
			kind := "vulnerability"
			if a.Malware {
				kind = "malware"
			}
			fmt.Fprintf(&b, "  %s %v %s by %s", a.ID, a.Aliases, kind, matches[a.Match])
			if a.Severity != Unrated {
				fmt.Fprintf(&b, ", %s", a.Severity)
			}
			if len(a.Fixed) > 0 {
				fmt.Fprintf(&b, ", fixed in %s", strings.Join(a.Fixed, " "))
			}
			if !a.Published.IsZero() {
				fmt.Fprintf(&b, ", %s", a.Published.Format("2006-01-02 15:04"))
			}
			if len(a.Contested)+len(a.Withdrawn) > 0 {
				fmt.Fprintf(&b, ", contested %v, withdrawn %v", a.Contested, a.Withdrawn)
			}
			fmt.Fprintf(&b, ": %q <%s>\n", a.Summary, a.URL)
		}
	}
	return b.String()
}

func TestLocal(t *testing.T) {
	db, err := Open(t.Context(), "testdata/db")
	if err != nil {
		t.Fatal(err)
	}
	queries := readQueries(t)
	answers, err := db.Find(t.Context(), queries)
	if err != nil {
		t.Fatal(err)
	}
	got := describe(queries, answers)
	const golden = "testdata/answers.want"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestLocalKnowsWhatItHolds(t *testing.T) {
	db, err := Open(t.Context(), "testdata/db")
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Find(t.Context(), []Query{{Ecosystem: "npm", Name: "wren", Version: "1.0.0"}, {Ecosystem: "pypi", Name: "wren", Version: "6.0.0"}})
	if err == nil || !strings.Contains(err.Error(), `"pypi"`) {
		t.Errorf("an ecosystem that it has no record of: %v", err)
	}
}

// records gives the texts of testdata/db, by file name.
func records(t testing.TB) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob("testdata/db/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatal("no records", err)
	}
	texts := make(map[string][]byte)
	for _, path := range paths {
		if texts[filepath.Base(path)], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	return texts
}
