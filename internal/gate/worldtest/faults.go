package worldtest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"time"
)

// A Fault answers in place of the world; whole is what the world would have
// answered.
type Fault func(out http.ResponseWriter, r *http.Request, whole []byte)

// Faults lists what any address may do, by names for a test.
var Faults = []struct {
	Name  string
	Fault Fault
	Slow  bool // it ends only when the asker's patience does
}{
	{"401", status(401), false},
	{"403", status(403), false},
	{"404", status(404), false},
	{"429, now and then", once(status(429, "Retry-After", "0")), false},
	{"429, to wait no time", status(429, "Retry-After", "0"), false},
	{"429, to wait a day", status(429, "Retry-After", "86400"), false},
	{"500", status(500), false},
	{"503, now and then", once(status(503)), false},
	{"503", status(503), false},
	{"hangs up", hangsUp, false},
	{"says nothing", saysNothing, true},
	{"stops in the middle", stops, true},
	{"drips", drips, true},
	{"breaks off", breaksOff, false},
	{"breaks off now and then", once(breaksOff), false},
	{"sends less than it announces", announces(+10), false},
	{"sends more than it announces", sends("", "surplus"), false},
	{"announces less than it has", announces(-10), false},
	{"announces a gigabyte", announces(1 << 30), false},
	{"a gzip bomb", bombs, false},
	{"no gzip", sends("Content-Encoding: gzip\r\n", ""), false},
	{"a web page", page, false},
	{"nothing at all", func(http.ResponseWriter, *http.Request, []byte) {}, false},
	{"half of the JSON", half, false},
	{"null", text("null"), false},
	{"a list", text("[]"), false},
	{"redirects elsewhere", redirects("https://elsewhere.invalid/"), false},
	{"redirects to itself", func(out http.ResponseWriter, r *http.Request, _ []byte) { redirects(r.URL.EscapedPath())(out, r, nil) }, false},
}

// Of gives a fault that answers with these bytes, such as another package's.
func Of(other []byte) Fault { return text(string(other)) }

// whole gives the answer that a request would have got.
func (w *World) whole(r *http.Request) []byte {
	answer := httptest.NewRecorder()
	(&World{Files: w.Files}).ServeHTTP(answer, r)
	return answer.Body.Bytes()
}

func status(code int, header ...string) Fault {
	return func(out http.ResponseWriter, _ *http.Request, _ []byte) {
		for i := 0; i < len(header); i += 2 {
			out.Header().Set(header[i], header[i+1])
		}
		http.Error(out, `{"error":"a fault"}`, code)
	}
}

func text(s string) Fault {
	return func(out http.ResponseWriter, _ *http.Request, _ []byte) { _, _ = io.WriteString(out, s) }
}

// once makes a fault of every other answer to a question.
func once(fault Fault) Fault {
	var mu sync.Mutex
	asked := make(map[string]int)
	return func(out http.ResponseWriter, r *http.Request, whole []byte) {
		mu.Lock()
		asked[r.Host+r.URL.Path]++
		first := asked[r.Host+r.URL.Path]%2 == 1
		mu.Unlock()
		if first {
			fault(out, r, whole)
			return
		}
		_, _ = out.Write(whole)
	}
}

// raw writes bytes to the connection and closes it.
func raw(out http.ResponseWriter, answer []byte) {
	conn, _, err := http.NewResponseController(out).Hijack()
	if err != nil {
		return
	}
	_, _ = conn.Write(answer)
	_ = conn.Close()
}

func hangsUp(out http.ResponseWriter, _ *http.Request, _ []byte) { raw(out, nil) }

// announces gives the answer with a length that is off by so many bytes.
func announces(off int) Fault {
	return func(out http.ResponseWriter, _ *http.Request, whole []byte) {
		raw(out, fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(whole)+off, whole))
	}
}

// sends gives the answer with a header line, and with bytes behind its end.
func sends(header, more string) Fault {
	return func(out http.ResponseWriter, _ *http.Request, whole []byte) {
		raw(out, fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s%s", len(whole), header, whole, more))
	}
}

func saysNothing(_ http.ResponseWriter, r *http.Request, _ []byte) { <-r.Context().Done() }

// begin sends the first half of the answer, with the length of all of it.
func begin(out http.ResponseWriter, whole []byte) {
	out.Header().Set("Content-Length", strconv.Itoa(len(whole)))
	_, _ = out.Write(whole[:len(whole)/2])
	_ = http.NewResponseController(out).Flush()
}

func stops(out http.ResponseWriter, r *http.Request, whole []byte) {
	begin(out, whole)
	<-r.Context().Done()
}

func breaksOff(out http.ResponseWriter, _ *http.Request, whole []byte) {
	begin(out, whole)
	panic(http.ErrAbortHandler)
}

// drips sends a byte now and then, which no wait for the next one notices.
func drips(out http.ResponseWriter, r *http.Request, _ []byte) {
	for r.Context().Err() == nil {
		_, _ = io.WriteString(out, " ")
		_ = http.NewResponseController(out).Flush()
		time.Sleep(20 * time.Millisecond)
	}
}

// bomb is one string of JSON of 192 MB, which no reader's limit allows.
var bomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, `{"error":"`)
	for filler := bytes.Repeat([]byte("x"), 1<<20); b.Len() < 192<<10; {
		_, _ = w.Write(filler)
	}
	_ = w.Close()
	return b.Bytes()
})

func bombs(out http.ResponseWriter, _ *http.Request, _ []byte) {
	out.Header().Set("Content-Encoding", "gzip")
	_, _ = out.Write(bomb())
}

func page(out http.ResponseWriter, _ *http.Request, _ []byte) {
	out.Header().Set("Content-Type", "text/html")
	_, _ = io.WriteString(out, "<!DOCTYPE html><html><body>Please log in</body></html>")
}

func half(out http.ResponseWriter, _ *http.Request, whole []byte) {
	_, _ = out.Write(whole[:len(whole)/2])
}

func redirects(to string) Fault {
	return func(out http.ResponseWriter, _ *http.Request, _ []byte) {
		out.Header().Set("Location", to)
		out.WriteHeader(http.StatusTemporaryRedirect)
	}
}
