package fetch

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"
)

// Error says what was asked and why there is no answer. Its words depend on
// what the other side did and never on how long it took, so that two runs that
// meet the same trouble report the same bytes.
func (f *Failure) Error() string { return f.URL + ": asking: " + f.Why() }

// Why is the error without the address: the reason, with the status and the
// detail where there are any.
func (f *Failure) Why() string {
	detail := f.Detail
	if f.Status != 0 {
		status := fmt.Sprintf("HTTP %d", f.Status)
		if detail != "" {
			status += ", "
		}
		detail = status + detail
	}
	if detail == "" {
		return string(f.Reason)
	}
	return string(f.Reason) + " (" + detail + ")"
}

// Unwrap gives the network's own error, if there was one.
func (f *Failure) Unwrap() error { return f.Err }

// ours reports whether the caller took the question back, so that the failure
// says nothing about the world.
func (f *Failure) ours() bool {
	var w *withdrawn
	return f != nil && errors.As(f.Err, &w)
}

// statuses are the reasons of the statuses that have one of their own.
var statuses = map[int]Reason{
	http.StatusUnauthorized:    Denied,
	http.StatusForbidden:       Denied,
	http.StatusNotFound:        NotFound,
	http.StatusGone:            NotFound,
	http.StatusRequestTimeout:  TimedOut,
	http.StatusTooManyRequests: RateLimited,
}

// reasonOf gives the reason that an unsuccessful answer states.
func reasonOf(resp *http.Response) Reason {
	if limitsRate(resp) {
		return RateLimited
	}
	if reason, ok := statuses[resp.StatusCode]; ok {
		return reason
	}
	if resp.StatusCode >= 500 {
		return Unavailable
	}
	return Unexpected
}

// limitsRate knows GitHub's second way of saying it, too: a 403 with
// Retry-After or with nothing remaining.
func limitsRate(resp *http.Response) bool {
	if resp.StatusCode == http.StatusForbidden {
		return resp.Header.Get("Retry-After") != "" || resp.Header.Get("X-RateLimit-Remaining") == "0"
	}
	return resp.StatusCode == http.StatusTooManyRequests
}

// overtime is the cause with which a request is cancelled that takes too long.
type overtime struct {
	what  string
	limit time.Duration
}

func (o *overtime) Error() string { return fmt.Sprintf("%s %s", o.what, o.limit) }

// withdrawn is a request that its caller cancelled, or had no more time for.
// It is a type because net's own timeouts pass for context.DeadlineExceeded.
type withdrawn struct{ cause error }

func (w *withdrawn) Error() string { return "taken back: " + w.cause.Error() }
func (w *withdrawn) Unwrap() error { return w.cause }

// endOf gives an [overtime] or a [withdrawn] if the context is done.
func endOf(ctx context.Context) error {
	why := context.Cause(ctx)
	var o *overtime
	if why == nil || errors.As(why, &o) {
		return why
	}
	return &withdrawn{why}
}

// errForbidden is a host name that resolves to where nothing is ever asked.
var errForbidden = errors.New("the host resolves to an address that is never connected to")

// cause is a network error in words that are the same on every machine: the
// system's own name ports and addresses, and may repeat what a server sent.
type cause struct {
	reason Reason
	words  string
	again  bool // trying again may help
}

var causes = []struct {
	is func(error) bool
	cause
}{
	{kind[*overtime](nil), cause{TimedOut, "", true}},
	{among(errForbidden), cause{Refused, errForbidden.Error(), false}},
	{kind(func(w *withdrawn) bool { return errors.Is(w.cause, context.DeadlineExceeded) }), cause{TimedOut, "the time of the whole run is over", false}},
	{kind[*withdrawn](nil), cause{Unavailable, "the run was cancelled", false}},
	{kind(func(e *net.DNSError) bool { return e.IsNotFound }), cause{Unavailable, "no such host", false}},
	{kind[*net.DNSError](nil), cause{Unavailable, "the host's name could not be looked up", true}},
	{kind[*tls.CertificateVerificationError](nil), cause{Unavailable, "its certificate is not trusted", false}},
	{among(http.ErrSchemeMismatch), cause{Unavailable, "it does not speak TLS", false}},
	{among(gzip.ErrHeader, gzip.ErrChecksum), cause{Unexpected, "the compressed answer is damaged", false}},
	{kind[flate.CorruptInputError](nil), cause{Unexpected, "the compressed answer is damaged", false}},
	{among(syscall.ECONNREFUSED), cause{Unavailable, "connection refused", true}},
	{among(syscall.ENETUNREACH, syscall.EHOSTUNREACH), cause{Unavailable, "no route to the host", true}},
	{kind(func(e net.Error) bool { return e.Timeout() }), cause{TimedOut, "connecting took too long", true}},
	{among(io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE), cause{Unavailable, "the connection broke", true}},
}

// diagnose puts a network error into words.
func diagnose(err error) cause {
	for _, c := range causes {
		if !c.is(err) {
			continue
		}
		if c.words == "" {
			var o *overtime
			errors.As(err, &o)
			c.words = o.Error()
		}
		return c.cause
	}
	return cause{Unavailable, "no proper answer", true}
}

// among matches errors by value.
func among(targets ...error) func(error) bool {
	return func(err error) bool {
		for _, target := range targets {
			if errors.Is(err, target) {
				return true
			}
		}
		return false
	}
}

// kind matches errors by type, and by a test of it if there is one.
func kind[E error](test func(E) bool) func(error) bool {
	return func(err error) bool {
		var e E
		return errors.As(err, &e) && (test == nil || test(e))
	}
}
