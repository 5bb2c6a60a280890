package code

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// seeds adds the golden snippets.
func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/*")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && !strings.HasSuffix(file, ".want") {
			f.Add(contents(f, file))
		}
	}
}

// checkProfile tells what is wrong with a profile by itself.
func checkProfile(p *Profile, data []byte) error {
	if p.Size != len(data) {
		return fmt.Errorf("size %d of %d bytes", p.Size, len(data))
	}
	wide := bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff})
	check := func(what string, offset, line int) error {
		if offset < 0 || offset > len(data) {
			return fmt.Errorf("%s at %d of %d bytes", what, offset, len(data))
		}
		if want := 1 + bytes.Count(data[:offset], []byte("\n")); line != want && !wide {
			return fmt.Errorf("%s at %d is said to be in line %d, not %d", what, offset, line, want)
		}
		return nil
	}
	for _, u := range p.Uses {
		if err := check(u.What, u.Offset, u.Line); err != nil {
			return err
		}
		if u.Capability == "" || u.What == "" {
			return fmt.Errorf("an empty use: %+v", u)
		}
	}
	for _, m := range p.Mentions {
		if err := check(m.Host, m.Offset, m.Line); err != nil {
			return err
		}
		if m.Host == "" || len(m.Text) > maxNamed {
			return fmt.Errorf("a bad mention: %+v", m)
		}
	}
	for _, m := range p.Modules {
		if err := check(m.Name, m.Offset, m.Line); err != nil {
			return err
		}
	}
	for _, t := range p.Traits {
		if err := check(t.Kind, t.Offset, t.Line); err != nil {
			return err
		}
		if t.Count < 1 {
			return fmt.Errorf("an empty trait: %+v", t)
		}
	}
	if !slices.IsSorted(p.Shingles) || len(p.Shingles) > maxShingles {
		return fmt.Errorf("%d shingles, sorted %v", len(p.Shingles), slices.IsSorted(p.Shingles))
	}
	return nil
}

func FuzzRead(f *testing.F) {
	seeds(f)
	names := []string{"a.js", "a.ts", "a.sh", "a.py", "binding.gyp", "README"}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		for _, name := range names {
			p := Read(name, data)
			if err := checkProfile(p, data); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if again := Read(name, data); !reflect.DeepEqual(p, again) {
				t.Fatalf("%s: read twice:\n%s\n%s", name, dump(p), dump(again))
			}
		}
		if line := Command(string(data)); line.Profile == nil {
			t.Fatal("a command without a profile")
		}
		if !bytes.Equal(before, data) {
			t.Fatal("the data was written to")
		}
	})
}

func TestReadIsTheSameTwice(t *testing.T) {
	files, _ := filepath.Glob("testdata/*")
	for _, file := range files {
		data := contents(t, file)
		p := Read(file, data)
		if err := checkProfile(p, data); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		for range 3 {
			if again := Read(file, data); !reflect.DeepEqual(p, again) {
				t.Errorf("%s: read twice:\n%s\n%s", file, dump(p), dump(again))
			}
		}
	}
}

func TestLanguages(t *testing.T) {
	for _, c := range []struct{ name, head, want string }{
		{"lib/a.js", "", javascript},
		{"A.MJS", "", javascript},
		{"a.d.ts", "", ""},
		{"a.tsx", "", javascript},
		{"bin/tool", "#!/usr/bin/env node\n", javascript},
		{"bin/tool", "#! /usr/bin/env -S node --no-warnings\n", javascript},
		{"install", "#!/bin/sh", shell},
		{"x", "#!/usr/bin/python3\n", python},
		{"binding.gyp", "", gyp},
		{"x", "no line", ""},
		{"README.md", "", ""},
	} {
		if got := Read(c.name, []byte(c.head)).Language; got != c.want {
			t.Errorf("%s %q: got %q, want %q", c.name, c.head, got, c.want)
		}
	}
}

// The encodings that a reader could be led astray with.
func TestEncodings(t *testing.T) {
	const src = "const a = 1;\nrequire('child_process');\nx('https://odd.invalid/');\n"
	for _, c := range []struct {
		name, data string
		unreadable bool
	}{
		{"UTF-8 with a mark", "\xef\xbb\xbf" + src, false},
		{"UTF-16 little", "\xff\xfe" + wideText(src, 0), true},
		{"UTF-16 big", "\xfe\xff" + wideText(src, 1), true},
		{"Latin-1", "// \xe9\xfc\n" + src, false},
		{"NULs between", "a\x00b\x00;\n" + src, true},
		{"overlong", "\xc0\xaf;\n" + src, true},
		{"CRLF", strings.ReplaceAll(src, "\n", "\r\n"), false},
		{"lone surrogates", "// \xed\xa0\x80\n" + src, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Read("a.js", []byte(c.data))
			if len(p.Uses) == 0 || p.Uses[0].Capability != Process || len(p.Mentions) != 1 || p.Mentions[0].Host != "odd.invalid" {
				t.Errorf("missed something:\n%s", dump(p))
			}
			if (p.Unreadable != "") != c.unreadable {
				t.Errorf("unreadable: %q", p.Unreadable)
			}
			if err := checkProfile(p, []byte(c.data)); err != nil {
				t.Error(err)
			}
		})
	}
}

func wideText(s string, big int) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		pair := []byte{c, 0}
		b.WriteByte(pair[big])
		b.WriteByte(pair[1-big])
	}
	return b.String()
}

func sample() []byte {
	var b bytes.Buffer
	for i := range 4000 {
		fmt.Fprintf(&b, "  // what number %d does\n  function handle%d(request, response) {\n    const value = request.body['item%d'] || \"none\";\n    if (value.length > %d / 2) return response.status(400).send(`bad ${value}`);\n    return response.json({ok: true, value, at: /^[a-z]+$/.test(value)});\n  }\n", i, i, i, i)
	}
	return b.Bytes()
}

func BenchmarkRead(b *testing.B) {
	for _, c := range []struct{ name, head string }{{"tokens", ""}, {"tokens and tree", "const c = require('child_process');\n"}} {
		src := append([]byte(c.head), sample()...)
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				Read("a.js", src)
			}
		})
	}
}

func BenchmarkTree(b *testing.B) {
	src := sample()
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if why := newCollector(&Profile{}).tree(src); why != "" {
			b.Fatal(why)
		}
	}
}
