package signal

import (
	"net/url"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// isKnown reports whether an address belongs to a registry that is configured
// for the package, to the public one, or to a host that the base uses already,
// even if the base did so without encryption. Where that cannot be told the
// answer is yes, since what is not known makes no finding.
func isKnown(d *evidence.Dossier, address string) bool {
	r := d.Registries
	if r.Configured == nil || r.Public == nil || r.Established == nil {
		return true
	}
	if r.Configured(d.Change.Name, address) || r.Public(address) || r.Established(address) {
		return true
	}
	rest, encrypted := strings.CutPrefix(address, "https://")
	return encrypted && r.Established("http://"+rest)
}

// isPublic reports whether an address belongs to the public registry, over
// http as well: lockfiles of npm 4 and older name it so.
func isPublic(d *evidence.Dossier, address string) bool {
	public := d.Registries.Public
	if public == nil || address == "" {
		return false
	}
	if rest, ok := strings.CutPrefix(address, "http://"); ok {
		return public(address) || public("https://"+rest)
	}
	return public(address)
}

// hostOf gives the host that an address leads to, in lower case and with its
// port; "" if the address has none that all readers agree on.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// origin names where an entry's bytes come from, for as long as an ordinary
// update stays there: a git repository, the part of a host that an archive
// lies in, or a registry.
func origin(e *lockfile.Entry) string {
	switch e.Source {
	case lockfile.Git:
		return lockfile.GitRepository(e.Resolved)
	case lockfile.URL:
		if name, version := lockfile.Module(e.Resolved); e.Ecosystem == lockfile.Deno && version != "" {
			return name
		}
		return folder(e)
	case lockfile.Registry:
		return registryOf(e)
	}
	return ""
}

// registryOf names the registry that an address leads to by its host, and by
// the scheme too where anybody on the way could answer in its place.
func registryOf(e *lockfile.Entry) string {
	host := hostOf(e.Resolved)
	if host != "" && isPlain(e.Resolved) {
		return "http://" + host
	}
	return host
}

// folder gives the host of an archive and the first two folders of its path,
// with the entry's version masked. On a host that many share, they name the
// owner: "codeload.github.com/owner/name", "storage.example/bucket".
func folder(e *lockfile.Entry) string {
	u, err := url.Parse(e.Resolved)
	if err != nil || u.Host == "" {
		return e.Resolved
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	parts = parts[:min(len(parts)-1, 2)]
	place := strings.ToLower(u.Host)
	for _, part := range parts {
		if strings.Count(e.Version, ".") >= 2 { // a shorter one would mask owners' names
			part = strings.ReplaceAll(part, e.Version, "*")
		}
		place += "/" + part
	}
	return place
}

// isPlain reports whether bytes travel from the address without encryption.
func isPlain(address string) bool {
	scheme, _, _ := strings.Cut(strings.TrimPrefix(address, "git+"), "://")
	return scheme == "http" || scheme == "git"
}

// usesRegistry reports whether a registry serves an entry from an address that
// the lockfile names.
func usesRegistry(e *lockfile.Entry) bool {
	return e.Source == lockfile.Registry && e.Resolved != "" && !e.Bundled
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
