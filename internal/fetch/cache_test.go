package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// tagged answers the same question with the same ETag, and counts what it
// sends.
type tagged struct {
	body           atomic.Value
	whole, checked atomic.Int32
	header         http.Header
}

func (s *tagged) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := fmt.Sprint(s.body.Load())
	tag := fmt.Sprintf("%q", body)
	for name, values := range s.header {
		w.Header()[name] = values
	}
	if _, ok := s.header["Etag"]; !ok {
		w.Header().Set("ETag", tag)
	}
	if r.Header.Get("If-None-Match") == tag {
		s.checked.Add(1)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	s.whole.Add(1)
	_, _ = io.WriteString(w, body)
}

func TestCache(t *testing.T) {
	noTag := http.Header{"Etag": nil}
	for name, test := range map[string]struct {
		header         http.Header
		first, second  Request
		change         bool // of the answer, between the two
		token          string
		want           string
		whole, checked int32
	}{
		"revalidated":        {want: "one", whole: 1, checked: 1},
		"changed":            {change: true, want: "two", whole: 2},
		"immutable":          {first: Request{Immutable: true}, second: Request{Immutable: true}, change: true, want: "one", whole: 1},
		"immutable, no tag":  {header: noTag, first: Request{Immutable: true}, second: Request{Immutable: true}, change: true, want: "one", whole: 1},
		"no tag":             {header: noTag, change: true, want: "two", whole: 2},
		"not to be stored":   {header: http.Header{"Cache-Control": {"No-Store"}}, want: "one", whole: 2},
		"other accept":       {second: Request{Accept: "text/plain"}, want: "one", whole: 2},
		"other question":     {first: Request{Method: "POST", Body: []byte("1"), Immutable: true}, second: Request{Method: "POST", Body: []byte("2"), Immutable: true}, want: "one", whole: 2},
		"same question":      {first: Request{Method: "POST", Body: []byte("1"), Immutable: true}, second: Request{Method: "POST", Body: []byte("1"), Immutable: true}, change: true, want: "one", whole: 1},
		"a mutable question": {first: Request{Method: "POST", Body: []byte("1")}, second: Request{Method: "POST", Body: []byte("1")}, change: true, want: "two", whole: 2},
		"other token":        {first: Request{Immutable: true}, second: Request{Immutable: true}, token: "Bearer b", change: true, want: "two", whole: 2},
		"a long tag":         {header: http.Header{"Etag": {`"` + strings.Repeat("a", longestTag) + `"`}}, want: "one", whole: 2},
		"a smaller limit":    {second: Request{Limit: 2}, want: "too large (more than 2 bytes)", whole: 1, checked: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := &tagged{header: test.header}
			s.body.Store("one")
			a := serve(t, s)
			dir := t.TempDir()
			test.first.URL, test.second.URL = a.URL+"/x", a.URL+"/x"

			a.Authorization = "Bearer a"
			d := open(t, quick(Config{Allowed: []Address{a}, CacheDir: dir}))
			if got, err := read(d, test.first); got != "one" || err != nil {
				t.Fatalf("%q, %v", got, err)
			}
			if test.change {
				s.body.Store("two")
			}
			if test.token != "" {
				a.Authorization = test.token
			}
			d = open(t, quick(Config{Allowed: []Address{a}, CacheDir: dir}))
			got, err := read(d, test.second)
			if err != nil {
				_, got, _ = strings.Cut(err.Error(), "asking: ")
			}
			if got != test.want || s.whole.Load() != test.whole || s.checked.Load() != test.checked {
				t.Errorf("%q with %d whole and %d checked answers; want %q with %d and %d",
					got, s.whole.Load(), s.checked.Load(), test.want, test.whole, test.checked)
			}
			if err := d.Stats().CacheError; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCacheOffline(t *testing.T) {
	s := &tagged{}
	s.body.Store("one")
	a := serve(t, s)
	dir := t.TempDir()
	if _, err := read(open(t, quick(Config{Allowed: []Address{a}, CacheDir: dir})), Request{URL: a.URL}); err != nil {
		t.Fatal(err)
	}
	d := open(t, Config{Allowed: []Address{a}, CacheDir: dir, Offline: true})
	if got, err := read(d, Request{URL: a.URL, Immutable: true}); got != "one" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	_, err := read(d, Request{URL: a.URL})
	if f := failure(t, err); f.Reason != Offline {
		t.Error(f)
	}
	if st := d.Stats(); st.Kept != 1 || st.Sent != 0 || s.whole.Load() != 1 {
		t.Errorf("%+v, %d whole answers", st, s.whole.Load())
	}
}

// Whatever becomes of a file of the cache, the answer is the server's, and the
// file is whole again afterwards.
func TestCacheDamage(t *testing.T) {
	const body = "one body of some length"
	flip := func(at int) func([]byte) []byte {
		return func(b []byte) []byte { b[(at+len(b))%len(b)] ^= 1; return b }
	}
	for name, damage := range map[string]func([]byte) []byte{
		"digest":     flip(0),
		"first line": flip(digestLine - 1),
		"key":        flip(digestLine + 12),
		"tag":        flip(digestLine + 90),
		"body":       flip(-1),
		"truncated":  func(b []byte) []byte { return b[:len(b)-1] },
		"appended":   func(b []byte) []byte { return append(b, 'x') },
		"no body":    func(b []byte) []byte { return b[:digestLine] },
		"empty":      func([]byte) []byte { return nil },
		"zeros":      func(b []byte) []byte { return make([]byte, len(b)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := &tagged{}
			s.body.Store(body)
			a := serve(t, s)
			dir := t.TempDir()
			d := open(t, quick(Config{Allowed: []Address{a}, CacheDir: dir}))
			r := Request{URL: a.URL, Immutable: true}
			if _, err := read(d, r); err != nil {
				t.Fatal(err)
			}
			file := onlyFile(t, dir)
			whole, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, damage([]byte(string(whole))), 0o600); err != nil {
				t.Fatal(err)
			}
			if got, err := read(d, r); got != body || err != nil {
				t.Errorf("%q, %v", got, err)
			}
			if s.whole.Load() != 2 || d.Stats().CacheError != errDamaged {
				t.Errorf("asked %d times, %v", s.whole.Load(), d.Stats().CacheError)
			}
			if again, _ := os.ReadFile(file); string(again) != string(whole) {
				t.Error("the file is not whole again")
			}
		})
	}
}

// One question's file in the place of another's is no answer.
func TestCacheSwapped(t *testing.T) {
	a := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) }))
	dir := t.TempDir()
	d := open(t, quick(Config{Allowed: []Address{a}, CacheDir: dir}))
	ask := func(path string) string {
		got, err := read(d, Request{URL: a.URL + path, Immutable: true})
		if err != nil {
			t.Error(err)
		}
		return got
	}
	ask("/a")
	first := onlyFile(t, dir)
	ask("/b")
	entries, _ := os.ReadDir(filepath.Dir(first))
	for _, e := range entries {
		if other := filepath.Join(filepath.Dir(first), e.Name()); other != first {
			if err := os.Rename(other, first); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := ask("/a"); got != "/a" {
		t.Errorf("/a is answered with %q", got)
	}
}

func onlyFile(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "answers"))
	if err != nil || len(entries) != 1 {
		t.Fatalf("%v, %v", entries, err)
	}
	return filepath.Join(dir, "answers", entries[0].Name())
}

// A body that ended early, was too large or was left is not kept.
func TestCacheKeepsWholeAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		serve http.HandlerFunc
		want  int
	}{
		"whole":     {status(200), 1},
		"cut":       {raw("HTTP/1.1 200 OK\r\nETag: \"x\"\r\nContent-Length: 9\r\n\r\nhalf"), 0},
		"too large": {raw("HTTP/1.0 200 OK\r\nETag: \"x\"\r\n\r\n" + strings.Repeat("x", 2000)), 0},
		"404":       {status(404, "ETag", `"x"`), 0},
		"HTML 503":  {status(503, "ETag", `"x"`), 0},
	} {
		a := serve(t, test.serve)
		dir := t.TempDir()
		d := open(t, quick(Config{Allowed: []Address{a}, CacheDir: dir}))
		_, _ = read(d, Request{URL: a.URL, Limit: 1000, Immutable: true})
		if entries, _ := os.ReadDir(filepath.Join(dir, "answers")); len(entries) != test.want {
			t.Errorf("%s: %d files are kept, want %d", name, len(entries), test.want)
		}
	}

	a := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.CopyN(w, zeros{}, 1<<20) }))
	dir := t.TempDir()
	d := open(t, quick(Config{Allowed: []Address{a}, CacheDir: dir}))
	rc, err := d.Fetch(context.Background(), Request{URL: a.URL, Immutable: true})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = rc.Read(make([]byte, 10))
	if err := rc.Close(); err != nil {
		t.Error(err)
	}
	if entries, _ := os.ReadDir(filepath.Join(dir, "answers")); len(entries) != 0 {
		t.Error("a body that was left is kept")
	}
}

// Nothing of a token is in the cache, by name or by content.
func TestCacheHoldsNoSecret(t *testing.T) {
	s := &tagged{}
	s.body.Store("one")
	a := serve(t, s)
	a.Authorization = "Bearer s3cr3t"
	dir := t.TempDir()
	if _, err := read(open(t, quick(Config{Allowed: []Address{a}, CacheDir: dir})), Request{URL: a.URL + "/?q=s3cr3t"}); err != nil {
		t.Fatal(err)
	}
	file := onlyFile(t, dir)
	b, err := os.ReadFile(file)
	if err != nil || strings.Contains(file+string(b), "s3cr3t") {
		t.Errorf("%s: %q, %v", file, b, err)
	}
	for _, path := range []string{file, filepath.Dir(file)} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: others may read it: %v, %v", path, info.Mode(), err)
		}
	}
}

// A cache that can't be had is said, and nothing fails.
func TestCacheFault(t *testing.T) {
	s := &tagged{}
	s.body.Store("one")
	a := serve(t, s)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d := open(t, quick(Config{Allowed: []Address{a}, CacheDir: file}))
	if got, err := read(d, Request{URL: a.URL}); got != "one" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if d.Stats().CacheError == nil || d.Close() != nil {
		t.Error("the fault is not said, or is an error of Close")
	}
}

func TestCacheEvicts(t *testing.T) {
	body := strings.Repeat("x", 1000)
	a := serve(t, status(200, "ETag", `"x"`))
	dir := t.TempDir()
	outside := filepath.Join(dir, "outside")
	if err := os.WriteFile(outside, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	d := open(t, quick(Config{Allowed: []Address{a}, CacheDir: dir, CacheLimit: 600}))
	answers := filepath.Join(dir, "answers")
	for name, age := range map[string]time.Duration{partial + "old": 2 * staleAfter, partial + "young": 0} {
		writeAged(t, filepath.Join(answers, name), age)
	}
	for i := range 5 {
		if _, err := read(d, Request{URL: fmt.Sprintf("%s/%d", a.URL, i), Immutable: true}); err != nil {
			t.Fatal(err)
		}
		key := question{method: "GET", url: fmt.Sprintf("%s/%d", a.URL, i)}.key("")
		age(t, filepath.Join(answers, key), time.Duration(10-i)*time.Hour)
	}
	// The oldest is used again, and outlives the others.
	if _, err := read(d, Request{URL: a.URL + "/0", Immutable: true}); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	kept := map[string]bool{}
	entries, _ := os.ReadDir(answers)
	for _, e := range entries {
		kept[e.Name()] = true
	}
	for i, want := range []bool{true, false, false, true, true} {
		key := question{method: "GET", url: fmt.Sprintf("%s/%d", a.URL, i)}.key("")
		if kept[key] != want {
			t.Errorf("answer %d kept: %t, want %t", i, kept[key], want)
		}
	}
	if kept[partial+"old"] || !kept[partial+"young"] {
		t.Errorf("of the partial files there are %v", kept)
	}
	if _, err := os.Stat(outside); err != nil {
		t.Errorf("a file beside the cache: %v", err)
	}
}

func writeAged(t *testing.T, path string, d time.Duration) {
	t.Helper()
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	age(t, path, d)
}

func age(t *testing.T, path string, d time.Duration) {
	t.Helper()
	at := time.Now().Add(-d)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

// Doors that share a folder, as processes do, never see each other's halves.
func TestCacheShared(t *testing.T) {
	body := strings.Repeat("x", 100_000)
	a := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"x"`)
		_, _ = io.WriteString(w, body)
	}))
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 4 {
		d := open(t, quick(Config{Allowed: []Address{a}, CacheDir: dir}))
		for range 4 {
			wg.Go(func() {
				for range 5 {
					if got, err := read(d, Request{URL: a.URL}); got != body || err != nil {
						t.Errorf("%d bytes, %v", len(got), err)
					}
				}
				if err := d.Stats().CacheError; err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
}
