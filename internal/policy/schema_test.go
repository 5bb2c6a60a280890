package policy

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

func schema(t *testing.T) *rules {
	t.Helper()
	r, err := loadRules()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSchemaIsTheDocument compares the keys of the schema with those that are
// decoded, at every level: no key is accepted and then dropped.
func TestSchemaIsTheDocument(t *testing.T) {
	r := schema(t)
	for pointer, value := range map[string]any{
		"":                                      document{},
		"/properties/thresholds":                thresholds{},
		"/properties/vulnerabilities":           severities{},
		"/properties/lockfiles":                 lockfiles{},
		"/properties/registries/properties/npm": endpoint{},
		"/$defs/setting/then":                   setting{},
		"/$defs/exception":                      exception{},
	} {
		var keys []string
		for i := range reflect.TypeOf(value).NumField() {
			keys = append(keys, reflect.TypeOf(value).Field(i).Tag.Get("json"))
		}
		slices.Sort(keys)
		if want := r.keys(pointer); !slices.Equal(keys, want) {
			t.Errorf("%q: decoded %q, the schema has %q", pointer, keys, want)
		}
	}
}

// TestSchemaIsClosed walks the schema: each mapping names its keys and refuses
// others, only keywords are used whose errors have words, each part that a
// user writes is described or has a title, and each example is valid.
func TestSchemaIsClosed(t *testing.T) {
	known := strings.Fields("$schema $id $ref $defs title description default examples type enum const properties patternProperties " +
		"additionalProperties required items minItems maxItems uniqueItems minimum maximum minLength maxLength pattern if then else")
	var walk func(pointer string, value any)
	walk = func(pointer string, value any) {
		object, ok := value.(map[string]any)
		if !ok {
			return
		}
		for keyword, part := range object {
			if !slices.Contains(known, keyword) {
				t.Errorf("%s: keyword %s", pointer, keyword)
			}
			switch keyword {
			case "properties", "patternProperties", "$defs":
				for name, part := range part.(map[string]any) {
					walk(pointer+"/"+keyword+"/"+name, part)
				}
			case "items", "if", "then", "else":
				walk(pointer+"/"+keyword, part)
			case "examples":
				pattern := regexp.MustCompile(object["pattern"].(string))
				for _, example := range part.([]any) {
					if !pattern.MatchString(example.(string)) {
						t.Errorf("%s: example %v", pointer, example)
					}
				}
			}
		}
		if object["properties"] != nil && object["additionalProperties"] != false {
			t.Errorf("%s: takes unknown keys", pointer)
		}
		if object["pattern"] != nil && (object["title"] == nil || object["examples"] == nil) && object["title"] != "words" {
			t.Errorf("%s: a pattern without a title and examples, of which its error is made", pointer)
		}
	}
	walk("", schema(t).data)
	for key, part := range schema(t).at("")["properties"].(map[string]any) {
		if text, _ := json.Marshal(part); !bytes.Contains(text, []byte(`"description"`)) {
			t.Errorf("%s is not described", key)
		}
	}
}

// TestSchemaDefaults: what an editor shows as the default is the default.
func TestSchemaDefaults(t *testing.T) {
	r, p := schema(t), recommended(t)
	for pointer, want := range map[string]any{
		"/properties/preset":                           p.Preset,
		"/properties/thresholds/properties/warn":       json.Number("30"),
		"/properties/thresholds/properties/block":      json.Number("60"),
		"/properties/cooldown":                         "24h",
		"/properties/vulnerabilities/properties/warn":  string(p.VulnerabilityWarn),
		"/properties/vulnerabilities/properties/block": string(p.VulnerabilityBlock),
	} {
		if got := r.at(pointer)["default"]; got != want {
			t.Errorf("%s: default %v, want %v", pointer, got, want)
		}
	}
	var names []string
	for _, row := range presets {
		names = append(names, row.name)
	}
	if got := r.words("/properties/preset"); !slices.Equal(got, names) {
		t.Errorf("presets %q, want %q", got, names)
	}
}

// TestSchemaChecks: a policy may name every check that is made, and those that
// the contract promises.
func TestSchemaChecks(t *testing.T) {
	want := []string{"default", "provenance"}
	for _, check := range evidence.Checks {
		want = append(want, string(check))
	}
	slices.Sort(want)
	if got := schema(t).keys("/properties/gaps"); !slices.Equal(got, slices.Compact(want)) {
		t.Errorf("checks %q, want %q", got, want)
	}
}

// TestSchemaSignals: what may be set and what may be excused is what the table
// of signals says of each.
func TestSchemaSignals(t *testing.T) {
	r := schema(t)
	settable, excusable := r.keys(signalsPointer), r.words(excusablePointer)
	for _, row := range signal.Table() {
		judges := row.Check != nil || row.Repository != nil
		if got, want := slices.Contains(settable, row.ID), judges && !row.Always; got != want {
			t.Errorf("%s: may be set %v, want %v", row.ID, got, want)
		}
		if got, want := slices.Contains(excusable, row.ID), row.Check != nil; got != want {
			t.Errorf("%s: may be excused %v, want %v", row.ID, got, want)
		}
	}
}

// TestSchemaPromises: ids are promises, so that a policy may name signals that
// are not built yet.
func TestSchemaPromises(t *testing.T) {
	text := shared(t, "SIGNALS.md")
	r := schema(t)
	settable, known := r.keys(signalsPointer), map[string]bool{}
	for _, id := range append(r.words(excusablePointer), settable...) {
		known[id] = true
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|.* \\| (.*?) \\|$").FindAllStringSubmatch(text, -1) {
		id, points := row[1], row[2]
		if points == "gap" {
			continue
		}
		if !known[id] {
			t.Errorf("%s is not in the schema", id)
		}
		delete(known, id)
		if got := slices.Contains(settable, id); got != (points != "!") {
			t.Errorf("%s: may be set %v, its points are %s", id, got, points)
		}
	}
	delete(known, "archive-fault") // younger than the specification
	if len(known) > 0 {
		t.Errorf("not among the signals: %q", slices.Sorted(maps.Keys(known)))
	}
}

// TestContract reads the example of the contract as it stands there today.
func TestContract(t *testing.T) {
	block := regexp.MustCompile("(?s)```yaml\n(version: 1.*?)```").FindStringSubmatch(shared(t, "CONTRACT.md"))
	if block == nil {
		t.Fatal("the contract has no example")
	}
	if _, err := Parse(Path, []byte(block[1])); err != nil {
		t.Error(err)
	}
	if data, err := os.ReadFile("testdata/contract.yml"); err != nil || string(data) != block[1] {
		t.Errorf("testdata/contract.yml is not the contract's example: %v", err)
	}
}

// shared reads a file of the folder beside the repository, where there is one.
func shared(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", name))
	if err != nil {
		t.Skipf("no shared folder beside the repository: %v", err)
	}
	return string(data)
}
