package report

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"axios", "axios"},
		{"naïve ☃ 日本", "naïve ☃ 日本"},
		{"⚠️ use 4.1", "⚠ use 4.1"}, // the selector for an emoji's looks
		{"a\x1b[31mb", `a\x1b[31mb`},
		{"a\u009b31mb", `a\u009b31mb`}, // the one-byte form of ESC [
		{"a\r\nb\tc\x00\x7f", `a\r\nb\tc\x00\x7f`},
		{"a\u2028b\u2029c\u0085d", `a\u2028b\u2029c\u0085d`},
		{"user\u202etxt.exe", `user\u202etxt.exe`},
		{"a\u200bb\ufeffc\u00add", `a\u200bb\ufeffc\u00add`},
		{"a\U000e0041b", `a\U000e0041b`},
		{"a\u3164b\u2800c", `a\u3164b\u2800c`},
		{"a\u00a0b", `a\u00a0b`},
		{"a\xffb", `a\xffb`},
		{"##[error]x", "## [error]x"},
		{"x###[group]", "x### [group]"},
		{"::error::x", ": :error::x"},
		{"a ::error::x", "a : :error::x"},
		{":::x", ": : :x"},
		{"std::vec", "std::vec"},
		{"\u202e::error::x", `\u202e::error::x`},
	} {
		if got := clean(c.in, valueCap); got != c.want {
			t.Errorf("clean(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCleanCapsLength(t *testing.T) {
	if got, want := clean(strings.Repeat("é", 12), 10), strings.Repeat("é", 10)+"… (4 bytes more)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := clean(strings.Repeat("a", 10), 10); got != strings.Repeat("a", 10) {
		t.Errorf("text of just the length is cut: %q", got)
	}
}

func TestProse(t *testing.T) {
	for _, c := range []struct {
		in   string
		want markup
	}{
		{"axios 1.14.1 is young.", "axios 1.14.1 is young."},
		{"**b** _i_ ~s~ `c` [l](u) a|b \\", `\*\*b\*\* \_i\_ \~s\~ ` + "\\`c\\`" + ` \[l\](u) a\|b \\`},
		{"<img src=x> &amp; <!-- m -->", "&lt;img src=x&gt; &amp;amp; &lt;!-- m --&gt;"},
		{"@acme/web", "<span>@</span>acme/web"},
		{"see #12 and GH-12", "see <span>#</span>12 and GH<span>-</span>12"},
		{"https://evil.invalid www.evil.invalid", "https<span>:</span>//evil.invalid www<span>.</span>evil.invalid"},
		{"me@evil.invalid mailto:me", "me<span>@</span>evil.invalid mailto<span>:</span>me"},
		{":tada: at 12:30", "<span>:</span>tada: at 12:30"},
		{"$x$", "<span>$</span>x<span>$</span>"},
		{"# heading", "<span>#</span> heading"},
		{"- item", `\- item`},
		{"1. item", `1\. item`},
		{"===", `\===`},
		{"a\n# b", `a\\n<span>#</span> b`},
	} {
		if got := prose(c.in); got != c.want {
			t.Errorf("prose(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCode(t *testing.T) {
	for _, c := range []struct {
		in   string
		want markup
	}{
		{"@babel/core", "`@babel/core`"},
		{"a`b|c", "`a\\x60b\\x7cc`"},
		{"a\nb", "`a\\nb`"},
		{"", "*(empty)*"},
		{"  ", "*(empty)*"},
	} {
		if got := code(c.in); got != c.want {
			t.Errorf("code(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if got, want := tag("<b>@x"), markup("<code>&lt;b&gt;@x</code>"); got != want {
		t.Errorf("tag: %q, want %q", got, want)
	}
}

func TestLink(t *testing.T) {
	for _, c := range []struct {
		address string
		want    markup
	}{
		{"https://osv.dev/vulnerability/MAL-2026-2307", "[x](https://osv.dev/vulnerability/MAL-2026-2307)"},
		{"https://a.invalid/(b)[c]<d>`e`?f=\"g\"|h#i", "[x](https://a.invalid/%28b%29%5Bc%5D%3Cd%3E%60e%60?f=%22g%22%7Ch#i)"},
		{"http://a.invalid/", "x"},
		{"javascript:alert(1)", "x"},
		{"data:text/html,x", "x"},
		{"//a.invalid/", "x"},
		{"https://user:secret@a.invalid/", "x"},
		{"https://ехample.invalid/", "x"}, // Cyrillic
		{"https:///path", "x"},
		{"https://a.invalid/\x1b[0m", "x"},
		{"https://a.invalid/" + strings.Repeat("a", 2000), "x"},
		{"", "x"},
	} {
		if got := link("x", c.address); got != c.want {
			t.Errorf("link(%.60q) = %.90q, want %q", c.address, got, c.want)
		}
	}
}

func TestBlob(t *testing.T) {
	tree := blobs("https://github.com/acme/web", "1d2e3f405162738495a6b7c8d9eafb0c1d2e3f40")
	for _, c := range []struct {
		at   Location
		want string
	}{
		{Location{Path: "package-lock.json", Line: 7}, tree + "package-lock.json#L7"},
		{Location{Path: "a b/100%/x#y?z.json", Line: 0}, tree + "a%20b/100%25/x%23y%3Fz.json"},
		{Location{Path: "../../../settings", Line: 1}, tree + "settings#L1"},
		{Location{Path: "/etc/passwd", Line: -4}, tree + "etc/passwd"},
	} {
		if got := blob(tree, c.at); got != c.want {
			t.Errorf("%+v: %q, want %q", c.at, got, c.want)
		}
	}
	for _, c := range [][2]string{
		{"https://github.com/acme/web", "main"},
		{"https://github.com/acme/web", ""},
		{"https://github.com/acme/web", "1d2e3f4)"},
		{"http://github.com/acme/web", "1d2e3f4051"},
		{"", "1d2e3f4051"},
	} {
		if got := blobs(c[0], c[1]); got != "" {
			t.Errorf("blobs(%q, %q) = %q, want none", c[0], c[1], got)
		}
	}
}

func TestCommandEscapes(t *testing.T) {
	const text = "100%\r\na:b,c"
	if got, want := CommandData(text), "100%25%0D%0Aa:b,c"; got != want {
		t.Errorf("data %q, want %q", got, want)
	}
	if got, want := CommandProperty(text), "100%25%0D%0Aa%3Ab%2Cc"; got != want {
		t.Errorf("property %q, want %q", got, want)
	}
}

func TestTerminalWriter(t *testing.T) {
	var b bytes.Buffer
	const message = "lockkeeper: a\x1b[2Jb\n::error::forged\nlockkeeper: all is well\n"
	n, err := NewTerminal(&b).Write([]byte(message))
	if err != nil || n != len(message) {
		t.Fatalf("%d, %v", n, err)
	}
	want := "lockkeeper: a\\x1b[2Jb\n  : :error::forged\n  lockkeeper: all is well\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

// Text becomes a channel's type in the sink and nowhere else: a conversion
// elsewhere would let a string through as it came.
func TestOnlyTheSinkConverts(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	converts := map[string]bool{"inert": true, "markup": true, "hypertext": true, "T": true}
	seen := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if name, ok := call.Fun.(*ast.Ident); ok && converts[name.Name] {
				seen++
				if !strings.HasPrefix(f.Name(), "sink") {
					t.Errorf("%s: converts to %s", fset.Position(call.Pos()), name.Name)
				}
			}
			return true
		})
	}
	if seen == 0 {
		t.Error("found no conversion in the sink either: the test looks for the wrong names")
	}
}
