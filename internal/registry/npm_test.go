package registry

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/fetch/fetchtest"
)

func npmAt(getter fetch.Getter) NPM {
	addresses := Addresses{
		URL:    "https://npm.example.com",
		Scopes: map[string]string{"@acme": "https://npm.acme.example/team/"},
	}
	return NPM{Door: getter, Address: addresses.For}
}

func TestNPMPackage(t *testing.T) {
	document := func(name string) string {
		text, err := os.ReadFile("testdata/npm/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	const plain, scoped = "https://npm.example.com/wren", "https://npm.acme.example/team/@acme%2Fwren"
	getter := fetchtest.New(t, map[string]fetchtest.Answer{
		plain:  fetchtest.Body(document("full.json")),
		scoped: fetchtest.Body(document("scoped.json")),
	})
	for _, name := range []string{"wren", "@acme/wren"} {
		p, err := npmAt(getter).Package(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if p.Name != name || p.Release("1.0.0") == nil {
			t.Errorf("%s: got %q", name, p.Name)
		}
	}
	for _, r := range getter.Requests() {
		if r.Accept != "application/json" || r.Limit != maxDocument || r.Immutable || r.Method != "" {
			t.Errorf("asked with %+v", r)
		}
	}
}

func TestNPMPackageFails(t *testing.T) {
	const url = "https://npm.example.com/wren"
	tests := []struct {
		name   string
		answer fetchtest.Answer
		reason fetch.Reason // of the failure; "" where the document is broken
		broken string
	}{
		{"not found", fetchtest.Fail(fetch.NotFound), fetch.NotFound, ""},
		{"down", fetchtest.Fail(fetch.Unavailable), fetch.Unavailable, ""},
		{"cut by the network", fetchtest.CutAfter(`{"name":"wren","versions":{"1.0.0":{}`), fetch.Cut, ""},
		{"cut after a whole document", fetchtest.CutAfter(`{"name":"wren","versions":{"1.0.0":{}}}`), fetch.Cut, ""},
		{"half", fetchtest.Body(`{"name":"wren","versions":{"1.0.0":{}`), "", "is cut short"},
		{"a page", fetchtest.Body("<html>"), "", "is not JSON"},
		{"another package", fetchtest.Body(`{"name":"Wren","versions":{}}`), "", `is of another package, "Wren"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			getter := fetchtest.New(t, map[string]fetchtest.Answer{url: tt.answer})
			p, err := npmAt(getter).Package(t.Context(), "wren")
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

func TestNPMPath(t *testing.T) {
	good := map[string]string{
		"wren":                   "wren",
		"JSONStream":             "JSONStream",
		"-":                      "-",
		"a.b_c-d~e":              "a.b_c-d~e",
		"@acme/wren":             "@acme%2Fwren",
		"@acme/_wren":            "@acme%2F_wren",
		strings.Repeat("a", 214): strings.Repeat("a", 214),
	}
	for name, want := range good {
		if path, ok := npmPath(name); !ok || path != want {
			t.Errorf("npmPath(%q) = %q, %v", name, path, ok)
		}
	}
}

// A name out of a lockfile reaches no address but its own: the getter has no
// answer, and a request of any kind fails the test.
func TestNPMRefusesHostileNames(t *testing.T) {
	getter := fetchtest.New(t, nil)
	for _, name := range []string{
		"", ".", "..", "../wren", "a/b", "a/../b", "-/whoami", "_session", "@", "@/", "@acme", "@acme/", "@/wren",
		"@acme/..", "@../wren", "@acme/a/b", "@acme/@b", "@@acme/b", "a%2fb", "a%2e", "a?x", "a#x", "a b", " a", "a\n",
		"a\x00", `a\b`, "a:b", "a@1.0.0", "ä", "\xff", "@acme%2fb", "//host/a", "https://host.example/a",
		strings.Repeat("a", 215),
	} {
		if _, err := npmAt(getter).Package(t.Context(), name); err == nil || !strings.Contains(err.Error(), "not a package's name") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func FuzzNPMPath(f *testing.F) {
	f.Add("@acme/wren")
	f.Add("../x")
	f.Fuzz(func(t *testing.T, name string) {
		path, ok := npmPath(name)
		if !ok {
			return
		}
		if strings.ContainsAny(path, "/?#\\ ") || path == "" || path[0] == '.' || strings.Count(path, "%") > 1 {
			t.Errorf("%q reaches %q", name, path)
		}
	})
}
