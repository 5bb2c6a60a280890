package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// quick retries at once, and waits long enough for a busy machine.
func quick(cfg Config) Config {
	cfg.Backoff = time.Millisecond
	cfg.Timeout = 20 * time.Second
	cfg.Stall = 20 * time.Second
	cfg.Deadline = time.Minute
	return cfg
}

// impatient is for servers that never answer, so that a test needn't wait.
func impatient(cfg Config) Config {
	cfg = quick(cfg)
	cfg.Timeout = 60 * time.Millisecond
	cfg.Stall = 60 * time.Millisecond
	return cfg
}

// serve starts a server on this machine.
func serve(t testing.TB, h http.Handler) Address {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return Address{URL: s.URL, Insecure: true}
}

// raw answers with these very bytes, and ends the connection.
func raw(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(conn, s)
		_ = conn.Close()
	}
}

// TestMain silences net/http, which logs what servers send out of turn.
func TestMain(m *testing.M) {
	log.SetOutput(io.Discard)
	os.Exit(m.Run())
}

func open(t testing.TB, cfg Config) *Door {
	t.Helper()
	d, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// read gives the whole body.
func read(d *Door, r Request) (string, error) {
	rc, err := d.Fetch(context.Background(), r)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(rc)
	return string(b), errors.Join(err, rc.Close())
}

// failure gives the one failure of an error.
func failure(t testing.TB, err error) *Failure {
	t.Helper()
	var f *Failure
	if !errors.As(err, &f) {
		t.Fatalf("%v (%T) is no failure", err, err)
	}
	return f
}

// bomb is a gzip stream of n zeros.
func bomb(n int64) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.CopyN(w, zeros{}, n)
	_ = w.Close()
	return b.String()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "words of the server")
	}
}

func never(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func gzipped(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, s)
	}
}

// TestFaults is what the world may do, and what it gets: the body that was
// readable, the failure's words behind "asking: ", and how often the server
// was asked.
func TestFaults(t *testing.T) {
	const limit = 1000
	for name, test := range map[string]struct {
		serve http.HandlerFunc
		body  string
		want  string
		asked int32
		bound func(Config) Config // nil for quick
	}{
		"an answer":        {serve: status(200), body: "words of the server", asked: 1},
		"HTML":             {serve: status(200, "Content-Type", "text/html"), body: "words of the server", asked: 1},
		"no body":          {serve: raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), asked: 1},
		"gzip":             {serve: gzipped(bomb(limit)), body: string(make([]byte, limit)), asked: 1},
		"too short":        {serve: raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":"), body: `{"half":`, want: "cut short (after 8 bytes, gave up after 3 tries)", asked: 3},
		"chunks break off": {serve: raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), body: "hello", want: "cut short (after 5 bytes, gave up after 3 tries)", asked: 3},
		"gzip breaks off":  {serve: gzipped(bomb(900)[:10]), want: "cut short (after 0 bytes, gave up after 3 tries)", asked: 3},
		"gzip is damaged":  {serve: gzipped(bomb(900)[:len(bomb(900))-8] + "checksum"), body: string(make([]byte, 900)), want: "unexpected answer (the compressed answer is damaged)", asked: 1},
		"gzip is none":     {serve: gzipped("hello"), want: "cut short (after 0 bytes, gave up after 3 tries)", asked: 3},
		// The bytes that were not announced are no part of this answer, nor of the next.
		"longer than announced":   {serve: raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, world"), body: "hello", asked: 1},
		"announces too much":      {serve: raw("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"), want: "too large (announces 1001 bytes, more than 1000)", asked: 1},
		"sends too much":          {serve: raw("HTTP/1.0 200 OK\r\n\r\n" + strings.Repeat("a", limit+1)), body: strings.Repeat("a", limit), want: "too large (more than 1000 bytes)", asked: 1},
		"just fits":               {serve: raw("HTTP/1.0 200 OK\r\n\r\n" + strings.Repeat("a", limit)), body: strings.Repeat("a", limit), asked: 1},
		"gzip bomb":               {serve: gzipped(bomb(8 << 20)), body: string(make([]byte, limit)), want: "too large (more than 1000 bytes)", asked: 1},
		"other compression":       {serve: status(200, "Content-Encoding", "br"), want: "unexpected answer (compressed in a way that was not asked for)", asked: 1},
		"not found":               {serve: status(404), want: "not found (HTTP 404)", asked: 1},
		"gone":                    {serve: status(410), want: "not found (HTTP 410)", asked: 1},
		"no token":                {serve: status(401), want: "access denied (HTTP 401)", asked: 1},
		"wrong token":             {serve: status(403), want: "access denied (HTTP 403)", asked: 1},
		"403 by rate":             {serve: status(403, "X-RateLimit-Remaining", "0"), want: "rate limited (HTTP 403)", asked: 1},
		"403 by rate, to wait":    {serve: status(403, "Retry-After", "0"), want: "rate limited (HTTP 403, asks to wait 0s, gave up after 3 tries)", asked: 3},
		"429":                     {serve: status(429), want: "rate limited (HTTP 429, gave up after 3 tries)", asked: 3},
		"429 for an hour":         {serve: status(429, "Retry-After", "3600"), want: "rate limited (HTTP 429, asks to wait 1h0m0s)", asked: 1},
		"429 until a date":        {serve: status(429, "Date", "Mon, 01 Jan 2035 00:00:00 GMT", "Retry-After", "Mon, 01 Jan 2035 00:05:00 GMT"), want: "rate limited (HTTP 429, asks to wait 5m0s)", asked: 1},
		"429 for nonsense":        {serve: status(429, "Retry-After", "-1"), want: "rate limited (HTTP 429, gave up after 3 tries)", asked: 3},
		"500":                     {serve: status(500), want: "unavailable (HTTP 500, gave up after 2 tries)", asked: 2},
		"501":                     {serve: status(501), want: "unavailable (HTTP 501)", asked: 1},
		"502":                     {serve: status(502), want: "unavailable (HTTP 502, gave up after 3 tries)", asked: 3},
		"503":                     {serve: status(503), want: "unavailable (HTTP 503, gave up after 3 tries)", asked: 3},
		"504":                     {serve: status(504), want: "unavailable (HTTP 504, gave up after 3 tries)", asked: 3},
		"204":                     {serve: status(204), want: "unexpected answer (HTTP 204)", asked: 1},
		"206":                     {serve: status(206), want: "unexpected answer (HTTP 206)", asked: 1},
		"304 out of the blue":     {serve: status(304), want: "unexpected answer (HTTP 304)", asked: 1},
		"redirect to nowhere":     {serve: status(302), want: "unexpected answer (HTTP 302)", asked: 1},
		"418":                     {serve: status(418), want: "unexpected answer (HTTP 418)", asked: 1},
		"never answers":           {serve: never, want: "timed out (no answer within 60ms, gave up after 3 tries)", asked: 3, bound: impatient},
		"hangs up":                {serve: raw(""), want: "unavailable (the connection broke, gave up after 3 tries)", asked: 3},
		"does not speak HTTP":     {serve: raw("SSH-2.0-OpenSSH\r\n::stop-commands::x\r\n"), want: "unavailable (no proper answer, gave up after 3 tries)", asked: 3},
		"headers without end":     {serve: raw("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("a", maxHeaders+1)), want: "unavailable (no proper answer, gave up after 3 tries)", asked: 3},
		"falls silent":            {serve: silent("hello"), body: "hello", want: "timed out (no more of the answer within 60ms, gave up after 3 tries)", asked: 3, bound: impatient},
		"falls silent in refusal": {serve: silentStatus(404), want: "not found (HTTP 404)", asked: 1, bound: impatient},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			a := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				test.serve(w, r)
			}))
			if test.bound == nil {
				test.bound = quick
			}
			d := open(t, test.bound(Config{Allowed: []Address{a}, Attempts: 3}))
			got, err := read(d, Request{URL: a.URL + "/x?token=secret", Limit: limit})
			if got != test.body {
				t.Errorf("body %.80q, want %.80q", got, test.body)
			}
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "":
				if got, want := failure(t, err).Error(), a.URL+"/x: asking: "+test.want; got != want {
					t.Errorf("%s\nwant %s", got, want)
				}
			}
			if n := asked.Load(); n != test.asked {
				t.Errorf("asked %d times, want %d", n, test.asked)
			}
		})
	}
}

func silent(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, s)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
}

func silentStatus(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(code)
		silent("")(w, r)
	}
}

func TestUnreachable(t *testing.T) {
	a := serve(t, status(200))
	closed := httptest.NewServer(status(200))
	closed.Close()
	secure := httptest.NewTLSServer(status(200))
	defer secure.Close()
	for name, test := range map[string]struct{ address, want string }{
		"nobody listens":   {closed.URL, "unavailable (connection refused, gave up after 2 tries)"},
		"no such host":     {"http://lockkeeper.invalid", "unavailable (no such host)"},
		"unknown issuer":   {secure.URL, "unavailable (its certificate is not trusted)"},
		"http behind TLS":  {strings.Replace(a.URL, "http:", "https:", 1), "unavailable (it does not speak TLS)"},
		"metadata service": {"http://169.254.169.254", "not allowed (" + errForbidden.Error() + ")"},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, quick(Config{Allowed: []Address{{URL: test.address, Insecure: true}}, Attempts: 2}))
			_, err := read(d, Request{URL: test.address + "/x"})
			got := failure(t, err).Error()
			if name == "no such host" && strings.Contains(got, "could not be looked up") {
				t.Skip("no name server here")
			}
			if want := test.address + "/x: asking: " + test.want; got != want {
				t.Errorf("%s\nwant %s", got, want)
			}
		})
	}
}

func TestRefusesWithoutAsking(t *testing.T) {
	a := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("was asked") }))
	a.URL += "/team/"
	d := open(t, quick(Config{Allowed: []Address{a}}))
	for name, test := range map[string]struct {
		request Request
		want    string
	}{
		"other path":  {Request{URL: a.URL + "../other"}, "a path that two servers could read two ways"},
		"other host":  {Request{URL: "https://other.example/team/"}, "not one of the configured addresses"},
		"user":        {Request{URL: "http://u:p@other.example/"}, errUserinfo.Error()},
		"other verb":  {Request{URL: a.URL, Method: "DELETE"}, "only GET and POST are asked"},
		"a long path": {Request{URL: a.URL + strings.Repeat("a", longestURL)}, "a URL of more than 8192 bytes"},
	} {
		_, err := read(d, test.request)
		if f := failure(t, err); f.Reason != Refused || f.Detail != test.want {
			t.Errorf("%s: %v, want %s", name, f, test.want)
		}
		if strings.Contains(err.Error(), "u:p") {
			t.Errorf("%s: shows a password: %v", name, err)
		}
	}
}

func TestOffline(t *testing.T) {
	a := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("was asked") }))
	d := open(t, Config{Allowed: []Address{a}, Offline: true})
	_, err := read(d, Request{URL: a.URL})
	if f := failure(t, err); f.Reason != Offline {
		t.Error(f)
	}
}

func TestPost(t *testing.T) {
	var asked atomic.Int32
	a := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if asked.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintf(w, "%s %s %s %s %s", r.Method, b, r.Header.Get("Content-Type"), r.Header.Get("Accept"), r.Header.Get("User-Agent"))
	}))
	d := open(t, quick(Config{Allowed: []Address{a}, UserAgent: "lockkeeper/1"}))
	got, err := read(d, Request{Method: "POST", URL: a.URL, Body: []byte(`{"q":1}`), Accept: "application/json"})
	if want := `POST {"q":1} application/json application/json lockkeeper/1`; got != want || err != nil {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	if s := d.Stats(); s.Sent != 2 || s.Bytes != int64(len(got)) || s.Kept != 0 || s.CacheError != nil {
		t.Errorf("%+v", s)
	}
}
