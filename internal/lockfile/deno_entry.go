package lockfile

import (
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// eachEntry reads an object whose names are keys of entries.
func (r *denoReader) eachEntry(part string, entry func(key string) error) error {
	return r.walk.Members(func(key string) error {
		if err := r.begin(part, key); err != nil {
			return err
		}
		return entry(key)
	})
}

// begin makes room for one more entry of a part.
func (r *denoReader) begin(part, key string) error {
	if !r.held[part] {
		r.held[part] = true
		r.parts = append(r.parts, denoPart{part, r.walk.Line()})
	}
	return r.count(key)
}

// count bounds entries, specifiers and members of the workspace.
func (r *denoReader) count(key string) error {
	if r.entryCount++; r.entryCount > maxEntries {
		return r.over(maxEntries, "entries and specifiers")
	}
	if len(key) > maxKey {
		return r.over(maxKey, "bytes in the key of an entry")
	}
	return nil
}

// readNPM reads packages of npm. In version 2 they stand one level deeper,
// beside their specifiers.
func (r *denoReader) readNPM(part string) error {
	return r.walk.Members(func(key string) error {
		switch {
		case part != "npm" || r.walk.Kind() != jsonline.Object:
		case key == "packages":
			return r.section("npm.packages", (*denoReader).readNPM)
		case key == "specifiers":
			return r.section("npm.specifiers", (*denoReader).readSpecifiers)
		}
		if err := r.begin(part, key); err != nil {
			return err
		}
		return r.npmPackage(key)
	})
}

func (r *denoReader) npmPackage(key string) error {
	e := Entry{Line: r.walk.Line(), Key: key, Source: Registry}
	var f denoFields
	if err := r.fields(key, &f); err != nil {
		return err
	}
	e.Name, e.Version = r.nameAndVersion(&e)
	e.Version, _, _ = strings.Cut(e.Version, "_") // the peers that it was resolved with
	e.Dependencies = f.edges
	if f.scripts {
		e.InstallScript = Yes
	}
	if f.deprecated {
		e.Deprecated = "deprecated" // the notice itself is not kept
	}
	if isSum(f.integrity, 40) { // of sha1, where the registry has nothing better
		e.Integrity = r.hashSlab.keep(f.integrity)
	} else {
		var odd string
		if e.Integrity, odd = hashes(f.integrity, &r.hashSlab); odd != "" {
			r.doubts.add(e.Line, key, true, "integrity %.80q %s", f.integrity, odd)
		}
	}
	if e.Resolved = f.tarball; e.Resolved != "" {
		var form form
		if e.Source, form = sourceOf(e.Resolved); form != address || e.Source == Git || e.Source == File {
			e.Source = URL
			r.doubts.add(e.Line, key, true, "tarball %.80q is no address, or one that readers take apart in different ways", e.Resolved)
		}
	}
	r.entries = append(r.entries, e)
	return nil
}

// readJSR reads packages of JSR.
func (r *denoReader) readJSR(part string) error {
	return r.eachEntry(part, func(key string) error {
		e := Entry{Line: r.walk.Line(), Key: key, Ecosystem: JSR, Source: Registry, InstallScript: No}
		var f denoFields
		if err := r.fields(key, &f); err != nil {
			return err
		}
		e.Name, e.Version = r.nameAndVersion(&e)
		e.Dependencies = f.edges
		if f.integrity != "" {
			e.Integrity = r.sum(&e, f.integrity)
		}
		r.entries = append(r.entries, e)
		return nil
	})
}

// nameAndVersion takes apart the key of a package.
func (r *denoReader) nameAndVersion(e *Entry) (name, version string) {
	name, version = cutVersion(e.Key)
	plain := isPlainName(name) ||
		name != "" && isGraphic(name) && strings.IndexByte(name, '\\') < 0 && oddName(e.Key, name) == ""
	if !plain || version == "" || e.Ecosystem == JSR && name[0] != '@' {
		r.doubts.add(e.Line, e.Key, true, "the key %.80q is not the name and the version of a package", e.Key)
	}
	return name, version
}

// cutVersion cuts "@scope/name@1.0.0" at the first @ that is not its own first
// byte. What follows the version of an npm package may hold more of them.
func cutVersion(key string) (name, version string) {
	if key == "" {
		return "", ""
	}
	at := strings.IndexByte(key[1:], '@')
	if at < 0 {
		return key, ""
	}
	return key[:at+1], key[at+2:]
}

// sum keeps a bare sha256 sum, as entries have that are not npm's.
func (r *denoReader) sum(e *Entry, hash string) []string {
	if !isSum(hash, 64) {
		r.doubts.add(e.Line, e.Key, true, "%.80q is no hash that Deno verifies", hash)
	}
	if hash == "" {
		return nil
	}
	return r.hashSlab.keep(hash)
}

// isSum reports whether a text is so many hexadecimal digits. Deno compares the
// texts of sums, so that one in upper case fits nothing.
func isSum(text string, digits int) bool {
	var other byte // without a branch for each digit: none can be guessed
	for i := range len(text) {
		other |= notHex[text[i]]
	}
	return len(text) == digits && other == 0
}

var notHex = bytesBut("0123456789abcdef")

// readModules reads the hashes of modules by their addresses.
func (r *denoReader) readModules(part string) error { return r.eachEntry(part, r.readModule) }

func (r *denoReader) readModule(key string) error {
	e := r.module(key, key)
	e.Name, e.Version = Module(key)
	hash, err := r.text(key, "the hash of a module")
	if err == nil {
		e.Integrity = r.sum(&e, hash)
	}
	r.entries = append(r.entries, e)
	return err
}

// readRedirects reads which address answers for another. A redirect is an entry
// by the address that is imported, so that a change of its target is a change;
// its version and hash are those of what it leads to.
func (r *denoReader) readRedirects(part string) error {
	return r.eachEntry(part, func(key string) error {
		line := r.walk.Line()
		target, err := r.text(key, "the target of a redirect")
		e := r.module(key, target)
		e.Line, e.Name = line, key
		_, e.Version = Module(target)
		r.redirects++
		r.entries = append(r.entries, e)
		return err
	})
}

// module begins the entry of a key whose bytes come from an address.
func (r *denoReader) module(key, address string) Entry {
	e := Entry{
		Line: r.walk.Line(), Key: key, Ecosystem: Deno,
		Source: URL, Resolved: address, InstallScript: No,
	}
	if odd := oddModule(address); odd != "" {
		r.doubts.add(e.Line, key, true, "%.80q %s", address, odd)
	}
	return e
}
