package signal

import (
	"net/url"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// sites are the pages on which a person reads about a package version of a
// public registry: by ecosystem, a prefix to the name and an infix to the
// version.
var sites = map[string]struct{ name, version string }{
	"npm": {"https://www.npmjs.com/package/", "/v/"},
	"jsr": {registry.Public["jsr"].URL, "@"}, // a person gets pages where a program gets documents
}

// pages links the version's page, where the head takes it from the public
// registry. A private package has no page there, and another package may.
func pages(d *evidence.Dossier) []Link {
	site, ok := sites[d.Change.Ecosystem]
	if !ok || d.Change.To == "" {
		return nil
	}
	for _, p := range d.Change.Head {
		if p.Entry.Source == lockfile.Registry && isPublic(d, addressOf(d, p.Entry)) {
			address := site.name + escape(d.Change.Name) + site.version + url.PathEscape(d.Change.To)
			return []Link{{Title: label(d) + " in its registry", URL: address}}
		}
	}
	return nil
}

// addressOf gives the address of an entry, or where the lockfile has none that
// of the registry which knows the version.
func addressOf(d *evidence.Dossier, e *lockfile.Entry) string {
	if e.Resolved == "" && d.Release != nil && d.Registries.Home != nil {
		return d.Registries.Home(e.Name)
	}
	return e.Resolved
}

// escape makes a name safe in a path and keeps the slash after its scope.
func escape(name string) string {
	parts := strings.Split(name, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}
