// Package fetch is the only door to the network.
//
// It takes a [Request] and gives bounded bytes or a [*Failure]. It promises, in
// one place: only configured addresses are connected to; a token goes to the
// address that it was set for and to no other, redirects included; retries,
// time, size and concurrency are bounded; answers are kept on disk for as long
// as their server allows; and every answer can be recorded to a bundle and
// replayed from it with no connection at all.
package fetch

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Address is a place that may be connected to: an origin and a path prefix,
// and what to say there to be let in.
type Address struct {
	URL string // "https://npm.example.com/team/"
	// Authorization is the header's whole value ("Bearer …"), sent to this
	// address only; "" for none.
	Authorization string
	// Insecure permits plain http, and a host name that resolves to this
	// machine: for tests and for registries that the user configured in so
	// many words. A certificate is checked all the same.
	Insecure bool
}

// Config is what a door is made from.
type Config struct {
	Allowed    []Address
	CacheDir   string // "" keeps nothing
	CacheLimit int64  // bytes kept there after Close; 0 for the default
	Record     string // the bundle to write at Close; "" for none
	Replay     string // the bundle to answer from; "" for none
	Offline    bool   // nothing is asked; immutable answers still come from the cache
	UserAgent  string

	PerHost  int           // requests under way at once to one host; 0 for the default
	Attempts int           // tries of one request, those for the rest of its body included; 0 for the default
	Timeout  time.Duration // for one attempt, until its headers; 0 for the default
	Stall    time.Duration // for one read of a body that gives no byte; 0 for the default
	Deadline time.Duration // for one request with its retries and its body; 0 for the default
	Backoff  time.Duration // before the first retry, doubled at each; 0 for the default

	// Proxy names the proxy of a request, as [http.ProxyFromEnvironment]
	// does; nil for none.
	Proxy     func(*http.Request) (*url.URL, error)
	Now       func() time.Time  // dates the record; nil for the machine's clock
	Transport http.RoundTripper // nil for the default; tests put a fake here
}

// Request is one question.
type Request struct {
	Method string // GET or POST; "" is GET
	URL    string
	Accept string
	Body   []byte // sent as JSON; a question, so that asking it again is safe
	Limit  int64  // bytes of the answer, after decompression; 0 for the default
	// Immutable marks an answer that never changes, so that the cache may
	// give it without asking again. Other answers it gives for as long as
	// their server allows, at most 5 minutes, and then revalidates by ETag.
	Immutable bool
	// Unkept marks an answer that is too large to be worth its place in the
	// cache, and of which something smaller is kept.
	Unkept bool
}

// Getter is the door as the rooms behind it see it.
type Getter interface {
	// Fetch gives the body of a successful answer; the caller closes it.
	// Reading past the request's limit, or a body that stays cut short though
	// it was asked for again, is a [*Failure] from Read, and what was read of
	// it until then says nothing. The error is always a [*Failure].
	Fetch(ctx context.Context, r Request) (io.ReadCloser, error)
}

// Reason says why a question got no answer.
type Reason string

// The reasons, each of which a report shows in words.
const (
	NotFound    Reason = "not found"         // 404 or 410: the place answered, it has no such thing
	Denied      Reason = "access denied"     // 401 or 403
	RateLimited Reason = "rate limited"      // 429, or 403 that says so
	Unavailable Reason = "unavailable"       // 5xx, no connection, a broken one
	TimedOut    Reason = "timed out"         // no answer, or no more of it, in the time it had
	TooLarge    Reason = "too large"         // more than the request's limit
	Cut         Reason = "cut short"         // fewer bytes than announced
	Refused     Reason = "not allowed"       // an address that is not configured, or a redirect to one
	Offline     Reason = "offline"           // the user said so
	NotRecorded Reason = "not in the bundle" // the replayed bundle lacks it
	Unexpected  Reason = "unexpected answer" // any other status
)

// Failure is a question without an answer.
type Failure struct {
	URL    string // without query: safe to show
	Reason Reason
	Status int    // the HTTP status, or 0
	Detail string // a number or a cause, without secrets; may be empty
	Err    error  // the cause as the network gave it: for errors.Is, never for a report
}

// Stats counts what a door has done so far.
type Stats struct {
	Sent       int64 // requests that left, retries and redirects included
	Kept       int64 // answers given from the cache, fresh or just revalidated
	Bytes      int64 // of bodies from the network, after decompression
	CacheError error // the first reason why the cache could not be read or written; nil if all went well
}

// The bounds that hold where Config or Request set none.
const (
	// DefaultLimit fits the largest documents of the npm registry (around
	// 30 MB) twice.
	DefaultLimit = 64 << 20
	// DefaultPerHost asks 100 questions in the time of four round trips, and
	// is a third of what GitHub, the strictest host asked, lets a client do.
	DefaultPerHost = 32
	// DefaultAttempts outlives a restart of a server (some 4 s of waiting)
	// and stays polite to one that is down.
	DefaultAttempts = 4
	// DefaultTimeout is what slow mirrors, which fetch from upstream before
	// they answer, have been seen to need.
	DefaultTimeout = 30 * time.Second
	// DefaultStall ends a connection that is dead and was never closed.
	DefaultStall = 15 * time.Second
	// DefaultDeadline leaves room for a Retry-After of a minute, which is
	// the usual window of a rate limit.
	DefaultDeadline = 90 * time.Second
	// DefaultBackoff is long enough for a load balancer to choose again.
	DefaultBackoff = 500 * time.Millisecond
	// DefaultCacheLimit is a tenth of what GitHub caches for a repository.
	DefaultCacheLimit = 1 << 30
)
