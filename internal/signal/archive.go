package signal

import (
	"net/url"
	"strings"
	"unicode"
)

// archive is what an address of a registry's shape says that it serves. The
// zero value is an address of no registry's shape.
type archive struct{ name, version string }

// reading is an address as all clients and servers read it.
type reading struct {
	archive archive
	user    bool // something stands before the host, as in "https://user@host/"
	// doubt says why clients and servers could read it in different ways; ""
	// if they agree. Then archive is what one of them sees.
	doubt string
}

// read reads the http or https address of an archive. Backslashes are taken for
// slashes, as the URL standard of browsers and Node has it, and doubted.
func read(address string) reading {
	if strings.ContainsFunc(address, isInvisible) {
		return reading{doubt: "it holds control or space characters"}
	}
	u, err := url.Parse(strings.ReplaceAll(address, `\`, "/"))
	if err != nil || u.Host == "" {
		return reading{doubt: "it is not a valid address"}
	}
	r := reading{user: u.User != nil}
	// Whether an encoded slash separates is each server's own choice. Here it
	// does: npm's scopes need it, and nothing else hides behind one, since dots
	// are doubted.
	var parts []string
	for part := range strings.SplitSeq(u.Path, "/") {
		switch part {
		case "": // servers collapse double slashes
		case ".", "..":
			r.doubt = "its path climbs with dots"
		default:
			parts = append(parts, part)
		}
	}
	switch {
	case strings.ContainsRune(address, '\\'), strings.ContainsRune(u.Path, '\\'):
		r.doubt = "it holds a backslash, which some take for a slash"
	case strings.ContainsFunc(u.Path, unicode.IsControl):
		r.doubt = "it holds encoded control characters"
	case isEncoded(u.Path):
		r.doubt = "its path is percent-encoded twice"
	}
	r.archive = readPath(parts)
	return r
}

// isInvisible covers what the URL parsers of browsers and Node drop or trim.
func isInvisible(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }

// isEncoded reports whether a path that was decoded once can be decoded again.
func isEncoded(path string) bool {
	decoded, err := url.PathUnescape(path)
	return err == nil && decoded != path
}

// readPath reads the shapes of npm registries, below whatever prefix:
//
//	name/-/base-version.tgz          npm's own; Artifactory, Nexus, Verdaccio, CodeArtifact
//	@s/name/-/@s/name-version.tgz    GitLab, Google's Artifact Registry
//	name/-/version/base-version.tgz  Gitea, Font Awesome
//	name/download/base-version.tgz   cnpm
//	download/@s/name/version[/sum]   GitHub Packages
//	~/revision/@jsr/name/version.tgz JSR
func readPath(parts []string) archive {
	last := len(parts) - 1
	if last < 2 {
		return archive{}
	}
	file, stem := parts[last], trimArchive(parts[last])
	switch {
	case stem == file: // no archive's name
		for sum := range 2 {
			if i := last - sum; i >= 3 && parts[i-3] == "download" && isScope(parts[i-2]) {
				return archive{parts[i-2] + "/" + parts[i-1], parts[i]}
			}
		}
	case isSeparator(parts[last-1]):
		return serves(nameBefore(parts, last-1), file)
	case isSeparator(parts[last-2]) && isScope(parts[last-1]):
		return serves(nameBefore(parts, last-2), parts[last-1]+"/"+file)
	case isSeparator(parts[last-2]):
		if a := serves(nameBefore(parts, last-2), file); a.version == parts[last-1] {
			return a
		}
	case last >= 4 && parts[last-4] == "~" && isScope(parts[last-2]):
		return archive{parts[last-2] + "/" + parts[last-1], stem}
	}
	return archive{}
}

func isSeparator(part string) bool { return part == "-" || part == "download" }

func isScope(part string) bool { return strings.HasPrefix(part, "@") }

// nameBefore gives the package name that ends before parts[i]; "" if none does.
func nameBefore(parts []string, i int) string {
	switch {
	case i < 1:
		return ""
	case i >= 2 && isScope(parts[i-2]):
		return parts[i-2] + "/" + parts[i-1]
	}
	return parts[i-1]
}

// trimArchive drops the ending of an archive's name; without one it gives the
// name back.
func trimArchive(file string) string {
	for _, ending := range []string{".tgz", ".tar.gz", ".tar"} {
		if stem, ok := strings.CutSuffix(file, ending); ok {
			return stem
		}
	}
	return file
}

// serves reads a file's name below a package's. Where the two name different
// packages, the file's counts: it is what is served.
func serves(name, file string) archive {
	stem := trimArchive(file)
	base := name[strings.IndexByte(name, '/')+1:]
	for _, prefix := range []string{base + "-", name + "-"} {
		if version, ok := strings.CutPrefix(stem, prefix); ok {
			return archive{name, version}
		}
	}
	return archive{name: stem}
}
