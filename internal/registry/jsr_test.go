package registry

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/fetch/fetchtest"
)

func jsrAt(getter fetch.Getter) JSR {
	return JSR{Door: getter, Address: Addresses{URL: "https://jsr.example"}.For}
}

func TestJSRPackage(t *testing.T) {
	const document = `{"scope":"std","name":"path","latest":"1.0.1","githubRepository":null,"versions":{
		"1.0.1":{"createdAt":"2026-02-03T04:05:06.789012345Z"},
		"1.0.0":{"yanked":true,"createdAt":"2026-01-02T03:04:05Z"},
		"0.9.0":{"yanked":false,"createdAt":"2025-12-01T00:00:00Z","exports":{}}}}`
	getter := fetchtest.New(t, map[string]fetchtest.Answer{"https://jsr.example/@std/path/meta.json": fetchtest.Body(document)})
	got, err := jsrAt(getter).Package(t.Context(), "@std/path")
	if err != nil {
		t.Fatal(err)
	}
	first := time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)
	want := &Package{
		Ecosystem: "jsr", Name: "@std/path", Created: first, Latest: "1.0.1", DatedSince: jsrDated,
		Has: Facts{Times: true, Created: true, Scripts: true},
		Releases: []Release{
			{Version: "0.9.0", Published: first},
			{Version: "1.0.0", Published: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Deprecated: "yanked by its publisher"},
			{Version: "1.0.1", Published: time.Date(2026, 2, 3, 4, 5, 6, 789012345, time.UTC)},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("package (-want +got):\n%s", diff)
	}
	if r := getter.Requests()[0]; r.Accept != "application/json" || r.Limit != maxJSRDocument || r.Immutable {
		t.Errorf("asked with %+v", r)
	}
}

// JSR dates releases since a day of 2025, so that one without a time is older,
// and so is its package.
func TestJSRWithoutTimes(t *testing.T) {
	p, err := ReadJSR(strings.NewReader(`{"scope":"a","name":"b","versions":{"1.0.0":{},"1.1.0":{"createdAt":"2026-01-02T03:04:05Z"}}}`), "@a/b")
	if err != nil {
		t.Fatal(err)
	}
	if !p.Created.Equal(jsrDated) || p.Has.Created || !p.Has.Times || !p.Releases[0].Published.IsZero() || p.DatedSince != jsrDated {
		t.Errorf("%+v", p)
	}
}

func TestJSRHashes(t *testing.T) {
	const url = "https://jsr.example/@std/path/1.0.1_meta.json"
	getter := fetchtest.New(t, map[string]fetchtest.Answer{url: fetchtest.Body("{\"manifest\":{\"/mod.ts\":{}}}\n")})
	got, err := jsrAt(getter).Hashes(t.Context(), "@std/path", "1.0.1")
	const want = "sha256-+njBwDNgC2Tq8/lXnOf5owkMtbiBN5hwLMTQ9UQJqwA="
	if err != nil || len(got) != 1 || !strings.HasPrefix(got[0], "sha256-") {
		t.Fatalf("%q, %v", got, err)
	}
	if got[0] != want {
		t.Errorf("%s, want %s", got[0], want)
	}
	if r := getter.Requests()[0]; !r.Immutable || r.Limit != maxJSRRelease {
		t.Errorf("asked with %+v", r)
	}
	var failure *fetch.Failure
	cut := fetchtest.New(t, map[string]fetchtest.Answer{url: fetchtest.CutAfter(`{"manifest":{}}`)})
	if got, err := jsrAt(cut).Hashes(t.Context(), "@std/path", "1.0.1"); !errors.As(err, &failure) || got != nil {
		t.Errorf("of half a document: %q, %v", got, err)
	}
}

// What is no release's document has a hash as well, and convicts nobody.
func TestJSRHashesOfOtherThings(t *testing.T) {
	const url = "https://jsr.example/@std/path/1.0.1_meta.json"
	for body, want := range map[string]string{
		"":                      "is empty",
		"<html>Please log in":   "is not JSON",
		"null":                  "lists no files",
		`{"error":"try again"}`: "lists no files",
		`{"manifest":[]}`:       "lists no files",
		`{"manifest":{},"mod`:   "is cut short",
		`{"manifest":{}}{}`:     "goes on after its end",
	} {
		getter := fetchtest.New(t, map[string]fetchtest.Answer{url: fetchtest.Body(body)})
		got, err := jsrAt(getter).Hashes(t.Context(), "@std/path", "1.0.1")
		var broken *Broken
		if !errors.As(err, &broken) || !strings.HasPrefix(broken.Reason, want) || got != nil {
			t.Errorf("%q: %q, %v; want one that %s", body, got, err, want)
		}
	}
}

func TestJSRFails(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer fetchtest.Answer
		reason fetch.Reason // of the failure; "" where the document is broken
		broken string
	}{
		{"not found", fetchtest.Fail(fetch.NotFound), fetch.NotFound, ""},
		{"cut by the network", fetchtest.CutAfter(`{"scope":"a","name":"b","versions":{"1.0.0":{}`), fetch.Cut, ""},
		{"cut after a whole document", fetchtest.CutAfter(`{"scope":"a","name":"b","versions":{}}`), fetch.Cut, ""},
		{"half", fetchtest.Body(`{"scope":"a","name":"b","versions":{"1.0.0":{}`), "", "is cut short after 1 releases"},
		{"nothing", fetchtest.Body(""), "", "is empty"},
		{"a list", fetchtest.Body("[]"), "", "is not a JSON object"},
		{"a page", fetchtest.Body("<html>"), "", "is not JSON"},
		{"no name", fetchtest.Body(`{"versions":{}}`), "", "names no package"},
		{"no versions", fetchtest.Body(`{"scope":"a","name":"b","versions":[]}`), "", "lists no versions"},
		{"another package", fetchtest.Body(`{"scope":"a","name":"c","versions":{}}`), "", `is of another package, "@a/c"`},
		{"another scope", fetchtest.Body(`{"scope":"b/../a","name":"b","versions":{}}`), "", `is of another package, "@b/../a/b"`},
		{"two names", fetchtest.Body(`{"scope":"a","name":"c","name":"b","versions":{}}`), "", "has a member twice"},
		{"a version twice", fetchtest.Body(`{"scope":"a","name":"b","versions":{"1.0.0":{},"1.0.0":{}}}`), "", "has a member twice"},
		{"two times", fetchtest.Body(`{"scope":"a","name":"b","versions":{"1.0.0":{"createdAt":"","createdAt":"2020-01-01T00:00:00Z"}}}`), "", "has a member twice"},
		{"yanked twice", fetchtest.Body(`{"scope":"a","name":"b","versions":{"1.0.0":{"yanked":true,"yanked":false}}}`), "", "has a member twice"},
		{"two documents", fetchtest.Body(`{"scope":"a","name":"b","versions":{}}{}`), "", "goes on after its end"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			getter := fetchtest.New(t, map[string]fetchtest.Answer{"https://jsr.example/@a/b/meta.json": tt.answer})
			p, err := jsrAt(getter).Package(t.Context(), "@a/b")
			if p != nil || err == nil {
				t.Fatalf("got %v, %v", p, err)
			}
			var failure *fetch.Failure
			var broken *Broken
			switch {
			case tt.reason != "":
				if !errors.As(err, &failure) || failure.Reason != tt.reason {
					t.Errorf("got %v, want %s", err, tt.reason)
				}
			case !errors.As(err, &broken) || !strings.Contains(broken.Reason, tt.broken):
				t.Errorf("got %v, want %s", err, tt.broken)
			}
		})
	}
}

func TestReadJSRLimits(t *testing.T) {
	versions := func(n int) string {
		return `"versions":` + members(n, func(i int) string { return fmt.Sprintf(`"0.0.%d":{}`, i) })
	}
	for _, tt := range []struct{ name, fits, over, limit string }{
		{"releases", versions(maxVersions), versions(maxVersions + 1), "100000 releases"},
		{
			"kept text",
			`"versions":{},"latest":"` + strings.Repeat("x", maxText) + `"`,
			`"versions":{},"latest":"` + strings.Repeat("x", maxText+1) + `"`,
			"65536 bytes in a string",
		},
		{
			"depth",
			`"versions":{},"x":` + strings.Repeat("[", maxDepth-1) + strings.Repeat("]", maxDepth-1),
			`"versions":{},"x":` + strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth),
			"64 levels of nesting",
		},
	} {
		read := func(members string) error {
			_, err := ReadJSR(strings.NewReader(`{"scope":"a","name":"b",`+members+`}`), "@a/b")
			return err
		}
		if err := read(tt.fits); err != nil {
			t.Errorf("%s at the bound: %v", tt.name, err)
		}
		if err := read(tt.over); err == nil || !strings.Contains(err.Error(), "has more than "+tt.limit) {
			t.Errorf("%s above the bound: %v, want %s", tt.name, err, tt.limit)
		}
	}
}

// A name or a version out of a lockfile reaches no address but its own: the
// getter has no answer, and a request of any kind fails the test.
func TestJSRRefusesHostileNames(t *testing.T) {
	getter := fetchtest.New(t, nil)
	for _, name := range []string{
		"", "@", "@/", "path", "std/path", "@std", "@std/", "@/path", "@std/path/x", "@std/..", "@../path", "@std/.", "@Std/path",
		"@std/pa_th", "@std/path?x", "@std/path#x", "@std/%2e", "@std/path@1", "@@std/path", "@std//path", `@std\path`, "@std/-path",
		"@std/p\u0430th", "@std/path\x00", "@std/" + strings.Repeat("a", maxJSRName+1),
	} {
		if _, err := jsrAt(getter).Package(t.Context(), name); err == nil || !strings.Contains(err.Error(), "not a package's name") {
			t.Errorf("%q: %v", name, err)
		}
		if _, err := jsrAt(getter).Hashes(t.Context(), name, "1.0.0"); err == nil || !strings.Contains(err.Error(), "not a package's name") {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, version := range []string{"", "..", "../1", "1/2", "1?", "1#", "1%2f", "v1", "-1", "1 ", "1\\2", "1_2", strings.Repeat("1", maxJSRName+1)} {
		if _, err := jsrAt(getter).Hashes(t.Context(), "@std/path", version); err == nil || !strings.Contains(err.Error(), "is not a version") {
			t.Errorf("%q: %v", version, err)
		}
	}
}

func FuzzReadJSR(f *testing.F) {
	f.Add(`{"scope":"a","name":"b","latest":"1.0.0","versions":{"1.0.0":{"createdAt":"2026-01-02T03:04:05Z","yanked":true}}}`)
	f.Add(`{"scope":"a","name":"b","versions":{"1":1,"1":{}}}`)
	f.Fuzz(func(t *testing.T, document string) {
		p, err := ReadJSR(strings.NewReader(document), "@a/b")
		var broken *Broken
		if err != nil && (!errors.As(err, &broken) || p != nil) {
			t.Fatalf("%v, %v", p, err)
		}
		if err == nil && (p.Name != "@a/b" || p.Ecosystem != "jsr") {
			t.Fatalf("%+v", p)
		}
	})
}
