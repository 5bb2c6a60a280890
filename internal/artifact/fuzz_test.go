package artifact

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func FuzzRead(f *testing.F) {
	f.Add(pack(f, plain(files("a.js", "require('./b.dat')", "b.dat", "exec('x')")...)...), true)
	f.Add(pack(f, plain(of(tar.TypeSymlink, "package/a", "/"), item{name: "package/" + strings.Repeat("long/", 60), body: ""})...), true)
	f.Add(slices.Concat(longName("package/x.js"), pack(f, plain()...)), true)
	f.Add(zip(f, pack(f, plain()...)), false)
	f.Add(pack(f, files("package.json", `{"main":"a","exports":{"./*":["./*.js",{"x":"y/"}]},"scripts":{"install":"cd a && sh -c 'node \"b\"'"},"bin":"c"}`, "b", "#!", "a/b", "c")...), true)
	f.Fuzz(func(t *testing.T, data []byte, wrap bool) {
		if wrap {
			data = zip(t, data)
		}
		p, err := open(data, Limits{Unpacked: 8 << 20, Entries: 2000})
		if err != nil {
			_, malformed := errors.AsType[*Malformed](err)
			_, exceeded := errors.AsType[*Exceeded](err)
			if !malformed && !exceeded {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		if err := p.check(); err != nil {
			t.Fatalf("%v: %s", err, describe(p))
		}
		if kept, err := Encode(p); err != nil {
			t.Fatal(err)
		} else if again, err := Decode(kept, []string{p.Integrity}); err != nil || !reflect.DeepEqual(again, p) {
			t.Fatalf("kept: %v\n%s\nwant\n%s", err, kept, describe(p))
		}
		if d := Diff(p, p); d.News != nil || d.Changes != nil {
			t.Fatalf("against itself: %s", describeDelta(d))
		}
		if wrap && p.Faults == nil {
			agree(t, data, p)
		}
	})
}

// agree holds an archive without a fault against Go's own reader: who finds
// none promises that all readers see the same files.
func agree(t *testing.T, archive []byte, p *Profile) {
	raw, err := newGunzip(context.Background(), mustLoad(t, archive), defaults, func(FaultKind, string) {})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int64{}
	r := tar.NewReader(raw)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return // it refuses times and owners that change no file
		}
		if h.Typeflag == tar.TypeReg || h.Typeflag == tar.TypeCont {
			if path := place(h.Name, func(FaultKind, string) {}); path != "" && !strings.HasSuffix(h.Name, "/") {
				seen[path] = h.Size
			}
		}
	}
	for _, f := range p.Files {
		if size, ok := seen[f.Path]; !ok || size != f.Size {
			t.Fatalf("%q has %d bytes, and %d (%v) to Go", f.Path, f.Size, size, ok)
		}
	}
	if len(seen) != len(p.Files) {
		t.Fatalf("files %q, and to Go %v", paths(p), seen)
	}
}

func mustLoad(t *testing.T, archive []byte) *packed {
	t.Helper()
	v, err := newVerifier([]string{sri(archive)})
	if err != nil {
		t.Fatal(err)
	}
	p, err := load(context.Background(), bytes.NewReader(archive), defaults.Packed, v)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func FuzzDecode(f *testing.F) {
	p, data := cached(f)
	f.Add(data)
	f.Add([]byte(`{"schema":"` + Schema + `","profile":{"Integrity":"` + p.Integrity + `","Files":[{}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Decode(data, []string{p.Integrity})
		if err != nil {
			return
		}
		Diff(got, p)
		Diff(p, got)
		if got.Integrity != p.Integrity {
			t.Fatal("another archive's profile was taken")
		}
	})
}
