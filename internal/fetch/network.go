package fetch

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// maxRedirects is what a registry in front of a store in front of a
	// mirror needs, and two more.
	maxRedirects = 5
	// dialTimeout and tlsTimeout are far above a healthy connection's time,
	// and leave an attempt the time to try a host's other addresses.
	dialTimeout = 10 * time.Second
	tlsTimeout  = 10 * time.Second
	// idleTimeout keeps connections through a run's pauses.
	idleTimeout = 30 * time.Second
	// maxHeaders is far above any registry's headers, and below the 10 MB
	// that net/http would read.
	maxHeaders = 256 << 10
	// streamBuffer bounds what HTTP/2 holds of a body that nobody reads yet
	// (net/http's default is 4 MiB a stream), and still lets 10 MB/s through
	// at a round trip of 100 ms.
	streamBuffer = 1 << 20
)

// network is the one place that requests leave through, redirects and retries
// included. As a RoundTripper it lets pass what goes to a configured place,
// with that place's token and no other.
type network struct {
	allowed   places
	base      http.RoundTripper
	proxy     func(*http.Request) (*url.URL, error)
	proxies   sync.Map      // the "host:port" of each proxy named so far
	resolver  *net.Resolver // nil for the system's
	userAgent string
	timeout   time.Duration
	stall     time.Duration

	sent, bytes atomic.Int64
}

func newNetwork(cfg Config, allowed places) *network {
	n := &network{
		allowed:   allowed,
		base:      cfg.Transport,
		proxy:     cfg.Proxy,
		userAgent: cfg.UserAgent,
		timeout:   cfg.Timeout,
		stall:     cfg.Stall,
	}
	if n.base == nil {
		n.base = &http.Transport{
			Proxy:                  n.proxyOf,
			DialContext:            n.dial,
			TLSHandshakeTimeout:    tlsTimeout,
			IdleConnTimeout:        idleTimeout,
			MaxIdleConnsPerHost:    cfg.PerHost,
			MaxResponseHeaderBytes: maxHeaders,
			ForceAttemptHTTP2:      true,
			HTTP2:                  &http.HTTP2Config{MaxReceiveBufferPerStream: streamBuffer},
		}
	}
	return n
}

// client gives the HTTP client whose every request passes RoundTrip.
func (n *network) client() *http.Client {
	return &http.Client{Transport: n, CheckRedirect: checkRedirect}
}

// close ends the connections that nobody uses. It is no CloseIdleConnections
// of n's own, because go-retryablehttp calls that after each failure and would
// take the connections of all other requests along.
func (n *network) close() { (&http.Client{Transport: n.base}).CloseIdleConnections() }

// checkRedirect refuses what a redirect must not change. Where it may lead is
// RoundTrip's to say.
func checkRedirect(req *http.Request, via []*http.Request) error {
	last := via[len(via)-1]
	switch {
	case len(via) > maxRedirects:
		return &Failure{Reason: Unexpected, Detail: fmt.Sprintf("more than %d redirects", maxRedirects)}
	case last.URL.Scheme == "https" && req.URL.Scheme != "https":
		return &Failure{Reason: Refused, Detail: "redirected away from https"}
	case last.Method != req.Method:
		return &Failure{Reason: Unexpected, Detail: "the redirect drops the question that was posted"}
	}
	return nil
}

// RoundTrip sends one request, or refuses to.
func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	u, p, err := n.admit(req)
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	out := req.Clone(ctx)
	out.URL, out.Host = u, ""
	// net/http copies and adds headers on redirects. Whatever it does, a
	// secret or an address never goes to another place than its own.
	for _, name := range []string{"Authorization", "Cookie", "Referer"} {
		out.Header.Del(name)
	}
	if p.authorization != "" {
		out.Header.Set("Authorization", p.authorization)
	}
	out.Header.Set("User-Agent", n.userAgent)

	n.sent.Add(1)
	late := &overtime{"no answer within", n.timeout}
	slow := time.AfterFunc(n.timeout, func() { cancel(late) })
	resp, err := n.base.RoundTrip(out)
	if !slow.Stop() {
		cancel(late) // or the timer would, in the middle of the body
	}
	if why := endOf(ctx); why != nil {
		if err == nil {
			_ = resp.Body.Close()
		}
		err = why
	}
	if err != nil {
		cancel(nil)
		return nil, err
	}
	resp.Body = &watched{ReadCloser: resp.Body, ctx: ctx, cancel: cancel, stall: n.stall, bytes: &n.bytes}
	return resp, nil
}

// admit finds the place that a request goes to.
func (n *network) admit(req *http.Request) (*url.URL, *place, error) {
	u, err := normal(req.URL)
	if err != nil {
		return nil, nil, &Failure{Reason: Refused, Detail: "redirected to " + err.Error()}
	}
	p, ok := n.allowed.find(u)
	if !ok {
		return nil, nil, &Failure{Reason: Refused, Detail: "redirected to " + u.Scheme + "://" + u.Host + ", which is not configured at that path"}
	}
	return u, p, nil
}

// proxyOf remembers the proxies, which may well be on this machine.
func (n *network) proxyOf(req *http.Request) (*url.URL, error) {
	if n.proxy == nil {
		return nil, nil
	}
	u, err := n.proxy(req)
	if err == nil && u != nil {
		port := u.Port()
		if port == "" {
			port = proxyPorts[u.Scheme]
		}
		n.proxies.Store(net.JoinHostPort(u.Hostname(), port), true)
	}
	return u, err
}

// proxyPorts are net/http's own defaults.
var proxyPorts = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}

// dial connects, and looks at the address that a name resolved to at that very
// moment: a name that changes its mind (DNS rebinding) gains nothing. Private
// networks are let through, because a company's registry is there and was
// configured; this machine only where the configuration says so.
func (n *network) dial(ctx context.Context, network, hostport string) (net.Conn, error) {
	_, proxy := n.proxies.Load(hostport)
	local := proxy || n.allowed.local(hostport)
	d := net.Dialer{
		Timeout:  dialTimeout,
		Resolver: n.resolver,
		Control: func(_, resolved string, _ syscall.RawConn) error {
			ip, err := netip.ParseAddrPort(resolved)
			if err != nil || !mayDial(ip.Addr(), local) {
				return errForbidden
			}
			return nil
		},
	}
	return d.DialContext(ctx, network, hostport)
}

// metadata are the addresses at which clouds tell a machine its secrets, where
// they are not link-local: AWS over IPv6, Alibaba, Azure, Oracle.
var metadata = map[netip.Addr]bool{
	netip.MustParseAddr("fd00:ec2::254"):   true,
	netip.MustParseAddr("100.100.100.200"): true,
	netip.MustParseAddr("168.63.129.16"):   true,
	netip.MustParseAddr("192.0.0.192"):     true,
}

// nat64 holds IPv4 addresses in its last four bytes (RFC 6052).
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// mayDial judges a resolved address. Link-local and metadata addresses are
// never dialled, whatever the configuration says.
func mayDial(ip netip.Addr, local bool) bool {
	ip = ip.Unmap()
	if nat64.Contains(ip) {
		b := ip.As16()
		ip = netip.AddrFrom4([4]byte(b[12:]))
	}
	ip = ip.WithZone("")
	if ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() || metadata[ip] {
		return false
	}
	return local || !ip.IsLoopback()
}

// watched is a body that may not fall silent, and whose errors name the cause
// of a cancelled request.
type watched struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	stall  time.Duration
	bytes  *atomic.Int64
	timer  *time.Timer
}

// Read waits for the next bytes at most as long as the door's Stall. The time
// that its caller takes between two reads does not count.
func (w *watched) Read(p []byte) (int, error) {
	if w.timer == nil {
		w.timer = time.AfterFunc(w.stall, func() { w.cancel(&overtime{"no more of the answer within", w.stall}) })
	} else {
		w.timer.Reset(w.stall)
	}
	n, err := w.ReadCloser.Read(p)
	w.timer.Stop()
	w.bytes.Add(int64(n))
	if err != nil && err != io.EOF {
		err = cmp.Or(endOf(w.ctx), err)
	}
	return n, err
}

// Close ends the request.
func (w *watched) Close() error {
	err := w.ReadCloser.Close()
	w.cancel(nil)
	return err
}
