package gate

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
)

// prober is a database that asks its API for one page and knows of nothing.
type prober struct {
	door fetch.Getter
	url  string
}

func (p prober) Find(ctx context.Context, queries []advisory.Query) ([][]advisory.Advisory, error) {
	body, err := p.door.Fetch(ctx, fetch.Request{URL: p.url})
	if err != nil {
		return nil, err
	}
	return make([][]advisory.Advisory, len(queries)), body.Close()
}

// probing gives options with a token and a database that asks for a path of the
// API.
func probing(api, token, path string) Options {
	return Options{
		GitHub: GitHub{Token: token, Advisories: func(door fetch.Getter, api string) (advisory.Database, error) {
			return prober{door, strings.TrimRight(api, "/") + path}, nil
		}},
		Getenv: func(name string) string { return map[string]string{"GITHUB_API_URL": api}[name] },
	}
}

// The token goes to the API's advisories: not to another path, not to a
// registry that the base names on the same host, and not where a redirect leads.
func TestTheTokenIsForGitHubsAdvisories(t *testing.T) {
	attacker := listen(t, http.NotFound)
	var leads func(path string) string // where a path is redirected to; "" for nowhere
	api := listen(t, func(w http.ResponseWriter, r *http.Request) {
		if to := leads(r.URL.Path); to != "" {
			http.Redirect(w, r, to, http.StatusFound)
		}
	})
	tests := []struct {
		name, path string
		leads      func(string) string
		token      []string // what the API was asked with
		gap        bool
	}{
		{"advisories", "/advisories?affects=a", func(string) string { return "" }, []string{"Bearer s3cret"}, false},
		{"another path", "/user", func(string) string { return "" }, nil, true},
		{"to another host", "/advisories", func(string) string { return attacker.server.URL + "/advisories" }, []string{"Bearer s3cret"}, true},
		{"to another path", "/advisories", func(path string) string {
			if path == "/user" {
				return ""
			}
			return "/user"
		}, []string{"Bearer s3cret"}, true},
	}
	base := folder(t, map[string]string{"package.json": "{}"})
	head := folder(t, map[string]string{"package.json": "{}", "package-lock.json": lockOf(""), ".npmrc": "registry=" + attacker.server.URL + "/\n"})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			api.tokens, leads = nil, tt.leads
			o := probing(api.server.URL, "s3cret", tt.path)
			o.Network.Transport = onlyLoopback{}
			r := check(t, base, head, o)
			if strings.Join(api.tokens, " ") != strings.Join(tt.token, " ") {
				t.Errorf("the API was asked with %q", api.tokens)
			}
			if len(attacker.tokens) > 0 {
				t.Errorf("the attacker was asked, with %q", attacker.tokens)
			}
			gap := false
			for _, g := range r.Changes[0].Gaps {
				gap = gap || g.Check == "github-advisories"
				if strings.Contains(g.Reason+g.Hint, "s3cret") {
					t.Errorf("the gap tells the token: %+v", g)
				}
			}
			if gap != tt.gap {
				t.Errorf("gaps %+v", r.Changes[0].Gaps)
			}
		})
	}
}

// onlyLoopback keeps a test from the hosts that are public by default.
type onlyLoopback struct{}

func (onlyLoopback) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Hostname() != "127.0.0.1" {
		return nil, &net.DNSError{IsNotFound: true}
	}
	return http.DefaultTransport.RoundTrip(r)
}

// Nobody asks GitHub without a token, offline, or beside a local database; an
// address that can't be used is a wrong use only where it would be used.
func TestWhenGitHubIsAsked(t *testing.T) {
	var asked int
	api := listen(t, func(http.ResponseWriter, *http.Request) { asked++ })
	base := folder(t, map[string]string{"package.json": "{}"})
	head := folder(t, map[string]string{"package.json": "{}", "package-lock.json": lockOf("")})
	local := folder(t, map[string]string{"GHSA-1.json": `{"id":"GHSA-1","affected":[{"package":{"ecosystem":"npm","name":"b"},"versions":["1.0.0"]}]}`})
	tests := []struct {
		name  string
		token string
		edit  func(*Options)
		want  int
	}{
		{"with a token", "s3cret", func(*Options) {}, 1},
		{"without one", "", func(*Options) {}, 0},
		{"offline", "s3cret", func(o *Options) { o.Offline = true }, 0},
		{"beside a local database", "s3cret", func(o *Options) { o.Advisories = local }, 0},
		{"with nobody to ask", "s3cret", func(o *Options) { o.GitHub.Advisories = nil }, 0},
	}
	for _, tt := range tests {
		asked = 0
		o := probing(api.server.URL, tt.token, "/advisories")
		o.Network.Transport = onlyLoopback{}
		tt.edit(&o)
		check(t, base, head, o)
		if asked != tt.want {
			t.Errorf("%s: %d requests, want %d", tt.name, asked, tt.want)
		}
	}
}
