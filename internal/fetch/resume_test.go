package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// long is a body of which half is more than any buffer on its way holds.
var long = strings.Repeat("0123456789", 100_000)

// breaks sends so many bytes of a body, with the length of the whole, and ends
// the connection.
func breaks(body string, after int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		_, _ = io.WriteString(w, body[:after])
		if after < len(body) {
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
	}
}

// stalls sends half of a body and then nothing.
func stalls(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		silent(body[:len(body)/2])(w, r)
	}
}

// A body that breaks off is asked for again, and goes on where it broke off.
func TestResumes(t *testing.T) {
	changed := strings.Replace(long, "0", "1", 1)
	half, whole := len(long)/2, len(long)
	for name, test := range map[string]struct {
		serve []http.HandlerFunc
		want  string // "" for the whole body
		asked int64
		bound func(Config) Config // nil for quick
	}{
		"breaks once":            {serve: []http.HandlerFunc{breaks(long, half), breaks(long, whole)}, asked: 2},
		"breaks later":           {serve: []http.HandlerFunc{breaks(long, half), breaks(long, half+9), breaks(long, whole)}, asked: 3},
		"breaks earlier":         {serve: []http.HandlerFunc{breaks(long, half), breaks(long, half-9), breaks(long, whole)}, asked: 3},
		"breaks at once":         {serve: []http.HandlerFunc{breaks(long, 0), breaks(long, whole)}, asked: 2},
		"is busy in between":     {serve: []http.HandlerFunc{breaks(long, half), status(503), breaks(long, whole)}, asked: 3},
		"falls silent":           {serve: []http.HandlerFunc{stalls(long), breaks(long, whole)}, asked: 2, bound: impatient},
		"keeps its tag":          {serve: []http.HandlerFunc{breaks(long, half, "ETag", `"a"`), breaks(long, whole, "ETag", `"a"`)}, asked: 2},
		"breaks for ever":        {serve: []http.HandlerFunc{breaks(long, half)}, want: "cut short (after 500000 bytes, gave up after 3 tries)", asked: 3},
		"is down since":          {serve: []http.HandlerFunc{breaks(long, half), status(503)}, want: "unavailable (HTTP 503, gave up after 3 tries)", asked: 3},
		"is gone since":          {serve: []http.HandlerFunc{breaks(long, half), status(404)}, want: "not found (HTTP 404, gave up after 2 tries)", asked: 2},
		"is too large since":     {serve: []http.HandlerFunc{breaks(long, half), breaks(long+long, whole)}, want: "too large (announces 2000000 bytes, more than 1000000)", asked: 2},
		"another tag":            {serve: []http.HandlerFunc{breaks(long, half, "ETag", `"a"`), breaks(long, whole, "ETag", `"b"`)}, want: "cut short (after 500000 bytes, gave up after 2 tries)", asked: 2},
		"another beginning":      {serve: []http.HandlerFunc{breaks(long, half), breaks(changed, whole)}, want: "cut short (after 500000 bytes, gave up after 2 tries)", asked: 2},
		"shorter than before":    {serve: []http.HandlerFunc{breaks(long, half), breaks(long[:9], 9)}, want: "cut short (after 500000 bytes, gave up after 2 tries)", asked: 2},
		"busy, then breaks off":  {serve: []http.HandlerFunc{status(503), breaks(long, half), breaks(long, half)}, want: "cut short (after 500000 bytes, gave up after 3 tries)", asked: 3},
		"redirects to elsewhere": {serve: []http.HandlerFunc{breaks(long, half), redirect("https://elsewhere.example/", 302)}, want: "not allowed (redirected to https://elsewhere.example, which is not configured at that path)", asked: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.bound == nil {
				test.bound = quick
			}
			dir := t.TempDir()
			a := serve(t, inTurn(test.serve...))
			d := open(t, test.bound(Config{Allowed: []Address{a}, Attempts: 3, CacheDir: dir, Record: filepath.Join(t.TempDir(), "bundle")}))
			got, err := read(d, Request{URL: a.URL, Limit: int64(whole), Immutable: true})
			kept, _ := os.ReadDir(filepath.Join(dir, "answers"))
			switch {
			case test.want == "" && (got != long || err != nil || len(kept) != 1):
				t.Errorf("%d bytes, %v; %d kept", len(got), err, len(kept))
			case test.want != "":
				if why := failure(t, err).Why(); why != test.want || len(kept) != 0 {
					t.Errorf("%s; %d kept\nwant %s", why, len(kept), test.want)
				}
			}
			if n := d.Stats().Sent; n != test.asked {
				t.Errorf("asked %d times, want %d", n, test.asked)
			}
			if test.want == "" {
				again, err := read(d, Request{URL: a.URL, Limit: int64(whole), Immutable: true})
				if again != long || err != nil {
					t.Errorf("%d bytes from the cache, %v", len(again), err)
				}
			}
		})
	}
}

// A question that was posted is posted again.
func TestResumesPost(t *testing.T) {
	var asked atomic.Int32
	a := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		after := len(b)
		if asked.Add(1) == 1 {
			after = 2
		}
		breaks(string(b), after)(w, r)
	}))
	d := open(t, quick(Config{Allowed: []Address{a}}))
	got, err := read(d, Request{Method: "POST", URL: a.URL, Body: []byte("the question")})
	if got != "the question" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// The copy of which a new answer was about to take the place is not what is
// asked after when that breaks off.
func TestResumesUnconditionally(t *testing.T) {
	a := serve(t, inTurn(breaks("old", 3, "ETag", `"old"`), breaks(long, len(long)/2, "ETag", `"new"`), func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		breaks(long, len(long), "ETag", `"new"`)(w, r)
	}))
	d := open(t, quick(Config{Allowed: []Address{a}, CacheDir: t.TempDir()}))
	for _, want := range []string{"old", long} {
		if got, err := read(d, Request{URL: a.URL}); got != want || err != nil {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
}

// A body that its reader leaves is not asked for again.
func TestLeavesBrokenBodies(t *testing.T) {
	a := serve(t, breaks(long, 1000))
	d := open(t, quick(Config{Allowed: []Address{a}}))
	rc, err := d.Fetch(t.Context(), Request{URL: a.URL})
	if err != nil {
		t.Fatal(err)
	}
	_ = rc.Close()
	if n := d.Stats().Sent; n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// Neither waiting nor reading goes on when the run is over.
func TestResumeEnds(t *testing.T) {
	for name, test := range map[string]struct {
		end  func(context.Context) (context.Context, context.CancelFunc)
		cfg  func(*Config)
		want Reason
	}{
		"cancelled while waiting": {cancelSoon, func(c *Config) { c.Backoff = longestBackoff }, Unavailable},
		"no time for a wait":      {context.WithCancel, func(c *Config) { c.Backoff, c.Deadline = longestBackoff, longestBackoff/2 }, Cut},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := serve(t, breaks(long, 1000))
			cfg := quick(Config{Allowed: []Address{a}})
			test.cfg(&cfg)
			d := open(t, cfg)
			ctx, cancel := test.end(t.Context())
			defer cancel()
			start := time.Now()
			rc, err := d.Fetch(ctx, Request{URL: a.URL})
			if err == nil {
				_, err = io.ReadAll(rc)
				_ = rc.Close()
			}
			if f := failure(t, err); f.Reason != test.want || time.Since(start) > longestBackoff/2 {
				t.Errorf("%v, after %s", f, time.Since(start))
			}
		})
	}
}
