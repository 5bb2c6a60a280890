package lockfile

import (
	"slices"
	"strings"
)

// named sets the real name of an entry, and the one that it is installed under.
// given is its field `name`, which yarn writes where the patterns alone would
// give it another name than it is installed under.
func (r *classicReader) named(e *Entry, patterns []classicPattern, given string) {
	first := r.firstAlias(e, patterns)
	known, same, asked := given == "", true, false
	for _, p := range patterns {
		name, spec := p.split()
		plain := isPlainName(name)
		if !plain && isAddress(name) {
			continue
		}
		target, isAlias := aliasTarget(spec)
		if !isAlias {
			target = name
		}
		if e.Name == "" {
			e.Name = target
		}
		switch {
		case target != e.Name:
			same = same && !isAlias && name == e.Alias && r.asks(first)
		case !isAlias:
			asked = true
		}
		known = known || given == name || given == target
		if isAlias || !plain {
			r.oddName(e, target, isAlias)
		}
	}
	if asked {
		e.Alias = "" // it is installed under its own name, too
	}
	switch {
	case e.Name == "" && given == "":
		e.Name = e.Key
		r.doubts.add(e.Line, e.Key, true, "the key %.80q names no package", e.Key)
	case e.Name == "":
		e.Name = given
	case !same && slices.ContainsFunc(patterns, asksRegistry):
		r.doubts.add(e.Line, e.Key, true, "the key %.80q names packages that are not the same", e.Key)
	case !known && slices.ContainsFunc(patterns, asksRegistry):
		r.doubts.add(e.Line, e.Key, true, "%.80q is installed under the name %.80q, by which nothing asks for it", e.Name, given)
	}
}

// firstAlias names an entry by the first alias among its patterns, and gives
// that pattern. What the alias stands for is installed, whatever the names of
// the others: once a manifest has one package stand for another, yarn lets it
// answer what asks for the other, too.
func (r *classicReader) firstAlias(e *Entry, patterns []classicPattern) string {
	for _, p := range patterns {
		name, spec := p.split()
		if target, ok := aliasTarget(spec); ok && !isAddress(name) {
			e.Name, e.Alias = target, name
			return p.text
		}
	}
	return ""
}

// asks reports whether a manifest of the repository has that pattern.
func (r *classicReader) asks(pattern string) bool {
	if r.asked == nil {
		r.asked = make(map[string]bool)
		for _, p := range r.own {
			for _, q := range p.manifest.Requests {
				r.asked[q.Name+"@"+q.Spec] = true
			}
			for _, o := range p.manifest.Overrides {
				r.asked[lastName(o.Name)+"@"+o.Spec] = true
			}
		}
	}
	return r.asked[pattern]
}

// oddName doubts a name that readers could see another one in. The oldest names
// of the registry have characters of nearly every kind.
func (r *classicReader) oddName(e *Entry, name string, isAlias bool) {
	switch {
	case strings.ContainsFunc(name, isControlCharacter):
		r.doubts.add(e.Line, e.Key, true, "the name %.80q holds control characters", name)
	case isAlias && strings.ContainsAny(name, ":^~<>=*| "): // yarn 2 and later take a range there
		r.doubts.add(e.Line, e.Key, true, "%.80q is no name of a package, and stands for one", name)
	}
}

// aliasTarget gives the package that an alias's range names (RegistryResolver).
func aliasTarget(spec string) (name string, ok bool) {
	if len(spec) < len("npm:x") || spec[0] != 'n' && spec[0] != 'y' {
		return "", false
	}
	target, ok := strings.CutPrefix(spec, "npm:")
	if !ok {
		target, ok = strings.CutPrefix(spec, "yarn:")
	}
	if !ok || target == "" {
		return "", false
	}
	name, _ = newClassicPattern(target, noEntry).split()
	return name, true
}

// isAddress reports whether a pattern's name is none: what was added by its
// address alone keeps that for a pattern.
func isAddress(name string) bool {
	if isPlainName(name) || name[0] == '@' {
		return false
	}
	_, form := sourceOf(name)
	return form != request
}

// asksRegistry reports whether a pattern is a name and a version, range, tag or
// alias. Such patterns in one key are of one package.
func asksRegistry(p classicPattern) bool {
	name, spec := p.split()
	if _, isAlias := aliasTarget(spec); isAlias {
		return true
	}
	_, form := sourceOf(spec)
	return form == request && !isAddress(name)
}

// fetched sets the source of an entry by its address.
func (r *classicReader) fetched(e *Entry, patterns []classicPattern) {
	if e.Version == "" {
		r.doubts.add(e.Line, e.Key, false, "the entry has no version")
	}
	if e.Resolved == "" {
		r.unresolved(e, patterns)
		return
	}
	bare, _, _ := strings.Cut(e.Resolved, "#")
	for _, base := range r.bases {
		if usualTarball(bare, base, e.Name, e.Version) {
			e.Source = Registry
			return
		}
	}
	trimmed := strings.TrimSpace(e.Resolved)
	if trimmed != e.Resolved || strings.ContainsFunc(trimmed, isControlCharacter) {
		r.doubts.add(e.Line, e.Key, true, "resolved %.80q has space around it or control characters in it, which some drop", e.Resolved)
	}
	var form form
	switch e.Source, form = sourceOf(trimmed); form {
	case address:
		bare, _, _ = strings.Cut(trimmed, "#")
		r.addressed(e, bare)
	case request, alias:
		r.doubts.add(e.Line, e.Key, true, "resolved %.80q is no address", e.Resolved)
	case strange:
		r.doubts.add(e.Line, e.Key, true, "resolved %.80q is an address that readers take apart in different ways", e.Resolved)
	}
}

// addressed looks closer at an address, here without its fragment.
func (r *classicReader) addressed(e *Entry, bare string) {
	if i := strings.Index(bare, e.Name+"/-/"); e.Source == Registry && i > 0 && r.bases[0] != bare[:i] {
		r.bases[0], r.bases[1] = bare[:i], r.bases[0]
	}
	if e.Source == URL && isForge(bare) {
		e.Source = Git
	}
	if isRegistryPath(bare) {
		r.doubts.add(e.Line, e.Key, true, "resolved %.80q is a path, which yarn takes below the registry's address", e.Resolved)
	}
}

// isRegistryPath reports whether yarn asks the registry for what stands at a
// path (TarballFetcher's _fetch and NpmRegistry's getRequestUrl): it has no
// scheme, is not marked as a local one, and is more than the name of a file in
// the offline mirror.
func isRegistryPath(path string) bool {
	if at := strings.IndexByte(path, '@'); schemeOf(path) != "" || at > 0 && strings.IndexByte(path, ':') > at {
		return false // as in git@host:path
	}
	up := strings.TrimPrefix(strings.TrimPrefix(path, "."), ".")
	return strings.ContainsAny(path, `/\`) && (up == "" || up[0] != '/' && up[0] != '\\')
}

// unresolved sets the source of an entry without an address by what its
// patterns ask for. yarn writes none for files and links: it takes the address
// in the range, which is the entry's then.
func (r *classicReader) unresolved(e *Entry, patterns []classicPattern) {
	for _, p := range patterns {
		name, spec := p.split()
		if isAddress(name) {
			spec = p.text
		}
		source, form := sourceOf(spec)
		if strings.HasPrefix(spec, "link:") {
			source, form = Link, address
		}
		if form != address {
			source, spec = Registry, ""
		}
		if e.Source == "" || e.Source == Link { // a link pins nothing, whatever else does
			e.Source, e.Resolved = source, spec
		}
	}
	if e.Source != File && e.Source != Link {
		r.doubts.add(e.Line, e.Key, true, "the entry has no address, and yarn takes what it is given when it asks again")
	}
}
