//go:build !race

package yamlline

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// fill repeats a piece to a size, between a begin and an end.
func fill(size int, begin, piece, end string) string {
	return begin + strings.Repeat(piece, (size-len(begin)-len(end))/len(piece)) + end
}

// Texts that take a reader without bounds long, or much memory.
var hostile = []struct{ what, begin, piece, end string }{
	{"brackets", "", "[", ""},
	{"brackets in a value", "a: ", "[", ""},
	{"braces", "", "{a: ", ""},
	{"a line of dashes", "", "- ", ""},
	{"lines of dashes", "", "- - - - - - - - a\n", ""},
	{"names of one letter", "", "a:\n", ""},
	{"names of names", "", "a:\n- b\n", ""},
	{"names and values", "", "a: b\n", ""},
	{"elements", "", "- a\n", ""},
	{"elements that are left out", "", "-\n", ""},
	{"explicit names", "", "? a\n", ""},
	{"explicit names and values", "", "? a\n: b\n", ""},
	{"question marks", "", "? ", ""},
	{"a list in a line", "a: [", "b,", "c]\n"},
	{"lists in a line", "a: [", "[],", "c]\n"},
	{"mappings in a line", "a: {", "b: {},", "c: d}\n"},
	{"a list that may be a name", "[", "a,", "b]: c\n"},
	{"a mapping that may be a name", "{", "? a,", "b}\n"},
	{"a list in lines", "a: [\n", "b,\n", "]\n"},
	{"JSON", "{", `"a":"b",`, `"c":1}`},
	{"a long line", "a: ", "b", "\n"},
	{"a long name", "", "a", ": b\n"},
	{"a line of quotes", "a: ", "''", "\n"},
	{"a line of quotes without an end", "a: '", "''", "\n"},
	{"quotes that open", "", "'", ""},
	{"double quotes that open", "a: \"", `\"`, "\n"},
	{"escapes", `a: "`, `\n`, `"`},
	{"line breaks in quotes", "a: '", "\n", "'"},
	{"colons", "a: ", ":", "\n"},
	{"colons and spaces", "", ": ", ""},
	{"hashes", "a: b", " #", "\n"},
	{"comments", "", "#\n # #\n", ""},
	{"comments behind values", "", "a: b #\n", ""},
	{"line breaks", "", "\n", ""},
	{"spaces", "a:\n", " ", "b: c\n"},
	{"tabs", "a:", "\t", "b\n"},
	{"a plain scalar of many lines", "a: b\n", " c\n", ""},
	{"block scalars", "", "a: |\n b\n", ""},
	{"a block scalar of many lines", "a: >\n", " b\n\n", ""},
	{"block scalars of nothing", "", "a: |\n", ""},
	{"documents", "", "---\n", ""},
	{"documents of a name", "", "---\na:\n", ""},
	{"anchors", "", "&a a: b\n", ""},
	{"aliases", "a: &a [b]\n", "c: [*a, *a]\n", ""},
	{"tags", "", "- !a b\n", ""},
	{"tag directives", "", "%TAG !a! b\n", "---\na: b\n"},
	{"letters beyond ASCII", "", "é: é\n", ""},
	{"numbers as names", "", "1e5: a\n", ""},
	{"a number as a name", "", "1", ": a\n"},
}

// A reader takes under a second for each megabyte, and at most 50 times the
// bytes and 64 MB of memory, which [runtime.MemStats.TotalAlloc] counts without
// what was freed in between.
func TestHostile(t *testing.T) {
	for _, c := range hostile {
		for _, size := range []int{100_000, 1_000_000} {
			t.Run(c.what, func(t *testing.T) { bounded(t, fill(size, c.begin, c.piece, c.end), 4*maxFullRatio) })
		}
	}
}

// Size alone takes no more.
func TestHuge(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct{ what, text string }{
		{"64 MB of brackets", fill(64*mb, "", "[", "")},
		{"64 MB of braces", fill(64*mb, "", "{a: ", "")},
		{"64 MB of dashes", fill(64*mb, "", "- ", "")},
		{"64 MB of line breaks", fill(64*mb, "", "\n", "")},
		{"a line of 16 MB", fill(16*mb, "a: ", "b", "\nc: d\n")},
		{"a million names", fill(20_000_000, "", "some name: a value\n", "")},
		{"16 MB in another style", fill(16*mb, "", "some name : a value of more words\n", "")},
	} {
		t.Run(c.what, func(t *testing.T) { bounded(t, c.text, maxFullRatio) })
	}
}

func TestTooMuchForTheLibrary(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{fill(maxFull+10, "a : ", "b", "\n"), "line 1: its style is not a package manager's own, and then at most 16777216 bytes are read, not 16777226"},
		{fill(1<<20, "[", "a,", "b]"), "line 1: its style is not a package manager's own, and then reading it would take 500 MB of memory"},
	} {
		if _, err := Parse([]byte(c.text)); err == nil || err.Error() != c.want {
			t.Errorf("%.10q: %v, want %s", c.text, err, c.want)
		}
	}
}

func TestDeepIndentation(t *testing.T) {
	var b strings.Builder
	for i := range 2000 {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	bounded(t, b.String(), maxFullRatio)
}

// bounded parses a text, and reads it as it goes. ratio is how many times its
// bytes may be allocated in all, freed or not.
func bounded(t *testing.T, text string, ratio int) {
	t.Helper()
	data := []byte(text)
	var w *Walker
	within(t, len(text), ratio, func() (err error) {
		w, err = Parse(data)
		return err
	})
	within(t, len(text), ratio, func() error {
		return Read(text, func(w *Walker) error {
			for w.Next() {
				w.Skip()
			}
			return w.Err()
		})
	})
	if w == nil {
		return
	}
	if kept := cap(w.tokens)*16 + len(w.text) + len(w.decoded); kept > 20*len(data)+1<<16 {
		t.Errorf("of %d bytes %d are kept", len(data), kept)
	}
	for w.Next() {
		w.Skip()
	}
}

// within holds a reading of so many bytes to its time and memory.
func within(t *testing.T, size, ratio int, read func() error) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	err := read()
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	// The machine may be busy: one quiet try of four is enough.
	most := time.Second/2 + time.Duration(size)*time.Microsecond
	for range 3 {
		if took > most {
			start = time.Now()
			_ = read()
			took = time.Since(start)
		}
	}
	if took > most {
		t.Errorf("%d bytes took %s, more than %s (error: %v)", size, took, most, err)
	}
	allocated := after.TotalAlloc - before.TotalAlloc
	if most := uint64(ratio*size + 2*maxFullBase); allocated > most {
		t.Errorf("%d bytes took %d bytes of memory, more than %d (error: %v)", size, allocated, most, err)
	}
}
