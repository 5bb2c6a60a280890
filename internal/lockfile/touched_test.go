package lockfile

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Each format has another line for what a change of one entry touches.
func TestTouch(t *testing.T) {
	one, two := "sha512-"+strings.Repeat("A", 86)+"==", "sha512-"+strings.Repeat("B", 86)+"=="
	for _, c := range []struct {
		name, file, base string
		change           []string // what of the base's text the head has otherwise, in pairs
		want             map[string]string
	}{
		{
			name: "npm, another version", file: "package-lock.json",
			base: `{"lockfileVersion": 3, "packages": {
"": {"dependencies": {"a": "1", "b": "1"}},
"node_modules/a": {
"version": "1.0.0",
"integrity": "ONE"
},
"node_modules/b": {
"version": "1.0.0",
"integrity": "ONE"
}}}`,
			change: []string{"\"node_modules/b\": {\n\"version\": \"1.0.0\"", "\"node_modules/b\": {\n\"version\": \"1.0.1\""},
			want:   map[string]string{"node_modules/b": `"version": "1.0.1",`, "node_modules/a": ""},
		},
		{
			name: "npm, another hash", file: "package-lock.json",
			base: `{"lockfileVersion": 3, "packages": {
"": {"dependencies": {"a": "1"}},
"node_modules/a": {
"version": "1.0.0",
"resolved": "https://registry.example/a/-/a-1.0.0.tgz",
"integrity": "ONE"
}}}`,
			change: []string{"ONE", "TWO"},
			want:   map[string]string{"node_modules/a": `"integrity": "TWO"`},
		},
		{
			name: "npm 6, another hash further in", file: "package-lock.json",
			base: `{"lockfileVersion": 1, "dependencies": {
"a": {
"version": "1.0.0",
"integrity": "ONE",
"dependencies": {
"b": {
"version": "2.0.0",
"integrity": "ONE"
}}}}}`,
			change: []string{"\"2.0.0\",\n\"integrity\": \"ONE\"", "\"2.0.0\",\n\"integrity\": \"TWO\""},
			want:   map[string]string{"node_modules/a/node_modules/b": `"integrity": "TWO"`, "node_modules/a": ""},
		},
		{
			name: "npm, an entry more", file: "package-lock.json",
			base: `{"lockfileVersion": 3, "packages": {
"": {"dependencies": {"a": "1"}},
"node_modules/a": {
"version": "1.0.0"
}}}`,
			change: []string{"\"node_modules/a\": {", "\"node_modules/0\": {\n\"version\": \"1.0.0\"\n},\n\"node_modules/a\": {"},
			want:   map[string]string{"node_modules/0": `"node_modules/0": {`, "node_modules/a": ""},
		},
		{
			name: "yarn, another version", file: "yarn.lock",
			base:   "# yarn lockfile v1\n\n\na@^1.0.0:\n  version \"1.0.0\"\n  resolved \"https://registry.example/a/-/a-1.0.0.tgz\"\n  integrity ONE\n",
			change: []string{`version "1.0.0"`, `version "1.0.1"`},
			want:   map[string]string{"a@^1.0.0": `  version "1.0.1"`},
		},
		{
			name: "yarn, another hash", file: "yarn.lock",
			base:   "# yarn lockfile v1\n\n\na@^1.0.0:\n  version \"1.0.0\"\n  resolved \"https://registry.example/a/-/a-1.0.0.tgz\"\n  integrity ONE\n",
			change: []string{"ONE", "TWO"},
			want:   map[string]string{"a@^1.0.0": "  integrity TWO"},
		},
		{
			name: "yarn 2, another checksum", file: "yarn.lock",
			base: "__metadata:\n  version: 8\n  cacheKey: 10c0\n\n\"a@npm:^1.0.0\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n  checksum: 10c0/" +
				strings.Repeat("a", 128) + "\n  languageName: node\n  linkType: hard\n",
			change: []string{strings.Repeat("a", 128), strings.Repeat("b", 128)},
			want:   map[string]string{"a@npm:^1.0.0": "  checksum: 10c0/" + strings.Repeat("b", 128)},
		},
		{
			name: "pnpm, another hash", file: "pnpm-lock.yaml",
			base: "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n        version: 1.0.0\n\n" +
				"packages:\n\n  a@1.0.0:\n    resolution: {integrity: ONE}\n\nsnapshots:\n\n  a@1.0.0: {}\n",
			change: []string{"ONE", "TWO"},
			want:   map[string]string{"a@1.0.0": "    resolution: {integrity: TWO}"},
		},
		{
			name: "bun, another hash", file: "bun.lock",
			base: "{\n  \"lockfileVersion\": 1,\n  \"workspaces\": {\n    \"\": {\n      \"name\": \"x\",\n      \"dependencies\": {\n        \"a\": \"^1.0.0\",\n      },\n    },\n  },\n" +
				"  \"packages\": {\n    \"a\": [\"a@1.0.0\", \"\", {}, \"ONE\"],\n  }\n}\n",
			change: []string{"ONE", "TWO"},
			want:   map[string]string{"a": `    "a": ["a@1.0.0", "", {}, "TWO"],`},
		},
		{
			name: "deno, another hash", file: "deno.lock",
			base: "{\n  \"version\": \"5\",\n  \"specifiers\": {\n    \"npm:a@1\": \"1.0.0\"\n  },\n  \"npm\": {\n    \"a@1.0.0\": {\n      \"integrity\": \"ONE\"\n    }\n  }\n}\n",

			change: []string{"ONE", "TWO"},
			want:   map[string]string{"a@1.0.0": `      "integrity": "TWO"`},
		},
		{
			name: "a minified file", file: "package-lock.json",
			base:   `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"version": "1.0.0"}}}`,
			change: []string{`"version": "1.0.0"`, `"version": "1.0.1"`},
			want:   map[string]string{"node_modules/a": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"version": "1.0.1"}}}`},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			hashes := strings.NewReplacer("ONE", one, "TWO", two)
			base, head := hashes.Replace(c.base), hashes.Replace(strings.NewReplacer(c.change...).Replace(c.base))
			read := func(text string) *Inventory {
				inv, err := Parse(Input{Path: c.file, Data: []byte(text)})
				if err != nil {
					t.Fatal(err)
				}
				return inv
			}
			before, after := read(base), read(head)
			after.Touch(before, []byte(head), []byte(base))
			got := make(map[string]string)
			for _, e := range after.Entries {
				if got[e.Key] = ""; e.Touched > 0 {
					got[e.Key] = strings.Split(head, "\n")[e.Touched-1]
				}
			}
			for key, want := range c.want {
				if line, ok := got[key]; !ok || line != hashes.Replace(want) {
					t.Errorf("%s: line %q, want %q; of all %q", key, line, want, got)
				}
			}
		})
	}
}

// A file whose entries share lines, on one side or on both, costs no more than
// its length.
func TestTouchIsBounded(t *testing.T) {
	text := func(between, version string, lines int) ([]byte, *Inventory) {
		var b strings.Builder
		inv := &Inventory{}
		line := 1
		for i := range 20_000 {
			inv.Entries = append(inv.Entries, Entry{Key: fmt.Sprint(i), Line: line})
			fmt.Fprintf(&b, "%q: {%s%q%s},%s", fmt.Sprint(i), between, version, strings.Repeat(" ", 100), between)
			line += strings.Count(between, "\n") * lines
		}
		return []byte(b.String()), inv
	}
	type side struct {
		name string
		make func(version string) ([]byte, *Inventory)
	}
	sides := []side{
		{"one line", func(version string) ([]byte, *Inventory) { return text("", version, 0) }},
		{"a line each", func(version string) ([]byte, *Inventory) { return text("\n", version, 2) }},
		{"all said to be on the first line", func(version string) ([]byte, *Inventory) { return text("\n", version, 0) }},
		{"lines beyond the end", func(version string) ([]byte, *Inventory) { return text("\n", version, 9) }},
	}
	for _, before := range sides {
		for _, after := range sides {
			oldText, old := before.make("1.0.0")
			newText, inv := after.make("1.0.1")
			began := time.Now()
			inv.Touch(old, newText, oldText)
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("%s, then %s: took %s", before.name, after.name, took)
			}
			for i := range inv.Entries {
				if e := inv.Entries[i]; e.Touched < e.Line {
					t.Fatalf("%s, then %s: entry %d on line %d is touched on line %d", before.name, after.name, i, e.Line, e.Touched)
				}
			}
		}
	}
}
