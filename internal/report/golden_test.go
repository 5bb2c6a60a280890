package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// goldenFormats are set as the Action and a terminal would.
var goldenFormats = []struct {
	extension string
	format    string
	options   Options
}{
	{"txt", "text", Options{}},
	{"color.txt", "text", Options{Color: true, Width: 80}},
	{"json", "json", Options{}},
	{"md", "markdown", Options{
		Repository: "https://github.com/acme/web",
		Page:       func(_, name, _ string) string { return "https://npm.example.com/package/" + name },
	}},
	{"sarif", "sarif", Options{}},
}

func TestGolden(t *testing.T) {
	for _, sample := range samples {
		for _, f := range goldenFormats {
			t.Run(sample.name+"."+f.extension, func(t *testing.T) {
				got := render(t, f.format, sample.report(), f.options)
				if sample.name != "large" || f.extension == "txt" || f.extension == "md" { // a reviewer reads no more
					golden(t, sample.name+"."+f.extension, ruleTexts.ReplaceAll(got, []byte(`"$1": {…}`)))
				}
				if again := render(t, f.format, sample.report(), f.options); !bytes.Equal(got, again) {
					t.Errorf("a second run gives other bytes")
				}
			})
		}
		t.Run(sample.name+".annotations", func(t *testing.T) {
			got, err := json.Marshal(Annotations(sample.report()), jsontext.WithIndent("  "))
			if err != nil {
				t.Fatal(err)
			}
			golden(t, sample.name+".annotations.json", append(got, '\n'))
		})
	}
}

// ruleTexts are the texts of a SARIF log's rules. They are those of the table of
// signals, and what they say is no matter of rendering.
var ruleTexts = regexp.MustCompile(`(?s)"(shortDescription|fullDescription|help)": \{.*?\n *\}`)

// A saved report says all that a renderer needs.
func TestRenderOfSavedReport(t *testing.T) {
	for _, sample := range samples {
		saved, err := Read(bytes.NewReader(render(t, "json", sample.report(), Options{})))
		if err != nil {
			t.Fatalf("%s: %v", sample.name, err)
		}
		for _, f := range goldenFormats {
			direct := render(t, f.format, sample.report(), f.options)
			if diff := cmp.Diff(string(direct), string(render(t, f.format, saved, f.options))); diff != "" {
				t.Errorf("%s as %s differs (-direct +saved):\n%s", sample.name, f.format, diff)
			}
		}
		if diff := cmp.Diff(Annotations(sample.report()), Annotations(saved)); diff != "" {
			t.Errorf("annotations of %s differ (-direct +saved):\n%s", sample.name, diff)
		}
	}
}

func render(t testing.TB, format string, r *Report, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Render(&b, format, r, o); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.Bytes()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites it):\n%s", file, diff)
	}
}
