package code

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// renamed is a simple minifier: it shortens the names, drops comments and line
// ends, and changes quotes.
func renamed(src string) string {
	src = regexp.MustCompile(`//[^\n]*`).ReplaceAllString(src, "")
	src = regexp.MustCompile(`\s+`).ReplaceAllString(src, " ")
	src = strings.ReplaceAll(src, "request,", "e,")
	src = strings.ReplaceAll(src, "response)", "t)")
	src = strings.ReplaceAll(src, "request.", "e.")
	src = strings.ReplaceAll(src, "response.", "t.")
	src = regexp.MustCompile(`\bhandle(\d+)`).ReplaceAllString(src, "h$1")
	return strings.ReplaceAll(src, `"none"`, `'none'`)
}

// shared is the share of a's shingles that b has.
func shared(a, b *Profile) float64 {
	both := 0
	for _, s := range a.Shingles {
		if _, ok := slices.BinarySearch(b.Shingles, s); ok {
			both++
		}
	}
	return float64(both) / float64(max(1, len(a.Shingles)))
}

func handlers(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "// number %d\nfunction handle%[1]d(request, response) {\n  const value = request.body['item%[1]d'] || \"none\";\n  return response.status(%[1]d).send(value.trim().part%[1]d);\n}\n", i)
	}
	return b.String()
}

func TestShinglesSurviveMinifying(t *testing.T) {
	src := handlers(0, 100)
	old := Read("a.js", []byte(src))
	if len(old.Shingles) < 200 {
		t.Fatalf("only %d shingles", len(old.Shingles))
	}
	if got := shared(old, Read("b.js", []byte(renamed(src)))); got < 0.95 {
		t.Errorf("minified code shares %.2f", got)
	}
	if got := shared(old, Read("b.js", []byte("!function(){"+handlers(200, 250)+src+handlers(300, 350)+"}()"))); got < 0.95 {
		t.Errorf("bundled code shares %.2f", got)
	}
	if got := shared(old, Read("b.js", []byte(handlers(500, 600)))); got > 0.05 {
		t.Errorf("other code shares %.2f", got)
	}
}

// The sample of a large file holds what a small one in it has, up to its largest.
func TestShinglesAreASample(t *testing.T) {
	small, large := Read("a.js", []byte(handlers(0, 50))), Read("b.js", []byte(handlers(0, 5000)))
	if len(large.Shingles) != maxShingles {
		t.Fatalf("%d shingles", len(large.Shingles))
	}
	most := large.Shingles[maxShingles-1]
	for _, s := range small.Shingles {
		if _, ok := slices.BinarySearch(large.Shingles, s); !ok && s <= most {
			t.Fatalf("%x is missing", s)
		}
	}
}

func TestContextsSurviveMinifying(t *testing.T) {
	const call = "function start(options, done) {\n  // runs it\n  const child = require('child_process').spawn(options.program, options.args, {stdio: 'inherit'});\n  child.on('exit', done);\n}\n"
	const short = "function s(a,b){var c=require(\"child_process\").spawn(a.program,a.args,{stdio:\"inherit\"});c.on(\"exit\",b)}"
	const other = "function start(options, done) {\n  const child = require('child_process').spawn('node', ['x'], {detached: true});\n  child.unref();\n}\n"
	context := func(src string) uint64 {
		for _, u := range Read("a.js", []byte(src)).Uses {
			if u.What == "child_process.spawn" {
				return u.Context
			}
		}
		t.Fatalf("no spawn in %s", src)
		return 0
	}
	want := context("x.first();" + call)
	if want == 0 {
		t.Error("a use without a context")
	}
	if got := context(handlers(0, 3) + "\n\n" + call); got != want {
		t.Error("a use that moved has another context")
	}
	if got := context("x.first();" + short); got != want {
		t.Error("a use that was minified has another context")
	}
	if got := context("x.first();" + other); got == want {
		t.Error("another use has the same context")
	}
}

func TestNeedlesAreAllFound(t *testing.T) {
	for _, n := range listNeedles() {
		found := false
		searcher().search([]byte("some "+strings.ToUpper(n.word)+" more"), func(hit needle, end int) {
			found = found || strings.HasSuffix(n.word, hit.word) && end == 5+len(n.word)
		})
		if !found {
			t.Errorf("%q is not found in a text that has it", n.word)
		}
		if n.word != strings.ToLower(n.word) {
			t.Errorf("%q is never found: texts are read in lower case", n.word)
		}
	}
}
