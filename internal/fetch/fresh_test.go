package fetch

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// headers are written "Name: value".
func headers(lines ...string) http.Header {
	h := make(http.Header)
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	return h
}

func TestFreshUntil(t *testing.T) {
	asked := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	const date = "Date: Thu, 01 Jan 2026 12:00:00 GMT"
	for _, test := range []struct {
		name   string
		header http.Header
		want   time.Duration
	}{
		{"as npm's registry says it", headers(date, "Cache-Control: public, max-age=300", "Vary: accept-encoding, accept"), 5 * time.Minute},
		{"for a cache of one user", headers("Cache-Control: Private, Max-Age=60"), time.Minute},
		{"with stale-if-error", headers("Cache-Control: max-age=60, must-revalidate, stale-if-error=600"), time.Minute},
		{"in quotes", headers(`Cache-Control: max-age="60"`), time.Minute},
		{"twice the same", headers("Cache-Control: max-age=60", "Cache-Control: max-age=60"), time.Minute},
		{"for a year", headers("Cache-Control: max-age=31536000, immutable"), maxFresh},
		{"an age", headers("Cache-Control: max-age=300", "Age: 100"), 200 * time.Second},
		{"an age of the year", headers("Cache-Control: max-age=31536000", "Age: 200"), 100 * time.Second},
		{"too old an age", headers("Cache-Control: max-age=300", "Age: 300"), 0},
		{"an age that is no number", headers("Cache-Control: max-age=300", "Age: -1"), 0},
		{"an old date", headers("Cache-Control: max-age=300", "Date: Thu, 01 Jan 2026 11:59:00 GMT"), 4 * time.Minute},
		{"a clock that is ahead", headers("Cache-Control: max-age=300", "Date: Thu, 01 Jan 2026 08:00:00 GMT"), 0},
		{"a clock that is behind", headers("Cache-Control: max-age=300", "Date: Fri, 02 Jan 2026 12:00:00 GMT"), 5 * time.Minute},
		{"nothing", headers(date), 0},
		{"only for shared caches", headers("Cache-Control: s-maxage=300"), 0},
		{"a date instead", headers(date, "Expires: Thu, 01 Jan 2026 12:05:00 GMT"), 0},
		{"not for a moment", headers("Cache-Control: max-age=0"), 0},
		{"two values", headers("Cache-Control: max-age=60, max-age=300"), 0},
		{"a negative one", headers("Cache-Control: max-age=-1"), 0},
		{"one out of bounds", headers("Cache-Control: max-age=99999999999999999999"), 0},
		{"no value", headers("Cache-Control: max-age"), 0},
		{"another directive's", headers("Cache-Control: x-max-age=300"), 0},
		{"no-cache", headers("Cache-Control: max-age=300, No-Cache"), 0},
		{"no-cache of a field", headers(`Cache-Control: max-age=300, no-cache="set-cookie, x"`), 0},
		{"no-store", headers("Cache-Control: no-store", "Cache-Control: max-age=300"), 0},
		{"varies with everything", headers("Cache-Control: max-age=300", "Vary: *"), 0},
		{"varies with the program", headers("Cache-Control: max-age=300", "Vary: Accept", "Vary: User-Agent"), 0},
	} {
		in := inquiry{question: question{method: http.MethodGet}}
		got := freshUntil(asked, &http.Response{Header: test.header}, in)
		want := time.Time{}
		if test.want > 0 {
			want = asked.Add(test.want)
		}
		if !got.Equal(want) {
			t.Errorf("%s: until %s, want %s", test.name, got, want)
		}
		in.method = http.MethodPost
		if got := freshUntil(asked, &http.Response{Header: test.header}, in); !got.IsZero() {
			t.Errorf("%s: a posted question's answer is fresh until %s", test.name, got)
		}
	}
}

// Whatever a server says, and however the clock is moved, no answer is fresh for
// longer than the bound.
func TestFreshIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asked := time.Unix(rapid.Int64Range(0, 1<<34).Draw(t, "asked"), 0)
		h := headers("Cache-Control: " + rapid.StringMatching(`(max-age=[0-9]{1,12}|public|immutable|, ?){1,4}`).Draw(t, "control"))
		if rapid.Bool().Draw(t, "aged") {
			h.Set("Age", rapid.StringMatching(`-?[0-9]{0,12}`).Draw(t, "age"))
		}
		k := kept{Fresh: freshUntil(asked, &http.Response{Header: h}, inquiry{question: question{method: http.MethodGet}})}
		now := asked.Add(time.Duration(rapid.Int64Range(int64(-400*24*time.Hour), int64(400*24*time.Hour)).Draw(t, "later")))
		if d := now.Sub(asked).Abs(); d > maxFresh && k.fresh(now) {
			t.Errorf("asked at %s, fresh until %s, and still at %s", asked, k.Fresh, now)
		}
	})
}

// clocked is a door whose clock the test sets.
func clocked(t *testing.T, cfg Config, now *time.Time) *Door {
	d := open(t, quick(cfg))
	d.clock = func() time.Time { return *now }
	return d
}

func TestFreshAnswersAreNotAskedFor(t *testing.T) {
	// The server's own date would tell that the test's clock is ahead.
	s := &tagged{header: http.Header{"Cache-Control": {"max-age=60"}, "Date": nil}}
	s.body.Store("one")
	a := serve(t, s)
	now := time.Now()
	start := now
	cfg := Config{Allowed: []Address{a}, CacheDir: t.TempDir(), Now: func() time.Time { return start.AddDate(-1, 0, 0) }}
	for _, step := range []struct {
		name           string
		at             time.Duration
		body, want     string
		whole, checked int32
	}{
		{"the first time", 0, "one", "one", 1, 0},
		{"a moment later, though it changed", 50 * time.Second, "two", "one", 1, 0},
		{"when it is stale, and has changed", 61 * time.Second, "two", "two", 2, 0},
		{"from then on", 110 * time.Second, "two", "two", 2, 0},
		{"when it is stale, and has not", 130 * time.Second, "two", "two", 2, 1},
		{"renewed by that", 180 * time.Second, "three", "two", 2, 1},
		{"with the clock an hour back", -time.Hour, "two", "two", 2, 2},
		{"with the clock a year ahead", 365 * 24 * time.Hour, "three", "three", 3, 2},
		{"and back again", 200 * time.Second, "four", "four", 4, 2},
	} {
		now = start.Add(step.at)
		s.body.Store(step.body)
		got, err := read(clocked(t, cfg, &now), Request{URL: a.URL + "/@scope%2Fname"})
		if got != step.want || err != nil || s.whole.Load() != step.whole || s.checked.Load() != step.checked {
			t.Errorf("%s: %q, %v, with %d whole and %d checked answers; want %q with %d and %d",
				step.name, got, err, s.whole.Load(), s.checked.Load(), step.want, step.whole, step.checked)
		}
	}
}

// A fresh answer that nobody names by a tag is kept as well, and asked for anew
// when it is stale.
func TestFreshWithoutTag(t *testing.T) {
	s := &tagged{header: http.Header{"Etag": nil, "Cache-Control": {"max-age=60"}}}
	s.body.Store("one")
	a := serve(t, s)
	now := time.Now()
	cfg := Config{Allowed: []Address{a}, CacheDir: t.TempDir()}
	for _, want := range []int32{1, 1} {
		if _, err := read(clocked(t, cfg, &now), Request{URL: a.URL}); err != nil || s.whole.Load() != want {
			t.Errorf("asked %d times, %v", s.whole.Load(), err)
		}
	}
	now = now.Add(time.Minute)
	if _, err := read(clocked(t, cfg, &now), Request{URL: a.URL}); err != nil || s.whole.Load() != 2 {
		t.Errorf("asked %d times, %v", s.whole.Load(), err)
	}
}

// Who may use an answer doesn't change by its being fresh: another token, a
// posted question, an answer that a redirect led to, a run without network.
func TestFreshIsNotForAll(t *testing.T) {
	for name, test := range map[string]struct {
		request Request
		path    string
		second  func(*Config)
		sent    int64
		fails   Reason
	}{
		"the same":      {},
		"other token":   {second: func(c *Config) { c.Allowed[0].Authorization = "Bearer b" }, sent: 1},
		"posted":        {request: Request{Method: http.MethodPost, Body: []byte("1")}, sent: 1},
		"redirected":    {path: "/moved", sent: 2},
		"no network":    {second: func(c *Config) { c.Offline = true }, fails: Offline},
		"other address": {second: func(c *Config) { c.Allowed[0].URL += "/elsewhere" }, fails: Refused},
	} {
		t.Run(name, func(t *testing.T) {
			a := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/moved" {
					http.Redirect(w, r, "/x", http.StatusMovedPermanently)
					return
				}
				status(200, "Cache-Control", "max-age=60")(w, r)
			}))
			cfg := Config{Allowed: []Address{a}, CacheDir: t.TempDir()}
			test.request.URL = a.URL + test.path
			if _, err := read(open(t, quick(cfg)), test.request); err != nil {
				t.Fatal(err)
			}
			if test.second != nil {
				test.second(&cfg)
			}
			d := open(t, quick(cfg))
			_, err := read(d, test.request)
			if test.fails != "" {
				if f := failure(t, err); f.Reason != test.fails {
					t.Error(f)
				}
			} else if err != nil {
				t.Error(err)
			}
			if n := d.Stats().Sent; n != test.sent {
				t.Errorf("sent %d requests, want %d", n, test.sent)
			}
		})
	}
}

// What a record holds does not depend on where an answer came from.
func TestFreshAnswersAreRecorded(t *testing.T) {
	a := serve(t, status(200, "Cache-Control", "max-age=60"))
	cache, bundle := t.TempDir(), filepath.Join(t.TempDir(), "bundle")
	if _, err := read(open(t, quick(Config{Allowed: []Address{a}, CacheDir: cache})), Request{URL: a.URL}); err != nil {
		t.Fatal(err)
	}
	d := open(t, quick(Config{Allowed: []Address{a}, CacheDir: cache, Record: bundle}))
	if _, err := read(d, Request{URL: a.URL}); err != nil || d.Stats().Sent != 0 {
		t.Fatalf("%v, with %d requests", err, d.Stats().Sent)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := read(open(t, Config{Replay: bundle}), Request{URL: a.URL})
	if got != "words of the server" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
