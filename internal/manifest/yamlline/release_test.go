package yamlline

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// The texts of a walker stay as they are when others use the room of its
// tokens, also at the same time.
func TestRelease(t *testing.T) {
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for round := range 50 {
				name := fmt.Sprintf("name%d-%d", worker, round)
				w, err := Parse([]byte(name + ": \"a\\tb\"\nlist:\n  - " + name + "\n"))
				if err != nil {
					t.Error(err)
					return
				}
				w.Next()
				got := strings.Join(readAll(w), " ")
				w.Release()
				if want := name + " a\tb list " + name; got != want {
					t.Errorf("got %q, want %q", got, want)
				}
				if w.Next() || w.Kind() != None || w.Line() != 1 {
					t.Error("a walker goes on behind its release")
				}
			}
		})
	}
	group.Wait()
}

// readAll gives the names and texts of a mapping of texts and lists.
func readAll(w *Walker) (all []string) {
	_ = w.Members(func(name string) error {
		all = append(all, name)
		if text, _, ok := w.TryText(); ok {
			all = append(all, text)
			return nil
		}
		return w.Elements(func() error {
			text, _, _ := w.TryText()
			all = append(all, text)
			return nil
		})
	})
	return all
}

func TestSize(t *testing.T) {
	for text, want := range map[string]int{
		"a":                             0,
		"{}":                            0,
		"[]":                            0,
		"a: 1":                          1,
		"a: {b: 1, c: [2, 3]}\nd:\n":    2,
		"- a\n- b: c\n  d: e\n- [f, g]": 3,
	} {
		w, err := Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		w.Next()
		if got := w.Size(); got != want {
			t.Errorf("%q: size %d, want %d", text, got, want)
		}
		if w.Skip(); w.Size() != 0 {
			t.Errorf("%q: what is behind the document has a size", text)
		}
	}
}
