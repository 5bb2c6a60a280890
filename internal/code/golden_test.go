package code

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the .want files")

// Each testdata/NAME.EXT has a NAME.EXT.want, which says in full what is read from
// it. The snippets are inert: their hosts lie under .invalid, and no secret is sent.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d cases: %v", len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".want") || strings.HasPrefix(filepath.Base(file), "fuzz") {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			data := contents(t, file)
			got := dump(Read(file, data))
			if *update {
				if err := os.WriteFile(file+".want", []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := string(contents(t, file+".want")); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func contents(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
}

// dump writes all that a profile says but its digests, one line for a finding.
func dump(p *Profile) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d lines\n", p.Language, p.Lines)
	for _, u := range p.Uses {
		fmt.Fprintf(&b, "%d use %s: %s\n", u.Line, u.Capability, u.What)
	}
	for _, m := range p.Mentions {
		fmt.Fprintf(&b, "%d mention %s: %s\n", m.Line, m.Host, m.Text)
	}
	for _, m := range p.Modules {
		fmt.Fprintf(&b, "%d module %s\n", m.Line, m.Name)
	}
	for _, t := range p.Traits {
		fmt.Fprintf(&b, "%d trait %s: %d\n", t.Line, t.Kind, t.Count)
	}
	if p.Unreadable != "" {
		fmt.Fprintf(&b, "unreadable: %s\n", p.Unreadable)
	}
	return b.String()
}
