package jsonline

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// standard blanks comments and trailing commas in the plainest way there is,
// byte by byte, and keeps all lines. It is false for a comment without an end,
// and for one that readers end in different places.
func standard(data []byte) ([]byte, bool) {
	out := bytes.Clone(data)
	blank := func(from, to int) {
		for i := from; i < to; i++ {
			if out[i] != '\n' {
				out[i] = ' '
			}
		}
	}
	before, last, comma := byte(0), byte(0), 0 // significant bytes, and where the last comma stands
	for i := 0; i < len(data); i++ {
		rest := data[i:]
		switch c := data[i]; {
		case c == ' ', c == '\t', c == '\r', c == '\n':
			continue
		case c == '"':
			for i++; i < len(data) && data[i] != '"'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
		case bytes.HasPrefix(rest, []byte("//")):
			line, _, more := bytes.Cut(rest, []byte("\n"))
			text := string(line)
			if more || strings.HasSuffix(text, "\r") {
				text = strings.TrimSuffix(text, "\r")
			}
			for _, end := range []string{"\r", "\u2028", "\u2029"} {
				if strings.Contains(text, end) {
					return nil, false
				}
			}
			blank(i, i+len(line))
			i += len(line) - 1
			continue
		case bytes.HasPrefix(rest, []byte("/*")):
			inside, _, closed := bytes.Cut(rest[2:], []byte("*/"))
			if !closed {
				return nil, false
			}
			blank(i, i+len(inside)+4)
			i += len(inside) + 3
			continue
		case c == ',':
			comma = i
		case (c == '}' || c == ']') && last == ',' && !strings.ContainsRune("{[,:\x00", rune(before)):
			blank(comma, comma+1)
		}
		before, last = last, data[min(i, len(data)-1)]
	}
	return out, true
}

var commented = []string{
	"// x\n{}", "{}// x", "{} // x\n// y\n", "/* x */ {} /* y\n */", "/**/{}", "/*/{}", "/*/**/{}", "/* /* */ */ {}", "{/*", "{//", "{/", "/ {}", "{}/",
	"{\"a\"/*\n*/:/*\n*/1/*\n*/,/*\n*/\"b\"//\n:2}", "[1,// one\n2, // two\n]", "[/**/]", "{//\n}", "tr/**/ue", "1/**/2", "\"/* no comment */\"", "\"// none\"",
	"[\"a\\\"// still a string\", 1]", "{\"a\": 1,}", "[1,]", "[1,\n\n]", "[1,/* x */]", "[1 /* x */,]", "[1,,]", "[,]", "{,}", "[,1]", "{\"a\",}", "{\"a\":,}", "[1,}", "{\"a\":1,]", "1,", "[[1,],{\"a\":[],},]",
	"// \r{}", "// x\r\n{}", "// x\r\r\n{}", "{}// x\r", "{}// x\ry", "// \u2028{}", "// \u2029\n{}", "/* \r\u2028 */{}", "// \x00\xff\n{}", "/* \x00\xff */{}", "# x\n{}", "<!-- x -->\n{}",
	"{'a': 1}", "{a: 1}", "[0x1]", "[1.]", "[- 1]", "{\v}", "\ufeff// x\n{}", "// x\n\ufeff{}", "[\u00a01]",
}

// What stands in a document with comments is what jsontext reads where the
// comments and the trailing commas are blank.
func TestWalkWithComments(t *testing.T) {
	for _, document := range append(commented, documents...) {
		compareC(t, []byte(document))
	}
}

func compareC(t *testing.T, data []byte) {
	t.Helper()
	got, err := eventsOf(NewC(data))
	plain, ok := standard(data)
	if !ok {
		if err == nil {
			t.Fatalf("%q: read as %q, and has a comment without a certain end", data, got)
		}
		return
	}
	want, wantErr := reference(plain)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%q: %v, where jsontext says %v of %q", data, err, wantErr, plain)
	}
	if err == nil && !slices.Equal(got, want) {
		t.Fatalf("%q: %q, where jsontext reads %q in %q", data, got, want, plain)
	}
}

func FuzzWalkWithComments(f *testing.F) {
	for _, document := range append(commented, documents...) {
		f.Add([]byte(document))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		compareC(t, data)
		skipped := NewC(data)
		err := skipped.Skip()
		if err == nil {
			err = skipped.End()
		}
		if _, want := eventsOf(NewC(data)); (err == nil) != (want == nil) {
			t.Fatalf("%q: skipped with %v, walked with %v", data, err, want)
		}
	})
}

func TestReasonsWithComments(t *testing.T) {
	for _, c := range []struct{ document, want string }{
		{"", "line 1: the file ends in the middle of the document"},
		{"{\n\"a\": 1,\n", "line 3: the file ends in the middle of the document"},
		{"{\n\"a\": 'b'}", `line 2: not JSON with comments: "'b'}" doesn't belong here`},
		{"{\n\n\"a\": \"\xff\"}", `line 3: not JSON with comments: "\"\xff\"}" doesn't belong here`},
		{"{\n// a\rb\n}", `line 2: not JSON with comments: "// a\rb\n}" doesn't belong here`},
		{"{\n/* a\n}", `line 2: not JSON with comments: "/* a\n}" doesn't belong here`},
		{"// a\n[]", "line 2: an object was expected"},
		{"{}\n// a\n{}", "line 3: more follows the end of the document"},
	} {
		w := NewC([]byte(c.document))
		err := w.Members(func(string) error { return w.Skip() })
		if err == nil {
			err = w.End()
		}
		if err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.document, err, c.want)
		}
	}
}

// A walker without comments takes none.
func TestCommentsAreAChoice(t *testing.T) {
	for _, document := range []string{"// x\n{}", "{/* x */}", "[1,]", "{\"a\": 1,}"} {
		if _, err := events([]byte(document)); err == nil {
			t.Errorf("%q is read as JSON", document)
		}
		if _, err := eventsOf(NewC([]byte(document))); err != nil {
			t.Errorf("%q: %v", document, err)
		}
	}
}
