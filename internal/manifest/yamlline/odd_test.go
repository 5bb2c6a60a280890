package yamlline

import (
	"errors"
	"strings"
	"testing"
)

// Two readers make different things of each of these, so that a lockfile could
// show one thing here and another to the package manager. What they make of it
// was found with js-yaml 3.10, 3.14.1, 3.15.2, 4.1.0, 4.3.2, pnpm's fork of it
// and pnpm 12 itself.
var readTwoWays = []struct{ what, text, want string }{
	// The library ends the comment at these, js-yaml and pnpm 12 don't.
	{"NEL in a comment", "a: b # c\u0085evil: d\n", "line 1: the character U+0085, which some readers take for a line break"},
	{"LS in a comment", "\n# c\u2028evil: d\na: b\n", "line 2: the character U+2028, which some readers take for a line break"},
	{"PS in a comment", "# c\u2029evil: d\na: b\n", "line 1: the character U+2029, which some readers take for a line break"},
	// The library skips the first letter of each line from here on.
	{"a byte order mark inside", "a: b\n\ufeffc: d\n", "line 2: a byte order mark inside the text, which readers take for different things"},
	{"two byte order marks", "\ufeff\ufeffa: b\n", "line 1: a byte order mark inside the text, which readers take for different things"},
	// All readers break the line, and no reviewer sees it.
	{"CR in a comment", "# c\revil: d\na: b\n", "line 1: a carriage return without a line feed, which not every reader takes for a line break"},
	{"CR at the end", "a: b\r", "line 1: a carriage return without a line feed, which not every reader takes for a line break"},
	// js-yaml refuses these in plain scalars, the library in quoted ones, too.
	{"NUL", "a: b\x00\n", "line 1: the character U+0000, which not every reader takes for text"},
	{"a control character", "a: b\x01\n", "line 1: the character U+0001, which not every reader takes for text"},
	{"DEL", "a: b\x7f\n", "line 1: the character U+007F, which not every reader takes for text"},
	{"C1", "a: b\u0090\n", "line 1: the character U+0090, which not every reader takes for text"},
	{"no character", "a: b\uffff\n", "line 1: the character U+FFFF, which not every reader takes for text"},
	// Node decodes it to U+FFFD.
	{"no UTF-8", "a: b\n'\xff': c\n", "line 2: not UTF-8 text: byte 0xff"},
	{"UTF-16", "\xff\xfea\x00", "line 1: not UTF-8 text: byte 0xff"},

	// js-yaml: a document that begins with "a: b".
	{"--- and more", "---a: b\n", "line 1: it begins with --- and goes on, which only some readers take for the start of a document"},
	{"four dashes", "----\n- a\n", "line 1: it begins with --- and goes on, which only some readers take for the start of a document"},
	// pnpm splits at lines that are --- alone: pnpm 12 finds no packages here.
	{"--- and a comment", "---\na: b\n--- # c\nd: e\n", "line 3: it begins with --- and goes on, which only some readers take for the start of a document"},
	{"--- and a space", "a: b\n--- \nc: d\n", "line 2: it begins with --- and goes on, which only some readers take for the start of a document"},
	// js-yaml: an empty document, and then the mapping.
	{"a document end marker first", "...\na: b\n", "line 1: it has a document end marker, which no package manager writes"},
	{"a document end marker and a name", "... a: b\n", "line 1: it has a document end marker, which no package manager writes"},
	{"a document end marker", "a: b\n...  # c\nd: e\n", "line 2: it has a document end marker, which no package manager writes"},
	// The library knows version 1.1 only, js-yaml leaves out unknown ones.
	{"a directive", "%YAML 1.1\n---\na: b\n", "line 1: it has a directive, which no package manager writes"},
	// The library reads on over the --- to the end; js-yaml begins a document.
	{"a block scalar at the root", "--- |\n", "line 1: it begins with --- and goes on, which only some readers take for the start of a document"},
	{"a block scalar at the root, indented", "  >+\n\n---\na: b\n", "line 1: a document is a block scalar"},
	// js-yaml takes it for a marker where it is indented with a tab.
	{"a tab before ---", "\n\t---\na: b\n", "line 2: it is indented with a tab, which no package manager does"},
	{"a tab in the indentation", "a: [\n\tb]\n", "line 2: it is indented with a tab, which no package manager does"},

	// js-yaml: [["", a]], where all others read [[""], a].
	{"an element that is left out", "- -\n- a\n", "line 1: an element is left out"},
	{"an element that is left out below a name", "a:\n  - \n  - b\n", "line 2: an element is left out"},
	// js-yaml: "a", for any text that a list has inside a list for a name.
	{"a list for a name", "[a]: b\n", "line 1: a name is not a scalar"},
	{"a mapping for a name", "? {a: b}\n: c\n", "line 1: a name is not a scalar"},
	// js-yaml: "null".
	{"a name that is left out", "? \n: a\n", "line 1: a name is left out"},
	{"a name that is left out at the end", "a: b\n?", "line 2: a name is left out"},
	{"a block scalar for a name", "? |-\n  a\n: b\n", "line 1: a name is a block scalar, which no package manager writes"},
	// js-yaml with types, as pnpm up to 11 reads: 16, 1, 8, 1000, true, null, ...
	{"a hexadecimal name", "a:\n  0x10: b\n", "line 2: a name without quotes is a number, date, boolean or null, which readers spell in two ways"},
	{"a fraction", "1.0: a\n", "line 1: a name without quotes is a number, date, boolean or null, which readers spell in two ways"},
	{"an octal name", "010: a\n", "line 1: a name without quotes is a number, date, boolean or null, which readers spell in two ways"},
	{"an exponent", "1e3: a\n", "line 1: a name without quotes is a number, date, boolean or null, which readers spell in two ways"},
	{"underscores", "1_000: a\n", "line 1: a name without quotes is a number, date, boolean or null, which readers spell in two ways"},
	{"a sum of sixties", "1:30: a\n", "line 1: a name without quotes is a number, date, boolean or null, which readers spell in two ways"},
	{"a sign", "+1: a\n", "line 1: a name without quotes is a number, date, boolean or null, which readers spell in two ways"},
	{"infinity", ".inf: a\n", "line 1: a name without quotes is a number, date, boolean or null, which readers spell in two ways"},
	{"a boolean", "True: a\n", "line 1: a name without quotes is a number, date, boolean or null, which readers spell in two ways"},
	{"null", "{~: a}\n", "line 1: a name without quotes is a number, date, boolean or null, which readers spell in two ways"},
	{"a date", "2001-12-14: a\n", "line 1: a name without quotes is a number, date, boolean or null, which readers spell in two ways"},
	// js-yaml up to 4.1.0: all mappings seem to have the member.
	{"__proto__", "a:\n  \"__proto__\": {b: c}\n", "line 2: it has the name __proto__, which some readers don't take for a name"},

	// js-yaml: "ab"; the library and pnpm 12: "a\nb".
	{"an escaped line break", "a: \"a\\\n\n  b\"\n", "line 1: a quoted text has a line that ends in a blank or a backslash, which readers join in two ways"},
	// js-yaml up to 4.1.0: "a  b"; later and the library: "a b".
	{"a quoted line that ends in a space", "a: \"a \n  b\"\n", "line 1: a quoted text has a line that ends in a blank or a backslash, which readers join in two ways"},
	{"a quoted line that ends in a space and CR", "a:\n - x\n - 'it''s \r\n  b'\n", "line 3: a quoted text has a line that ends in a blank or a backslash, which readers join in two ways"},

	// These mean something else than they spell.
	{"an anchor", "a: &b c\n", "line 1: it has an anchor or alias, which no package manager writes"},
	{"an alias", "a: &b c\nd: *b\n", "line 1: it has an anchor or alias, which no package manager writes"},
	{"a tag", "a: !!str b\n", "line 1: it has a tag, which no package manager writes"},
	{"a tag of no kind", "a: ! true\n", "line 1: it has a tag, which no package manager writes"},
	{"a merge key", "<<: {a: b}\nc: d\n", "line 1: it has a merge key, which no package manager writes"},
	{"a merge key in quotes", "'<<': {a: b}\n", "line 1: it has a merge key, which no package manager writes"},
}

// Each is an error of Parse, which needs that fast gives up and full refuses.
func TestReadTwoWays(t *testing.T) {
	for _, c := range readTwoWays {
		t.Run(c.what, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			if at, ok := errors.AsType[*Error](err); !ok || at.Error() != c.want {
				t.Errorf("%q: %v, want %s", c.text, err, c.want)
			}
		})
	}
}

// Each is no YAML, or none that js-yaml reads, and says where.
func TestNotYAML(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a: b: c\n", "line 1: not YAML: mapping values are not allowed in this context"},
		{"a: b\n c: d\n", "line 2: not YAML: mapping values are not allowed in this context"},
		{"a: b\nc\n", "line 3: not YAML: while scanning a simple key: could not find expected ':'"},
		{"a: 'b\n", "line 2: not YAML: while scanning a quoted scalar: found unexpected end of stream"},
		{"a: 'b' c\n", "line 1: not YAML: while parsing a block mapping: did not find expected key"},
		{`a: "\"\`, "line 2: not YAML: while scanning a quoted scalar: found unexpected end of stream"},
		{"a: \"\\q\"\n", "line 1: not YAML: while scanning a quoted scalar: found unknown escape character"},
		{"a: \"\\ud83d\\ude00\"\n", "line 1: not YAML: while scanning a quoted scalar: found invalid Unicode character escape code"},
		{"a: [b\n", "line 2: not YAML: while parsing a flow sequence: did not find expected ',' or ']'"},
		{"a: |0\n  b\n", "line 1: not YAML: while scanning a block scalar: found an indentation indicator equal to 0"},
		{"a: |12\n  b\n", "line 1: not YAML: while scanning a block scalar: did not find expected comment or line break"},
		{"a: |--\n  b\n", "line 1: not YAML: while scanning a block scalar: did not find expected comment or line break"},
		{"a: `b\n", "line 1: not YAML: while scanning for the next token: found character that cannot start any token"},
		{"a: *b\n", "line 1: not YAML: unknown anchor 'b' referenced"},
		{"a: *" + strings.Repeat("b", 1000) + "\n", "line 1: not YAML: unknown anchor '" + strings.Repeat("b", 184)},
		{"<<<<<<< HEAD\na: b\n=======\na: c\n>>>>>>> main\n", "line 2: not YAML: mapping values are not allowed in this context"},
		{"a:\n  b: c\n d: e\n", "line 3: not YAML: while parsing a block mapping: did not find expected key"},
		{"a:\n  - b\n - c\n", "line 3: not YAML: while parsing a block mapping: did not find expected key"},
	} {
		_, err := Parse([]byte(c.text))
		if at, ok := errors.AsType[*Error](err); !ok || at.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
}

// A collection is as deep in either reader, whatever way it is nested.
func TestDepth(t *testing.T) {
	for _, c := range []struct {
		what string
		text func(depth int) string
	}{
		{"block mappings", func(n int) string {
			var b strings.Builder
			for i := range n {
				b.WriteString(strings.Repeat(" ", i) + "a:\n")
			}
			return b.String()
		}},
		{"a line of dashes", func(n int) string { return strings.Repeat("- ", n) + "a\n" }},
		{"sequences beside their names", func(n int) string {
			var b strings.Builder
			for i := range n / 2 {
				b.WriteString("a:\n" + strings.Repeat("  ", i) + "- ")
			}
			return b.String() + strings.Repeat("- ", n%2) + "b\n"
		}},
		{"flow sequences", func(n int) string { return "a: " + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + "\n" }},
		{"flow mappings", func(n int) string { return "a: " + strings.Repeat("{b: ", n-1) + "c" + strings.Repeat("}", n-1) + "\n" }},
		{"flow in a line of dashes", func(n int) string {
			return strings.Repeat("- ", n/2) + strings.Repeat("[", n-n/2) + strings.Repeat("]", n-n/2) + "\n"
		}},
	} {
		t.Run(c.what, func(t *testing.T) {
			text := c.text(MaxDepth)
			quick, ok := fast(text)
			if !ok {
				t.Fatalf("%.80q is not read fast", text)
			}
			sameAsFull(t, text, quick)
			for _, depth := range []int{MaxDepth + 1, MaxDepth + 2, 3 * MaxDepth} {
				text := c.text(depth)
				if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), "64") {
					t.Errorf("%d levels: %v", depth, err)
				}
			}
		})
	}
}
