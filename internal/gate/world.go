package gate

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/attestation"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/manifest"
	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// Network is how the world is reached; the zero value is the usual way.
type Network struct {
	Proxy func(*http.Request) (*url.URL, error)
	// How long an answer is waited for, as [fetch.Config] has it; zero for its
	// defaults.
	Attempts                          int
	Timeout, Stall, Deadline, Backoff time.Duration

	Transport http.RoundTripper // tests put a fake here
}

// GitHub is GitHub's database of advisories, which is asked beside OSV where
// there is a token; the zero value asks nothing of it.
type GitHub struct {
	Token string
	// Advisories makes the database of an API that is asked through a door.
	Advisories func(door fetch.Getter, api string) (advisory.Database, error)
}

// world is what a run may ask.
type world struct {
	door       *fetch.Door
	now        time.Time
	addresses  map[string]registry.Addresses
	histories  map[string]evidence.Historian
	hashers    map[string]evidence.Hasher
	archives   map[string]evidence.Archivist
	advisories advisory.Database
	github     advisory.Database // nil where it is not asked
	verifier   *attestation.Verifier
}

// open makes the door and what is asked through it. Where it leads is decided
// by the policy, the environment and the base's .npmrc, in that order.
func open(ctx context.Context, s *sides, o Options) (*world, error) {
	npmrc, err := s.npmrc(o.Getenv)
	if err != nil {
		return nil, err
	}
	npm := s.npmAddresses(o.Getenv, npmrc)
	jsr := s.addresses("jsr", o.Getenv)
	api := first(o.Getenv("GITHUB_API_URL"), registry.PublicGitHub)
	osv := first(s.policy.Registries["osv"].URL, o.Getenv("LOCKKEEPER_OSV_URL"), registry.PublicOSV)

	now := o.Now.UTC()
	if o.Now.IsZero() {
		now = o.Clock().UTC().Truncate(time.Second)
	}
	door, err := fetch.New(fetch.Config{
		Allowed:   append(append(allowed(npm, npmrc), bare(jsr.URL), bare(osv), bare(registry.PublicTUF)), o.github(api)...),
		CacheDir:  o.CacheDir,
		Record:    o.Record,
		Replay:    o.Replay,
		Offline:   o.Offline,
		UserAgent: "lockkeeper/" + o.Version,
		Proxy:     o.Network.Proxy,
		Attempts:  o.Network.Attempts,
		Timeout:   o.Network.Timeout,
		Stall:     o.Network.Stall,
		Deadline:  o.Network.Deadline,
		Backoff:   o.Network.Backoff,
		Transport: o.Network.Transport,
		Now:       func() time.Time { return now }, // so that a replay judges as of the same moment
	})
	if err != nil {
		return nil, err
	}
	if t, ok := door.RecordedAt(); ok && o.Now.IsZero() {
		now = t.UTC()
	}
	npmPackages := registry.NPM{Door: door, Address: npm.For}
	jsrPackages := registry.JSR{Door: door, Address: jsr.For}
	w := &world{
		door:       door,
		now:        now,
		addresses:  map[string]registry.Addresses{"npm": npm, "jsr": jsr},
		histories:  map[string]evidence.Historian{"npm": npmPackages, "jsr": jsrPackages},
		archives:   map[string]evidence.Archivist{"npm": npmPackages},
		hashers:    map[string]evidence.Hasher{"jsr": jsrPackages},
		advisories: &advisory.OSV{Door: door, URL: osv},
		verifier:   &attestation.Verifier{Door: door, TUF: registry.PublicTUF, Now: now},
	}
	if o.Advisories != "" {
		if w.advisories, err = advisory.Open(ctx, o.Advisories); err != nil {
			return nil, fmt.Errorf("--%w", err)
		}
	}
	if o.asksGitHub() {
		w.github, err = o.GitHub.Advisories(door, api)
	}
	return w, err
}

// asksGitHub reports whether GitHub's advisories are asked for. A replay needs
// no token: it has the answers of the run that it replays, or none.
func (o Options) asksGitHub() bool {
	return o.GitHub.Advisories != nil && o.Advisories == "" && !o.Offline && (o.GitHub.Token != "" || o.Replay != "")
}

// github is the only place that the token goes to, if it is wanted at all.
func (o Options) github(api string) []fetch.Address {
	if !o.asksGitHub() || o.GitHub.Token == "" {
		return nil
	}
	return []fetch.Address{{
		URL:           strings.TrimRight(api, "/") + "/advisories",
		Authorization: "Bearer " + o.GitHub.Token,
		Insecure:      plain(api),
	}}
}

// npmrc reads the governing side's .npmrc. In a scan that side is the head,
// which nobody has reviewed against a base: only the variables that are meant
// for npm are expanded there, so that a hostile file can't send others away.
func (s *sides) npmrc(getenv func(string) string) (*manifest.Settings, error) {
	if s.scan {
		getenv = onlyNPM(getenv)
	}
	side := s.governing()
	if f := side.files[".npmrc"]; f.Kind != tree.Regular {
		return nil, fmt.Errorf(".npmrc: reading from %s: %s", side.name(), irregular[f.Kind])
	}
	settings, err := manifest.ParseNPMRC(side.content[".npmrc"], getenv)
	if err != nil {
		return nil, fmt.Errorf(".npmrc: reading from %s: %w", side.name(), err)
	}
	return settings, nil
}

func onlyNPM(getenv func(string) string) func(string) string {
	return func(name string) string {
		if strings.HasPrefix(strings.ToUpper(name), "NPM_") || name == "NODE_AUTH_TOKEN" {
			return getenv(name)
		}
		return ""
	}
}

// npmAddresses decides which registry each npm package is asked from.
func (s *sides) npmAddresses(getenv func(string) string, npmrc *manifest.Settings) registry.Addresses {
	public := registry.Public["npm"]
	a := registry.Addresses{
		URL: first(s.policy.Registries["npm"].URL, getenv("NPM_CONFIG_REGISTRY"), getenv("npm_config_registry"),
			npmrc.Registry(""), public.URL),
		Scopes: make(map[string]string),
		Public: public.Public,
	}
	for _, scope := range npmrc.Scopes() {
		a.Scopes[scope] = npmrc.Registry(scope)
	}
	for scope, address := range s.policy.Registries["npm"].Scopes {
		a.Scopes[scope] = address
	}
	return a
}

// addresses decides which registry the packages of an ecosystem are asked from
// that has no settings of its own.
func (s *sides) addresses(ecosystem string, getenv func(string) string) registry.Addresses {
	public := registry.Public[ecosystem]
	return registry.Addresses{
		URL:    first(s.policy.Registries[ecosystem].URL, getenv("LOCKKEEPER_REGISTRY_"+strings.ToUpper(ecosystem)), public.URL),
		Public: public.Public,
	}
}

// allowed lists the npm registries that may be connected to, each with the
// token that the .npmrc has for that address.
func allowed(npm registry.Addresses, npmrc *manifest.Settings) []fetch.Address {
	addresses := []fetch.Address{address(npm.URL, npmrc)}
	for _, scoped := range npm.Scopes {
		addresses = append(addresses, address(scoped, npmrc))
	}
	return addresses
}

func address(registry string, npmrc *manifest.Settings) fetch.Address {
	return fetch.Address{URL: registry, Authorization: npmrc.Authorization(registry), Insecure: plain(registry)}
}

// bare is an address that is asked without a token.
func bare(address string) fetch.Address { return fetch.Address{URL: address, Insecure: plain(address)} }

// plain reports whether the user configured an address without encryption.
func plain(address string) bool { return strings.HasPrefix(strings.ToLower(address), "http://") }

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
