package manifest

import (
	"reflect"
	"strings"
	"testing"
)

func TestParseDeno(t *testing.T) {
	const data = `{
  "name": "@acme/site", "version": "1.0.0", "exports": "./mod.ts",
  "workspace": ["packages/a"],
  "imports": {
    "fs": "jsr:@std/fs@1",
    "chalk": "npm:chalk@5", "std/": "https://modules.example/std@1.0.0/"
  },
  "tasks": {"imports": "deno run x.ts"}
}`
	want := &Manifest{
		Name: "@acme/site", Version: "1.0.0", Workspaces: []string{"packages/a"},
		Requests: []Request{
			{"fs", "jsr:@std/fs@1", Production, 5},
			{"chalk", "npm:chalk@5", Production, 6},
			{"std/", "https://modules.example/std@1.0.0/", Production, 6},
		},
	}
	got, err := ParseDeno("deno.json", []byte(data))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\ngot  %+v\nwant %+v", err, got, want)
	}
}

func TestParseDenoDoubts(t *testing.T) {
	m, err := ParseDeno("deno.json", []byte(`{"name": 1, "imports": {"a": "b"}, "imports": {"a": null, "c": "d"}}`))
	if err != nil {
		t.Fatal(err)
	}
	var doubts []string
	for _, d := range m.Doubts {
		doubts = append(doubts, d.Message)
	}
	if got, want := strings.Join(doubts, "; "), `"name" is not a string; imports stands twice; "a" is not a string`; got != want {
		t.Errorf("doubts %s, want %s", got, want)
	}
	if len(m.Requests) != 2 || m.Requests[1].Spec != "d" {
		t.Errorf("requests %+v", m.Requests)
	}
}

func TestParseDenoRefuses(t *testing.T) {
	for data, want := range map[string]string{
		"":                               "deno.json:1: reading: the file ends in the middle of the document",
		"{\n]":                           "deno.json:2: reading: not JSON with comments: ",
		"{}\n{}":                         "deno.json:2: reading: more follows the end of the document",
		strings.Repeat(" ", maxSize+1):   "deno.json: reading: 8388609 bytes are more than the 8388608 that are read",
		strings.Repeat(`{"imports":`, 3): "deno.json:1: reading: the file ends in the middle of the document",
	} {
		if m, err := ParseDeno("deno.json", []byte(data)); m != nil || err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.20q: %v, want %s", data, err, want)
		}
	}
}
