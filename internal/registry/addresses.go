package registry

import (
	"net/url"
	"path"
	"strings"
)

// Addresses says where the packages of one ecosystem are asked for.
type Addresses struct {
	URL    string            // the registry of every name without one of its own
	Scopes map[string]string // by scope, "@acme"
	Public []string          // the ecosystem's public registry, by all its addresses
}

// For gives the registry that is configured for a name.
func (a Addresses) For(name string) string {
	if scope, _, ok := strings.Cut(name, "/"); ok && strings.HasPrefix(scope, "@") {
		if address := a.Scopes[scope]; address != "" {
			return address
		}
	}
	return a.URL
}

// Configured reports whether an archive's address belongs to the registry that
// is configured for the name: the same host, and a path below the registry's.
func (a Addresses) Configured(name, address string) bool {
	return below(a.For(name), address)
}

// IsPublic reports whether an address belongs to the public registry.
func (a Addresses) IsPublic(address string) bool {
	for _, public := range a.Public {
		if below(public, address) {
			return true
		}
	}
	return false
}

// below reports whether address lies under prefix. Plain http is not taken for
// https: whoever sits between could answer it. Dot segments are resolved first,
// so that a path can't climb out and seem to be inside.
func below(prefix, address string) bool {
	p, err := url.Parse(prefix)
	if err != nil || p.Host == "" {
		return false
	}
	a, err := url.Parse(address)
	if err != nil || a.User != nil || strings.Contains(address, `\`) {
		return false
	}
	if a.Scheme != p.Scheme || !strings.EqualFold(a.Host, p.Host) {
		return false
	}
	root := strings.TrimSuffix(p.Path, "/") + "/"
	return strings.HasPrefix(path.Clean("/"+a.Path), root)
}
