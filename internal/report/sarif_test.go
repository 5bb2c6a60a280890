package report

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// sarifSchema is the schema of SARIF 2.1.0 that the library carries in its
// source. Its own validation looks at what it encodes, not at our bytes.
var sarifSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	library := runtime.FuncForPC(reflect.ValueOf(sarif.NewReport).Pointer())
	name, _ := library.FileLine(library.Entry())
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(filepath.Dir(name), "schema.go"), nil, 0)
	if err != nil {
		return nil, err
	}
	value := file.Scope.Lookup("schema").Decl.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Trim(value, "`")))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("sarif.json")
})

// parseSARIF validates a log and gives its run.
func parseSARIF(t *testing.T, data []byte) *sarif.Run {
	t.Helper()
	schema, err := sarifSchema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Fatal(err)
	}
	log, err := sarif.FromBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(log.Runs) != 1 {
		t.Fatalf("%d runs", len(log.Runs))
	}
	return log.Runs[0]
}

func TestSARIFIsValid(t *testing.T) {
	documents := map[string]*Report{"full": full()}
	for _, s := range samples {
		documents[s.name] = s.report()
	}
	for name, r := range documents {
		t.Run(name, func(t *testing.T) {
			run := parseSARIF(t, render(t, "sarif", r, Options{}))
			rules := map[string]bool{}
			for _, rule := range run.Tool.Driver.Rules {
				if rules[*rule.ID] {
					t.Errorf("rule %s stands twice", *rule.ID)
				}
				rules[*rule.ID] = true
				if rule.Properties.Properties["problem.severity"] == nil {
					t.Errorf("rule %s has no severity", *rule.ID)
				}
			}
			for i, result := range run.Results {
				if !rules[*result.RuleID] {
					t.Errorf("result %d has no rule %s", i, *result.RuleID)
				}
				if len(result.Locations) != 1 || *result.Locations[0].PhysicalLocation.Region.StartLine < 1 {
					t.Errorf("result %d has no line: GitHub refuses the log", i)
				}
				if len(result.PartialFingerprints) == 0 {
					t.Errorf("result %d has no fingerprint: GitHub would show it twice", i)
				}
			}
		})
	}
}

func TestSARIFLevels(t *testing.T) {
	run := parseSARIF(t, render(t, "sarif", full(), Options{}))
	levels := map[string]string{"block": "error", "hold": "warning", "warn": "warning", "unjudged": "note", "pass": "note"}
	seen := map[string]bool{}
	for _, result := range run.Results {
		verdict, _ := result.Properties.Properties["verdict"].(string)
		want, ok := levels[verdict]
		if !ok {
			continue
		}
		seen[verdict] = true
		if len(result.Suppressions) > 0 {
			want = "note"
		}
		if result.Level != want {
			t.Errorf("%s: level %s, want %s", verdict, result.Level, want)
		}
	}
	if len(seen) != len(levels) {
		t.Errorf("only saw %v", seen)
	}
	if notes := run.Invocations[0].ToolExecutionNotifications; len(notes) == 0 || *run.Invocations[0].ExecutionSuccessful {
		t.Errorf("%d notifications of gaps, successful %t", len(notes), *run.Invocations[0].ExecutionSuccessful)
	}
}

// A line that moves, or a change above it, is the same alert.
func TestSARIFFingerprintsSurviveMovedLines(t *testing.T) {
	prints := func(r *Report) string {
		var all []string
		for _, result := range parseSARIF(t, render(t, "sarif", r, Options{})).Results {
			all = append(all, result.PartialFingerprints["primaryLocationLineHash"])
		}
		return strings.Join(all, " ")
	}
	moved := attack()
	for i := range moved.Changes {
		for j := range moved.Changes[i].Findings {
			moved.Changes[i].Findings[j].Location.Line += 100
		}
	}
	before := prints(attack())
	if after := prints(moved); after != before {
		t.Errorf("%s\nbecomes\n%s", before, after)
	}
	all := strings.Fields(before)
	unique := map[string]bool{}
	for _, p := range all {
		unique[p] = true
	}
	if len(unique) != len(all) || len(all) == 0 {
		t.Errorf("%d results, %d fingerprints", len(all), len(unique))
	}
}

func TestSARIFKeepsTheWorst(t *testing.T) {
	r := attack()
	r.Changes = nil
	for i := range maxResults + 7 {
		verdict, points := "pass", 5
		if i > maxResults {
			verdict, points = "block", 60
		}
		r.Changes = append(r.Changes, Change{
			Name: fmt.Sprint(i), Verdict: verdict,
			Findings: []Finding{{Signal: "deprecated", Points: points, Message: "m"}},
		})
	}
	run := parseSARIF(t, render(t, "sarif", r, Options{}))
	if len(run.Results) != maxResults {
		t.Errorf("%d results", len(run.Results))
	}
	for i, result := range run.Results[:6] {
		if result.Level != "error" {
			t.Errorf("result %d is of level %s; the worst come last", i, result.Level)
		}
	}
	notes := run.Invocations[0].ToolExecutionNotifications
	if len(notes) != 1 || !strings.HasPrefix(*notes[0].Message.Text, "7 results of less weight left out") {
		t.Errorf("what is left out is not said: %+v", notes)
	}
}
