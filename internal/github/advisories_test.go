package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
)

const apiAddress = "https://api.github.example"

// database answers for GitHub: with what answer gives for a kind and subjects.
type database struct {
	answer func(kind string, subjects []string) (string, *fetch.Failure)

	mu    sync.Mutex
	asked []string // "kind subjects", in no order
}

func (d *database) Fetch(_ context.Context, r fetch.Request) (io.ReadCloser, error) {
	u, err := url.Parse(r.URL)
	if err != nil || len(r.URL) > 8<<10 || r.Method != "" || r.Limit <= 0 || u.Host != "api.github.example" || u.Path != "/advisories" {
		return nil, &fetch.Failure{URL: r.URL, Reason: fetch.Refused, Detail: fmt.Sprintf("asked with %d bytes: %+v", len(r.URL), r)}
	}
	q := u.Query()
	if q.Get("ecosystem") != "npm" || q.Get("per_page") != "100" {
		return nil, &fetch.Failure{URL: r.URL, Reason: fetch.Unexpected, Detail: "another question"}
	}
	d.mu.Lock()
	d.asked = append(d.asked, q.Get("type")+" "+q.Get("affects"))
	d.mu.Unlock()
	text, failure := d.answer(q.Get("type"), strings.Split(q.Get("affects"), ","))
	if failure != nil {
		failure.URL = r.URL
		return nil, failure
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// lookUp asks a database of these answers.
func lookUp(t testing.TB, d *database, queries ...advisory.Query) ([][]advisory.Advisory, error) {
	t.Helper()
	db, err := Advisories(d, apiAddress)
	if err != nil {
		t.Fatal(err)
	}
	return db.Find(t.Context(), queries)
}

func npm(pins ...string) []advisory.Query {
	var queries []advisory.Query
	for _, pin := range pins {
		at := strings.LastIndexByte(pin, '@')
		queries = append(queries, advisory.Query{Ecosystem: "npm", Name: pin[:at], Version: pin[at+1:]})
	}
	return queries
}

// record is an advisory as GitHub writes it, on versions of a package.
func record(id, name, written string) string {
	text, err := json.Marshal(map[string]any{
		"ghsa_id": id, "cve_id": nil, "html_url": "https://github.example/advisories/" + id, "summary": "About " + name,
		"severity": "high", "identifiers": []map[string]string{{"type": "GHSA", "value": id}},
		"published_at": "2026-03-31T03:15:49Z", "withdrawn_at": nil, "cwes": []map[string]string{{"cwe_id": "CWE-79", "name": "x"}},
		"vulnerabilities": []map[string]any{{
			"package": map[string]string{"ecosystem": "npm", "name": name}, "vulnerable_version_range": written, "first_patched_version": "9.0.0",
		}},
	})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func page(entries ...string) string { return "[" + strings.Join(entries, ",") + "]" }

func TestAdvisories(t *testing.T) {
	hijack := strings.Replace(record("GHSA-4", "event-stream", "= 3.3.6"), "CWE-79", "CWE-506", 1)
	withdrawn := strings.Replace(record("GHSA-5", "b", ""), `"withdrawn_at":null`, `"withdrawn_at":"2026-04-01T00:00:00Z"`, 1)
	d := &database{answer: func(kind string, _ []string) (string, *fetch.Failure) {
		if kind == "malware" {
			return page(record("GHSA-1", "a", "= 1.0.1"), record("GHSA-2", "b", ">= 0"), withdrawn), nil
		}
		return page(record("GHSA-3", "a", ">= 1.0.0, < 1.0.1"), hijack), nil
	}}
	found, err := lookUp(t, d, npm("a@1.0.0", "a@1.0.1", "b@1.0.0", "event-stream@3.3.6", "event-stream@3.3.5", "c@1.0.0")...)
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for _, told := range found {
		var said []string
		for _, a := range advisory.Merge("npm", told) {
			said = append(said, fmt.Sprint(a.ID, " ", a.Malware, " ", a.Match, " ", a.Severity, " ", a.Fixed, " ", a.URL))
		}
		got = append(got, said)
	}
	want := [][]string{
		{"GHSA-3 false 2 high [9.0.0] https://github.example/advisories/GHSA-3"},
		{"GHSA-1 true 0 high [9.0.0] https://github.example/advisories/GHSA-1"},
		{"GHSA-2 true 3 high [9.0.0] https://github.example/advisories/GHSA-2"},
		{"GHSA-4 true 0 high [9.0.0] https://github.example/advisories/GHSA-4"},
		nil, nil,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	slices.Sort(d.asked)
	questions := []string{"malware a,b,c,event-stream", "reviewed a@1.0.0,a@1.0.1,b@1.0.0,c@1.0.0,event-stream@3.3.5,event-stream@3.3.6"}
	if diff := cmp.Diff(questions, d.asked); diff != "" {
		t.Error(diff)
	}
	for _, a := range found[1] {
		if a.ID == "GHSA-1" && (a.Summary != "About a" || a.Published.Format("2006-01-02 15:04") != "2026-03-31 03:15") {
			t.Errorf("got %+v", a)
		}
	}
}

// The questions for an update of many packages are few, and within the bounds
// of an address and of a question, whatever the packages are called.
func TestQuestionsAreFew(t *testing.T) {
	for count, most := range map[int]int{1: 2, 100: 5, 3000: 160} {
		var queries []advisory.Query
		for i := range count {
			name := fmt.Sprintf("@some-company/package-%04d", i)
			queries = append(queries, npm(name+"@1.2.3", name+"@1.2.4")...)
		}
		d := &database{answer: func(string, []string) (string, *fetch.Failure) { return "[]", nil }}
		if _, err := lookUp(t, d, queries...); err != nil {
			t.Fatal(err)
		}
		if len(d.asked) > most {
			t.Errorf("%d packages: %d requests, want at most %d", count, len(d.asked), most)
		}
		slices.Reverse(queries)
		again := &database{answer: d.answer}
		if _, err := lookUp(t, again, queries...); err != nil {
			t.Fatal(err)
		}
		slices.Sort(d.asked)
		slices.Sort(again.asked)
		if diff := cmp.Diff(d.asked, again.asked); diff != "" {
			t.Error("the order of the queries makes other questions")
		}
	}
}

// A name or a version that is none would have the API refuse the question for
// all the others.
func TestHostileNamesAreNotAskedAfter(t *testing.T) {
	d := &database{answer: func(kind string, subjects []string) (string, *fetch.Failure) {
		want := []string{"a"}
		if kind == "reviewed" {
			want = []string{"a", "a@1.0.0", "a@1.0.0-rc.1"}
		}
		if !slices.Equal(subjects, want) {
			t.Errorf("asked after %q", subjects)
		}
		return "[]", nil
	}}
	queries := npm("a,b@1.0.0", "../x@1.0.0", "a b@1.0.0", "@@1.0.0", "@a/b/c@1.0.0", "a%2c@1.0.0", "a&type=x@1.0.0", strings.Repeat("a", 215)+"@1.0.0",
		"a@1.0.0", "a@1.0.0+build", "a@1.0.0-rc.1", "a@latest", "a@1.0.0,b", "a@1.0.0-"+strings.Repeat("x", 300))
	found, err := lookUp(t, d, append(queries, advisory.Query{Ecosystem: "cobol", Name: "a", Version: "1.0.0"})...)
	if err != nil || len(found) != len(queries)+1 {
		t.Fatal(len(found), err)
	}
}

// A full page may have more behind it: it is asked again in halves, down to one
// subject.
func TestFullPagesAreAskedAgain(t *testing.T) {
	d := &database{answer: func(kind string, subjects []string) (string, *fetch.Failure) {
		var entries []string
		for _, s := range subjects {
			if kind == "malware" {
				break
			}
			for i := range 30 {
				name, _, _ := strings.Cut(s, "@")
				entries = append(entries, record(fmt.Sprintf("GHSA-%s-%d", name, i), name, ""))
			}
		}
		return page(entries[:min(len(entries), pageSize)]...), nil
	}}
	queries := npm("a@1.0.0", "b@1.0.0", "c@1.0.0", "d@1.0.0", "e@1.0.0", "f@1.0.0", "g@1.0.0")
	found, err := lookUp(t, d, queries...)
	if err != nil {
		t.Fatal(err)
	}
	for i, told := range found {
		if len(told) != 30 {
			t.Errorf("%s has %d advisories", queries[i].Name, len(told))
		}
	}
	if len(d.asked) != 6 { // of all; of 3 and 4, of which the latter in 2 and 2; and one of malware
		t.Errorf("asked %q", d.asked)
	}
}

// An answer that isn't whole, or isn't one, is an error and never an empty one.
func TestHostileAnswers(t *testing.T) {
	many := slices.Repeat([]string{record("GHSA-1", "a", "")}, 10_000)
	tests := []struct{ name, answer, want string }{
		{"HTML", "<html><body>Please log in</body></html>", "not JSON"},
		{"nothing", "", "not JSON"},
		{"more than a list", "[]<html>", "not JSON"},
		{"null", "null", "without a list"},
		{"an object", `{"message":"Not what you asked"}`, "can't be read"},
		{"half", page(record("GHSA-1", "a", ""))[:200], "not JSON"},
		{"a hole", "[null]", "an empty advisory"},
		{"a summary that is a number", `[{"ghsa_id":"GHSA-1","summary":7}]`, "can't be read"},
		{"a range that is a list", strings.Replace(page(record("GHSA-1", "a", "x")), `"x"`, `["x"]`, 1), "can't be read"},
		{"a time that is none", strings.Replace(page(record("GHSA-1", "a", "")), "2026-03-31T03", "::error::", 1), "can't be read"},
		{"vulnerabilities that are holes", `[{"ghsa_id":"GHSA-1","vulnerabilities":[null,{}],"identifiers":[null],"cwes":[null],"cvss":null}]`, "about other packages"},
		{"another package's", page(record("GHSA-1", "b", "")), "about other packages"},
		{"another ecosystem's", strings.Replace(page(record("GHSA-1", "a", "")), `"npm"`, `"pip"`, 1), "about other packages"},
		{"no id", page(record("", "a", "")), "no usable id"},
		{"an id that climbs", page(record("../../x", "a", "")), "no usable id"},
		{"10,000", page(many...), "10000 advisories on a page of 100"},
		{"a full page for one", page(many[:pageSize]...), "100 advisories or more about a"},
		{"deep", strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000), "not JSON"},
		{"deep in an advisory", `[{"ghsa_id":"GHSA-1","x":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}]", "not JSON"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := &database{answer: func(string, []string) (string, *fetch.Failure) { return tt.answer, nil }}
			found, err := lookUp(t, d, npm("a@1.0.0")...)
			if err == nil || found != nil || !strings.HasPrefix(err.Error(), "advisories: ") || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("found %v, %v; want %q", found, err, tt.want)
			}
			if len(err.Error()) > 300 || strings.Contains(err.Error(), "Please log in") {
				t.Errorf("repeats what it was told: %v", err)
			}
		})
	}
}

// What GitHub failed with is what a caller can tell apart; that it has no such
// database is one of these.
func TestFailuresAreTheDoors(t *testing.T) {
	for _, reason := range []fetch.Reason{fetch.NotFound, fetch.Denied, fetch.RateLimited, fetch.Cut, fetch.NotRecorded} {
		d := &database{answer: func(kind string, _ []string) (string, *fetch.Failure) {
			if kind == "malware" {
				return "[]", nil
			}
			return "", &fetch.Failure{Reason: reason}
		}}
		found, err := lookUp(t, d, npm("a@1.0.0")...)
		var failure *fetch.Failure
		if found != nil || !errors.As(err, &failure) || failure.Reason != reason {
			t.Errorf("%s: %v, %v", reason, found, err)
		}
	}
}

// A conversation ends, also with a server that always has more.
func TestAConversationEnds(t *testing.T) {
	d := &database{answer: func(_ string, subjects []string) (string, *fetch.Failure) {
		name, _, _ := strings.Cut(subjects[0], "@")
		if len(subjects) == 1 {
			return "[]", nil
		}
		return page(slices.Repeat([]string{record("GHSA-1", name, "")}, pageSize)...), nil
	}}
	var queries []advisory.Query
	for i := range 500 {
		queries = append(queries, npm(fmt.Sprintf("p%d@1.0.0", i))...)
	}
	_, err := lookUp(t, d, queries...)
	if err == nil || !strings.Contains(err.Error(), "more than 200 requests") || len(d.asked) > maxRequests {
		t.Errorf("%d requests: %v", len(d.asked), err)
	}
}

// Only GitHub's own page of the advisory is linked.
func TestPagesAreGitHubs(t *testing.T) {
	for address, want := range map[string]string{
		"https://github.example/advisories/GHSA-1":      "https://github.example/advisories/GHSA-1",
		"https://github.example/advisories/GHSA-1?x#y":  "https://github.example/advisories/GHSA-1",
		"https://github.example/advisories/GHSA-2":      "",
		"https://evil.invalid/advisories/GHSA-1":        "",
		"https://me@github.example/advisories/GHSA-1":   "",
		"http://github.example/advisories/GHSA-1":       "",
		"javascript:alert(1)//github.example/x/GHSA-1":  "",
		"https://github.example.evil.invalid/x/GHSA-1":  "",
		"https://github.example:8443/advisories/GHSA-1": "",
	} {
		text := strings.Replace(record("GHSA-1", "a", ""), "https://github.example/advisories/GHSA-1", address, 1)
		d := &database{answer: func(string, []string) (string, *fetch.Failure) { return page(text), nil }}
		found, err := lookUp(t, d, npm("a@1.0.0")...)
		if err != nil || found[0][0].URL != want {
			t.Errorf("%s: linked as %v, %v", address, found, err)
		}
	}
}

func FuzzAdvisories(f *testing.F) {
	f.Add(page(record("GHSA-1", "a", ">= 1.0.0, < 2.0.0")))
	f.Add(`[{"ghsa_id":"GHSA-1","vulnerabilities":[null,{}],"identifiers":[null],"cwes":[null],"cvss":null}]`)
	f.Add("null")
	f.Fuzz(func(t *testing.T, text string) {
		d := &database{answer: func(string, []string) (string, *fetch.Failure) { return text, nil }}
		found, err := lookUp(t, d, npm("a@1.0.0")...)
		if err != nil != (found == nil) {
			t.Errorf("found %v, %v", found, err)
		}
		if err == nil && !json.Valid([]byte(text)) {
			t.Errorf("%q is an answer", text)
		}
	})
}
