package lockfile

import (
	"net/url"
	"path"
	"strings"
)

// maxPatches is how deep patches of patches are followed. Real ones go one deep.
const maxPatches = 16

// splitBerry cuts "@scope/name@rest" at the first @ after the name, as yarn
// does (parseLocator and parseDescriptor in structUtils.ts).
func splitBerry(text string) (name, rest string, ok bool) {
	from := 0
	if strings.HasPrefix(text, "@") {
		from = 1 + strings.IndexByte(text, '/')
		if from < 3 {
			return "", "", false
		}
	}
	at := strings.IndexByte(text[from:], '@')
	if at < 1 || strings.IndexByte(text[from:from+at], '/') >= 0 {
		return "", "", false
	}
	at += from
	return text[:at], text[at+1:], at+1 < len(text)
}

// cutDescriptor cuts the first of the descriptors that a key joins with commas.
// yarn cuts at each comma. One that no descriptor follows stands inside of a
// range, and then yarn doesn't find the range that it wrote.
func cutDescriptor(key string) (first, rest string) {
	for from := 0; ; {
		comma := strings.IndexByte(key[from:], ',')
		if comma < 0 {
			return key, ""
		}
		from += comma + 1
		rest = strings.TrimLeft(key[from:], " ")
		next, _, _ := strings.Cut(rest, ",")
		if _, _, ok := splitBerry(next); ok {
			return strings.TrimRight(key[:from-1], " "), rest
		}
	}
}

// berryOrigin is what a locator leads to.
type berryOrigin struct {
	name      string // of the locator inside of all patches
	reference string
	real      string // of the package, which an archive's address may tell
	version   string // of a package of the registry; else ""
	source    Source
	resolved  string
	inner     string // the locator of what is inside of the outermost patch, or ""
	patches   string // "+" and its hash for each patch on the way
	odd       string // why it is doubtful, or ""
}

// originOf takes a locator apart.
func originOf(name, reference string) berryOrigin {
	o := berryOrigin{name: name, reference: reference}
	for depth := 0; ; depth++ {
		inner, hash, wrapped := unwrap(o.name, o.reference)
		if !wrapped {
			o.reach()
			break
		}
		if depth == 0 {
			o.inner = inner
		}
		o.patches += hash
		name, reference, ok := splitBerry(inner)
		if !ok || depth == maxPatches {
			o.source, o.odd = URL, "names no package that can be seen in it"
			break
		}
		o.name, o.reference = name, reference
	}
	if strings.HasPrefix(reference, "virtual:") {
		o.odd = "is virtual, which yarn never writes"
	}
	if o.real == "" {
		o.real = o.name
	}
	return o
}

// unwrap gives what is inside of a locator or descriptor that stands for another
// package: of a patch; of what yarn makes of a package for each who provides its
// peers; of yarn's notation for JSR, whose registry is an npm registry.
func unwrap(name, of string) (inner, hash string, ok bool) {
	protocol, rest, _ := strings.Cut(of, ":")
	switch protocol {
	case "patch":
		rest, parameters, _ := strings.Cut(rest, "::")
		source, _, _ := strings.Cut(rest, "#")
		inner, err := url.PathUnescape(source)
		if err != nil {
			inner = ""
		}
		return inner, "+" + hashOf(parameters), true
	case "virtual":
		_, rest, _ = strings.Cut(rest, "#")
		return name + "@" + rest, "", true
	case "jsr":
		if real, version, ok := splitBerry(rest); ok {
			name, rest = real, version
		}
		return "@jsr/" + strings.Replace(strings.TrimPrefix(name, "@"), "/", "__", 1) + "@npm:" + rest, "", true
	}
	return "", "", false
}

// hashOf gives the hash among the parameters of a patch, if it is one.
func hashOf(parameters string) string {
	for parameter := range strings.SplitSeq(parameters, "&") {
		if hash, ok := strings.CutPrefix(parameter, "hash="); ok && len(hash) <= 128 && isPlain(hash) {
			return hash
		}
	}
	return ""
}

// reach sets the source of a package by the reference that yarn fetches.
func (o *berryOrigin) reach() {
	protocol, rest, _ := strings.Cut(o.reference, ":")
	switch protocol {
	case "npm":
		o.release(rest)
	case "workspace":
		o.source = Workspace
		if folder := path.Clean(rest); folder != rest || path.IsAbs(rest) || strings.Contains(rest, "\\") {
			o.odd = "names a folder in an odd way"
		}
	case "link", "portal":
		o.source = Link
		o.file(protocol, rest)
	case "file", "exec":
		o.source = File
		o.file(protocol, rest)
	case "condition":
		// A plug-in's: a package that it makes, which loads one of two others.
		o.source, o.resolved = Link, o.reference
	default:
		o.fetched(o.reference)
		if o.source == Registry {
			o.real = nameInArchive(o.resolved)
		}
	}
}

// release reads a reference to a registry: a version, and the archive's address
// where that isn't the one which the registry's address and the name make.
func (o *berryOrigin) release(rest string) {
	o.source = Registry
	version, parameters, some := strings.Cut(rest, "::")
	version, build, built := strings.Cut(version, "+") // left out of the address, too
	if o.version = version; !isPlain(version) || built && !isPlain(build) {
		o.odd = "has a version that is none"
	}
	if !some {
		return
	}
	escaped, ok := strings.CutPrefix(parameters, "__archiveUrl=")
	address, err := url.QueryUnescape(escaped)
	if err != nil {
		address = escaped
	}
	o.fetched(address)
	switch {
	case !ok || err != nil || strings.IndexByte(escaped, '&') >= 0:
		o.odd = "has parameters that yarn never writes"
	case o.source == Git:
		o.source, o.odd = URL, "" // yarn takes it for an archive, whatever its name
	}
}

// file reads a reference to a file or folder of the repository. Between the path
// that yarn takes and the name of the package that asks for it, yarn repeats it.
func (o *berryOrigin) file(protocol, rest string) {
	rest, _, _ = strings.Cut(rest, "::")
	before, after, twice := strings.Cut(rest, "#")
	if twice && before != after {
		o.odd = "names two paths"
	}
	if twice {
		before = after
	}
	file, err := url.PathUnescape(before)
	if err != nil {
		o.odd, file = "is escaped in an odd way", before
	}
	o.resolved = protocol + ":" + file
}

// fetched reads a reference that is an address.
func (o *berryOrigin) fetched(place string) {
	var shape form
	o.resolved = place
	switch o.source, shape = sourceOf(place); {
	case shape == address && o.source == Git:
		if commit := GitCommit(place); len(commit) != 40 || ofHex(commit) == "" {
			o.odd = "pins no commit"
		}
	case shape == address && o.source != File:
	default:
		o.source, o.odd = URL, "is of no kind that yarn knows"
	}
}

// nameInArchive gives the name in the address of a registry's archive (see
// registryTarball); "" if it tells none. Who asks for an address may call the
// package what they like.
func nameInArchive(address string) string {
	address, _, _ = strings.Cut(address, "#")
	address, _, _ = strings.Cut(address, "?")
	address, err := url.PathUnescape(address)
	if err != nil {
		return ""
	}
	before, _, usual := strings.Cut(address, "/-/")
	if _, file, ok := strings.Cut(address, "/download/@"); ok && !usual {
		before = path.Dir("@" + file) // scope, name and version, and a hash at most
		for strings.Count(before, "/") > 1 {
			before = path.Dir(before)
		}
	} else if !usual {
		return ""
	}
	slash := strings.LastIndexByte(before, '/')
	if scope := strings.LastIndexByte(before[:max(slash, 0)], '/'); strings.HasPrefix(before[scope+1:], "@") {
		slash = scope
	}
	if name := before[slash+1:]; isPlainName(name) {
		return name
	}
	return ""
}
