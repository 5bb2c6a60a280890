package advisory

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// shared gives the path of a file of real records that lies beside the
// repository and is no part of it.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Skip("no go.mod above the test")
		}
	}
	path := filepath.Join(dir, "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("needs the real records of", path)
	}
	return path
}

const realRecords = "osv-npm.jsonl.zst"

func TestRealRecords(t *testing.T) {
	db, err := Open(t.Context(), shared(t, realRecords))
	if err != nil {
		t.Fatal(err)
	}
	const keyvHash = "sha512-N/n4R+nD5SC0fYOpAp4ZnbwwxqGVodgEZ9D7Gm/VBocorU0aQimVyleDWSY6/axdO0/temub760n3hnMppZpUg=="
	tests := []struct {
		name, version string
		hash          string
		id            string // "" for none
		match         Match
	}{
		{"@ctrl/tinycolor", "4.1.0", "", "", 0},
		{"@ctrl/tinycolor", "4.1.1", "", "MAL-2025-47141", ByRange},
		{"@ctrl/tinycolor", "4.2.0", "", "", 0},
		{"axios", "1.14.1", "", "MAL-2026-2307", ByVersion},
		{"axios", "1.14.0", "", "", 0},
		{"keyv", "6.0.0", "", "MAL-2026-11524", ByVersion},
		{"keyv", "5.0.0", "", "", 0},
		{"renamed-copy", "1.0.0", keyvHash, "MAL-2026-11524", ByHash},
		{"portal-shell", "1.0.0", "", "MAL-2021-5", AllVersions},
		{"@convera/ui-shared", "0.0.2", "", "MAL-2026-3724", ByVersion},
		{"react", "35.0.0", "", "", 0}, // withdrawn
		{"lodash", "4.17.21", "", "", 0},
	}
	for _, tt := range tests {
		q := Query{Ecosystem: "npm", Name: tt.name, Version: tt.version}
		if tt.hash != "" {
			q.Integrity = []string{tt.hash}
		}
		found, err := db.Find(t.Context(), []Query{q})
		if err != nil {
			t.Fatal(err)
		}
		got := Merge("npm", found[0])
		switch {
		case tt.id == "" && len(got) == 0:
		case len(got) != 1 || got[0].ID != tt.id || got[0].Match != tt.match || !got[0].Malware:
			t.Errorf("%s@%s: found %+v, want %q", tt.name, tt.version, got, tt.id)
		}
	}
}

// Every version that a record lists is found, by an independent reading of the
// records.
func TestRealRecordsAreAllFound(t *testing.T) {
	db, err := Open(t.Context(), shared(t, realRecords))
	if err != nil {
		t.Fatal(err)
	}
	queries, ids := listed(t, shared(t, realRecords))
	found, err := db.Find(t.Context(), queries)
	if err != nil {
		t.Fatal(err)
	}
	if len(queries) < 15_000 {
		t.Errorf("only %d versions", len(queries))
	}
	for i, q := range queries {
		if !slices.ContainsFunc(Merge("npm", found[i]), func(a Advisory) bool { return a.Malware && slices.Contains(names(a), ids[i]) }) {
			t.Errorf("%s names %s@%s, found %v", ids[i], q.Name, q.Version, found[i])
		}
	}
}

// listed gives each version that a record lists, and the record's id.
func listed(t testing.TB, path string) (queries []Query, ids []string) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unpacked, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer unpacked.Close()
	for lines := bufio.NewScanner(unpacked); lines.Scan(); {
		var r struct {
			ID, Withdrawn string
			Affected      []struct {
				Package  struct{ Name string }
				Versions []string
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		for _, a := range r.Affected {
			for _, v := range a.Versions {
				if r.Withdrawn == "" {
					queries = append(queries, Query{Ecosystem: "npm", Name: a.Package.Name, Version: v})
					ids = append(ids, r.ID)
				}
			}
		}
	}
	return queries, ids
}

func BenchmarkOpen(b *testing.B) {
	path := shared(b, realRecords)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Open(b.Context(), path); err != nil {
			b.Fatal(err)
		}
	}
}

// A lockfile of 6,000 packages, one in twenty of them known.
func BenchmarkFind(b *testing.B) {
	path := shared(b, realRecords)
	db, err := Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	known, _ := listed(b, path)
	var queries []Query
	for i := range 6000 {
		q := known[i]
		if i%20 != 0 {
			q.Name += "-unknown"
		}
		queries = append(queries, q)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := db.Find(b.Context(), queries); err != nil {
			b.Fatal(err)
		}
	}
}
