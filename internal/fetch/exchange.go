package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// exchange is a question that is put to a server, and put again where the
// answer breaks off.
type exchange struct {
	ctx    context.Context
	client *http.Client
	req    *retryablehttp.Request
	limit  int64
	tag    string // of the first answer
	pursuit
}

func (d *Door) exchange(ctx context.Context, until time.Time, in inquiry) (*exchange, *Failure) {
	var posted any // a nil slice would be sent as a body
	if len(in.Body) > 0 {
		posted = in.Body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, in.method, in.url, posted)
	if err != nil {
		return nil, &Failure{Reason: Refused, Detail: errNotURL.Error(), Err: err}
	}
	if posted != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if in.Accept != "" {
		req.Header.Set("Accept", in.Accept)
	}
	if in.copy != nil && in.copy.ETag != "" && in.method == http.MethodGet {
		req.Header.Set("If-None-Match", in.copy.ETag)
	}
	p := pursuit{attempts: d.cfg.Attempts, backoff: d.cfg.Backoff, until: until}
	return &exchange{ctx: ctx, client: d.client, req: req, limit: in.Limit, pursuit: p}, nil
}

// open sends the request, and looks at what the answer says of itself.
func (e *exchange) open() (*http.Response, *Failure) {
	resp, f := e.ask(e.ctx, e.client, e.req)
	if f != nil {
		return nil, f
	}
	if f := odd(resp, e.limit); f != nil {
		_ = resp.Body.Close()
		return nil, f
	}
	e.tag = resp.Header.Get("ETag")
	return resp, nil
}

// reopen sends the request once more, as a body broke off with err. The error
// is err itself where that is no use, and where the answer has become another
// one.
func (e *exchange) reopen(err error) (io.ReadCloser, error) {
	if !e.worth(e.ctx, nil, err) {
		return nil, err
	}
	select {
	case <-time.After(e.wait):
	case <-e.ctx.Done():
		return nil, endOf(e.ctx)
	}
	e.req.Header.Del("If-None-Match") // it is the copy's, which is out of date
	first := e.tag
	resp, f := e.open()
	if f != nil {
		return nil, f
	}
	if e.tag != first {
		_ = resp.Body.Close()
		return nil, err
	}
	return resp.Body, nil
}

// odd is what the headers of a successful answer already rule out.
func odd(resp *http.Response, limit int64) *Failure {
	if resp.ContentLength > limit {
		return &Failure{Reason: TooLarge, Detail: fmt.Sprintf("announces %d bytes, more than %d", resp.ContentLength, limit)}
	}
	// net/http asked for gzip and has undone it; anything else is left on.
	if coding := resp.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return &Failure{Reason: Unexpected, Detail: "compressed in a way that was not asked for"}
	}
	return nil
}
