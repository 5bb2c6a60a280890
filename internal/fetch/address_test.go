package fetch

import (
	"net/url"
	"path"
	"strings"
	"testing"
)

func TestPlaces(t *testing.T) {
	ps, err := allow([]Address{
		{URL: "https://npm.example.com/team/", Authorization: "Bearer team"},
		{URL: "https://npm.example.com/team/inner", Authorization: "Bearer inner"},
		{URL: "https://open.example"},
		{URL: "https://port.example:8443/"},
		{URL: "http://plain.example", Insecure: true},
		{URL: "https://[2001:DB8::1]/"},
		{URL: "https://bücher.example/"},
	})
	if err != nil {
		t.Fatal(err)
	}
	const refused = "refused"
	for raw, want := range map[string]string{
		"https://npm.example.com/team":             "Bearer team",
		"https://npm.example.com/team/":            "Bearer team",
		"https://npm.example.com/team/@a%2fb":      "Bearer team",
		"https://npm.example.com/%74eam/x":         "Bearer team",
		"https://NPM.Example.com:443/team/x":       "Bearer team",
		"https://npm.example.com./team/x":          "Bearer team",
		"https://npm.example.com/team/innermost":   "Bearer team",
		"https://npm.example.com/team/inner/x":     "Bearer inner",
		"https://npm.example.com/team/inner?q=../": "Bearer inner",
		"https://open.example":                     "",
		"https://open.example/a/b?c#d":             "",
		"https://port.example:8443/x":              "",
		"https://port.example:08443/x":             "",
		"http://plain.example/x":                   "",
		"http://plain.example:80/x":                "",
		"https://[2001:db8:0::1]:443/x":            "",
		"https://bücher.example/x":                 "",

		// Out of the prefix.
		"https://npm.example.com/":                         refused,
		"https://npm.example.com/teamwork":                 refused,
		"https://npm.example.com/Team/x":                   refused,
		"https://npm.example.com//team/x":                  refused,
		"https://npm.example.com/team%2fx":                 refused,
		"https://npm.example.com/team/../other":            refused,
		"https://npm.example.com/team/./x":                 refused,
		"https://npm.example.com/team/%2e%2e/other":        refused,
		"https://npm.example.com/team/..%2fother":          refused,
		"https://npm.example.com/team/%252e%252e/other":    refused,
		"https://npm.example.com/team/..%5cother":          refused,
		"https://npm.example.com/team\\..\\other":          refused,
		"https://npm.example.com/team/a%00b":               refused,
		"https://npm.example.com/team/x%0d%0aHost:%20evil": refused,

		// Another origin.
		"http://npm.example.com/team/x":                           refused,
		"https://npm.example.com:444/team/x":                      refused,
		"https://npm.example.com:0/team/x":                        refused,
		"https://npm.example.com:65979/team/x":                    refused, // 443 + 65536
		"https://npm.example.com.evil.example/":                   refused,
		"https://npm.example.com\x89/team/x":                      refused,
		"https://.npm.example.com/team/x":                         refused,
		"https://npm.example.com../team/x":                        refused,
		"https://evil.example/npm.example.com":                    refused,
		"https://u:p@npm.example.com/team/x":                      refused,
		"https://npm.example.com@evil.example/":                   refused,
		"https://npm.example.com%2fteam.evil.org/":                refused,
		"https://plain.example/":                                  refused,
		"https://port.example/":                                   refused,
		"https://open.exampl\u212a/":                              refused,
		"https://[2001:db8::1%25eth0]/":                           refused,
		"https://[2001:db8::2]/":                                  refused,
		"https://xn--bcher-kva.example/":                          refused,
		"https:open.example":                                      refused,
		"https:///x":                                              refused,
		"//open.example/":                                         refused,
		"open.example":                                            refused,
		"ftp://open.example/":                                     refused,
		"file:///etc/passwd":                                      refused,
		"":                                                        refused,
		"https://open.example/?q=\xff":                            refused,
		"https://open.example/" + strings.Repeat("a", longestURL): refused,
	} {
		got := refused
		if u, err := canonical(raw); err == nil {
			if p, ok := ps.find(u); ok {
				got = p.authorization
			}
		}
		if got != want {
			t.Errorf("%.80q: %q, want %q", raw, got, want)
		}
	}
}

func TestAllowRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		addresses []Address
		want      string
	}{
		"plain http": {[]Address{{URL: "http://a.example/"}},
			"http://a.example/: configuring: plain http is used only where it is configured as insecure"},
		"user name": {[]Address{{URL: "https://secret:word@a.example/"}},
			"https://a.example/: configuring: a URL with a user name or password in it"},
		"query": {[]Address{{URL: "https://a.example/?token=secret"}},
			"https://a.example/: configuring: an address has no query"},
		"header injection": {[]Address{{URL: "https://a.example/", Authorization: "secret\r\nX: y"}},
			"https://a.example/: configuring: its token holds characters that no header may hold"},
		"two tokens": {[]Address{{URL: "https://a.example/", Authorization: "secret 1"}, {URL: "https://A.example:443", Authorization: "secret 2"}},
			"https://A.example:443: configuring: two different tokens for one address"},
		"nothing": {[]Address{{}}, "(not a URL): configuring: not a URL that is ever asked"},
	} {
		_, err := allow(test.addresses)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}

// An address that is configured twice keeps its token, in either order.
func TestAllowMerges(t *testing.T) {
	open, closed := Address{URL: "https://a.example"}, Address{URL: "https://a.example/", Authorization: "Bearer a", Insecure: true}
	for _, addresses := range [][]Address{{open, closed}, {closed, open}, {closed, closed}} {
		ps, err := allow(addresses)
		if err != nil || len(ps) != 1 || ps[0].authorization != "Bearer a" || !ps[0].local {
			t.Errorf("%v: %+v, %v", addresses, ps, err)
		}
	}
}

// FuzzPlaces asks for one prefix: whatever is let through names that host, has
// no user, stays below the prefix however often a server decodes and cleans
// the path, and is spelled in the one way in which it stays.
func FuzzPlaces(f *testing.F) {
	for _, s := range []string{
		"https://npm.example.com/team/x", "https://npm.example.com/team/%2e%2e/x", "https://NPM.example.com.:443/team",
		"https://u@npm.example.com/team", "https://npm.example.com/team%2f..%2fx", "https://npm.example.com\\@evil/team/",
	} {
		f.Add(s)
	}
	ps, err := allow([]Address{{URL: "https://npm.example.com/team/"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := canonical(raw)
		if err != nil {
			return
		}
		again, err := canonical(u.String())
		if err != nil || again.String() != u.String() {
			t.Fatalf("%q became %q and then %v, %v", raw, u, again, err)
		}
		if _, ok := ps.find(u); !ok {
			return
		}
		if u.Scheme != "https" || u.Host != "npm.example.com" || u.User != nil {
			t.Fatalf("%q was let through to %s", raw, u.Host)
		}
		p := u.EscapedPath()
		for range 3 {
			cleaned := path.Clean(strings.ReplaceAll(p, `\`, "/"))
			if cleaned != "/team" && !strings.HasPrefix(cleaned, "/team/") && !strings.Contains(p, "%") {
				t.Fatalf("%q was let through to %s", raw, cleaned)
			}
			if p, err = url.PathUnescape(p); err != nil {
				return
			}
		}
	})
}
