package artifact

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the .want files")

// golden calls got for each testdata/FOLDER/NAME.txtar and compares what it
// gives with NAME.want.
func golden(t *testing.T, folder string, got func(t *testing.T, files []txtar.File) string) {
	cases, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text := got(t, archive.Files)
			want := strings.TrimSuffix(file, ".txtar") + ".want"
			if *update {
				if err := os.WriteFile(want, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if data, err := os.ReadFile(want); err != nil || string(data) != text {
				t.Errorf("got:\n%s\nwant:\n%s%v", text, data, err)
			}
		})
	}
}

// version makes a profile of the files in a folder of a case, nil if there are
// none.
func version(t *testing.T, all []txtar.File, folder string) *Profile {
	var items []item
	for _, f := range all {
		if name, ok := strings.CutPrefix(f.Name, folder); ok {
			items = append(items, item{name: "package/" + name, body: string(f.Data)})
		}
	}
	if items == nil {
		return nil
	}
	return mustOpen(t, pack(t, items...))
}

// Each testdata/profile case is an archive, in the order of its files.
func TestProfileGolden(t *testing.T) {
	golden(t, "profile", func(t *testing.T, files []txtar.File) string { return describe(version(t, files, "")) })
}

// Each testdata/delta case has a version in old/ and one in new/.
func TestDeltaGolden(t *testing.T) {
	golden(t, "delta", func(t *testing.T, files []txtar.File) string {
		return describeDelta(Diff(version(t, files, "old/"), version(t, files, "new/")))
	})
}

// describe writes all that a profile says but sizes of the archive, which the
// compressor decides.
func describe(p *Profile) string {
	var b strings.Builder
	if m := p.Manifest; m != nil {
		fmt.Fprintf(&b, "%s@%s main %q bin %q bundles %q\n", m.Name, m.Version, m.Main, m.Bin, m.Bundled)
		for _, name := range slices.Sorted(maps.Keys(m.Dependencies)) {
			fmt.Fprintf(&b, "depends on %s %s\n", name, m.Dependencies[name])
		}
	}
	for _, bundled := range p.Bundled {
		fmt.Fprintf(&b, "bundle %s@%s at %s\n", bundled.Name, bundled.Version, bundled.Path)
	}
	for _, c := range p.Commands {
		fmt.Fprintf(&b, "command %s (%s) %s\n", c.Path, c.Code.Language, c.Text)
	}
	for _, f := range p.Files {
		fmt.Fprintf(&b, "%-8s %-8s %04o %6d %.8s %s", f.Kind, f.Reach, f.Mode, f.Size, f.Hash, f.Path)
		if f.Code != nil {
			fmt.Fprintf(&b, " (%s)", f.Code.Language)
			for _, u := range f.Code.Uses {
				fmt.Fprintf(&b, " %s:%d", u.Capability, u.Line)
			}
			if f.Code.Unreadable != "" {
				fmt.Fprintf(&b, " unreadable: %s", f.Code.Unreadable)
			}
		}
		b.WriteByte('\n')
		for _, e := range f.Excerpts {
			fmt.Fprintf(&b, "\t%d %q\n", e.Offset, e.Text)
		}
	}
	for _, f := range p.Faults {
		fmt.Fprintf(&b, "fault %s %q\n", f.Kind, f.Path)
	}
	fmt.Fprintf(&b, "%d bytes\n", p.Unpacked)
	return b.String()
}

func describeDelta(d *Delta) string {
	var b strings.Builder
	if d.First {
		b.WriteString("first\n")
	}
	for _, c := range d.Changes {
		fmt.Fprintf(&b, "%-7s %s", c.Kind, c.Path)
		if c.From != "" {
			fmt.Fprintf(&b, " from %s", c.From)
		}
		fmt.Fprintf(&b, " %d bytes, %q was %q, %d%% new\n", c.Size, c.Reach, c.Was, c.Novelty)
	}
	for _, n := range d.News {
		fmt.Fprintf(&b, "%s:%d %s %q %q reach %q ×%d", n.Path, n.Line, n.Kind, n.What, n.Text, n.Reach, n.Count)
		if n.Excerpt != "" {
			fmt.Fprintf(&b, " | %s", n.Excerpt)
		}
		b.WriteByte('\n')
	}
	if d.Omitted > 0 {
		fmt.Fprintf(&b, "%d omitted\n", d.Omitted)
	}
	return b.String()
}
