package yamlline

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// someTexts hold what an emitter has to quote, and what not.
var someTexts = []string{
	"a", "b c", "1.0.0", "^1.2.3", ">=1 <2", "1.0", "17", "0x10", "true", "null", "~", "", " ", " a", "a ", "'", "it's", `"`, `say "a"`, `\`, `a\n`, "#", "a #b", "a#b",
	"a: b", "a:b", "a:", ":", "-", "- a", "-a", "?", "? a", "*", "@a/b@npm:^1.0.0", "[a]", "{a}", "a, b", "a[1]", "!a", "&a", "|", ">", "%", "`", "=", "---", "...",
	"a@1.0.0(b@2.0.0)", "https://npm.example.com/a.tgz#b", "sha512-q83v/+A==", "link:../a", "workspace:*", "é", "日本語", "\U0001f600",
}

// lines are texts of several lines, and with characters that need escapes. None
// ends in an empty line: pnpm writes more of them behind it.
var lines = []string{"a\nb", "a\n", "a\n\nb", "\na", " a\nb", "a\n  b\nc", "a \nb", "- a\n- b", "# a\nb", "a\tb", "a\rb", "a\u2028b", "\u00a0", "\ufeff", "\x01", "\x7f", "a\x1bb"}

func drawText(t *rapid.T, texts []string) string {
	text := rapid.SampledFrom(texts).Draw(t, "text")
	if rapid.IntRange(0, 3).Draw(t, "more") == 0 {
		text += rapid.SampledFrom(texts).Draw(t, "text")
	}
	return text
}

// drawTree makes a tree without names that are read in two ways.
func drawTree(t *rapid.T, depth int, names, texts []string) tree {
	switch kind := rapid.SampledFrom([]Kind{Scalar, Map, Map, Sequence}).Draw(t, "kind"); {
	case depth == 0 || kind == Scalar:
		return tree{kind: Scalar, text: drawText(t, texts)}
	case kind == Sequence:
		n := tree{kind: kind}
		for range rapid.IntRange(0, 3).Draw(t, "elements") {
			n.list = append(n.list, drawTree(t, depth-1, names, texts))
		}
		return n
	}
	return drawMap(t, depth, names, texts)
}

func drawMap(t *rapid.T, depth int, names, texts []string) tree {
	n := tree{kind: Map}
	for range rapid.IntRange(0, 5).Draw(t, "members") {
		name := drawText(t, names)
		if rapid.IntRange(0, 30).Draw(t, "long") == 0 {
			name += strings.Repeat("x", 1100)
		}
		if oddName(name, true) == "" {
			n.members = append(n.members, member{name, drawTree(t, depth-1, names, texts)})
		}
	}
	return n
}

// pruned leaves out mappings of nothing, as yarn does.
func (n tree) pruned() tree {
	kept := tree{kind: n.kind, text: n.text}
	for _, m := range n.members {
		if m.value = m.value.pruned(); m.value.kind != Map || len(m.value.members) > 0 {
			kept.members = append(kept.members, m)
		}
	}
	for _, e := range n.list {
		if e = e.pruned(); e.kind != Map || len(e.members) > 0 {
			kept.list = append(kept.list, e)
		}
	}
	return kept
}

// spell gives a tree in one line.
func (n tree) spell() string {
	var parts []string
	switch n.kind {
	case Map:
		for _, m := range n.members {
			parts = append(parts, fmt.Sprintf("%q: %s", m.name, m.value.spell()))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case Sequence:
		for _, e := range n.list {
			parts = append(parts, e.spell())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprintf("%q", n.text)
}

// treeOf reads the value that comes next.
func treeOf(w *Walker) (n tree) {
	switch n.kind = w.Kind(); n.kind {
	case Map:
		_ = w.Members(func(name string) error {
			n.members = append(n.members, member{name, treeOf(w)})
			return nil
		})
	case Sequence:
		_ = w.Elements(func() error {
			n.list = append(n.list, treeOf(w))
			return nil
		})
	default:
		n.text, _, _ = w.TryText()
	}
	return n
}

// readsBack checks that a text is read fast, as a tree.
func readsBack(t *rapid.T, text string, want tree) {
	w, ok := fast(text)
	if !ok {
		_, err := full([]byte(text))
		t.Fatalf("%q is not read fast; full says %v", text, err)
	}
	sameAsFull(t, text, w)
	if !w.Next() {
		t.Fatalf("%q holds nothing", text)
	}
	if got := treeOf(w).spell(); got != want.spell() {
		t.Fatalf("%q is %s, want %s", text, got, want.spell())
	}
}

func TestWhatPnpmWrites(t *testing.T) {
	texts := append(append([]string{"cpu", "resolution", "packages"}, someTexts...), lines...)
	rapid.Check(t, func(t *rapid.T) {
		want := drawMap(t, 4, texts, texts)
		if len(want.members) == 0 {
			return
		}
		var b pnpm
		b.node(want, "", 0, true)
		readsBack(t, strings.TrimLeft(b.String(), "\n")+"\n", want)
	})
}

func TestWhatBerryWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawMap(t, 4, someTexts, someTexts).pruned()
		if len(want.members) == 0 {
			return
		}
		text := "# comment\n\n" + berry(want, 0, false)
		if strings.Contains(text, "\n... ") {
			return // yarn writes a document end marker for a name, and can't read it
		}
		if rapid.Bool().Draw(t, "CRLF") {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		readsBack(t, text, want)
	})
}
