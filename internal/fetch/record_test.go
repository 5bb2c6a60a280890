package fetch

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

var recordedAt = time.Date(2026, 3, 31, 0, 21, 0, 123, time.UTC)

// noNetwork fails the test that opens a connection.
type noNetwork struct{ t *testing.T }

func (n noNetwork) RoundTrip(r *http.Request) (*http.Response, error) {
	n.t.Errorf("%s was asked", r.URL)
	return nil, errors.New("no network")
}

// world is a server with an answer of each kind.
func world(t testing.TB) Address {
	mux := http.NewServeMux()
	mux.Handle("/a", status(200, "ETag", `"x"`))
	mux.Handle("/same", status(200))
	mux.Handle("/empty", raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(w, io.LimitReader(rand.NewChaCha8([32]byte{}), 300_000))
	})
	mux.Handle("/missing", status(404))
	mux.Handle("/down", status(503))
	mux.Handle("/limited", status(429, "Retry-After", "3600"))
	mux.HandleFunc("/big", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.CopyN(w, zeros{}, 4000) })
	mux.Handle("/cut", raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"))
	mux.Handle("/away", redirect("https://elsewhere.example/?signature=s3cr3t", http.StatusFound))
	mux.HandleFunc("POST /ask", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	})
	a := serve(t, mux)
	a.Authorization = "Bearer s3cr3t"
	return a
}

// questions are asked of the world.
func questions(a Address) []Request {
	var rs []Request
	for _, path := range []string{"/a", "/same", "/empty", "/large", "/missing", "/down", "/limited", "/cut", "/away"} {
		rs = append(rs, Request{URL: a.URL + path})
	}
	return append(rs,
		Request{URL: a.URL + "/a?q=1"},
		Request{URL: a.URL + "/a", Accept: "application/json"},
		Request{URL: a.URL + "/big", Limit: 3},
		Request{URL: "https://elsewhere.example/x"},
		Request{URL: a.URL + "/ask", Method: "POST", Body: []byte("1")},
		Request{URL: a.URL + "/ask", Method: "POST", Body: []byte("2")},
	)
}

// record asks the world everything, in any order, and gives the bundle.
func record(t testing.TB, a Address, shuffle bool, cacheDir string) (string, map[string]string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "evidence.zip")
	d := open(t, quick(Config{
		Allowed: []Address{a}, Attempts: 2, Record: path, CacheDir: cacheDir,
		Now: func() time.Time { return recordedAt.In(time.FixedZone("", 3600)) },
	}))
	rs := questions(a)
	if shuffle {
		rand.Shuffle(len(rs), func(i, j int) { rs[i], rs[j] = rs[j], rs[i] })
	}
	heard := map[string]string{}
	for _, r := range rs {
		heard[describe(r)] = hear(d, r)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return path, heard
}

func describe(r Request) string {
	return fmt.Sprintf("%s %s %s %s %d", r.Method, r.URL, r.Accept, r.Body, r.Limit)
}

// hear gives the answer or the failure, as one string.
func hear(d *Door, r Request) string {
	got, err := read(d, r)
	if err != nil {
		return err.Error()
	}
	return got
}

func TestRecordAndReplay(t *testing.T) {
	a := world(t)
	path, heard := record(t, a, false, "")
	d := open(t, Config{Replay: path, Transport: noNetwork{t}, CacheDir: filepath.Join(t.TempDir(), "unused")})
	if at, ok := d.RecordedAt(); !ok || !at.Equal(recordedAt) || at.Location() != time.UTC {
		t.Errorf("recorded at %v, %t", at, ok)
	}
	for _, r := range questions(a) {
		if got, want := hear(d, r), heard[describe(r)]; got != want {
			t.Errorf("%s: %.100q, want %.100q", describe(r), got, want)
		}
	}
	for _, r := range []Request{
		{URL: a.URL + "/other"}, {URL: a.URL + "/a?q=2"}, {URL: a.URL + "/a", Accept: "text/plain"},
		{URL: a.URL + "/ask", Method: "POST", Body: []byte("3")}, {URL: a.URL + "/a", Method: "POST"},
	} {
		_, err := read(d, r)
		if f := failure(t, err); f.Reason != NotRecorded {
			t.Errorf("%s: %v", describe(r), f)
		}
	}
	if s := d.Stats(); s != (Stats{}) {
		t.Errorf("%+v", s)
	}
}

// The same answers give the same bytes, whatever the order of the questions
// and wherever the answers came from.
func TestRecordIsDeterministic(t *testing.T) {
	a := world(t)
	cacheDir := t.TempDir()
	var first []byte
	for i, dir := range []string{"", "", cacheDir, cacheDir} {
		path, _ := record(t, a, i > 0, dir)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		}
		if string(b) != string(first) {
			t.Errorf("bundle %d differs", i)
		}
	}
}

// Nothing but a file is replaced by a bundle, as a device would be.
func TestRecordIntoAFileOnly(t *testing.T) {
	for _, path := range []string{os.DevNull, t.TempDir()} {
		if _, err := newRecorder(path, recordedAt); err == nil || !strings.Contains(err.Error(), "it is no regular file") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// The size of the pieces in which a body comes does not reach the bundle.
func TestSpoolIsDeterministic(t *testing.T) {
	text := make([]byte, 300_000)
	_, _ = io.ReadFull(rand.NewChaCha8([32]byte{}), text)
	for i := range text {
		text[i] = 'a' + text[i]%7
	}
	var first string
	for _, chop := range []func(io.Reader) io.Reader{
		func(r io.Reader) io.Reader { return r }, iotest.HalfReader, iotest.OneByteReader, iotest.DataErrReader,
	} {
		r, err := newRecorder(filepath.Join(t.TempDir(), "b"), recordedAt)
		if err != nil {
			t.Fatal(err)
		}
		s := r.spool(question{})
		src := io.NopCloser(chop(strings.NewReader(string(text))))
		b := &body{src: src, limit: DefaultLimit, sinks: []sink{s}, end: func(*Failure) {}}
		if _, err := io.Copy(io.Discard, b); err != nil {
			t.Fatal(err)
		}
		files, _ := filepath.Glob(filepath.Join(r.dir, "*"))
		if len(files) != 1 {
			t.Fatal(files)
		}
		got, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = string(got)
		}
		if string(got) != first {
			t.Error("the deflated bytes depend on the pieces")
		}
	}
}

func TestRecordHoldsNoSecret(t *testing.T) {
	path, _ := record(t, world(t), false, "")
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(rc)
		if err != nil || strings.Contains(f.Name+string(b), "s3cr3t") {
			t.Errorf("%s: %.200q, %v", f.Name, b, err)
		}
		if !f.Modified.IsZero() && f.Modified.Year() > 1980 || len(f.Extra) != 0 {
			t.Errorf("%s: says when it was written: %v, %x", f.Name, f.Modified, f.Extra)
		}
	}
	if n := len(z.File); n != 1+5 { // the index, and each body once
		t.Errorf("%d files", n)
	}
}

// A parser that stops early still leaves the whole body in the bundle; one
// that meets a body cut short after that leaves the failure.
func TestRecordReadsToTheEnd(t *testing.T) {
	long := strings.Repeat("x", 3*smallRest)
	mux := http.NewServeMux()
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, long) })
	mux.Handle("/cut", raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"))
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.CopyN(w, zeros{}, 20_000) })
	a := serve(t, mux)
	path := filepath.Join(t.TempDir(), "evidence.zip")
	d := open(t, quick(Config{Allowed: []Address{a}, Record: path}))
	for name, want := range map[string]Reason{"long": "", "cut": Cut, "large": TooLarge} {
		limit := int64(10_000)
		if name == "long" {
			limit = 0
		}
		rc, err := d.Fetch(context.Background(), Request{URL: a.URL + "/" + name, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = rc.Read(make([]byte, 2))
		err = rc.Close()
		if want == "" && err != nil || want != "" && failure(t, err).Reason != want {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d = open(t, Config{Replay: path})
	if got := hear(d, Request{URL: a.URL + "/long"}); got != long {
		t.Errorf("%d bytes, want %d", len(got), len(long))
	}
	_, err := read(d, Request{URL: a.URL + "/cut"})
	if f := failure(t, err); f.Reason != Cut {
		t.Error(f)
	}
}

// A server's silence is recorded: the replay has the same gap, and no wait.
func TestRecordTimeout(t *testing.T) {
	a := serve(t, http.HandlerFunc(never))
	path := filepath.Join(t.TempDir(), "evidence.zip")
	d := open(t, impatient(Config{Allowed: []Address{a}, Attempts: 1, Record: path}))
	want := hear(d, Request{URL: a.URL})
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if got := hear(open(t, Config{Replay: path}), Request{URL: a.URL}); got != want || !strings.Contains(got, "timed out") {
		t.Errorf("%q, want %q", got, want)
	}
}

// What the caller took back is not the world's answer; a later one is kept,
// and the first answer stays.
func TestRecordKeepsTheFirstAnswer(t *testing.T) {
	a := serve(t, inTurn(status(404), raw("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"), raw("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo"), status(404)))
	path := filepath.Join(t.TempDir(), "evidence.zip")
	d := open(t, quick(Config{Allowed: []Address{a}, Record: path}))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _ = d.Fetch(ctx, Request{URL: a.URL + "/cancelled"})
	for range 4 {
		_ = hear(d, Request{URL: a.URL})
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d = open(t, Config{Replay: path})
	if got := hear(d, Request{URL: a.URL}); got != "one" {
		t.Errorf("%q", got)
	}
	_, err := read(d, Request{URL: a.URL + "/cancelled"})
	if f := failure(t, err); f.Reason != NotRecorded {
		t.Error(f)
	}
}

func TestRecordLeavesNothingBeside(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "evidence.zip")
	a := serve(t, status(200))
	d := open(t, quick(Config{Allowed: []Address{a}, Record: path}))
	_ = hear(d, Request{URL: a.URL})
	if _, err := os.Stat(path); err == nil {
		t.Error("there is a bundle before Close")
	}
	for range 2 {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
	entries, _ := os.ReadDir(dir)
	if !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == "evidence.zip" }) || len(entries) != 1 {
		t.Errorf("%v", entries)
	}
}

func TestRecordFaults(t *testing.T) {
	if _, err := New(Config{Record: filepath.Join(t.TempDir(), "no", "such", "folder", "b.zip")}); err == nil {
		t.Error("a record that can't be written is no error")
	}
	if _, err := New(Config{Record: "a", Replay: "b"}); err == nil {
		t.Error("recording a replay is no error")
	}
	// The disk goes away on the way: the questions are answered, and Close says it.
	a := serve(t, status(200))
	d := open(t, quick(Config{Allowed: []Address{a}, Record: filepath.Join(t.TempDir(), "b.zip")}))
	if err := os.RemoveAll(d.recorder.dir); err != nil {
		t.Fatal(err)
	}
	if got := hear(d, Request{URL: a.URL}); got != "words of the server" {
		t.Errorf("%q", got)
	}
	if err := d.Close(); err == nil {
		t.Error("a bundle that is not whole is no error")
	}
}
