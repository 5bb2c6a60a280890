// Package fetchtest stands in for the network in tests of the rooms behind
// the door.
//
// It takes what each URL answers and gives a [fetch.Getter]. It promises: a
// question that the test did not foresee fails the test, and so does an answer
// that nobody asked for.
package fetchtest

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
)

// Answer gives the body of an answer, or a failure; its reader is read once.
type Answer func(fetch.Request) (io.Reader, *fetch.Failure)

// Body answers with these bytes.
func Body(s string) Answer {
	return func(fetch.Request) (io.Reader, *fetch.Failure) { return strings.NewReader(s), nil }
}

// Fail answers with a failure for this reason.
func Fail(reason fetch.Reason) Answer {
	return func(fetch.Request) (io.Reader, *fetch.Failure) { return nil, &fetch.Failure{Reason: reason} }
}

// CutAfter answers with these bytes and then with [fetch.Cut] instead of an end.
func CutAfter(s string) Answer {
	return func(fetch.Request) (io.Reader, *fetch.Failure) {
		return io.MultiReader(strings.NewReader(s), broken{&fetch.Failure{Reason: fetch.Cut}}), nil
	}
}

type broken struct{ failure *fetch.Failure }

func (b broken) Read([]byte) (int, error) { return 0, b.failure }

// Getter answers from a table. It may be used from many goroutines at once.
type Getter struct {
	t       testing.TB
	answers map[string]Answer

	mu       sync.Mutex
	requests []fetch.Request
	open     int
}

// New makes a getter whose answers are keyed by URL; a POST's key begins with
// "POST ". When the test ends, it fails for each answer that was not asked
// for and each body that was not closed.
func New(t testing.TB, answers map[string]Answer) *Getter {
	g := &Getter{t: t, answers: answers}
	t.Cleanup(g.verify)
	return g
}

func key(r fetch.Request) string {
	if r.Method == http.MethodPost {
		return "POST " + r.URL
	}
	return r.URL
}

func (g *Getter) verify() {
	g.t.Helper()
	for _, k := range slices.Sorted(maps.Keys(g.answers)) {
		if g.Count(k) == 0 {
			g.t.Errorf("%s: was never asked for", k)
		}
	}
	if g.open != 0 {
		g.t.Errorf("%d bodies were not closed", g.open)
	}
}

// Count gives how often the question with that key was asked.
func (g *Getter) Count(k string) int {
	n := 0
	for _, r := range g.Requests() {
		if key(r) == k {
			n++
		}
	}
	return n
}

// Requests gives all requests so far, by key and then in the order in which
// they came.
func (g *Getter) Requests() []fetch.Request {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := slices.Clone(g.requests)
	slices.SortStableFunc(all, func(a, b fetch.Request) int { return strings.Compare(key(a), key(b)) })
	return all
}

// Fetch implements [fetch.Getter], the request's limit included.
func (g *Getter) Fetch(ctx context.Context, r fetch.Request) (io.ReadCloser, error) {
	r.Body = bytes.Clone(r.Body)
	g.count(func() { g.requests = append(g.requests, r) })
	if err := ctx.Err(); err != nil {
		return nil, &fetch.Failure{URL: r.URL, Reason: fetch.Unavailable, Err: err}
	}
	answer, ok := g.answers[key(r)]
	if !ok {
		g.t.Errorf("%s: was asked for, and the test has no answer", key(r))
		return nil, &fetch.Failure{URL: r.URL, Reason: fetch.NotRecorded}
	}
	src, failure := answer(r)
	if failure != nil {
		failure.URL = r.URL
		return nil, failure
	}
	g.count(func() { g.open++ })
	return &body{Reader: src, getter: g, url: r.URL, left: cmp.Or(r.Limit, fetch.DefaultLimit)}, nil
}

func (g *Getter) count(change func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change()
}

type body struct {
	io.Reader
	getter *Getter
	url    string
	left   int64 // of the limit; negative once it was passed
	closed bool
}

func (b *body) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, &fetch.Failure{URL: b.url, Reason: fetch.TooLarge}
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.Reader.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n - 1, &fetch.Failure{URL: b.url, Reason: fetch.TooLarge}
	}
	return n, err
}

func (b *body) Close() error {
	if !b.closed {
		b.closed = true
		b.getter.count(func() { b.getter.open-- })
	}
	return nil
}

// Slow delays each answer, as a network does; requests wait side by side.
func Slow(delay time.Duration, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(delay):
			h.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	})
}
