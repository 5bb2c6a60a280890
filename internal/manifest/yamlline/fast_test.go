package yamlline

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// list spells all that there is to know of the tokens.
func list(w *Walker) (all []string) {
	for i := range w.tokens {
		t := &w.tokens[i]
		text := ""
		switch t.kind {
		case Scalar:
			text = fmt.Sprintf("%q plain=%v", w.textOf(t), t.plain)
		}
		all = append(all, fmt.Sprintf("%d %d %s", t.kind, t.line, text))
	}
	return all
}

// streamed is list for what a reader gives piece by piece.
func streamed(r *reader) (all []string) {
	w := &Walker{text: r.text, reader: r}
	for w.more() {
		all = append(all, list(w)...)
	}
	return all
}

// sameAsFull checks that full reads a text that fast reads, and in the same way.
func sameAsFull(t rapid.TB, text string, quick *Walker) {
	t.Helper()
	w, err := full([]byte(text))
	if err != nil {
		t.Fatalf("%q: fast reads it, and full says: %v", text, err)
	}
	want := list(w)
	if got := list(quick); !slices.Equal(got, want) {
		t.Fatalf("%q: fast reads %q, full %q", text, got, want)
	}
	if got := streamed(newReader(text)); !slices.Equal(got, want) {
		t.Fatalf("%q: in pieces fast reads %q, full %q", text, got, want)
	}
}

// Each is read fast, to the events that follow, of which --- and line breaks
// are left out.
var shapes = []struct{ what, text, want string }{
	{"no document", "", ""},
	{"comments only", "# a\n\n  # b\n   \n", ""},
	{"a mapping", "a: b\nc: d\n", `1 {|1 a:|1 b|2 c:|2 d|2 }`},
	{"no final line break", "a: b", `1 {|1 a:|1 b|1 }`},
	{"a byte order mark", "\ufeffa: b\n", `1 {|1 a:|1 b|1 }`},
	{"CRLF", "a: b\r\nc:\r\n  d: |-\r\n    e\r\n    f\r\n", `1 {|1 a:|1 b|2 c:|3 {|3 d:|3 "e\nf"|3 }|3 }`},
	{"comments and empty lines", "# x\na: # y\n\n # z: z\n  b: c # d\n    # e\n", `2 {|2 a:|5 {|5 b:|5 c|5 }|5 }`},
	{"spaces", "a:   b  \n", `1 {|1 a:|1 b|1 }`},
	{"a hash without a space", "a: b#c\n", `1 {|1 a:|1 b#c|1 }`},
	{"colons without a space", "a:b: c:d::e\n", `1 {|1 a:b:|1 c:d::e|1 }`},
	{"brackets, quotes and indicators inside", "a[1]: b{c}, [d] 'e' \"f\" &g *h !i %j @k `l ?m -n | >\n", "1 {|1 a[1]:|1 b{c}, [d] 'e' \"f\" &g *h !i %j @k `l ?m -n | >|1 }"},
	{"characters beyond ASCII", "é: 日本 \U0001f600\n", "1 {|1 é:|1 日本 \U0001f600|1 }"},
	{"empty values", "a:\nb:\n  c:\nd:\n", `1 {|1 a:|1 |2 b:|3 {|3 c:|3 |3 }|4 d:|4 |4 }`},
	{"an empty value before comments", "a:\n# b\n\nc: d\n", `1 {|1 a:|1 |4 c:|4 d|4 }`},
	{"words with a meaning", "a: null\nb: true\nc: 1.0\nd: ~\n", `1 {|1 a:|1 null|2 b:|2 true|3 c:|3 1.0|4 d:|4 ~|4 }`},
	{"equal names", "a: b\na: c\n'a': d\n", `1 {|1 a:|1 b|2 a:|2 c|3 "a":|3 d|3 }`},
	{"single quotes", "'a b': 'c: d # ''e'''\n", `1 {|1 "a b":|1 "c: d # 'e'"|1 }`},
	{"single quotes, empty", "'': ''\n", `1 {|1 "":|1 ""|1 }`},
	{"double quotes", "\"a, b\": \"c: ' # d\" # e\n", `1 {|1 "a, b":|1 "c: ' # d"|1 }`},
	{"escapes", `a: "\0\a\b\t\n\v\f\r\e\ \"\/\\\N\_\L\P\x41\u00e9\U0001F600"`, `1 {|1 a:|1 "\x00\a\b\t\n\v\f\r\x1b \"/\\\u0085\u00a0\u2028\u2029Aé😀"|1 }`},
	{"a name with escapes", `"a\tb": c`, `1 {|1 "a\tb":|1 c|1 }`},
	{"a name that is quoted, so no number", "'1.0': a\n\"~\": b\n", `1 {|1 "1.0":|1 a|2 "~":|2 b|2 }`},
	{"names that are numbers as they stand", "0: a\n17: b\n2.5: c\n1.2.3: d\n2-x: e\n.foo: f\ntrue: g\nnull: h\n", `1 {|1 0:|1 a|2 17:|2 b|3 2.5:|3 c|4 1.2.3:|4 d|5 2-x:|5 e|6 .foo:|6 f|7 true:|7 g|8 null:|8 h|8 }`},
	{"flow mappings", "a: {b: c, 'd': \"e\", f: {}, g: []}\nh: { i: j }\nk: {}\n", `1 {|1 a:|1 {|1 b:|1 c|1 "d":|1 "e"|1 f:|1 {|1 }|1 g:|1 [|1 ]|1 }|2 h:|2 {|2 i:|2 j|2 }|3 k:|3 {|3 }|3 }`},
	{"flow sequences", "a: [b, 'c, d', [e], {f: g}, h i ] # j\n", `1 {|1 a:|1 [|1 b|1 "c, d"|1 [|1 e|1 ]|1 {|1 f:|1 g|1 }|1 h i|1 ]|1 }`},
	{"flow scalars with colons and hashes", "a: {b: https://npm.example.com/c#d, e: f:g}\n", `1 {|1 a:|1 {|1 b:|1 https://npm.example.com/c#d|1 e:|1 f:g|1 }|1 }`},
	{"a sequence below its name", "a:\n  - b\n  - 'c'\nd: e\n", `1 {|1 a:|2 [|2 b|3 "c"|3 ]|4 d:|4 e|4 }`},
	{"a sequence beside its name", "a:\n- b\n- c\nd:\n- e\n", `1 {|1 a:|2 [|2 b|3 c|3 ]|4 d:|5 [|5 e|5 ]|5 }`},
	{"a sequence at the root", "- a\n- b: c\n  d: e\n-\n  f: g\n- h:\n  - i\n  j: k\n", `1 [|1 a|2 {|2 b:|2 c|3 d:|3 e|3 }|5 {|5 f:|5 g|5 }|6 {|6 h:|7 [|7 i|7 ]|8 j:|8 k|8 }|8 ]`},
	{"sequences in a line", "- - a\n  - b\n-   - c\n    - d: e\n", `1 [|1 [|1 a|2 b|2 ]|3 [|3 c|4 {|4 d:|4 e|4 }|4 ]|4 ]`},
	{"indentation of any width", "a:\n     b:\n      c: d\n     e: f\ng: h\n", `1 {|1 a:|2 {|2 b:|3 {|3 c:|3 d|3 }|4 e:|4 f|4 }|5 g:|5 h|5 }`},
	{"literal", "a: |\n  b # c\n    d\n\n  e\nf: g\n", `1 {|1 a:|1 "b # c\n  d\n\ne\n"|6 f:|6 g|6 }`},
	{"literal, stripped", "a: |-\n  b\n\n\nc: d\n", `1 {|1 a:|1 "b"|5 c:|5 d|5 }`},
	{"literal, kept", "a: |+\n  b\n\n\nc: |+\n  d", `1 {|1 a:|1 "b\n\n\n"|5 c:|5 "d\n"|5 }`},
	{"literal with empty lines first", "a: |\n\n\n  b\n", `1 {|1 a:|1 "\n\nb\n"|1 }`},
	{"literal that begins with a space", "a:\n  b: |2-\n     c\n    d\n", `1 {|1 a:|2 {|2 b:|2 " c\nd"|2 }|2 }`},
	{"literal with trailing spaces and a comment", "a: |- # x\n  b  \nc: d\n", `1 {|1 a:|1 "b  "|3 c:|3 d|3 }`},
	{"literal before a comment at the margin", "a: |-\n  b\n# c\nd: e\n", `1 {|1 a:|1 "b"|4 d:|4 e|4 }`},
	{"literal in a sequence", "a:\n  - |-\n    b\n  - c: |-\n      d\n", `1 {|1 a:|2 [|2 "b"|4 {|4 c:|4 "d"|4 }|4 ]|4 }`},
	{"literal with lines of spaces", "a: |-\n  b\n \n     \n  c\n    \n", `1 {|1 a:|1 "b\n\n   \nc\n  "|1 }`},
	{"folded", "a: >-\n  b\n  c\n\n  d\n\n\n  e\nf: >\n  g\n", `1 {|1 a:|1 "b c\nd\n\ne"|9 f:|9 "g\n"|9 }`},
	{"folded with indented lines", "a: >-\n  b\n    c\n  d\n\n    e\n\n  f\n", `1 {|1 a:|1 "b\n  c\nd\n\n  e\n\nf"|1 }`},
	{"documents", "---\na: b\n---\nc: d\n", `2 {|2 a:|2 b|2 }|4 {|4 c:|4 d|4 }`},
	{"an implicit document first", "# x\na:\n---\n\nb: c\n", `2 {|2 a:|2 |2 }|5 {|5 b:|5 c|5 }`},
	{"explicit names", "? a\n: b\n? \"c, d\"\n:\n  e: f\n? 'g'\n:\nh:\n  ? i\n  : |-\n    j\n", `1 {|1 a:|2 b|3 "c, d":|5 {|5 e:|5 f|5 }|6 "g":|7 |8 h:|9 {|9 i:|10 "j"|10 }|10 }`},
	{"an explicit name with a collection beside the colon", "? a\n: b: c\n  d:\n  - e\n? f\n: - g\n  - h\n", `1 {|1 a:|2 {|2 b:|2 c|3 d:|4 [|4 e|4 ]|4 }|5 f:|6 [|6 g|7 h|7 ]|7 }`},
	{"an explicit name with a sequence", "? a\n:\n- b\n", `1 {|1 a:|3 [|3 b|3 ]|3 }`},
}

func TestShapes(t *testing.T) {
	for _, c := range shapes {
		t.Run(c.what, func(t *testing.T) {
			text := strings.TrimPrefix(c.text, "\ufeff")
			quick, ok := fast(text)
			if !ok {
				t.Fatalf("%q is not read fast", text)
			}
			sameAsFull(t, text, quick)
			got := slices.DeleteFunc(events(parse(t, c.text)), func(e string) bool { return e == "---" })
			if strings.Join(got, "|") != c.want {
				t.Errorf("%q: %s", c.text, strings.Join(got, "|"))
			}
		})
	}
}

// Each is left to full, which reads it.
var otherShapes = []struct{ what, text, want string }{
	{"a scalar at the root", "a\n", `1 a`},
	{"a flow mapping at the root", "{a: b}\n", `1 {|1 a:|1 b|1 }`},
	{"an indented root", "  a: b\n", `1 {|1 a:|1 b|1 }`},
	{"an empty document", "---\n---\na: b\n", `2 |3 {|3 a:|3 b|3 }`},
	{"a plain scalar of two lines", "a: b\n  c\n\n  d\n", "1 {|1 a:|1 b c\nd|1 }"},
	{"a quoted scalar of two lines", "a: \"b\n  c\"\nd: 'e\n\n  f'\n", `1 {|1 a:|1 "b c"|3 d:|3 "e\nf"|3 }`},
	{"a value in the next line", "a:\n  b\nc:\n  'd'\n", `1 {|1 a:|2 b|3 c:|4 "d"|4 }`},
	{"a flow collection of many lines", "a: [\n  b,\n  c: d,\n]\ne: {f: g,\n  h: i}\n", `1 {|1 a:|1 [|2 b|3 {|3 c:|3 d|3 }|3 ]|5 e:|5 {|5 f:|5 g|6 h:|6 i|6 }|6 }`},
	{"a trailing comma", "a: [b, ]\nc: {d: e, }\n", `1 {|1 a:|1 [|1 b|1 ]|2 c:|2 {|2 d:|2 e|2 }|2 }`},
	{"no space behind a colon", `a: {"b":c}`, `1 {|1 a:|1 {|1 "b":|1 c|1 }|1 }`},
	{"no value in a flow mapping", "a: {b, c: }\n", `1 {|1 a:|1 {|1 b:|1 |1 c:|1 |1 }|1 }`},
	{"a pair in a flow sequence", "a: [b: c]\n", `1 {|1 a:|1 [|1 {|1 b:|1 c|1 }|1 ]|1 }`},
	{"a space before a colon", "a : b\n'c' : d\n", `1 {|1 a:|1 b|2 "c":|2 d|2 }`},
	{"an indicator that begins a scalar", "a: -b\nc: ?d\ne: :f\n", `1 {|1 a:|1 -b|2 c:|2 ?d|3 e:|3 :f|3 }`},
	{"a tab", "a:\tb\t# c\n", `1 {|1 a:|1 b|1 }`},
	{"a tab in a comment", "\t# a\nb: c\n", `2 {|2 b:|2 c|2 }`},
	{"an explicit name without a value", "? a\n", `1 {|1 a:|2 |2 }`},
	{"a block scalar without text", "a: |-\nb: c\n", `1 {|1 a:|1 ""|2 b:|2 c|2 }`},
	{"a block scalar with a line of spaces first", "a: |-\n   \n   b\n", `1 {|1 a:|1 "\nb"|1 }`},
}

func TestOtherShapes(t *testing.T) {
	for _, c := range otherShapes {
		t.Run(c.what, func(t *testing.T) {
			if _, ok := fast(c.text); ok {
				t.Errorf("%q is read fast", c.text)
			}
			got := slices.DeleteFunc(events(parse(t, c.text)), func(e string) bool { return e == "---" })
			if strings.Join(got, "|") != c.want {
				t.Errorf("%q: %s", c.text, strings.Join(got, "|"))
			}
		})
	}
}
