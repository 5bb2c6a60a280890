package manifest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestCatalogsAndOverrides(t *testing.T) {
	type reader = func(string, []byte) (*Manifest, error)
	for _, c := range []struct {
		name string
		read reader
		text string
		want Manifest
	}{
		{"pnpm-workspace.yaml", ParsePNPMWorkspace, `packages:
  - a/*
  - '!b'
catalog:
  react: ^19.0.0
catalogs:
  default: {vue: 3}
  legacy:
    "react": ^17.0.0
overrides: {"foo@1>bar": '-', baz: $baz}
minimumReleaseAge: 1440
`, Manifest{
			Workspaces: []string{"a/*", "!b"},
			Catalogs:   []CatalogEntry{{"", "react", "^19.0.0", 5}, {"", "vue", "3", 7}, {"legacy", "react", "^17.0.0", 9}},
			Overrides:  []Request{{"foo@1>bar", "-", Production, 10}, {"baz", "$baz", Production, 10}},
		}},
		{"an empty one", ParsePNPMWorkspace, "# nothing\n", Manifest{}},
		{"commented out", ParsePNPMWorkspace, "overrides:\n  # a: 1\npackages: ~\ncatalogs:\n  x:\n", Manifest{}},
		{"odd ones", ParsePNPMWorkspace, "packages: a\noverrides: [a]\ncatalog: {a: [1]}\ncatalogs: b\ncatalog: {c: 1}\n", Manifest{
			Catalogs: []CatalogEntry{{"", "c", "1", 5}},
			Doubts: []Doubt{
				{1, `"packages" is not a sequence`}, {2, `"overrides" is not a mapping`}, {3, `"a" is not a text`},
				{4, `"catalogs" is not a mapping`}, {5, "catalog stands twice"},
			}}},
		{".yarnrc.yml", ParseYarnRC, "catalog:\n  a: ^1\ncatalogs: {x: {b: 2}}\noverrides: {c: 3}\n", Manifest{
			Catalogs: []CatalogEntry{{"", "a", "^1", 2}, {"x", "b", "2", 3}},
		}},
		{"package.json", ParseNPM, `{
  "catalog": {"a": "1"},
  "workspaces": {"packages": ["p"], "catalog": {"b": "2"},
    "catalogs": {"default": {"c": "3"}, "x": {"d": 4}}},
  "pnpm": {"overrides": {"e>f": "5"}, "onlyBuiltDependencies": []}
}`, Manifest{
			Workspaces: []string{"p"},
			Catalogs:   []CatalogEntry{{"", "a", "1", 2}, {"", "b", "2", 3}, {"", "c", "3", 4}, {"x", "d", "", 4}},
			Overrides:  []Request{{"e>f", "5", Production, 5}},
			Doubts:     []Doubt{{4, `"d" is not a string`}},
		}},
	} {
		got, err := c.read("x", []byte(c.text))
		if err != nil || !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", c.name, err, got, c.want)
		}
	}
}

func TestYAMLManifestErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"- a", "web/pnpm-workspace.yaml:1: reading: a mapping was expected"},
		{"text", "web/pnpm-workspace.yaml:1: reading: a mapping was expected"},
		{"a: 1\ncatalog: &x {b: 1}", "web/pnpm-workspace.yaml:2: reading: it has an anchor or alias, which no package manager writes"},
		{strings.Repeat(" ", maxSize+1), fmt.Sprintf("web/pnpm-workspace.yaml: reading: %d bytes are more than the %d that are read", maxSize+1, maxSize)},
	} {
		if _, err := ParsePNPMWorkspace("web/pnpm-workspace.yaml", []byte(c.text)); err == nil || err.Error() != c.want {
			t.Errorf("%.40q: %v\nwant %s", c.text, err, c.want)
		}
	}
	many, err := ParsePNPMWorkspace("x", []byte("catalog:\n"+strings.Repeat("  a: []\n", 1000)))
	if err != nil || len(many.Doubts) != maxDoubts {
		t.Errorf("%v, %d doubts", err, len(many.Doubts))
	}
}

func FuzzParsePNPMWorkspace(f *testing.F) {
	f.Add([]byte("packages: [a]\ncatalogs:\n  x: {b: 1}\noverrides:\n  a: 1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParsePNPMWorkspace("x", data)
		if (m == nil) == (err == nil) {
			t.Fatal("neither a manifest nor an error, or both")
		}
		if again, _ := ParsePNPMWorkspace("x", data); !reflect.DeepEqual(m, again) {
			t.Fatal("two readings differ")
		}
	})
}
