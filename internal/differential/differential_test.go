package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/npmtest"
)

const lockText = `{
  "name": "app",
  "lockfileVersion": 3,
  "packages": {
    "": {"name": "app", "dependencies": {"ms": "^2.0.0"}},
    "node_modules/ms": {
      "version": "2.1.3",
      "resolved": "https://npm.example.com/ms/-/ms-2.1.3.tgz",
      "integrity": "sha512-AAAA",
      "dev": true,
      "hasInstallScript": true,
      "dependencies": {"inner": "1.0.0"}
    },
    "node_modules/inner": {"version": "1.0.0"}
  }
}
`

// onDisk writes a lockfile into a tree of its own.
func onDisk(t *testing.T, text string) lock {
	t.Helper()
	l := lock{root: t.TempDir(), path: "package-lock.json", name: "package-lock.json"}
	if err := os.WriteFile(filepath.Join(l.root, l.path), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return l
}

// agreeing is what a reader that agrees with ours says of lockText.
func agreeing() answer {
	return answer{
		Reader: "test",
		Entries: []theirs{
			{
				Key: "node_modules/ms", Line: 6,
				Fields: map[string]string{
					"name": "ms", "alias": "", "version": "2.1.3", "ecosystem": "", "source": "registry",
					"resolved": "https://npm.example.com/ms/-/ms-2.1.3.tgz", "integrity": "sha512-AAAA", "checksum": "",
					"direct": "true", "dev": "true", "optional": "", "peer": "", "bundled": "", "script": "true",
				},
				Edges: []theirEdge{{"inner", "1.0.0", "node_modules/inner"}},
			},
			{Key: "node_modules/inner", Line: 14, Fields: map[string]string{"version": "1.0.0"}, Edges: []theirEdge{}},
		},
		Roots: []theirRoot{{Folder: "", Edges: []theirEdge{{"ms", "^2.0.0", "node_modules/ms"}}}},
	}
}

// Each way to differ is found, and told by its field.
func TestCompare(t *testing.T) {
	cases := map[string]struct {
		change func(*answer)
		want   string // key, field, ours and theirs of each difference
	}{
		"nothing": {func(*answer) {}, ""},
		"a reader that knows less": {func(a *answer) {
			a.Entries[0].Fields, a.Entries[0].Edges, a.Roots = nil, nil, nil
		}, ""},
		"an entry that we lack": {func(a *answer) {
			a.Entries = append(a.Entries, theirs{Key: "node_modules/more", Line: 9})
		}, `node_modules/more entry "missing" "present"`},
		"an entry that they lack": {func(a *answer) { a.Entries = a.Entries[:1] }, `node_modules/inner entry "present" "missing"`},
		"an entry twice": {func(a *answer) {
			a.Entries = append(a.Entries, a.Entries[1])
		}, `node_modules/inner entry "missing" "present"`},
		"line":      {func(a *answer) { a.Entries[0].Line = 7 }, `node_modules/ms line "6" "7"`},
		"edge":      {func(a *answer) { a.Entries[0].Edges[0][2] = "" }, `node_modules/ms inner edge "1.0.0 → node_modules/inner" "1.0.0 → nothing"`},
		"edge spec": {func(a *answer) { a.Entries[0].Edges[0][1] = "2" }, `node_modules/ms inner edge "1.0.0 → node_modules/inner" "2 → node_modules/inner"`},
		"no edge":   {func(a *answer) { a.Entries[0].Edges = []theirEdge{} }, `node_modules/ms inner edge "1.0.0 → node_modules/inner" "missing"`},
		"one edge more": {func(a *answer) {
			a.Entries[1].Edges = []theirEdge{{"x", "1"}}
		}, `node_modules/inner x edge "missing" "1"`},
		"an edge whose answer isn't known": {func(a *answer) { a.Entries[0].Edges[0] = theirEdge{"inner", "1.0.0"} }, ""},
		"root edge":                        {func(a *answer) { a.Roots[0].Edges[0][1] = "*" }, ` ms root edge "^2.0.0 → node_modules/ms" "* → node_modules/ms"`},
		"a root that we lack":              {func(a *answer) { a.Roots = append(a.Roots, theirRoot{Folder: "x"}) }, `x root "missing" "present"`},
		"a root that they lack":            {func(a *answer) { a.Roots = []theirRoot{} }, ` root "present" "missing"`},
		"a file that they don't read":      {func(a *answer) { *a = answer{Error: "no"} }, ` file "read" "no"`},
		"a field that we don't know":       {func(a *answer) { a.Entries[0].Fields["x"] = "" }, `node_modules/ms x "no such field" ""`},
	}
	for name := range fields {
		cases["field "+name] = struct {
			change func(*answer)
			want   string
		}{
			func(a *answer) { a.Entries[0].Fields[name] = "other" },
			`node_modules/ms ` + name + ` "` + agreeing().Entries[0].Fields[name] + `" "other"`,
		}
	}
	l := onDisk(t, lockText)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a := agreeing()
			c.change(&a)
			var got []string
			for _, d := range compare(l, a).found {
				got = append(got, d.key+" "+d.field+` "`+d.ours+`" "`+d.theirs+`"`)
			}
			if text := strings.Join(got, "\n"); text != c.want {
				t.Errorf("found %s, want %s", text, c.want)
			}
		})
	}
}

func TestCompareUnread(t *testing.T) {
	l := onDisk(t, "{")
	if found := compare(l, answer{Error: "no JSON"}).found; len(found) != 0 {
		t.Errorf("nobody reads it, and yet %v", found)
	}
	if found := compare(l, agreeing()).found; len(found) != 1 || found[0].field != "file" || found[0].theirs != "read" {
		t.Errorf("only they read it: %v", found)
	}
}

// The count of explained differences is held to what the table says, and what
// it doesn't explain is a failure.
func TestReport(t *testing.T) {
	l := onDisk(t, lockText)
	for _, c := range []struct {
		table   string
		changes int // entries whose line is another
		problem bool
	}{
		{"", 0, false},
		{"", 1, true},
		{"1 0 npm-lock-v3 line .*ms 6 7\n    why", 1, false},
		{"2 0 npm-lock-v3 line .*ms 6 7\n    why", 1, true},
		{"0 0 npm-lock-v3 line .*ms 6 7\n    why", 1, true},
		{"1 0 npm-lock-v3 line .*ms 6 7\n    why", 2, true},
		{"0 1 npm-lock-v3 line .*ms 6 7\n    why", 1, true}, // in the fixtures
		{"1 0 npm-lock-v3 line ms 6 7\n    why", 1, true},   // the file and the key as a whole
	} {
		classes, err := parseExplained(c.table)
		if err != nil {
			t.Fatal(err)
		}
		a := agreeing()
		for i := range c.changes {
			a.Entries[i].Line++
		}
		r := report{classes: classes}
		r.begin("corpus")
		r.add(l, a)
		r.end()
		if err := r.print(io.Discard); (err != nil) != c.problem {
			t.Errorf("%q with %d changes: %v", c.table, c.changes, err)
		}
	}
}

func TestExplainedTable(t *testing.T) {
	if _, err := parseExplained(explained); err != nil {
		t.Error(err)
	}
	for _, table := range []string{
		"1 0 a b c d",              // too few columns
		"1 0 a b c d e",            // no reason
		"x 0 a b c d e\n    why",   // no number
		"1 0 ( b c d e\n    why",   // no pattern
		"1 0 a b c d e f\n    why", // too many columns
	} {
		if _, err := parseExplained(table); err == nil {
			t.Errorf("%q is taken", table)
		}
	}
}

func TestReadersArePinned(t *testing.T) { npmtest.Pinned(t, scripts) }

// The fixtures that are in the repository can all be laid out.
func TestFixtures(t *testing.T) {
	root, err := repository()
	if err != nil {
		t.Fatal(err)
	}
	locks, err := fixtures(filepath.Join(root, "testdata", "lockfile"), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	formats := map[string]bool{}
	for _, l := range locks {
		formats[l.path] = true
		if in, err := l.input(); err != nil || len(in.Data) == 0 {
			t.Errorf("%s: %v", l.name, err)
		}
	}
	for _, n := range names {
		if !formats[n.file] {
			t.Errorf("there is no fixture of %s", n.file)
		}
	}
}
