package lockfile

import (
	"cmp"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// pnpmTypes gives the members that a resolution of each type has. One without
// a type is an archive, of the registry where there is no address.
var pnpmTypes = map[string]uint32{
	"":           1<<pnpmIntegrity | 1<<pnpmTarball | 1<<pnpmPath | 1<<pnpmGitHosted,
	"directory":  1 << pnpmDirectory,
	"git":        1<<pnpmRepo | 1<<pnpmCommit | 1<<pnpmPath | 1<<pnpmIntegrity, // the last is other tools'
	"binary":     1<<pnpmURL | 1<<pnpmIntegrity,
	"variations": 1 << pnpmVariants,
}

// pnpmTyped are the members by which the types differ.
const pnpmTyped = 1<<pnpmIntegrity | 1<<pnpmTarball | 1<<pnpmDirectory | 1<<pnpmRepo | 1<<pnpmCommit |
	1<<pnpmPath | 1<<pnpmURL | 1<<pnpmGitHosted | 1<<pnpmVariants

// resolution reads what says where the bytes come from.
func (r *pnpmReader) resolution(key string, again bool, f *pnpmFields) error {
	if again {
		r.doubts.add(r.walk.Line(), key, true, "resolution stands twice, and pnpm refuses such a file")
		for field := pnpmType; field < pnpmTexts; field++ {
			f.set(field, "")
		}
		f.seen &^= pnpmTyped | 1<<pnpmType
		f.on &^= 1 << pnpmGitHosted
		f.variants = pnpmVariant{}
	}
	if !r.isMap(key, "resolution", true) {
		return nil
	}
	return r.walk.Members(func(name string) error { return r.resolutionField(key, name, f) })
}

// resolutionField reads the value of one member of a resolution.
func (r *pnpmReader) resolutionField(key, name string, f *pnpmFields) error {
	field := pnpmResolutionField(name)
	again := f.seen&(1<<field) != 0
	f.seen |= 1 << field
	switch {
	case field == pnpmUnknown:
		r.twin(key, name, foldedResolution[:])
		r.walk.Skip()
	case field == pnpmIgnored:
		r.walk.Skip()
	case field < pnpmTexts:
		r.textField(key, name, field, again, f)
	case field == pnpmVariants:
		return r.variants(key, f)
	default:
		if r.flag(key, name) {
			f.on |= 1 << field
		}
	}
	return nil
}

// variants reads the archives of a runtime, one for each platform. Its depth
// is bounded by the walker's.
func (r *pnpmReader) variants(key string, f *pnpmFields) error {
	if r.walk.Kind() != yamlline.Sequence {
		line, what := r.odd()
		r.doubts.add(line, key, true, "variants is %s, not a sequence", what)
		return nil
	}
	return r.walk.Elements(func() error {
		if !r.isMap(key, "a variant", true) {
			return nil
		}
		var v pnpmFields
		line := r.walk.Line()
		err := r.walk.Members(func(name string) error {
			if name != "resolution" {
				r.walk.Skip()
				return nil
			}
			again := v.seen&(1<<pnpmResolution) != 0
			v.seen |= 1 << pnpmResolution
			return r.resolution(key, again, &v)
		})
		e := Entry{Line: line, Key: key}
		r.locate(&e, &pnpmKey{}, &v)
		if e.Integrity == nil && e.Source != Git {
			r.doubts.add(line, key, true, "a variant has no hash")
		}
		if f.variants.source == "" {
			f.variants.source, f.variants.resolved = e.Source, e.Resolved
		}
		f.variants.hashes = append(f.variants.hashes, e.Integrity...)
		return err
	})
}

// locate sets where the bytes of an entry come from, and their hashes.
func (r *pnpmReader) locate(e *Entry, k *pnpmKey, f *pnpmFields) {
	kind := f.text[pnpmType]
	allowed, known := pnpmTypes[kind]
	if known && f.seen&pnpmTyped&^allowed != 0 {
		r.doubts.add(e.Line, e.Key, true, "the resolution has members of another type than %.80q", kind)
	}
	if integrity := f.text[pnpmIntegrity]; integrity != "" {
		var odd string
		if e.Integrity, odd = hashes(integrity, &r.hashSlab); odd != "" {
			r.doubts.add(e.Line, e.Key, true, "integrity %.80q %s", integrity, odd)
		}
	}
	switch kind {
	case "":
		r.locateArchive(e, k, f)
	case "directory":
		e.Source, e.Resolved = File, f.text[pnpmDirectory]
	case "git":
		e.Source, e.Resolved = Git, f.text[pnpmRepo]+"#"+f.text[pnpmCommit]
		if path := f.text[pnpmPath]; path != "" { // as pnpm writes it in keys
			e.Resolved += "&path:" + path
		}
		if f.text[pnpmRepo] == "" || f.text[pnpmCommit] == "" {
			r.doubts.add(e.Line, e.Key, true, "the resolution is of a git repository, and doesn't name it and a commit")
		}
	case "binary":
		e.Source, e.Resolved = URL, f.text[pnpmURL]
	case "variations":
		e.Source, e.Resolved, e.Integrity = cmp.Or(f.variants.source, URL), f.variants.resolved, f.variants.hashes
	default: // of a resolver in the repository's own pnpmfile, perhaps
		e.Source = URL
		e.Resolved = cmp.Or(f.text[pnpmURL], f.text[pnpmTarball], f.text[pnpmRepo], f.text[pnpmDirectory])
		r.doubts.add(e.Line, e.Key, true, "the resolution is of type %.80q, which only a resolver of its own understands", kind)
	}
}

// locateArchive is locate for a resolution without a type.
func (r *pnpmReader) locateArchive(e *Entry, k *pnpmKey, f *pnpmFields) {
	tarball := f.text[pnpmTarball]
	e.Source, e.Resolved = Registry, tarball
	switch scheme := schemeOf(tarball); {
	case tarball == "" && strings.HasPrefix(k.address, "file:"): // as pnpm 11 does
		e.Source, e.Resolved = File, k.address
	case tarball == "":
		if e.Integrity == nil {
			r.doubts.add(e.Line, e.Key, false, "the entry has neither a hash nor an address")
		}
	case scheme == "https", scheme == "http":
		r.locateWeb(e, f)
	case scheme == "file":
		e.Source = File
	case scheme != "", strings.HasPrefix(tarball, "//"), strings.HasPrefix(tarball, "."), oddURL(tarball):
		e.Source = URL
		r.doubts.add(e.Line, e.Key, true, "tarball %.80q is an address that readers take apart in different ways", tarball)
	} // else it is relative to the registry's address
}

// locateWeb is locate for an archive on the web.
func (r *pnpmReader) locateWeb(e *Entry, f *pnpmFields) {
	tarball := e.Resolved
	var form form
	if e.Source, form = sourceOf(tarball); form == strange {
		r.doubts.add(e.Line, e.Key, true, "tarball %.80q is an address that readers take apart in different ways", tarball)
	}
	_, commit := forgeArchive(tarball)
	switch {
	case commit != "":
		e.Source = Git
		if path := f.text[pnpmPath]; path != "" { // as pnpm writes it in keys
			e.Resolved += "#path:" + path
		}
	case f.has(pnpmGitHosted): // and then older ones don't ask for a hash
		r.doubts.add(e.Line, e.Key, true, "tarball %.80q is said to be a git host's archive, and is none that pnpm knows", tarball)
	}
}
