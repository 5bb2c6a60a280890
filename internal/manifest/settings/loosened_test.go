package settings

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite what the cases want")

// publicly is what the cases take for the public registries.
var publicly = Registries{
	Public: []string{"https://npm.example.com/", "https://yarn.example.com/"},
	Scopes: map[string]string{"@jsr": "https://jsr.example.com/"},
}

// The cases: files of a base and a head, and what is loosened between them. A
// comment above says what each shows; several steps are told apart by their
// first folder.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/loosened/*.txtar")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d cases, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sides := map[string]map[string]string{"base": {}, "head": {}}
			for _, f := range archive.Files {
				if which, path, ok := strings.Cut(f.Name, "/"); ok {
					sides[which][path] = string(bytes.TrimSuffix(f.Data, []byte("\n")))
				}
			}
			got := told(Loosened(side(t, sides["base"]), side(t, sides["head"]), publicly))
			want := &archive.Files[len(archive.Files)-1]
			if want.Name != "want" {
				t.Fatalf("the last file is %s, not want", want.Name)
			}
			if *update && got != string(want.Data) {
				want.Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// told shows loosenings, one on a line.
func told(found []Loosening) string {
	var b strings.Builder
	for _, l := range found {
		fmt.Fprintf(&b, "%s:%d %v %s %s", l.Path, l.Line, l.Tools, l.Setting, l.Change)
		if strings.HasPrefix(l.Change, "gains") || strings.HasPrefix(l.Change, "loses") {
			fmt.Fprintf(&b, "; before %s; after %s", l.Before, l.After)
		}
		if l.Lockfile {
			b.WriteString("; lockfile")
		}
		b.WriteByte('\n')
	}
	return b.String()
}
