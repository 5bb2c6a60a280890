package cli

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/lockkeeper/lockkeeper/internal/artifact/artifacttest"
	"github.com/lockkeeper/lockkeeper/internal/gate"
)

// filesOf reads a folder for an archive.
func filesOf(ts *testscript.TestScript, dir string) map[string]string {
	files := make(map[string]string)
	root := os.DirFS(ts.MkAbs(dir))
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files[name] = string(data)
		return err
	})
	ts.Check(err)
	return files
}

// packs makes an archive of a folder: pack DIR FILE.
func packs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: pack DIR FILE")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), artifacttest.Pack(filesOf(ts, args[0])), 0o644))
}

// shop starts a registry of one package, whose releases are the folders of one
// folder: shop NAME DIR. A release of which there is a file DIR/VERSION.swapped
// is served with those bytes, and one with DIR/VERSION.gone not at all.
func shop(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: shop NAME DIR")
	}
	name, dir := args[0], ts.MkAbs(args[1])
	entries, err := os.ReadDir(dir)
	ts.Check(err)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	ts.Defer(server.Close)
	versions, times := map[string]any{}, map[string]string{"created": "2026-01-01T00:00:00Z"}
	for i, e := range slices.DeleteFunc(entries, func(e os.DirEntry) bool { return !e.IsDir() }) {
		archive := artifacttest.Pack(filesOf(ts, path.Join(args[1], e.Name())))
		file := "/" + name + "/-/" + path.Base(name) + "-" + e.Name() + ".tgz"
		versions[e.Name()] = map[string]any{"name": name, "version": e.Name(), "dist": map[string]string{
			"integrity": artifacttest.Integrity(archive), "tarball": server.URL + file,
		}}
		times[e.Name()] = fmt.Sprintf("2026-02-%02dT00:00:00Z", i+1)
		if swapped, err := os.ReadFile(path.Join(dir, e.Name()+".swapped")); err == nil {
			archive = swapped
		}
		if _, err := os.Stat(path.Join(dir, e.Name()+".gone")); err != nil {
			mux.HandleFunc(file, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(archive) })
		}
	}
	document, err := json.Marshal(map[string]any{"name": name, "versions": versions, "time": times})
	ts.Check(err)
	mux.HandleFunc("/"+name, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(document) })
	ts.Setenv("NPM_CONFIG_REGISTRY", server.URL)
	ts.Setenv("SHOP", server.URL)
}

func TestVersionsOf(t *testing.T) {
	for operand, want := range map[string]gate.Versions{
		"npm:wren@1.0.0..2.0.0":             {Ecosystem: "npm", Name: "wren", Old: "1.0.0", New: "2.0.0"},
		"npm:wren@2.0.0":                    {Ecosystem: "npm", Name: "wren", New: "2.0.0"},
		"npm:@acme/wren@1.0.0-a.1..2.0.0+b": {Ecosystem: "npm", Name: "@acme/wren", Old: "1.0.0-a.1", New: "2.0.0+b"},
		"":                                  {},
		"wren@1.0.0":                        {},
		"npm:wren":                          {},
		"npm:@acme/wren":                    {},
		"npm:wren@":                         {},
		"npm:wren@..2.0.0":                  {},
		"npm:wren@1.0.0..":                  {},
		"npm:wren@1.0.0..2.0.0..3.0.0":      {},
		"npm:@1.0.0":                        {},
		"pypi:wren@1.0.0":                   {},
	} {
		got, err := versionsOf(operand)
		if got != want || (err == nil) != (want != gate.Versions{}) {
			t.Errorf("%q: %+v, %v", operand, got, err)
		}
		if err != nil && !strings.Contains(hintOf(err), "npm:NAME@OLD..NEW") {
			t.Errorf("%q: hint %q", operand, hintOf(err))
		}
	}
}
