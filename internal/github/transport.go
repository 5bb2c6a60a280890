package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

const (
	// maxAnswer bounds an answer in bytes. A listing ends at 100,000 entries;
	// with its addresses, one of them has some 350 bytes.
	maxAnswer = 64 << 20
	// maxRedirects is one for a repository that was renamed, and two more.
	maxRedirects = 3
	// maxTries and firstPause outlive a server that is being replaced.
	maxTries   = 3
	firstPause = 250 * time.Millisecond
	// DefaultWait is what GitHub asks for after too many requests at once. A
	// limit that lasts until the hour is over is not waited for.
	DefaultWait = time.Minute
	// patience is for the tries of one question and its body, pauses aside.
	patience = time.Minute
)

// limitKey is the context's key of the bytes that an answer may have. The limit
// is held below go-github, which reads into memory whatever there is.
type limitKey struct{}

// transport adds the token, asks again what may pass, and bounds the answers in
// size and time.
type transport struct {
	base  http.RoundTripper
	token string
	wait  time.Duration // for all pauses together
	spent atomic.Int64  // of it
}

// RoundTrip gives a body whose reader ends in an [*http.MaxBytesError] if there
// is more of it than the context allows.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	limit, ok := r.Context().Value(limitKey{}).(int64)
	if !ok {
		limit = maxAnswer
	}
	most := t.wait + patience
	ctx, cancel := context.WithTimeoutCause(r.Context(), most, fmt.Errorf("no whole answer within %s", most))
	r = r.Clone(ctx)
	if t.token != "" {
		r.Header.Set("Authorization", "Bearer "+t.token)
	}
	resp, err := t.ask(r)
	if err != nil {
		err = causeOf(ctx, err)
		cancel()
		return nil, err
	}
	resp.Body = &body{http.MaxBytesReader(nil, resp.Body, limit), ctx, cancel}
	return resp, nil
}

// ask sends a request, and again if it asks for something and the answer is one
// that may pass. The last answer is given whatever it says.
func (t *transport) ask(r *http.Request) (*http.Response, error) {
	for try := 1; ; try++ {
		resp, err := t.base.RoundTrip(r)
		if err != nil || r.Method != http.MethodGet || try == maxTries {
			return resp, err
		}
		pause, again := pauseAfter(resp, firstPause<<(2*(try-1)))
		if !again || !t.spend(pause) {
			return resp, nil
		}
		_ = resp.Body.Close()
		timer := time.NewTimer(pause)
		select {
		case <-r.Context().Done():
			timer.Stop()
			return nil, r.Context().Err()
		case <-timer.C:
		}
	}
}

// spend takes a pause out of the time that there is for them.
func (t *transport) spend(pause time.Duration) bool {
	if t.spent.Add(int64(pause)) <= int64(t.wait) {
		return true
	}
	t.spent.Add(-int64(pause))
	return false
}

// pauseAfter says how long to wait before asking again, if that may help.
//
// https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
func pauseAfter(resp *http.Response, usual time.Duration) (time.Duration, bool) {
	seconds, err := strconv.ParseUint(resp.Header.Get("Retry-After"), 10, 31)
	switch code := resp.StatusCode; {
	case err == nil && limitsRate(resp):
		return time.Duration(seconds) * time.Second, true
	case code >= 500 && code != http.StatusNotImplemented:
		return usual, true
	}
	return 0, false
}

// body ends its request's time when it is closed.
type body struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelFunc
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = causeOf(b.ctx, err)
	}
	return n, err
}

func (b *body) Close() error {
	err := b.ReadCloser.Close()
	b.cancel()
	return err
}

// causeOf is why a request ended, if its time was up.
func causeOf(ctx context.Context, err error) error {
	if ctx.Err() == context.DeadlineExceeded {
		return context.Cause(ctx)
	}
	return err
}

// atMost sets the limit of the answers, in bytes.
func atMost(ctx context.Context, limit int64) context.Context {
	return context.WithValue(ctx, limitKey{}, limit)
}

// stayHome follows a redirect within the host only: every request carries the
// token.
func stayHome(r *http.Request, via []*http.Request) error {
	home := via[0].URL
	if r.URL.Scheme != home.Scheme || r.URL.Host != home.Host {
		return fmt.Errorf("redirects to %.100q, which is not the API", r.URL.Scheme+"://"+r.URL.Host)
	}
	if len(via) > maxRedirects {
		return errors.New("redirects too often")
	}
	return nil
}
