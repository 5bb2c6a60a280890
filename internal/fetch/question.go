package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
)

// question is what makes two requests the same: the record's key, and with the
// token's digest the cache's.
type question struct {
	method, url, accept string
	body                string // hex SHA-256; "" without a body
}

// pose checks a request and gives its question.
func pose(r Request) (question, *url.URL, error) {
	u, err := canonical(r.URL)
	if err != nil {
		return question{}, nil, err
	}
	q := question{method: r.Method, url: u.String(), accept: r.Accept}
	if q.method == "" {
		q.method = http.MethodGet
	}
	if q.method != http.MethodGet && q.method != http.MethodPost {
		return question{}, nil, errors.New("only GET and POST are asked")
	}
	if len(r.Body) > 0 {
		sum := sha256.Sum256(r.Body)
		q.body = hex.EncodeToString(sum[:])
	}
	return q, u, nil
}

// key names the question's file in the cache. The token is part of it, so that
// an answer given to one identity is never given to another; only a digest of
// all parts together is ever written.
func (q question) key(authorization string) string {
	h := sha256.New()
	for _, part := range []string{"lockkeeper.cache/v1", q.method, q.url, q.accept, q.body, authorization} {
		sum := sha256.Sum256([]byte(part))
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}
