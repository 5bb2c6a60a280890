package yamlline

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// events walks a stream with the public methods and lists what it meets: the
// line and the text of each scalar (quoted if it may not mean anything else),
// names with a colon, the sides of collections, and --- for each document.
func events(w *Walker) (list []string) {
	note := func(text string) { list = append(list, fmt.Sprintf("%d %s", w.Line(), text)) }
	spell := func(text string, plain bool) string {
		if plain {
			return text
		}
		return fmt.Sprintf("%q", text)
	}
	var value func() error
	value = func() error {
		switch w.Kind() {
		case Map:
			list = append(list, fmt.Sprintf("%d {", w.nextLine()))
			err := w.Members(func(name string) error {
				note(spell(name, w.last.plain) + ":")
				return value()
			})
			note("}")
			return err
		case Sequence:
			list = append(list, fmt.Sprintf("%d [", w.nextLine()))
			err := w.Elements(value)
			note("]")
			return err
		}
		text, plain, ok := w.TryText()
		if !ok {
			return errors.New("no value")
		}
		note(spell(text, plain))
		return nil
	}
	for w.Next() {
		list = append(list, "---")
		if err := value(); err != nil {
			return append(list, err.Error())
		}
	}
	return list
}

func parse(t *testing.T, text string) *Walker {
	t.Helper()
	w, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

const sample = "a: b\nc: {d: 'e', f: [1, 2]}\ng:\n  - h\n---\ni:\n"

func TestWalk(t *testing.T) {
	got := events(parse(t, sample))
	want := strings.Split("---|1 {|1 a:|1 b|2 c:|2 {|2 d:|2 \"e\"|2 f:|2 [|2 1|2 2|2 ]|2 }|3 g:|4 [|4 h|4 ]|4 }|---|6 {|6 i:|6 |6 }", "|")
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// What a callback leaves of its value is skipped, so that no value is ever
// taken for a name.
func TestWhatIsLeftIsSkipped(t *testing.T) {
	w := parse(t, sample)
	w.Next()
	var names []string
	if err := w.Members(func(name string) error {
		names = append(names, name)
		if w.Kind() != Map {
			return nil
		}
		return w.Members(func(name string) error { names = append(names, name); return nil })
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"a", "c", "d", "f", "g"}; !slices.Equal(names, want) || w.Line() != 4 || w.Kind() != None {
		t.Errorf("%q, then line %d; want %q, then line 4", names, w.Line(), want)
	}
	w = parse(t, "[[a, b], {c: d}, e]\n")
	w.Next()
	elements := 0
	if err := w.Elements(func() error { elements++; return nil }); err != nil || elements != 3 {
		t.Errorf("%d elements and %v, want 3", elements, err)
	}
}

// A walk that ended in the middle goes on with the next document.
func TestNextFromTheMiddle(t *testing.T) {
	w := parse(t, sample)
	w.Next()
	stop := errors.New("stop")
	if err := w.Members(func(string) error {
		if w.Kind() != Map {
			return nil
		}
		return w.Members(func(string) error { return stop })
	}); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	var names []string
	if !w.Next() {
		t.Fatal("there is no second document")
	}
	if err := w.Members(func(name string) error { names = append(names, name); return nil }); err != nil || !slices.Equal(names, []string{"i"}) {
		t.Errorf("%q and %v", names, err)
	}
	for range 2 { // asking again changes nothing
		if w.Next() {
			t.Error("there is a third document")
		}
	}
}

func TestSkip(t *testing.T) {
	w := parse(t, sample)
	w.Next()
	w.Skip()
	if w.Kind() != None {
		t.Errorf("kind %d follows the document", w.Kind())
	}
	w.Skip() // nothing is left to skip
	if !w.Next() || w.Kind() != Map {
		t.Error("the second document is lost")
	}
}

func TestNothingToRead(t *testing.T) {
	for _, text := range []string{"", "\n", "# only a comment\n", "\ufeff"} {
		w := parse(t, text)
		w.Skip()
		_, _, ok := w.TryText()
		if ok || w.Kind() != None || w.Line() != 1 || w.Next() || w.Kind() != None {
			t.Errorf("%q holds something", text)
		}
	}
}

func TestAnotherKindWasExpected(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"\n- a\n", "line 2: a mapping was expected"},
		{"a", "line 1: a mapping was expected"},
		{"", "line 1: a mapping was expected"},
	} {
		w := parse(t, c.text)
		w.Next()
		if err := w.Members(func(string) error { return nil }); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
	w := parse(t, "\n\na: b\n")
	w.Next()
	if err := w.Elements(func() error { return nil }); err == nil || err.Error() != "line 3: a sequence was expected" {
		t.Error(err)
	}
}

// A scalar without escapes is a part of the one copy of the stream.
func TestScalarsAreNotAllocated(t *testing.T) {
	data := []byte(strings.Repeat("- some: 'text'\n  more: {of: \"it\"}\n", 10_000))
	if allocations := testing.AllocsPerRun(10, func() { parse(t, string(data)) }); allocations > 50 {
		t.Errorf("%.0f allocations", allocations)
	}
}
