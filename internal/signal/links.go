package signal

import (
	"net/url"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// sites are the pages on which a person reads about a package version of a
// public registry: by ecosystem, a prefix to the name and an infix to the
// version.
var sites = map[string]struct{ name, version string }{
	"npm": {"https://www.npmjs.com/package/", "/v/"},
}

// pages links the version's page, where the head takes it from the public
// registry. A private package has no page there, and another package may.
func pages(d *evidence.Dossier) []Link {
	site, ok := sites[d.Change.Ecosystem]
	if !ok || d.Change.To == "" {
		return nil
	}
	for _, p := range d.Change.Head {
		if p.Entry.Source == lockfile.Registry && isPublic(d, p.Entry.Resolved) {
			address := site.name + escape(d.Change.Name) + site.version + url.PathEscape(d.Change.To)
			return []Link{{Title: label(d) + " in its registry", URL: address}}
		}
	}
	return nil
}

// escape makes a name safe in a path and keeps the slash after its scope.
func escape(name string) string {
	parts := strings.Split(name, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}
