package advisory

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

// file writes a file of that name in a folder of its own.
func file(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func lines(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	texts := records(t)
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		line := jsontext.Value(texts[name])
		if err := line.Compact(jsontext.AllowInvalidUTF8(true)); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\r\n\n", line)
	}
	return b.Bytes()
}

func compressed(t testing.TB, text []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(text, nil)
}

func archive(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every form of a database gives the same answers, whatever it is called.
func TestOpenForms(t *testing.T) {
	folder := t.TempDir()
	for name, text := range records(t) {
		dir := filepath.Join(folder, name[:3])
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "README.md"), []byte("not a record"), 0o644); err != nil {
		t.Fatal(err)
	}
	zipped := records(t)
	zipped["npm/README.md"] = []byte("not a record")
	forms := map[string]string{
		"folder":         folder,
		"zip":            file(t, "all.zip", archive(t, zipped)),
		"zip by content": file(t, "database", archive(t, zipped)),
		"JSON Lines":     file(t, "npm.jsonl", lines(t)),
		"ndjson":         file(t, "npm.ndjson", lines(t)),
		"zstd":           file(t, "npm.jsonl.zst", compressed(t, lines(t))),
		"zstd, in parts": file(t, "npm.zst", append(compressed(t, lines(t)[:1000]), compressed(t, lines(t)[1000:])...)),
	}
	want, err := os.ReadFile("testdata/answers.want")
	if err != nil {
		t.Fatal(err)
	}
	queries := readQueries(t)
	for name, path := range forms {
		t.Run(name, func(t *testing.T) {
			db, err := Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			answers, err := db.Find(t.Context(), queries)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), describe(queries, answers)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestOpenSingleRecord(t *testing.T) {
	db, err := Open(t.Context(), "testdata/db/MAL-2026-1.json")
	if err != nil {
		t.Fatal(err)
	}
	found, err := db.Find(t.Context(), []Query{{Ecosystem: "npm", Name: "junk-name", Version: "1.0.0"}})
	if err != nil || len(found[0]) != 1 {
		t.Errorf("found %v, %v", found, err)
	}
}

// A database that can't be read whole is an error that says where, and never
// one that knows less.
func TestOpenFails(t *testing.T) {
	good := lines(t)
	broken := append(bytes.Clone(good), `{"id":"MAL-1","affected":[{"package":{"ecosystem":"npm","name":7}}]}`...)
	packed := compressed(t, good)
	zipped := archive(t, records(t))
	huge := bytes.Repeat([]byte(" "), maxRecord+1)
	tests := []struct{ name, path, want string }{
		{"missing", filepath.Join(t.TempDir(), "none.jsonl"), "no such file"},
		{"empty file", file(t, "a.jsonl", nil), "holds no record"},
		{"empty folder", t.TempDir(), "holds no record"},
		{"empty zip", file(t, "a.zip", archive(t, nil)), "holds no record"},
		{"other ecosystems only", "testdata/db/PYSEC-2026-1.json", "holds no record"},
		{"a page", file(t, "a.jsonl", []byte("<html>")), "line 1: is no OSV record"},
		{"a broken line", file(t, "a.jsonl", broken), fmt.Sprintf("line %d: is no OSV record", bytes.Count(good, []byte("\n"))+1)},
		{"half a line", file(t, "a.jsonl", good[:len(good)-40]), "is no OSV record"},
		{"a long line", file(t, "a.jsonl", append(bytes.Clone(good), huge...)), "has more than 16777216 bytes"},
		{"half a zstd file", file(t, "a.zst", packed[:len(packed)/2]), "unexpected EOF"},
		{"zstd of a page", file(t, "a.zst", compressed(t, []byte("<html>"))), "line 1: is no OSV record"},
		{"zstd with a huge window", file(t, "a.zst", []byte("\x28\xb5\x2f\xfd\x00\xa0\x01\x00\x00")), "window size exceeded"},
		{"zstd of one long line", file(t, "a.zst", compressed(t, huge)), "has more than 16777216 bytes"},
		{"half a zip", file(t, "a.zip", zipped[:len(zipped)/2]), "not a valid zip file"},
		{"a damaged zip", file(t, "a.zip", damaged(zipped)), `"CVE-2026-0001.json": `},
		{"a zip bomb", file(t, "a.zip", archive(t, map[string][]byte{"a.json": huge})), `"a.json": has more than 16777216 bytes`},
		{"a broken file in a zip", file(t, "a.zip", archive(t, map[string][]byte{"x/a.json": []byte("{")})), `"x/a.json": is no OSV record`},
		{"a broken file in a folder", filepath.Dir(file(t, "a.json", []byte("[]"))), "a.json: is no OSV record"},
		{"a link out of the folder", linked(t), "a.json: "},
		{"a device", os.DevNull, "is neither a file nor a folder"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db, err := Open(t.Context(), tt.path)
			if err == nil || db != nil {
				t.Fatalf("got %v, %v", db, err)
			}
			if got := err.Error(); !strings.HasPrefix(got, "advisories: "+tt.path+": ") || !strings.Contains(got, tt.want) {
				t.Errorf("error is %q, want %q", got, tt.want)
			}
		})
	}
}

// damaged changes a byte of the first file's content.
func damaged(zipped []byte) []byte {
	zipped = bytes.Clone(zipped)
	zipped[len("PK\x03\x04")+26+len("CVE-2026-0001.json")+20] ^= 0xff
	return zipped
}

// linked gives a folder that holds a link to a record outside of it.
func linked(t *testing.T) string {
	t.Helper()
	outside := file(t, "a.json", records(t)["MAL-2026-1.json"])
	folder := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(folder, "a.json")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	return folder
}

func TestOpenStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, path := range []string{"testdata/db", file(t, "a.jsonl", lines(t)), file(t, "a.zip", archive(t, records(t)))} {
		if _, err := Open(ctx, path); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error is %v", path, err)
		}
	}
}
