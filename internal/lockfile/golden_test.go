package lockfile

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/corpustest"
)

var update = flag.Bool("update", false, "rewrite the .want files")

// Each testdata/lockfile/FORMAT/NAME.in has a NAME.want, which says in full what
// is read from it. A NAME.manifest is the package.json beside the lockfile, and a
// NAME.imports the deno.json.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob(filepath.Join(corpustest.Root(t), "testdata", "lockfile", "*", "*.in"))
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range cases {
		format := filepath.Base(filepath.Dir(file))
		name := strings.TrimSuffix(filepath.Base(file), ".in")
		t.Run(format+"/"+name, func(t *testing.T) {
			beside := map[string]string{"app/package.json": ".manifest", "app/deno.json": ".imports"}
			in := Input{Path: "app/" + lockfileName(format), Data: read(t, file), Manifest: func(path string) ([]byte, bool) {
				data, err := os.ReadFile(strings.TrimSuffix(file, ".in") + beside[path])
				return data, err == nil && beside[path] != ""
			}}
			got := dump(Parse(in))
			want := strings.TrimSuffix(file, ".in") + ".want"
			if *update {
				if err := os.WriteFile(want, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if golden := read(t, want); !bytes.Equal(got, golden) {
				t.Errorf("got:\n%s\nwant:\n%s", got, golden)
			}
		})
	}
}

// lockfileName gives the name under which a format's files are found.
func lockfileName(format string) string {
	for _, known := range [...]struct{ prefix, name string }{
		{"npm-shrinkwrap", "npm-shrinkwrap.json"},
		{"yarn-", "yarn.lock"},
		{"pnpm-", "pnpm-lock.yaml"},
		{"bun-lockb", "bun.lockb"},
		{"bun-", "bun.lock"},
		{"deno-", "deno.lock"},
	} {
		if strings.HasPrefix(format, known.prefix) {
			return known.name
		}
	}
	return "package-lock.json"
}

// byKey finds entries by their keys, the last one where two have the same.
func byKey(inv *Inventory) map[string]int32 {
	at := make(map[string]int32, len(inv.Entries))
	for i := range inv.Entries {
		at[inv.Entries[i].Key] = int32(i)
	}
	return at
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// dump writes all that an inventory says, one line for an entry.
func dump(inv *Inventory, err error) []byte {
	var b bytes.Buffer
	if err != nil {
		fmt.Fprintf(&b, "unread: %v\n", err)
		if u, ok := errors.AsType[*Unread](err); ok {
			fmt.Fprintf(&b, "hint: %s\n", u.Hint)
		}
		return b.Bytes()
	}
	fmt.Fprintf(&b, "%s %s %s\n", inv.Ecosystem, inv.Format, inv.Path)
	for _, r := range inv.Roots {
		fmt.Fprintf(&b, "root %d %q %q%s\n", r.Line, r.Folder, r.Name, edges(r.Dependencies))
	}
	for i := range inv.Entries {
		e := &inv.Entries[i]
		name := e.Name
		if e.Ecosystem != "" {
			name = e.Ecosystem + ":" + name
		}
		fmt.Fprintf(&b, "%d %s | %s@%s | %s%s%s%s\n", e.Line, e.Key, name, e.Version, e.Source, flags(e), origin(e), edges(e.Dependencies))
	}
	for _, d := range inv.Doubts {
		weight := "doubt"
		if d.Packages {
			weight = "DOUBT"
		}
		fmt.Fprintf(&b, "%s %d %s: %s\n", weight, d.Line, d.Key, d.Message)
	}
	return b.Bytes()
}

func flags(e *Entry) string {
	var list []string
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"alias " + e.Alias, e.Alias != ""},
		{"direct", e.Direct},
		{"dev", e.Dev},
		{"optional", e.Optional},
		{"peer", e.Peer},
		{"bundled", e.Bundled},
		{"script", e.InstallScript == Yes},
		{"script unknown", e.InstallScript == Unknown},
		{"deprecated " + e.Deprecated, e.Deprecated != ""},
	} {
		if f.set {
			list = append(list, f.name)
		}
	}
	if list == nil {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}

func origin(e *Entry) string {
	text := ""
	if e.Resolved != "" {
		text += " | " + e.Resolved
	}
	if e.Integrity != nil {
		text += " | " + strings.Join(e.Integrity, " ")
	}
	if e.Checksum != "" {
		text += " | " + e.Checksum
	}
	return text
}

func edges(list []Dependency) string {
	if len(list) == 0 {
		return ""
	}
	kinds := [...]string{Production: "", Development: "dev ", OptionalKind: "optional ", PeerKind: "peer "}
	parts := make([]string, len(list))
	for i, d := range list {
		key := d.Key
		if key == "" {
			key = "?"
		}
		parts[i] = fmt.Sprintf("%s%s@%s → %s", kinds[d.Kind], d.Name, d.Spec, key)
	}
	return " {" + strings.Join(parts, ", ") + "}"
}
