package yamlline

import (
	"errors"
	"strings"
	"testing"
)

// names collects the names of each document's mapping, and of those in it.
func names(w *Walker, all *[]string) error {
	for w.Next() {
		err := w.Members(func(name string) error {
			*all = append(*all, name)
			if w.Kind() != Map {
				return nil
			}
			return w.Members(func(name string) error {
				*all = append(*all, name)
				return nil
			})
		})
		if err != nil {
			return err
		}
	}
	return w.Err()
}

func TestRead(t *testing.T) {
	const line = "  name: {a: b, c: [d]}\n"
	many := "top:\n" + strings.Repeat(line, 2*atOnce)
	for _, c := range []struct {
		what, text string
		times      int // that it is read
		want       int // names
	}{
		{"the style of package managers", many, 1, 1 + 2*atOnce},
		{"several documents", "---\n" + many + "---\n" + many, 1, 2 + 4*atOnce},
		{"nothing", "", 1, 0},
		{"another style from the first line on", "{a: b,\n  c: d}\n", 2, 2},
		{"another style far behind", many + "last: [a,\n  b]\n", 2, 2 + 2*atOnce},
		{"a text of two lines", many + "last: \"a\n  b\"\n", 2, 2 + 2*atOnce},
		{"a tab", many + "last: a\t\n", 1, 2 + 2*atOnce},
	} {
		t.Run(c.what, func(t *testing.T) {
			times, got := 0, 0
			err := Read(c.text, func(w *Walker) error {
				times++
				var all []string
				err := names(w, &all)
				got = len(all)
				return err
			})
			if err != nil || times != c.times || got != c.want {
				t.Errorf("read %d times, %d names, error %v; want %d times, %d names", times, got, err, c.times, c.want)
			}
		})
	}
}

// What stops a reader counts only where the whole stream is in the style that is
// read on the way: what is wrong with the rest is said first.
func TestReadersError(t *testing.T) {
	enough := errors.New("enough")
	stop := func(w *Walker) error {
		w.Next()
		return enough
	}
	if err := Read("a: b\nc: d\n", stop); err != enough {
		t.Error(err)
	}
	if err := Read("a: b\nc: [d,\n  e]\n", stop); err != enough {
		t.Error(err)
	}
	err := Read("a: b\nc: [d\n", stop)
	if at, ok := errors.AsType[*Error](err); !ok || at.Line < 2 {
		t.Error(err)
	}
	if err := Read("a: \x00\n", stop); err == nil || !strings.Contains(err.Error(), "line 1: the character U+0000") {
		t.Error(err)
	}
}

// A walk that is lost ends, wherever the reader is.
func TestLostWalkEnds(t *testing.T) {
	text := "a:\n" + strings.Repeat("  - b\n", 2*atOnce) + "  - [c,\n d]\n"
	w := &Walker{text: text, reader: newReader(text)}
	elements := 0
	w.Next()
	err := w.Members(func(string) error {
		return w.Elements(func() error {
			elements++
			return nil
		})
	})
	if err != errLost || w.Err() != errLost || w.Next() || w.Kind() != None || elements < atOnce {
		t.Errorf("%d elements, %v, %v", elements, err, w.Err())
	}
	if w.Skip(); w.Line() < 2 {
		t.Errorf("line %d", w.Line())
	}
}

// What a reader leaves of a value in the middle is skipped, with all that is
// inside, whether the tokens come in pieces or at once.
func TestWhatIsLeftOfAValueIsSkipped(t *testing.T) {
	const text = "a:\n  b: 1\n  c:\n    d: {e: [2, {f: 3}]}\n    g: 4\n  h:\n    - i: 5\n      j: 6\n    - 7\nk: 8\nl:\n  - m: 9\n    n: {o: 10}\n  - 11\np: 12\n"
	enough := errors.New("enough")
	read := func(w *Walker) (all []string) {
		w.Next()
		err := w.Members(func(name string) error {
			all = append(all, name)
			switch w.Kind() {
			case Map:
				_ = w.Members(func(name string) error {
					if all = append(all, name); name == "c" {
						return w.Members(func(string) error { return enough })
					}
					return nil
				})
			case Sequence:
				_ = w.Elements(func() error { return w.Members(func(string) error { return enough }) })
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		return all
	}
	want := "a b c k l p"
	if got := strings.Join(read(parse(t, text)), " "); got != want {
		t.Errorf("at once: %s, want %s", got, want)
	}
	if got := strings.Join(read(&Walker{text: text, reader: newReader(text)}), " "); got != want {
		t.Errorf("in pieces: %s, want %s", got, want)
	}
}
