package jsonline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// events walks a document and lists its tokens, each with its line.
func events(data []byte) (list []string, err error) { return eventsOf(New(data)) }

func eventsOf(w *Walker) (list []string, err error) {
	note := func(text string) { list = append(list, fmt.Sprintf("%d %s", w.Line(), text)) }
	var value func() error
	value = func() error {
		switch w.Kind() {
		case Object:
			defer func() { note("}") }()
			return w.Members(func(name string) error {
				note(fmt.Sprintf("%q", name))
				return value()
			})
		case Array:
			defer func() { note("]") }()
			return w.Elements(value)
		case String:
			text, err := w.Text()
			note(fmt.Sprintf("%q", text))
			return err
		}
		text, err := w.Literal()
		note(text)
		return err
	}
	if err := value(); err != nil {
		return nil, err
	}
	return list, w.End()
}

// reference does the same with jsontext.
func reference(data []byte) (list []string, err error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	dec := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true))
	for {
		token, err := dec.ReadToken()
		if errors.Is(err, io.EOF) && len(list) > 0 {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if dec.StackDepth() > MaxDepth {
			return nil, errors.New("too deep")
		}
		if dec.StackDepth() == 0 && dec.InputOffset() < int64(len(bytes.TrimRight(data, " \t\r\n"))) {
			return nil, errors.New("more than one value")
		}
		line := 1 + bytes.Count(data[:dec.InputOffset()], []byte("\n"))
		switch token.Kind() {
		case '{', '[':
		case '}', ']':
			list = append(list, fmt.Sprintf("%d %s", line, token.Kind()))
		case '"':
			list = append(list, fmt.Sprintf("%d %q", line, token.String()))
		default:
			list = append(list, fmt.Sprintf("%d %s", line, token.String()))
		}
	}
}

var documents = []string{
	``, ` `, `{}`, `[]`, `""`, `null`, `true`, `false`, `0`, `nul`, `truefalse`, `"a`, `{`, `[`, `}`, `]`, `:`, `,`,
	`{"a":1}`, `{"a":1,}`, `{,}`, `{"a"}`, `{"a":}`, `{"a" "b"}`, `{"a":1 "b":2}`, `{1:2}`, `{"a":{"b":[{}, [], "x"]}}`,
	`[1,2]`, `[1 2]`, `[1,]`, `[,1]`, `["a":1]`, `{]`, `[}`, `{"a":]`, `[{"a":1}}`, `{} {}`, `{}x`, `1 2`, `[1]]`,
	"{\"a\":\n\"b\",\n\n\"c\":[\n1,\r\n2\n]\n}\n", "\ufeff{}", "\ufeff\ufeff{}",
	`"\u0041\n\"\\\/"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\udc00"`, `"\u12"`, `"\x"`, `"\`, `"\"`, "\"a\nb\"", "\"a\tb\"", "\"\x7f\"",
	"\"caf\u00e9\"", "\"caf\xe9\"", "\"\xed\xa0\x80\"", "\"\xc0\x80\"", "{\"caf\u00e9\\u0041\": 1}",
	`-1`, `-`, `01`, `1.`, `.5`, `1.5e+10`, `1e`, `1E5`, `-0`, `+1`, `1e5.5`, `0x1`, `NaN`, `1_000`,
	`{"a":1,"a":2}`, `{"__proto__":{}}`, "{\"a\"\u00a0:1}", "\v{}", "{}\x00", "// x\n{}", `{'a':1}`,
	`["a string longer than eight bytes", "12345678", "1234567\"", "1234567\\\""]`,
}

func TestWalkIsJSONText(t *testing.T) {
	for _, document := range documents {
		compare(t, []byte(document))
	}
}

func compare(t *testing.T, data []byte) {
	t.Helper()
	got, err := events(data)
	want, wantErr := reference(data)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%q: %v, where jsontext says %v", data, err, wantErr)
	}
	if err == nil && !slices.Equal(got, want) {
		t.Fatalf("%q: %q, where jsontext reads %q", data, got, want)
	}
}

func FuzzWalk(f *testing.F) {
	for _, document := range documents {
		f.Add([]byte(document))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		compare(t, data)
		skipped := New(data)
		err := skipped.Skip()
		if err == nil {
			err = skipped.End()
		}
		if _, want := events(data); (err == nil) != (want == nil) {
			t.Fatalf("%q: skipped with %v, walked with %v", data, err, want)
		}
	})
}

func TestDepth(t *testing.T) {
	for _, open := range []string{"[", `{"a":`} {
		end := map[string]string{"[": "]", `{"a":`: "}"}[open]
		for _, depth := range []int{MaxDepth, MaxDepth + 1, 1_000_000} {
			data := []byte(strings.Repeat(open, depth) + "1" + strings.Repeat(end, depth))
			err := New(data).Skip()
			if depth == MaxDepth && err != nil {
				t.Errorf("%d levels of %s: %v", depth, open, err)
			}
			if depth > MaxDepth && (err == nil || !strings.Contains(err.Error(), "deeper than 128 levels")) {
				t.Errorf("%d levels of %s: %v", depth, open, err)
			}
		}
	}
}

func TestReasons(t *testing.T) {
	object := func(w *Walker) error {
		if err := w.Members(func(string) error { return w.Skip() }); err != nil {
			return err
		}
		return w.End()
	}
	for _, c := range []struct{ document, want string }{
		{"", "line 1: the file ends in the middle of the document"},
		{"{\n\"a\": 1\n", "line 3: the file ends in the middle of the document"},
		{"{\n\"a\": ,\n}", "line 2: not JSON: invalid character ',' at start of value"},
		{"{\n\"a\": \"\xff\"}", "line 2: not JSON: invalid UTF-8"},
		{"\n[]", "line 2: an object was expected"},
		{"{}\n\n{}", "line 3: more follows the end of the document"},
	} {
		if err := object(New([]byte(c.document))); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.document, err, c.want)
		}
	}
}

// A string without escapes is a part of the one copy of the document.
func TestStringsAreNotAllocated(t *testing.T) {
	data := []byte(`{"a": [` + strings.Repeat(`"some text", `, 1000) + `"end"]}`)
	allocations := testing.AllocsPerRun(10, func() {
		w := New(data)
		if err := w.Members(func(string) error { return w.Elements(func() error { _, err := w.Text(); return err }) }); err != nil {
			t.Fatal(err)
		}
	})
	if allocations > 10 {
		t.Errorf("%v allocations for a thousand strings", allocations)
	}
}
