package policy

import (
	"strings"
	"testing"
	"time"
)

func TestIgnored(t *testing.T) {
	for _, test := range []struct {
		pattern, path string
		want          bool
	}{
		{"examples/**", "examples/package-lock.json", true},
		{"examples/**", "examples/a/b/package-lock.json", true},
		{"examples/**", "examples2/package-lock.json", false},
		{"examples/**", "a/examples/package-lock.json", false},
		{"examples/**", "Examples/package-lock.json", false},
		{"**/examples/**", "examples/package-lock.json", true},
		{"**/examples/**", "a/b/examples/c/package-lock.json", true},
		{"**", "package-lock.json", true},
		{"**/package-lock.json", "package-lock.json", true},
		{"**/package-lock.json", "a/b/package-lock.json", true},
		{"**/package-lock.json", "a/b/npm-package-lock.json", false},
		{"package-lock.json", "package-lock.json", true},
		{"package-lock.json", "a/package-lock.json", false},
		{"*/package-lock.json", "a/package-lock.json", true},
		{"*/package-lock.json", "a/b/package-lock.json", false},
		{"*/package-lock.json", "package-lock.json", false},
		{"a/*", "a/b/c", false},
		{"a/**/z", "a/z", true},
		{"a/**/z", "a/b/c/z", true},
		{"a/**/z", "a/b/c", false},
		{"a/**/b/**/c", "a/b/x/b/c", true},
		{"a/**/b/*/c", "a/b/b/x/c", true},
		{"a/**/b/*/c", "a/b/b/x/y", false},
		{"a/**/**/c", "a/c", true},
		{"v?/[a-c]*/x", "v1/beta/x", true},
		{"v?/[a-c]*/x", "v12/beta/x", false},
		{"v?/[^a-c]*/x", "v1/beta/x", false},
		{"a.b", "axb", false},
		{"a+b/(c)|d", "a+b/(c)|d", true},
		{"ö/*", "ö/ü", true},
		{"?", "ü", true},
	} {
		p := &Policy{Ignore: []string{"elsewhere/**", test.pattern}}
		if err := checkGlob(test.pattern); err != nil {
			t.Errorf("%s: %v", test.pattern, err)
		}
		if got := p.Ignored(test.path); got != test.want {
			t.Errorf("%s ignores %s: %v", test.pattern, test.path, got)
		}
	}
	if new(Policy).Ignored("package-lock.json") {
		t.Error("no pattern ignores a lockfile")
	}
}

// TestIgnoredIsBounded tries the patterns that take exponential time where a
// matcher goes back to more than the last star.
func TestIgnoredIsBounded(t *testing.T) {
	p := &Policy{}
	for range 100 {
		p.Ignore = append(p.Ignore,
			strings.Repeat("**/a/", 50)+"b",
			strings.Repeat("**/", 80)+"b",
			strings.Repeat("*a", 120)+"b")
	}
	path := strings.Repeat("a/", 1000) + strings.Repeat("a", 255)
	start := time.Now()
	if p.Ignored(path) {
		t.Error("matched")
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}
