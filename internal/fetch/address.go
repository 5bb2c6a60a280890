package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	longestURL  = 8 << 10 // servers refuse more
	longestHost = 253     // RFC 1035, section 2.3.4, as it is written
)

var (
	errNotURL   = errors.New("not a URL that is ever asked")
	errUserinfo = errors.New("a URL with a user name or password in it")
	errPath     = errors.New("a path that two servers could read two ways")
)

// canonical gives raw in the one spelling under which it is compared, asked,
// cached and recorded. Its errors never repeat the URL.
func canonical(raw string) (*url.URL, error) {
	if len(raw) > longestURL {
		return nil, fmt.Errorf("a URL of more than %d bytes", longestURL)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errNotURL
	}
	return normal(u)
}

// normal is canonical for a URL already parsed: a redirect's. The port is
// dropped where the scheme implies it, and an internationalised name is left
// as it is written.
func normal(u *url.URL) (*url.URL, error) {
	if u.User != nil {
		return nil, errUserinfo
	}
	port, ok := ports[u.Scheme]
	host := strings.TrimSuffix(u.Hostname(), ".")
	if !ok || u.Opaque != "" || !plausibleHost(host) || !utf8.ValidString(u.RawQuery) {
		return nil, errNotURL
	}
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return nil, errNotURL
		}
		port = int(n)
	}
	if err := plainPath(u.Path); err != nil {
		return nil, err
	}
	host = asciiLower(host)
	if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.String()
	}
	c := &url.URL{Scheme: u.Scheme, Host: host, Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}
	if strings.Contains(host, ":") {
		c.Host = "[" + host + "]"
	}
	if port != ports[u.Scheme] {
		c.Host = net.JoinHostPort(host, strconv.Itoa(port))
	}
	if c.Path == "" {
		c.Path = "/"
	}
	return c, nil
}

// plausibleHost keeps zones, escapes and whatever no name server answers for
// out of comparisons and of messages.
func plausibleHost(host string) bool {
	return len(host) <= longestHost && utf8.ValidString(host) && !strings.Contains("."+host+".", "..") &&
		!strings.ContainsFunc(host, func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune(" %/\\@", r) })
}

var ports = map[string]int{"https": 443, "http": 80}

// plainPath refuses what servers and proxies are known to read differently
// once decoded: dot segments, backslashes, control characters, and escapes of
// escapes. No question of ours has one.
func plainPath(decoded string) error {
	if decoded != "" && decoded[0] != '/' {
		return errNotURL
	}
	for segment := range strings.SplitSeq(decoded, "/") {
		if segment == "." || segment == ".." {
			return errPath
		}
	}
	if strings.ContainsFunc(decoded, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' || r == '%' }) {
		return errPath
	}
	return nil
}

// asciiLower leaves other letters alone: a Kelvin sign is no k.
func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}

// segments splits a path before it is decoded, so that an encoded slash never
// counts as a border. A doubled slash leaves an empty segment, which no prefix
// has: to a server it is another path.
func segments(u *url.URL) []string {
	path := strings.TrimSuffix(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	if path == "" {
		return nil
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if decoded, err := url.PathUnescape(part); err == nil {
			parts[i] = decoded
		}
	}
	return parts
}

// place is an address as it is compared with.
type place struct {
	scheme, host  string // canonical, the port only where it is unusual
	prefix        []string
	authorization string
	local         bool // may resolve to this machine
}

// places are the addresses that may be connected to, the longest prefix first.
type places []place

// allow checks the configured addresses. Its errors never show a token.
func allow(addresses []Address) (places, error) {
	var ps places
	for _, a := range addresses {
		p, err := newPlace(a)
		if err != nil {
			return nil, err
		}
		same := slices.IndexFunc(ps, func(q place) bool {
			return q.scheme == p.scheme && q.host == p.host && slices.Equal(q.prefix, p.prefix)
		})
		if same < 0 {
			ps = append(ps, p)
			continue
		}
		q := &ps[same]
		if p.authorization != "" && q.authorization != "" && p.authorization != q.authorization {
			return nil, fmt.Errorf("%s: configuring: two different tokens for one address", display(a.URL))
		}
		q.authorization = max(p.authorization, q.authorization)
		q.local = p.local || q.local
	}
	slices.SortStableFunc(ps, func(a, b place) int { return len(b.prefix) - len(a.prefix) })
	return ps, nil
}

func newPlace(a Address) (place, error) {
	u, err := canonical(a.URL)
	switch {
	case err != nil:
	case u.RawQuery != "":
		err = errors.New("an address has no query")
	case u.Scheme != "https" && !a.Insecure:
		err = errors.New("plain http is used only where it is configured as insecure")
	case strings.ContainsFunc(a.Authorization, func(r rune) bool { return r < ' ' || r > '~' }):
		err = errors.New("its token holds characters that no header may hold")
	}
	if err != nil {
		return place{}, fmt.Errorf("%s: configuring: %w", display(a.URL), err)
	}
	ip, _ := netip.ParseAddr(u.Hostname())
	return place{
		scheme: u.Scheme, host: u.Host, prefix: segments(u),
		authorization: a.Authorization,
		local:         a.Insecure || ip.IsLoopback() || u.Hostname() == "localhost",
	}, nil
}

// find gives the place that a canonical URL lies in: of several the one with
// the longest prefix, so that the nearest token is used.
func (ps places) find(u *url.URL) (*place, bool) {
	parts := segments(u)
	for i := range ps {
		p := &ps[i]
		if p.scheme == u.Scheme && p.host == u.Host &&
			len(parts) >= len(p.prefix) && slices.Equal(parts[:len(p.prefix)], p.prefix) {
			return p, true
		}
	}
	return nil, false
}

// local reports whether the dialled "host:port" was configured in words that
// permit this machine.
func (ps places) local(hostport string) bool {
	return slices.ContainsFunc(ps, func(p place) bool {
		u := &url.URL{Scheme: p.scheme, Host: p.host}
		return p.local && dialled(u) == hostport
	})
}

// dialled is the "host:port" that a canonical URL is dialled at.
func dialled(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = strconv.Itoa(ports[u.Scheme])
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// display is a URL without what may be secret: user name, password, query.
func display(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "(not a URL)"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}
