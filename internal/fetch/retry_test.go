package fetch

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// inTurn answers with one handler after the other, and with the last one from
// then on.
func inTurn(handlers ...http.HandlerFunc) http.HandlerFunc {
	var asked atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		handlers[min(int(asked.Add(1)), len(handlers))-1](w, r)
	}
}

func TestRecovers(t *testing.T) {
	for name, first := range map[string][]http.HandlerFunc{
		"503 thrice":       {status(503), status(503), status(503)},
		"one of each":      {raw(""), status(502), status(504)},
		"429 with seconds": {status(429, "Retry-After", "0")},
		"429 with a date":  {status(429, "Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT")},
		"500 once":         {status(500)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := serve(t, inTurn(append(first, status(200))...))
			d := open(t, quick(Config{Allowed: []Address{a}}))
			got, err := read(d, Request{URL: a.URL})
			if got != "words of the server" || err != nil {
				t.Errorf("%q, %v", got, err)
			}
			if n := d.Stats().Sent; n != int64(len(first)+1) {
				t.Errorf("sent %d requests, want %d", n, len(first)+1)
			}
		})
	}
}

// An attempt that runs out of time is not the last.
func TestRecoversFromSilence(t *testing.T) {
	t.Parallel()
	a := serve(t, inTurn(never, status(200)))
	cfg := quick(Config{Allowed: []Address{a}})
	cfg.Timeout = 500 * time.Millisecond
	d := open(t, cfg)
	if _, err := read(d, Request{URL: a.URL}); err != nil || d.Stats().Sent != 2 {
		t.Errorf("%v, after %d requests", err, d.Stats().Sent)
	}
}

func TestWaitsAsAsked(t *testing.T) {
	t.Parallel()
	a := serve(t, inTurn(status(429, "Retry-After", "1"), status(200)))
	d := open(t, quick(Config{Allowed: []Address{a}}))
	start := time.Now()
	if _, err := read(d, Request{URL: a.URL}); err != nil {
		t.Fatal(err)
	}
	if waited := time.Since(start); waited < time.Second {
		t.Errorf("came back after %s", waited)
	}
}

// Waiting for a retry that would come after the deadline is a waste.
func TestGivesUpBeforeDeadline(t *testing.T) {
	a := serve(t, status(503))
	cfg := quick(Config{Allowed: []Address{a}})
	cfg.Backoff, cfg.Deadline = longestBackoff, longestBackoff/2
	start := time.Now()
	_, err := read(open(t, cfg), Request{URL: a.URL})
	if f := failure(t, err); f.Reason != Unavailable || f.Status != 503 {
		t.Error(f)
	}
	if took := time.Since(start); took > cfg.Deadline {
		t.Errorf("took %s", took)
	}
}

func TestCancelled(t *testing.T) {
	for name, test := range map[string]struct {
		serve http.HandlerFunc
		end   func(context.Context) (context.Context, context.CancelFunc)
		want  Reason
		is    error
	}{
		"while asking":  {never, cancelSoon, Unavailable, context.Canceled},
		"while waiting": {status(429, "Retry-After", "30"), cancelSoon, Unavailable, context.Canceled},
		"while reading": {silent("x"), cancelSoon, Unavailable, context.Canceled},
		"out of time":   {never, deadlineSoon, TimedOut, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := serve(t, test.serve)
			d := open(t, quick(Config{Allowed: []Address{a}}))
			ctx, cancel := test.end(context.Background())
			defer cancel()
			start := time.Now()
			rc, err := d.Fetch(ctx, Request{URL: a.URL})
			if err == nil {
				_, _ = rc.Read(make([]byte, 1))
				_, err = rc.Read(make([]byte, 1))
				_ = rc.Close()
			}
			if f := failure(t, err); f.Reason != test.want || !errors.Is(err, test.is) {
				t.Errorf("%v: %v", f, f.Err)
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func cancelSoon(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	time.AfterFunc(200*time.Millisecond, cancel)
	return ctx, cancel
}

func deadlineSoon(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, 200*time.Millisecond)
}

// The backoff doubles, keeps at least half of itself, and is bounded.
func TestBackoff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pursuit{
			backoff: time.Duration(rapid.Int64Range(1, int64(longestBackoff)).Draw(t, "backoff")),
			tries:   rapid.IntRange(1, 1000).Draw(t, "tries"),
		}
		most := longestBackoff
		if p.tries < 10 {
			most = min(most, p.backoff<<(p.tries-1))
		}
		if d := p.pause(nil); d < min(p.backoff, most)/2 || d > most {
			t.Errorf("waits %s, at most %s", d, most)
		}
	})
}
