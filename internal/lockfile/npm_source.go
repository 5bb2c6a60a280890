package lockfile

import "strings"

// form says how npm reads the text that names a package's bytes.
type form uint8

const (
	request form = iota // a version, range or tag: the registry decides
	alias               // npm:name@version: another package of the registry
	address             // an address or a path
	strange             // an address that npm refuses, or that URL readers take apart differently
)

// gitSchemes are the schemes of npm-package-arg and hosted-git-info that
// always mean a repository, besides all of "git+…".
var gitSchemes = map[string]bool{
	"git": true, "ssh": true, "github": true, "gitlab": true,
	"bitbucket": true, "gist": true, "sourcehut": true,
}

// sourceOf says where npm would get the bytes that spec names: the text of a
// `resolved`, or of an old lockfile's `version`. The order of the tests is that
// of npm-package-arg's resolve, which both texts pass on their way to a fetch.
func sourceOf(spec string) (Source, form) {
	scheme := schemeOf(spec)
	switch {
	case scheme == "https", scheme == "http":
		return webSource(spec, spec[len(scheme)+len(":"):])
	case scheme == "file", len(scheme) == 1: // one letter is a Windows drive
		return File, address
	case scheme == "npm":
		return Registry, alias
	case gitSchemes[scheme], strings.HasPrefix(scheme, "git+"):
		return Git, address
	case scheme != "":
		return URL, strange
	}
	return bareSource(spec)
}

// bareSource is sourceOf for a spec without a scheme.
func bareSource(spec string) (Source, form) {
	bare, _, _ := strings.Cut(spec, "#")
	at, colon := strings.IndexByte(bare, '@'), strings.IndexByte(bare, ':')
	switch {
	case spec == "":
		return Registry, request
	case strings.HasPrefix(spec, "."), strings.HasPrefix(spec, "/"), strings.HasPrefix(spec, "~/"):
		return File, address
	case at > 0 && colon > at: // git@host:owner/name.git
		return Git, address
	case strings.Count(bare, "/") == 1 && at != 0: // owner/name, of GitHub
		return Git, address
	case strings.ContainsAny(bare, `/\`), isTarball(bare):
		return File, address
	}
	return Registry, request
}

// webSource is sourceOf for http and https; rest follows the scheme's colon.
func webSource(spec, rest string) (Source, form) {
	shape := address
	if oddURL(spec) {
		shape = strange
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, "?")
	rest = strings.TrimPrefix(rest, "//")
	slash := strings.IndexByte(rest, '/')
	switch {
	case slash <= 0:
		return URL, strange
	case registryTarball(rest[slash:]):
		return Registry, shape
	case strings.HasSuffix(rest, ".git"):
		return Git, shape
	}
	return URL, shape
}

// registryTarball reports whether a path has the shape under which a registry
// serves an archive. Any host may mount a registry below any path.
func registryTarball(path string) bool {
	// …/name/-/base-1.0.0.tgz; GitLab repeats the scope in the file's part,
	// and Gitea puts the version there.
	if before, file, ok := strings.Cut(path, "/-/"); ok {
		return before != "" && !strings.HasSuffix(before, "/") && strings.Count(file, "/") <= 1 &&
			isTarball(file) && strings.IndexByte(file, '-') > 0
	}
	// GitHub Packages: /download/@scope/name/1.0.0/<hash>, or without the hash.
	if _, file, ok := strings.Cut(path, "/download/@"); ok {
		n := strings.Count(file, "/")
		return n == 2 || n == 3
	}
	// JSR: /~/<revision>/@jsr/name/1.0.0.tgz
	if file, ok := strings.CutPrefix(path, "/~/"); ok {
		return strings.Count(file, "/") == 3 && isTarball(file)
	}
	return false
}

// usualTarball reports whether an address is the one at which a registry below
// base serves a version: base, name/-/name-version.tgz. It spares the usual
// address a closer look.
func usualTarball(url, base, name, version string) bool {
	own := name[strings.IndexByte(name, '/')+1:]
	for _, part := range [...]string{base, name, "/-/", own, "-", version} {
		if !strings.HasPrefix(url, part) {
			return false
		}
		url = url[len(part):]
	}
	return url == ".tgz" && base != "" && isPlainName(name) && isPlain(version)
}

// oddURL reports whether the two ways of reading a URL that are in use (RFC
// 3986, and WHATWG's in Node) could disagree about it: white space and control
// characters are dropped or refused, a backslash is a slash or isn't, and dot
// segments are resolved before or after the path is looked at.
func oddURL(url string) bool {
	return !isGraphic(url) || strings.IndexByte(url, '\\') >= 0 || strings.Contains(url, "/.") ||
		strings.IndexByte(url, '%') >= 0 && strings.Contains(strings.ToLower(url), "%2e")
}

// schemeOf gives a spec's scheme in lower case, or "".
func schemeOf(spec string) string {
	for i := range len(spec) {
		switch c := spec[i]; {
		case c == ':':
			return strings.ToLower(spec[:i])
		case 'a' <= c|0x20 && c|0x20 <= 'z':
		case i > 0 && (c == '+' || c == '-' || c == '.' || '0' <= c && c <= '9'):
		default:
			return ""
		}
	}
	return ""
}

func isTarball(name string) bool {
	return strings.HasSuffix(name, ".tgz") || strings.HasSuffix(name, ".tar.gz") ||
		strings.HasSuffix(name, ".tar")
}
