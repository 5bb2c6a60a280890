package code

import (
	"fmt"
	"strings"
	"testing"
)

// tokens writes a text's tokens: a letter for the kind, and what stands there.
func tokens(src string) string {
	letters := map[kind]string{name: "", number: "n", text: "s", template: "t", pattern: "r", stray: "?"}
	var all []string
	s := newScanner([]byte(src))
	for {
		t, ok := s.next()
		if !ok {
			return strings.Join(all, " ")
		}
		what := src[t.start:t.end]
		if letter := letters[t.kind]; letter != "" {
			what = letter + ":" + what
		}
		all = append(all, what)
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"a/b/c", "a / b / c"},
		{"x=/b/g", "x = r:/b/g"},
		{"return/b[/]/.test(a)", "return r:/b[/]/ . test ( a )"},
		{"a.return/b/c", "a . return / b / c"},
		{"if(a)/b/.c", "if ( a ) r:/b/ . c"},
		{"f(a)/b/c", "f ( a ) / b / c"},
		{"a={}/b/c", "a = { } / b / c"},
		{"{}/b/", "{ } r:/b/"},
		{"a++/b/c", "a ++ / b / c"},
		{"a/b", "a / b"},
		{"x=/b\nc/d", "x = / b c / d"},
		{"`a${b}c`", "t:`a${ b t:}c`"},
		{"`a${`b${c}`}d`+{}", "t:`a${ t:`b${ c t:}` t:}d` + { }"},
		{"`${{a:1}}`", "t:`${ { a : n:1 } t:}`"},
		{`'a\'b' "c\"d"`, `s:'a\'b' s:"c\"d"`},
		{"'open\nb", "s:'open b"},
		{"a/*b*/c//d\ne", "a c e"},
		{"#!/bin/x\na", "a"},
		{"\ufeffa", "a"},
		{"a?.b?.[c]?1:.5", "a ?. b ?. [ c ] ? n:1 : n:.5"},
		{"[...a]", "[ ... a ]"},
		{"0x1f 1e-5 1_0n .5e3", "n:0x1f n:1e-5 n:1_0n n:.5e3"},
		{"a=>b==c!==d>=e", "a => b == c !== d >= e"},
		{"\\u0061b #c é", "\\u0061b #c é"},
		{"a\x00b", "a ?:\x00 b"},
		{"/*open", ""},
		{"`open", "t:`open"},
		{"a\\u{62}c", "a\\u{62}c"},
	} {
		if got := tokens(c.src); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.src, got, c.want)
		}
	}
}

func TestLiteralValues(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{`'abc'`, "abc"},
		{`"\x61\u0062\u{63}\144\n\q"`, "abcd\nq"},
		{`'a\` + "\n" + `b'`, "ab"},
		{`'a\` + "\r\n" + `b'`, "ab"},
		{`'\x6'`, "x6"},
		{`'\u{110000}'`, "\ufffd"},
		{`'\ud83d'`, "\ufffd"},
		{`'\`, `\`},
		{"`a\\`b`", "a`b"},
		{"''", ""},
		{"'", ""},
	} {
		s := newScanner([]byte(c.src))
		tok, _ := s.next()
		if got := string(tok.value(s.src, maxValue)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.src, got, c.want)
		}
	}
}

// Tokens never overlap, never stand still, and lie in the text.
func checkTokens(src []byte) error {
	s := newScanner(src)
	last := int32(0)
	for {
		t, ok := s.next()
		if !ok {
			return nil
		}
		if t.start < last || t.end <= t.start || int(t.end) > len(src) {
			return fmt.Errorf("token %d-%d after %d of %d bytes", t.start, t.end, last, len(src))
		}
		t.value(src, maxValue)
		last = t.end
	}
}

func FuzzTokens(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		if err := checkTokens(src); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkTokens(b *testing.B) {
	src := sample()
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if err := checkTokens(src); err != nil {
			b.Fatal(err)
		}
	}
}

func TestZerosBeforeACodePoint(t *testing.T) {
	for text, want := range map[string]string{
		`\u{65}val`: "eval", `\u{` + strings.Repeat("0", 500) + `65}val`: "eval", `\u{0}`: "\x00",
		`\u{}x`: "u{}x", `\u{zz}`: "u{zz}",
	} {
		if got := string(unescape([]byte(text))); got != want {
			t.Errorf("%.40s: %q, want %q", text, got, want)
		}
	}
}
