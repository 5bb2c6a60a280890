package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func redirect(to string, code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, code) }
}

// seen notes the headers that arrive at a server.
type seen struct {
	mu      sync.Mutex
	headers []http.Header
}

func (s *seen) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.headers = append(s.headers, r.Header)
	_, _ = io.WriteString(w, "ok")
}

func TestRedirects(t *testing.T) {
	var stranger, friend seen
	other := serve(t, &stranger)
	b := serve(t, &friend)
	b.URL += "/in/"
	b.Authorization = "Bearer for-b"

	mux := http.NewServeMux()
	a := serve(t, mux)
	a.URL += "/a/"
	a.Authorization = "Bearer for-a"
	for path, to := range map[string]string{
		"/a/friend":   b.URL + "x?signature=secret",
		"/a/stranger": other.URL + "/x?signature=secret",
		"/a/outside":  strings.Replace(b.URL, "/in/", "/out/", 1),
		"/a/escape":   b.URL + "%2e%2e/out",
		"/a/user":     strings.Replace(b.URL, "://", "://u:p@", 1),
		"/a/metadata": "http://169.254.169.254/latest/meta-data/",
		"/a/file":     "file:///etc/passwd",
		"/a/loop":     "/a/loop",
		"/a/strange":  "http://%zz/",
	} {
		mux.Handle(path, redirect(to, http.StatusFound))
	}
	mux.Handle("/a/post", redirect(b.URL, http.StatusTemporaryRedirect))

	for name, test := range map[string]struct{ method, want string }{
		"friend":   {},
		"post":     {method: "POST"},
		"stranger": {want: "not allowed (redirected to " + other.URL + ", which is not configured at that path)"},
		"outside":  {want: "not allowed (redirected to " + strings.TrimSuffix(b.URL, "/in/") + ", which is not configured at that path)"},
		"escape":   {want: "not allowed (redirected to " + errPath.Error() + ")"},
		"user":     {want: "not allowed (redirected to " + errUserinfo.Error() + ")"},
		"metadata": {want: "not allowed (redirected to http://169.254.169.254, which is not configured at that path)"},
		"file":     {want: "not allowed (redirected to " + errNotURL.Error() + ")"},
		"loop":     {want: "unexpected answer (more than 5 redirects)"},
		"strange":  {want: "unavailable (no proper answer, gave up after 2 tries)"},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, quick(Config{Allowed: []Address{a, b}, Attempts: 2}))
			got, err := read(d, Request{Method: test.method, URL: a.URL + name + "?q=secret", Body: []byte(test.method)})
			if test.want == "" {
				if err != nil || got != "ok" {
					t.Errorf("%q, %v", got, err)
				}
				return
			}
			if got, want := failure(t, err).Error(), a.URL+name+": asking: "+test.want; got != want {
				t.Errorf("%s\nwant %s", got, want)
			}
			if n := d.Stats().Sent; name == "loop" && n != 1+maxRedirects {
				t.Errorf("sent %d requests", n)
			}
		})
	}
	if len(stranger.headers) != 0 {
		t.Errorf("the stranger was asked: %v", stranger.headers)
	}
	for _, h := range friend.headers {
		if got := h.Get("Authorization"); got != "Bearer for-b" {
			t.Errorf("b was told %q", got)
		}
		if h.Get("Referer") != "" || h.Get("Cookie") != "" {
			t.Errorf("b was told %v", h)
		}
	}
	if len(friend.headers) != 2 {
		t.Errorf("b was asked %d times, want 2", len(friend.headers))
	}
}

// A redirect from an address with a token to one without: no token arrives.
func TestRedirectStripsToken(t *testing.T) {
	var s seen
	b := serve(t, &s)
	a := serve(t, redirect(b.URL, http.StatusFound))
	a.Authorization = "Bearer for-a"
	d := open(t, quick(Config{Allowed: []Address{a, b}}))
	if _, err := read(d, Request{URL: a.URL}); err != nil {
		t.Fatal(err)
	}
	if len(s.headers) != 1 || s.headers[0].Get("Authorization") != "" {
		t.Errorf("b was told %v", s.headers)
	}
}

func TestRedirectKeepsHTTPS(t *testing.T) {
	plain := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("was asked") }))
	secure := httptest.NewTLSServer(redirect(plain.URL, http.StatusFound))
	defer secure.Close()
	cfg := quick(Config{Allowed: []Address{plain, {URL: secure.URL}}, Transport: secure.Client().Transport})
	_, err := read(open(t, cfg), Request{URL: secure.URL})
	if f := failure(t, err); f.Reason != Refused || f.Detail != "redirected away from https" {
		t.Error(f)
	}
}

// A 302 turns a POST into a GET without its question, whose answer would be
// taken for the question's.
func TestRedirectKeepsQuestion(t *testing.T) {
	b := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("was asked") }))
	a := serve(t, redirect(b.URL, http.StatusFound))
	_, err := read(open(t, quick(Config{Allowed: []Address{a, b}})), Request{Method: "POST", URL: a.URL, Body: []byte("{}")})
	if f := failure(t, err); f.Reason != Unexpected || f.Detail != "the redirect drops the question that was posted" {
		t.Error(f)
	}
}

func TestMayDial(t *testing.T) {
	const always, onlyLocal, never = "always", "only where configured", "never"
	for ip, want := range map[string]string{
		"93.184.216.34":            always,
		"10.1.2.3":                 always, // a company's registry
		"192.168.1.1":              always,
		"fd12::1":                  always,
		"2606:2800:220::1":         always,
		"127.0.0.1":                onlyLocal,
		"127.8.8.8":                onlyLocal,
		"::1":                      onlyLocal,
		"::ffff:127.0.0.1":         onlyLocal,
		"64:ff9b::7f00:1":          onlyLocal,
		"0.0.0.0":                  never,
		"::":                       never,
		"169.254.169.254":          never,
		"::ffff:169.254.169.254":   never,
		"64:ff9b::169.254.169.254": never,
		"fe80::1":                  never,
		"fe80::1%eth0":             never,
		"224.0.0.1":                never,
		"ff02::1":                  never,
		"fd00:ec2::254":            never,
		"100.100.100.200":          never,
		"168.63.129.16":            never,
		"192.0.0.192":              never,
		"::ffff:100.100.100.200":   never,
	} {
		addr := netip.MustParseAddr(ip)
		got := never
		if mayDial(addr, true) {
			got = onlyLocal
		}
		if mayDial(addr, false) {
			got = always
		}
		if got != want {
			t.Errorf("%s: %s, want %s", ip, got, want)
		}
	}
}

// TestRebinding resolves a configured name to this machine, where a server
// listens: it is reached only if the configuration said so.
func TestRebinding(t *testing.T) {
	server := serve(t, status(200))
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	here, metadata := [4]byte{127, 0, 0, 1}, [4]byte{169, 254, 169, 254}
	npm := "https://npm.example.com:" + u.Port()
	for name, test := range map[string]struct {
		places []Address
		dial   string
		to     [4]byte
		want   bool
	}{
		"this machine":           {[]Address{{URL: npm}}, "npm.example.com", here, false},
		"configured as such":     {[]Address{{URL: npm, Insecure: true}}, "npm.example.com", here, true},
		"another host's setting": {[]Address{{URL: npm}, server}, "npm.example.com", here, false},
		"another port's setting": {[]Address{{URL: "https://npm.example.com:1", Insecure: true}}, "npm.example.com", here, false},
		"a literal":              {[]Address{{URL: "https://127.0.0.1:" + u.Port()}}, "127.0.0.1", here, true},
		"metadata":               {[]Address{{URL: npm, Insecure: true}}, "npm.example.com", metadata, false},
	} {
		t.Run(name, func(t *testing.T) {
			ps, err := allow(test.places)
			if err != nil {
				t.Fatal(err)
			}
			n := newNetwork(withDefaults(Config{}), ps)
			n.resolver = resolveTo(t, test.to)
			conn, err := n.dial(t.Context(), "tcp", test.dial+":"+u.Port())
			if err == nil {
				_ = conn.Close()
			}
			if test.want != (err == nil) || err != nil && !errors.Is(err, errForbidden) {
				t.Errorf("dialling: %v", err)
			}
		})
	}
}

// resolveTo is a name server with one answer to every question for an IPv4
// address, and none to others (RFC 1035, section 4).
func resolveTo(t *testing.T, ip [4]byte) *net.Resolver {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		buf := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			question := 12 + bytes.IndexByte(buf[12:n], 0) + 5 // header; name, type, class
			answer := bytes.Clone(buf[:question])
			answer[2], answer[3] = 0x84, 0 // an authoritative answer
			clear(answer[6:12])            // with nothing in it
			if answer[question-3] == 1 {
				answer[7] = 1
				answer = append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
				answer = append(answer, ip[:]...)
			}
			_, _ = conn.WriteTo(answer, from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func TestProxy(t *testing.T) {
	var asked atomic.Value
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.URL.String())
		_, _ = io.WriteString(w, "by proxy")
	}))
	defer proxy.Close()
	u, _ := url.Parse(proxy.URL)
	d := open(t, quick(Config{
		Allowed: []Address{{URL: "http://npm.example.com", Insecure: true}},
		Proxy:   http.ProxyURL(u),
	}))
	got, err := read(d, Request{URL: "http://npm.example.com/x"})
	if got != "by proxy" || err != nil || asked.Load() != "http://npm.example.com/x" {
		t.Errorf("%q, %v; the proxy was asked for %v", got, err, asked.Load())
	}
}

// The time that a reader takes is not the server's.
func TestSlowReaderIsNotStalled(t *testing.T) {
	const size = 4 << 20 // more than the kernel's buffers hold
	a := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.CopyN(w, zeros{}, size) }))
	cfg := quick(Config{Allowed: []Address{a}})
	cfg.Stall = 500 * time.Millisecond
	rc, err := open(t, cfg).Fetch(context.Background(), Request{URL: a.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer rc.Close()
	if _, err := io.ReadFull(rc, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(600 * time.Millisecond)
	if n, err := io.Copy(io.Discard, rc); err != nil || n != size-10 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// A drip of bytes, each in time, ends at the deadline.
func TestDripEndsAtDeadline(t *testing.T) {
	a := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, "x")
			w.(http.Flusher).Flush()
			time.Sleep(10 * time.Millisecond)
		}
	}))
	cfg := quick(Config{Allowed: []Address{a}})
	cfg.Deadline = 200 * time.Millisecond
	_, err := read(open(t, cfg), Request{URL: a.URL})
	if f := failure(t, err); f.Reason != TimedOut || f.Detail != "no whole answer within 200ms" {
		t.Error(f)
	}
}

// TestHTTP2 asks side by side over one connection: a stream that breaks off is
// its own failure and no other's.
func TestHTTP2(t *testing.T) {
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto)
		if r.URL.Path == "/cut" {
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
	}))
	server.EnableHTTP2 = true
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	d := open(t, quick(Config{Allowed: []Address{{URL: server.URL}}}))
	d.network.base.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
	if got, err := read(d, Request{URL: server.URL}); got != "HTTP/2.0" || err != nil {
		t.Fatalf("%q, %v", got, err)
	}
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			if i == 5 {
				if _, err := read(d, Request{URL: server.URL + "/cut"}); failure(t, err).Reason != Cut {
					t.Error(err)
				}
				return
			}
			if _, err := read(d, Request{URL: server.URL}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}
