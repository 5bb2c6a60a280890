package manifest

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestParseNPM(t *testing.T) {
	data, err := os.ReadFile("testdata/package.json")
	if err != nil {
		t.Fatal(err)
	}
	want := &Manifest{
		Name: "@acme/app", Version: "1.2.3",
		Workspaces: []string{"packages/*", "!packages/old"},
		Requests: []Request{
			{"left", "^1.0.0", Production, 11},
			{"@acme/right", "npm:right@2", Production, 12},
			{"tool", "~3.1.0", Development, 15},
			{"fast", "*", Optional, 17},
			{"host", ">=1", Peer, 19},
		},
		Overrides: []Request{
			{"flat", "1.0.0", Production, 22},
			{"deep", "2.0.0", Production, 24},
			{"deep>below@^1", "$left", Production, 25},
			{"deep>below>deeper", "3.0.0", Production, 26},
			{"**/x", "4.0.0", Production, 29},
		},
		Scripts: []Script{
			{"postinstall", "node setup.js", 6},
			{"prepare", "husky", 8},
		},
	}
	got, err := ParseNPM("package.json", data)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\ngot  %+v\nwant %+v", err, got, want)
	}
}

func TestParseNPMDoubts(t *testing.T) {
	for _, c := range []struct {
		data string
		want Manifest
	}{
		{`{}`, Manifest{}},
		{`{"workspaces": {"packages": ["a"], "nohoist": ["b"]}}`, Manifest{Workspaces: []string{"a"}}},
		{`{"workspaces": "a"}`, Manifest{Doubts: []Doubt{{1, `"workspaces" is not an array or object`}}}},
		{"{\"dependencies\": {\"a\": \"1\"},\n\"dependencies\": {\"b\": \"1\"}}",
			Manifest{Requests: []Request{{"b", "1", Production, 2}}, Doubts: []Doubt{{2, "dependencies stands twice"}}}},
		{`{"dependencies": ["a"], "name": 7, "scripts": null}`, Manifest{Doubts: []Doubt{
			{1, `"dependencies" is not an object`}, {1, `"name" is not a string`}, {1, `"scripts" is not an object`}}}},
		{`{"dependencies": {"a": null}, "scripts": {"install": ["x"]}}`, Manifest{
			Requests: []Request{{"a", "", Production, 1}}, Scripts: []Script{{"install", "", 1}},
			Doubts: []Doubt{{1, `"a" is not a string`}, {1, `"install" is not a string`}}}},
		{`{"Dependencies": {"a": "1"}, "scripts": {"test": "x", "PostInstall": "x"}}`, Manifest{}},
		{`{"n\u0061me": "escaped", "dependencies": {"__proto__": "1"}}`,
			Manifest{Name: "escaped", Requests: []Request{{"__proto__", "1", Production, 1}}}},
	} {
		if got, err := ParseNPM("package.json", []byte(c.data)); err != nil || !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", c.data, err, got, c.want)
		}
	}
}

func TestParseNPMErrors(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200)
	// Nesting repeats a long name in the path of each override below it.
	wide := `{"` + strings.Repeat("n", 1000) + `": {` + strings.Repeat(`"b": "1",`, 10_000) + `"c": "1"}}`
	for _, c := range []struct{ data, want string }{
		{"", "app/package.json:1: reading: the file ends in the middle of the document"},
		{"[]", "app/package.json:1: reading: an object was expected"},
		{"{\n\"name\": \"a\",\n}", "app/package.json:2: reading: not JSON: invalid character ',' at start of value"},
		{"{}\n{}", "app/package.json:2: reading: more follows the end of the document"},
		{`{"overrides": ` + deep + `}`, "app/package.json:1: reading: nesting is deeper than 128 levels"},
		{`{"overrides": ` + wide + `}`, "app/package.json:1: reading: overrides have more than 8388608 bytes of names"},
		{strings.Repeat(" ", maxSize+1), fmt.Sprintf("app/package.json: reading: %d bytes are more than the %d that are read", maxSize+1, maxSize)},
	} {
		if _, err := ParseNPM("app/package.json", []byte(c.data)); err == nil || err.Error() != c.want {
			t.Errorf("%.40q: %v\nwant %s", c.data, err, c.want)
		}
	}
	many, err := ParseNPM("package.json", []byte(`{`+strings.Repeat(`"name": 1, `, 10_000)+`"version": "1"}`))
	if err != nil || len(many.Doubts) != maxDoubts {
		t.Errorf("%v, %d doubts", err, len(many.Doubts))
	}
}

func FuzzParseNPM(f *testing.F) {
	f.Add([]byte(`{"dependencies": {"a": "1"}, "overrides": {"a": {".": "1", "b": {"c": "2"}}}, "workspaces": ["x"], "scripts": {"install": "x"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseNPM("package.json", data)
		if (m == nil) == (err == nil) {
			t.Fatal("neither a manifest nor an error, or both")
		}
		if again, _ := ParseNPM("package.json", data); !reflect.DeepEqual(m, again) {
			t.Fatal("two readings differ")
		}
	})
}
