package lockfile

import "strings"

// installed makes the entry of a key of `packages`.
func (r *npmReader) installed(e *Entry, key string, in npmPlace, line int, f *npmFields) {
	*e = Entry{
		Line: line, Key: key,
		Version: f.text[fieldVersion], Resolved: f.text[fieldResolved],
		Integrity: r.integrity(key, line, f),
		Dev:       f.has(fieldDev),
		// devOptional is what development and optional packages need, and
		// production ones don't: so it is installed in production too.
		Optional:      f.has(fieldOptional) || f.has(fieldDevOptional),
		Peer:          f.has(fieldPeer),
		Bundled:       f.has(fieldBundled),
		InstallScript: No,
		Deprecated:    f.text[fieldDeprecated],
		Dependencies:  f.edges,
	}
	if f.has(fieldScript) {
		e.InstallScript = Yes
	}
	folder := in.name == ""
	if e.Name = in.name; folder {
		e.Name = folderName(key)
	}
	if name := f.text[fieldName]; name != "" && name != e.Name {
		if !folder {
			e.Alias = e.Name
		}
		e.Name = name
	}
	switch {
	case f.has(fieldLink):
		e.Source, e.InstallScript = Link, Unknown
		if e.Version != "" || e.Integrity != nil {
			r.doubts.add(line, key, true, "the entry is a link, and yet has a version or a hash")
		}
	case folder && e.Resolved == "":
		e.Source = Workspace
	default:
		r.fetched(e)
		r.versioned(e, f)
	}
}

// versioned doubts an entry that leaves its version out: npm takes the one that
// its address seems to have, and other readers none.
func (r *npmReader) versioned(e *Entry, f *npmFields) {
	if f.text[fieldVersion] == "" && e.Resolved != "" {
		r.doubts.add(e.Line, e.Key, true, "the entry has no version, and npm takes one from its address %.80q", e.Resolved)
	}
}

// fetched sets the source of an entry by what npm would fetch for it: what
// `resolved` says, and without one its version, which need not be a version.
func (r *npmReader) fetched(e *Entry) {
	var form form
	if e.Resolved == "" {
		if e.Source, form = sourceOf(e.Version); form != request {
			r.doubts.add(e.Line, e.Key, true, "the version %.80q is none, and npm fetches what it says", e.Version)
		} else if e.Version == "" {
			r.doubts.add(e.Line, e.Key, false, "the entry has neither a version nor an address")
		}
		return
	}
	if usualTarball(e.Resolved, r.base, e.Name, e.Version) {
		e.Source = Registry
		return
	}
	switch e.Source, form = sourceOf(e.Resolved); form {
	case address:
		if i := strings.Index(e.Resolved, e.Name+"/-/"); e.Source == Registry && i > 0 {
			r.base = e.Resolved[:i]
		}
	case request, alias:
		r.doubts.add(e.Line, e.Key, true, "resolved %.80q is no address, and npm asks the registry for what it says", e.Resolved)
	case strange:
		r.doubts.add(e.Line, e.Key, true, "resolved %.80q is an address that readers take apart in different ways", e.Resolved)
	}
}

// nested makes the entry of a v1 tree, in which `version` is all that npm
// would take on the command line (arborist's specFromLock).
func (r *npmReader) nested(e *Entry, key, name string, line int, f *npmFields) {
	*e = Entry{
		Line: line, Key: key, Name: name,
		Version: f.text[fieldVersion], Resolved: f.text[fieldResolved],
		Integrity:    r.integrity(key, line, f),
		Dev:          f.has(fieldDev),
		Optional:     f.has(fieldOptional) || f.has(fieldDevOptional),
		Peer:         f.has(fieldPeer),
		Bundled:      f.has(fieldBundled),
		Deprecated:   f.text[fieldDeprecated],
		Dependencies: f.edges,
	}
	source, form := sourceOf(e.Version)
	switch form {
	case alias:
		e.Alias = name
		e.Name, e.Version = splitSpec(e.Version[len("npm:"):])
		if e.Resolved != "" {
			r.fetched(e)
		} else {
			e.Source = Registry
		}
	case request:
		if e.Resolved == "" && e.Integrity == nil {
			e.Resolved = addressIn(f.text[fieldFrom], name)
		}
		r.fetched(e)
	default:
		r.addressed(e, source)
	}
	r.versioned(e, f)
}

// addressed finishes an entry of a v1 tree whose version is an address.
func (r *npmReader) addressed(e *Entry, source Source) {
	spec, resolved := e.Version, e.Resolved
	e.Version, e.Resolved = "", spec
	if resolved != "" && resolved != spec {
		r.doubts.add(e.Line, e.Key, true, "version and resolved are two addresses: %.80q, and %.80q", spec, resolved)
		if source != Git && e.Integrity == nil {
			e.Resolved = resolved
		}
	}
	r.fetched(e)
	if e.Source == File && !isTarball(e.Resolved) {
		e.Source = Link
	}
}

// addressIn gives the address in a `from` ("name@git://…"), or "".
func addressIn(from, name string) string {
	from = strings.TrimPrefix(from, name+"@")
	if _, form := sourceOf(from); form != address {
		return ""
	}
	return from
}

// splitSpec cuts "@scope/name@1.0.0" into name and version.
func splitSpec(spec string) (name, version string) {
	if at := strings.LastIndexByte(spec, '@'); at > 0 {
		return spec[:at], spec[at+1:]
	}
	return spec, ""
}

// linkTarget gives the folder that a link's address names.
func linkTarget(resolved string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(resolved, "file:"), "./"), "/")
}

func (r *npmReader) integrity(key string, line int, f *npmFields) []string {
	list, odd := hashes(f.text[fieldIntegrity], &r.hashSlab)
	if odd != "" {
		r.doubts.add(line, key, true, "integrity %.80q %s", f.text[fieldIntegrity], odd)
	}
	return list
}
