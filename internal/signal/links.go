package signal

import (
	"net/url"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

// pages links what a reviewer looks at next: the version in its registry, what
// differs from the version before in the archives, and in the repository. Only
// packages of the public registry have such pages: a private package has none,
// another package may have its name, and the name itself may be a secret. A
// link is made of parts of known shape, never of an address from a document.
func pages(d *evidence.Dossier) []Link {
	site, ok := registry.Sites[d.Change.Ecosystem]
	if !ok || !registry.IsName(d.Change.Ecosystem, d.Change.Name) || !isOfPublicRegistry(d) {
		return nil
	}
	name := site.Package + escape(d.Change.Name)
	switch to := d.Change.To; {
	case d.Unlisted:
		return []Link{{Title: d.Change.Name + ": its versions in the registry", URL: name + site.History}}
	case !version.Valid(d.Change.Ecosystem, to):
		return nil
	default:
		links := []Link{{Title: label(d) + " in its registry", URL: name + site.Version + url.PathEscape(to)}}
		return append(links, differences(d, site)...)
	}
}

// differences links the pages that show what a release changed.
func differences(d *evidence.Dossier, site registry.Site) []Link {
	if d.Release == nil || d.Baseline == nil || d.Baseline.Removed || !version.Valid(d.Change.Ecosystem, d.Baseline.Version) {
		return nil
	}
	var links []Link
	if site.Diff != "" {
		from, to := d.Baseline.Version, d.Change.To
		address := site.Diff + url.PathEscape(d.Change.Name) + "/" + url.PathEscape(from) + "/" + url.PathEscape(to)
		links = append(links, Link{Title: "what changed in the archive, " + from + " to " + to, URL: address})
	}
	if link, ok := commits(d.Baseline, d.Release); ok {
		links = append(links, link)
	}
	return links
}

// commits links the commits that two releases name, as far as they are of one
// repository: what they name is their publishers' word.
func commits(before, now *registry.Release) (Link, bool) {
	if now.Repository == before.Repository {
		if address := registry.ComparePage(now.Repository, before.GitHead, now.GitHead); address != "" {
			return Link{Title: "what changed in the repository, by the commits that their publishers name", URL: address}, true
		}
	}
	address := registry.CommitPage(now.Repository, now.GitHead)
	return Link{Title: "the commit that its publisher names", URL: address}, address != ""
}

// isOfPublicRegistry reports whether the head takes the package from the public
// registry, and no other one is configured for its scope.
func isOfPublicRegistry(d *evidence.Dossier) bool {
	if home := d.Registries.Home; home != nil && home(d.Change.Name) != home("") && !isPublic(d, home(d.Change.Name)) {
		return false
	}
	for _, p := range d.Change.Head {
		if p.Entry.Source == lockfile.Registry && isPublic(d, addressOf(d, p.Entry)) {
			return true
		}
	}
	return false
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
