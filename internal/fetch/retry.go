package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// longestBackoff bounds the doubling; only a Retry-After asks for more.
const longestBackoff = 10 * time.Second

// pursuit is one question through all its tries.
type pursuit struct {
	attempts int
	backoff  time.Duration
	until    time.Time

	tries int
	wait  time.Duration // before the next try
}

// ask sends the request until it is answered, refused, or given up. The answer
// is a 200 or, where the request was conditional, a 304.
func (p *pursuit) ask(ctx context.Context, client *http.Client, req *retryablehttp.Request) (*http.Response, *Failure) {
	retrying := retryablehttp.Client{
		HTTPClient:   client,
		RetryMax:     p.attempts, // again ends it sooner
		CheckRetry:   p.again,
		Backoff:      func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return p.wait },
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	resp, err := retrying.Do(req)
	if err != nil {
		if resp != nil {
			_ = resp.Body.Close()
		}
		return nil, p.failed(ctx, err)
	}
	conditional := req.Header.Get("If-None-Match") != ""
	if resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusNotModified && conditional {
		return resp, nil
	}
	discard(resp.Body)
	f := &Failure{Reason: reasonOf(resp), Status: resp.StatusCode, Detail: p.effort()}
	if wait, ok := retryAfter(resp); ok && limitsRate(resp) {
		f.Detail = join(fmt.Sprintf("asks to wait %s", wait), f.Detail)
	}
	return nil, f
}

// again is the policy: whatever is likely to pass is tried again, as long as
// there is time to wait for it.
func (p *pursuit) again(ctx context.Context, resp *http.Response, err error) (bool, error) {
	p.tries++
	return p.worth(ctx, resp, err), nil
}

// worth reports whether to try again, after p.wait.
func (p *pursuit) worth(ctx context.Context, resp *http.Response, err error) bool {
	if p.tries >= p.attempts || ctx.Err() != nil || !p.mayPass(resp, err) {
		return false
	}
	p.wait = p.pause(resp)
	return time.Now().Add(p.wait).Before(p.until)
}

// mayPass reports whether the same question may get another answer.
func (p *pursuit) mayPass(resp *http.Response, err error) bool {
	if err != nil {
		var f *Failure
		return !errors.As(err, &f) && diagnose(err).again
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case http.StatusForbidden:
		return limitsRate(resp) && resp.Header.Get("Retry-After") != ""
	case http.StatusInternalServerError:
		return p.tries == 1 // most are bugs that stay
	}
	return false
}

// pause gives the time before the next try: what the server asked for, or an
// exponential backoff of which half is random, so that many clients that
// failed together don't come back together.
func (p *pursuit) pause(resp *http.Response) time.Duration {
	if wait, ok := retryAfter(resp); ok {
		return wait
	}
	d := min(p.backoff<<min(p.tries-1, 16), longestBackoff)
	return d/2 + rand.N(d/2+1)
}

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds, or a date.
// A date is compared with the server's own clock where it states one.
func retryAfter(resp *http.Response) (time.Duration, bool) {
	if resp == nil {
		return 0, false
	}
	value := resp.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	now, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return max(at.Sub(now), 0).Round(time.Second), true
}

// failed puts into a failure why there was no answer at all.
func (p *pursuit) failed(ctx context.Context, err error) *Failure {
	err = cmp.Or(endOf(ctx), err)
	var f *Failure
	if errors.As(err, &f) {
		return &Failure{Reason: f.Reason, Detail: f.Detail}
	}
	var u *url.Error // its text holds the whole URL of the last redirect
	if errors.As(err, &u) {
		err = u.Err
	}
	c := diagnose(err)
	return &Failure{Reason: c.reason, Detail: join(c.words, p.effort()), Err: err}
}

// effort says how often it was tried, if that was more than once.
func (p *pursuit) effort() string {
	if p.tries < 2 {
		return ""
	}
	return fmt.Sprintf("gave up after %d tries", p.tries)
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}
