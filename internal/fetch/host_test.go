package fetch

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestPerHost reads from two hosts at once, more than there are slots for, and
// counts how many requests each has under way.
func TestPerHost(t *testing.T) {
	const slots, questions = 4, 24
	var under, most [2]atomic.Int32
	var allowed []Address
	for i := range under {
		allowed = append(allowed, serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			n := under[i].Add(1)
			for m := most[i].Load(); n > m && !most[i].CompareAndSwap(m, n); m = most[i].Load() {
			}
			time.Sleep(5 * time.Millisecond)
			under[i].Add(-1)
		})))
	}
	d := open(t, quick(Config{Allowed: allowed, PerHost: slots}))
	var wg sync.WaitGroup
	for i := range questions {
		wg.Go(func() {
			if _, err := read(d, Request{URL: allowed[i%2].URL}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := range most {
		if n := most[i].Load(); n < 2 || n > slots {
			t.Errorf("host %d had %d requests at once, want 2 to %d", i, n, slots)
		}
	}
}

// A slot is held as long as the body is open, and no longer, however the body
// ends.
func TestSlots(t *testing.T) {
	a := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/missing") {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = fmt.Fprint(w, "hello")
	}))
	d := open(t, quick(Config{Allowed: []Address{a}, PerHost: 1}))
	held, err := d.Fetch(context.Background(), Request{URL: a.URL})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err = d.Fetch(ctx, Request{URL: a.URL})
	if f := failure(t, err); f.Reason != TimedOut || d.Stats().Sent != 1 {
		t.Errorf("%v, after %d requests", f, d.Stats().Sent)
	}
	_ = held.Close()
	_ = held.Close() // again does no harm

	for _, r := range []Request{{URL: a.URL}, {URL: a.URL + "/missing"}, {URL: a.URL, Limit: 1}, {URL: a.URL}} {
		done := make(chan struct{})
		go func() {
			_, _ = read(d, r)
			close(done)
		}()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Fatalf("%+v: waits for a slot that nobody has", r)
		}
	}
}

// A host that is down is not asked for ever, and one that answers is.
func TestPatience(t *testing.T) {
	var down atomic.Bool
	var asked atomic.Int32
	a := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		if down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	d := open(t, quick(Config{Allowed: []Address{a}, Attempts: 1}))
	ask := func(n int) (last error) {
		for range n {
			_, last = read(d, Request{URL: a.URL})
		}
		return last
	}
	down.Store(true)
	_ = ask(patience - 1)
	down.Store(false)
	if err := ask(1); err != nil {
		t.Fatalf("an answer in time: %v", err)
	}
	down.Store(true)
	asked.Store(0)
	f := failure(t, ask(patience+10))
	if n := asked.Load(); n != patience {
		t.Errorf("asked %d times, want %d", n, patience)
	}
	if f.Reason != Unavailable || f.Status != 503 || f.Detail != "not asked again after 64 such answers in a row" {
		t.Error(f)
	}
}

// What the caller takes back says nothing about the host.
func TestPatienceForgivesCancelling(t *testing.T) {
	h := &host{slots: make(chan struct{}, 1)}
	for range 2 * patience {
		h.heard(&Failure{Reason: TimedOut, Err: &withdrawn{context.DeadlineExceeded}})
	}
	if f := h.givenUp(); f != nil {
		t.Error(f)
	}
}
