package advisory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/fetch/fetchtest"
)

const (
	service = "https://osv.example/"
	batches = "POST " + service + "v1/querybatch"
	// missing is an alias of a record in testdata/db that is in no database.
	missing = service + "v1/vulns/MAL-2026-3609"
)

// batch is a request as the service reads it.
type batch struct {
	Queries []struct {
		Package   struct{ Name, Ecosystem string }
		Version   string
		PageToken string `json:"page_token"`
	}
}

// answering answers batches, of which list gives the ids and the token of the
// next page for each question.
func answering(t testing.TB, list func(name, version, page string) (ids []string, next string)) fetchtest.Answer {
	return func(r fetch.Request) (io.Reader, *fetch.Failure) {
		var asked batch
		if err := json.Unmarshal(r.Body, &asked); err != nil {
			t.Error(err)
		}
		if len(asked.Queries) > maxBatch {
			t.Errorf("%d questions in a batch", len(asked.Queries))
		}
		var results []map[string]any
		for _, q := range asked.Queries {
			ids, next := list(q.Package.Name, q.Version, q.PageToken)
			result := make(map[string]any)
			for _, id := range ids {
				vulns, _ := result["vulns"].([]any)
				result["vulns"] = append(vulns, map[string]string{"id": id, "modified": "2026-01-01T00:00:00Z"})
			}
			if next != "" {
				result["next_page_token"] = next
			}
			results = append(results, result)
		}
		text, err := json.Marshal(map[string]any{"results": results})
		if err != nil {
			t.Error(err)
		}
		return strings.NewReader(string(text)), nil
	}
}

// served gives a service that holds testdata/db and, as OSV's does, follows
// the schema to the letter: it knows nothing of leftovers.
func served(t testing.TB) *fetchtest.Getter {
	answers := make(map[string]fetchtest.Answer)
	affecting := make(map[string][]string)
	for _, text := range records(t) {
		r, err := parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if r == nil {
			continue // withdrawn, or of another ecosystem
		}
		answers[service+"v1/vulns/"+r.ID] = fetchtest.Body(string(text))
		for _, a := range r.affected {
			if !slices.Contains(affecting[a.name], r.ID) {
				affecting[a.name] = append(affecting[a.name], r.ID)
			}
		}
	}
	answers[missing] = fetchtest.Fail(fetch.NotFound)
	answers[batches] = answering(t, func(name, _, _ string) ([]string, string) { return affecting[name], "" })
	return fetchtest.New(t, answers)
}

// The service and a local database with the same records answer the same. Only
// a hash under another name is beyond the service, which is asked by name.
func TestOSV(t *testing.T) {
	queries := slices.DeleteFunc(readQueries(t), func(q Query) bool { return q.Name == "a-copy" })
	local, err := Open(t.Context(), "testdata/db")
	if err != nil {
		t.Fatal(err)
	}
	want, err := local.Find(t.Context(), queries)
	if err != nil {
		t.Fatal(err)
	}
	getter := served(t)
	osv := &OSV{Door: getter, URL: strings.TrimSuffix(service, "/")}
	for range 2 {
		got, err := osv.Find(t.Context(), queries)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(describe(queries, want), describe(queries, got)); diff != "" {
			t.Errorf("-local +service:\n%s", diff)
		}
	}
	for _, r := range getter.Requests() {
		if r.Immutable || r.Accept != "application/json" || r.Limit <= 0 {
			t.Errorf("asked with %+v", r)
		}
		if r.Method == "" && r.URL != missing && getter.Count(r.URL) != 1 {
			t.Errorf("%s was asked for %d times", r.URL, getter.Count(r.URL))
		}
	}
}

func TestOSVQuestions(t *testing.T) {
	var mu sync.Mutex
	asked := make(map[string]int)
	getter := fetchtest.New(t, map[string]fetchtest.Answer{
		batches: answering(t, func(name, version, page string) ([]string, string) {
			mu.Lock()
			defer mu.Unlock()
			asked[name+"@"+version]++
			return nil, ""
		}),
	})
	var queries []Query
	for i := range 2500 {
		queries = append(queries, Query{Ecosystem: "npm", Name: fmt.Sprintf("p%d", i%2001), Version: "1.0.0"})
	}
	queries = append(queries,
		Query{Ecosystem: "npm", Name: "odd", Version: "latest"},
		Query{Ecosystem: "npm", Name: "odd", Version: ""})
	found, err := (&OSV{Door: getter, URL: service}).Find(t.Context(), queries)
	if err != nil || len(found) != len(queries) {
		t.Fatal(len(found), err)
	}
	if len(asked) != 2002 || asked["odd@"] != 1 {
		t.Errorf("%d questions, %d after all versions of a package", len(asked), asked["odd@"])
	}
	for q, n := range asked {
		if n != 1 {
			t.Errorf("%s was asked %d times", q, n)
		}
	}
	if n := getter.Count(batches); n != 3 {
		t.Errorf("%d batches", n)
	}
}

// The same queries in another order are the same requests, so that a recorded
// bundle answers them.
func TestOSVRequestsAreStable(t *testing.T) {
	queries := readQueries(t)
	var bodies []string
	for range 2 {
		getter := served(t)
		if _, err := (&OSV{Door: getter, URL: service}).Find(t.Context(), queries); err != nil {
			t.Fatal(err)
		}
		for _, r := range getter.Requests() {
			bodies = append(bodies, r.URL+" "+string(r.Body))
		}
		slices.Reverse(queries)
	}
	half := len(bodies) / 2
	if diff := cmp.Diff(bodies[:half], bodies[half:]); diff != "" {
		t.Error(diff)
	}
}

func TestOSVPages(t *testing.T) {
	record := func(id string) fetchtest.Answer {
		return fetchtest.Body(`{"id":"` + id + `","affected":[{"package":{"ecosystem":"npm","name":"wren"},"versions":["1.0.0"]}]}`)
	}
	getter := fetchtest.New(t, map[string]fetchtest.Answer{
		batches: answering(t, func(name, version, page string) ([]string, string) {
			switch {
			case name == "finch":
				return nil, ""
			case page == "":
				return []string{"GHSA-1"}, "second"
			case page == "second":
				return nil, "third"
			}
			return []string{"GHSA-3"}, ""
		}),
		service + "v1/vulns/GHSA-1": record("GHSA-1"),
		service + "v1/vulns/GHSA-3": record("GHSA-3"),
	})
	found, err := (&OSV{Door: getter, URL: service}).Find(t.Context(), []Query{
		{Ecosystem: "npm", Name: "finch", Version: "1.0.0"},
		{Ecosystem: "npm", Name: "wren", Version: "1.0.0"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found[0]) != 0 || len(found[1]) != 2 || found[1][1].ID != "GHSA-3" {
		t.Errorf("found %+v", found)
	}
	if n := getter.Count(batches); n != 3 {
		t.Errorf("%d requests for three pages", n)
	}
}

// An answer that could not be had whole is an error, never an empty one.
func TestOSVFails(t *testing.T) {
	one := func(id string) fetchtest.Answer {
		return answering(t, func(string, string, string) ([]string, string) { return []string{id}, "" })
	}
	const record = service + "v1/vulns/GHSA-1"
	tests := []struct {
		name    string
		answers map[string]fetchtest.Answer
		reason  fetch.Reason
		want    string
	}{
		{"down", map[string]fetchtest.Answer{batches: fetchtest.Fail(fetch.Unavailable)}, fetch.Unavailable, ""},
		{"cut", map[string]fetchtest.Answer{batches: fetchtest.CutAfter(`{"results":[{}]`)}, fetch.Cut, ""},
		{"a page", map[string]fetchtest.Answer{batches: fetchtest.Body("<html>")}, "", "is not what it should be"},
		{"no results", map[string]fetchtest.Answer{batches: fetchtest.Body("{}")}, "", "0 answers to 1 questions"},
		{"too many results", map[string]fetchtest.Answer{batches: fetchtest.Body(`{"results":[{},{}]}`)}, "", "2 answers to 1 questions"},
		{"record missing", map[string]fetchtest.Answer{batches: one("GHSA-1"), record: fetchtest.Fail(fetch.NotFound)}, fetch.NotFound, ""},
		{"record cut", map[string]fetchtest.Answer{batches: one("GHSA-1"), record: fetchtest.CutAfter(`{"id":"GHSA-1"}`)}, fetch.Cut, ""},
		{"record broken", map[string]fetchtest.Answer{batches: one("GHSA-1"), record: fetchtest.Body(`{"id":7}`)}, "", "is no OSV record"},
		{"another record", map[string]fetchtest.Answer{
			batches: one("GHSA-1"),
			record:  fetchtest.Body(`{"id":"GHSA-2","affected":[{"package":{"ecosystem":"npm","name":"wren"}}]}`),
		}, "", "is another one, GHSA-2"},
		{"an id that climbs", map[string]fetchtest.Answer{batches: one("../../v2/x")}, "", "is no id"},
		{"an id with a query", map[string]fetchtest.Answer{batches: one("GHSA-1?x=1")}, "", "is no id"},
		{"pages without end", map[string]fetchtest.Answer{
			batches: answering(t, func(_, _, page string) ([]string, string) { return nil, page + "x" }),
		}, "", "more than 100 pages"},
		{"records without end", map[string]fetchtest.Answer{
			batches: answering(t, func(string, string, string) ([]string, string) {
				return slices.Repeat([]string{"GHSA-1"}, maxFindings+1), ""
			}),
		}, "", "more than 10000 records"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			osv := &OSV{Door: fetchtest.New(t, tt.answers), URL: service}
			found, err := osv.Find(t.Context(), []Query{{Ecosystem: "npm", Name: "wren", Version: "1.0.0"}})
			if err == nil || found != nil {
				t.Fatalf("found %v, %v", found, err)
			}
			var failure *fetch.Failure
			if tt.reason != "" && (!errors.As(err, &failure) || failure.Reason != tt.reason) {
				t.Errorf("error is %v, want %s", err, tt.reason)
			}
			if !strings.HasPrefix(err.Error(), "advisories: ") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %s", err, tt.want)
			}
		})
	}
}

func TestOSVKnowsItsEcosystems(t *testing.T) {
	osv := &OSV{Door: fetchtest.New(t, nil), URL: service}
	if _, err := osv.Find(t.Context(), []Query{{Ecosystem: "cobol", Name: "wren", Version: "1.0.0"}}); err == nil {
		t.Error("an unknown ecosystem has an answer")
	}
}

// crowd counts how many are inside at once.
type crowd struct {
	fetch.Getter
	mu          sync.Mutex
	inside, max int
}

func (c *crowd) Fetch(ctx context.Context, r fetch.Request) (io.ReadCloser, error) {
	c.mu.Lock()
	c.inside++
	c.max = max(c.max, c.inside)
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		c.inside--
		c.mu.Unlock()
	}()
	return c.Getter.Fetch(ctx, r)
}

func TestOSVIsPolite(t *testing.T) {
	answers := make(map[string]fetchtest.Answer)
	var ids []string
	for i := range 300 {
		id := fmt.Sprintf("GHSA-%d", i)
		ids = append(ids, id)
		answers[service+"v1/vulns/"+id] = fetchtest.Body(`{"id":"` + id + `","affected":[{"package":{"ecosystem":"npm","name":"wren"},"versions":["1.0.0"]}]}`)
	}
	answers[batches] = answering(t, func(string, string, string) ([]string, string) { return ids, "" })
	door := &crowd{Getter: fetchtest.New(t, answers)}
	found, err := (&OSV{Door: door, URL: service}).Find(t.Context(), []Query{{Ecosystem: "npm", Name: "wren", Version: "1.0.0"}})
	if err != nil || len(found[0]) != 300 {
		t.Fatalf("found %d, %v", len(found[0]), err)
	}
	if door.max > atOnce {
		t.Errorf("%d requests at once", door.max)
	}
}

// A record under another's name is no answer, even if it is about nothing that
// we know.
func TestAnotherRecordIsNoAnswer(t *testing.T) {
	d, err := decode([]byte(`{"id":"MAL-2026-2","modified":"2026-01-01T00:00:00Z","affected":[]}`))
	if err != nil || d.ID != "MAL-2026-2" {
		t.Fatalf("%+v, %v", d, err)
	}
	if r, err := d.record(); r != nil || err != nil {
		t.Errorf("a record of nothing: %+v, %v", r, err)
	}
}

// The same document gives the same words, run after run.
func TestWordsForAMisshapenRecord(t *testing.T) {
	for range 20 {
		_, err := decode([]byte(`{"id":"MAL-2026-2","aliases":{"a":1}}`))
		if want := `is no OSV record: byte 29, "/aliases": { is not what belongs there`; err == nil || err.Error() != want {
			t.Fatalf("%v, want %s", err, want)
		}
	}
}
