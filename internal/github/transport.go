package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

const (
	// maxAnswer bounds an answer in bytes. A listing ends at 100,000 entries;
	// with its addresses, one of them has some 350 bytes.
	maxAnswer = 64 << 20
	// maxRedirects is one for a repository that was renamed, and two more.
	maxRedirects = 3
)

// limitKey is the context's key of the bytes that an answer may have. The limit
// is held below go-github, which reads into memory whatever there is.
type limitKey struct{}

// transport adds the token and bounds the answers.
type transport struct {
	base  http.RoundTripper
	token string
}

// RoundTrip gives a body whose reader ends in an [*http.MaxBytesError] if there
// is more of it than the context allows.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	limit, ok := r.Context().Value(limitKey{}).(int64)
	if !ok {
		limit = maxAnswer
	}
	if t.token != "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+t.token)
	}
	resp, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = http.MaxBytesReader(nil, resp.Body, limit)
	return resp, nil
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
