package registry

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// asked is the name that each document is asked for by; else it is "wren".
var asked = map[string]string{"scoped.json": "@acme/wren"}

func TestReadNPM(t *testing.T) {
	documents, err := filepath.Glob("testdata/npm/*.json")
	if err != nil || len(documents) == 0 {
		t.Fatal("no documents", err)
	}
	for _, path := range documents {
		t.Run(filepath.Base(path), func(t *testing.T) {
			document, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := readAsText(bytes.NewReader(document), filepath.Base(path))
			if again := readAsText(iotest.OneByteReader(bytes.NewReader(document)), filepath.Base(path)); again != got {
				t.Errorf("read byte by byte it differs: %s", cmp.Diff(got, again))
			}
			golden := strings.TrimSuffix(path, ".json") + ".want"
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
		})
	}
}

func readAsText(r io.Reader, document string) string {
	name := asked[document]
	if name == "" {
		name = "wren"
	}
	p, err := ReadNPM(r, name)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	var text strings.Builder
	if err := json.MarshalWrite(&text, p, json.OmitZeroStructFields(true), jsontext.Multiline(true)); err != nil {
		return "error: " + err.Error() + "\n"
	}
	return text.String() + "\n"
}

func TestBrokenIsSaid(t *testing.T) {
	_, err := ReadNPM(strings.NewReader(`{"name":"finch","versions":{}}`), "wren")
	var broken *Broken
	if !errors.As(err, &broken) || broken.Name != "wren" || broken.Ecosystem != "npm" {
		t.Errorf("error is %#v", err)
	}

	down := errors.New("connection reset")
	_, err = ReadNPM(io.MultiReader(strings.NewReader(`{"name":"wr`), iotest.ErrReader(down)), "wren")
	if !errors.Is(err, down) || !strings.Contains(err.Error(), "connection reset") {
		t.Errorf("the source's error is lost: %v", err)
	}
}

// Every prefix of a document is an error: a mirror that breaks off must never
// look like a package with a shorter history.
func TestReadNPMTruncated(t *testing.T) {
	document, err := os.ReadFile("testdata/npm/full.json")
	if err != nil {
		t.Fatal(err)
	}
	document = bytes.TrimSpace(document)
	for n := range document {
		if p, err := ReadNPM(bytes.NewReader(document[:n]), "wren"); err == nil {
			t.Fatalf("the first %d bytes were taken for a package of %d releases", n, len(p.Releases))
		}
	}
}

func FuzzReadNPM(f *testing.F) {
	documents, _ := filepath.Glob("testdata/npm/*.json")
	for _, path := range documents {
		document, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(document)
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		p, err := ReadNPM(bytes.NewReader(document), "wren")
		if err != nil {
			return
		}
		if !stdjson.Valid(bytes.ToValidUTF8(document, nil)) {
			t.Error("what is not JSON was read")
		}
		seen := make(map[string]bool)
		for i, r := range p.Releases {
			if seen[r.Version] {
				t.Errorf("%q is listed twice", r.Version)
			}
			seen[r.Version] = true
			if i > 0 && r.Published.Before(p.Releases[i-1].Published) {
				t.Errorf("%q is out of order", r.Version)
			}
		}
	})
}
