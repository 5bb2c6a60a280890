package registry

import (
	"cmp"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
)

// npmReleaseMembers are the members of one version that are read.
var npmReleaseMembers = newMemberTable(map[string]func(*npmDocument) error{
	"_id":                  (*npmDocument).onlyFull,
	"_nodeVersion":         (*npmDocument).onlyFull,
	"_npmUser":             (*npmDocument).npmUser,
	"_npmVersion":          (*npmDocument).onlyFull,
	"dependencies":         dependencies(Dependency{}),
	"deprecated":           (*npmDocument).deprecated,
	"dist":                 (*npmDocument).dist,
	"gitHead":              (*npmDocument).gitHead,
	"gypfile":              (*npmDocument).gypfile,
	"hasInstallScript":     (*npmDocument).hasInstallScript,
	"maintainers":          (*npmDocument).maintainers,
	"optionalDependencies": dependencies(Dependency{Optional: true}),
	"peerDependencies":     dependencies(Dependency{Peer: true}),
	"peerDependenciesMeta": (*npmDocument).peerDependenciesMeta,
	"repository":           (*npmDocument).releaseRepository,
	"scripts":              (*npmDocument).scripts,
})

var npmDistMembers = newMemberTable(map[string]func(*npmDocument) error{
	"attestations": (*npmDocument).attestations,
	"integrity":    (*npmDocument).integrity,
	"shasum":       (*npmDocument).shasum,
	"signatures":   (*npmDocument).signatures,
	"tarball":      func(d *npmDocument) (err error) { d.release.Archive, err = d.text(); return },
})

func (d *npmDocument) versions() error {
	var err error
	d.listed, err = d.fields(func(name []byte) error {
		if len(d.pkg.Releases) == maxVersions {
			return &limitError{maxVersions, "releases"}
		}
		r := Release{Version: string(name)}
		if err := d.readRelease(&r); err != nil {
			return err
		}
		d.pkg.Releases = append(d.pkg.Releases, r)
		return nil
	})
	return err
}

func (d *npmDocument) readRelease(r *Release) error {
	d.release = r
	d.deps, d.people, d.optionalPeers = d.deps[:0], d.people[:0], d.optionalPeers[:0]
	if _, err := d.members(npmReleaseMembers); err != nil {
		return err
	}
	if err := d.mergeDependencies(); err != nil {
		return err
	}
	r.Dependencies = sameOrClone(d.deps, d.last.Dependencies)
	r.Maintainers = sameOrClone(d.people, d.last.Maintainers)
	d.last = *r
	return nil
}

// sameOrClone keeps one copy of a list that release after release repeats.
func sameOrClone[T comparable](list, last []T) []T {
	switch {
	case len(list) == 0:
		return nil
	case slices.Equal(list, last):
		return last
	}
	return slices.Clone(list)
}

// onlyFull notes a member that npm's abbreviated form never has.
func (d *npmDocument) onlyFull() error {
	d.tellsScripts = true
	return d.skip()
}

func (d *npmDocument) gitHead() (err error) {
	d.release.GitHead, err = d.text()
	d.tellsScripts = d.tellsScripts || d.release.GitHead != ""
	return err
}

// releaseRepository is where the version's own manifest says that its code
// lies. The document's own member is the latest version's, whoever published it.
func (d *npmDocument) releaseRepository() error {
	return d.orMember("url", func(s string) {
		if d.origin.text != s {
			d.origin.text, d.origin.page = s, Repository(s)
		}
		d.release.Repository = d.origin.page
	})
}

func (d *npmDocument) hasInstallScript() (err error) {
	kind := d.d.PeekKind()
	d.tellsScripts = d.tellsScripts || kind == 't' || kind == 'f'
	d.release.HasScript, err = d.flag()
	return err
}

func (d *npmDocument) gypfile() error {
	yes, err := d.flag()
	d.release.Gyp = d.release.Gyp || yes
	return err
}

// deprecated is a notice; some publishers wrote true.
func (d *npmDocument) deprecated() (err error) {
	if d.d.PeekKind() == 't' {
		d.release.Deprecated = "deprecated"
		return d.skip()
	}
	d.release.Deprecated, err = d.term()
	return err
}

// scripts keeps those that npm runs when the package is installed as a
// dependency, and prepare. The install script of node-gyp is what npm puts in
// for a binding.gyp.
func (d *npmDocument) scripts() error {
	r := d.release
	told, err := d.fields(func(name []byte) error {
		switch string(name) {
		default:
			return d.skip()
		case "preinstall", "install", "postinstall", "prepare":
		}
		script := Script{Name: d.intern(name)}
		var err error
		script.Command, err = d.term()
		switch {
		case strings.TrimSpace(script.Command) == "":
		case script.Name == "prepare":
			r.Prepare = script.Command
		default:
			r.Scripts = append(r.Scripts, script)
			r.Gyp = r.Gyp || script == Script{"install", "node-gyp rebuild"}
		}
		return err
	})
	d.tellsScripts = d.tellsScripts || told
	slices.SortFunc(r.Scripts, func(a, b Script) int { return cmp.Compare(a.Name, b.Name) })
	return err
}

// npmUser is who published the release, and how.
func (d *npmDocument) npmUser() (err error) {
	r := d.release
	r.Publisher, err = d.person(func(name []byte) (err error) {
		switch string(name) {
		case "approver":
			r.Approver, err = d.person(func([]byte) error { return d.skip() })
		case "trustedPublisher":
			r.Trusted, err = d.isObject()
		default:
			err = d.skip()
		}
		return err
	})
	d.tellsScripts = d.tellsScripts || r.Publisher != Person{}
	return err
}

func (d *npmDocument) maintainers() error {
	return d.each(func() error {
		if len(d.people) == maxListed {
			return &limitError{maxListed, "maintainers of a release"}
		}
		person, err := d.person(func([]byte) error { return d.skip() })
		if person != (Person{}) {
			d.tellsScripts = true
			d.people = append(d.people, person)
		}
		return err
	})
}

// person reads an object with a name and an address, or "name <address>".
// Other members go to other.
func (d *npmDocument) person(other func(name []byte) error) (p Person, err error) {
	if d.d.PeekKind() == '"' {
		s, err := d.term()
		name, email, _ := strings.Cut(s, "<")
		return Person{strings.TrimSpace(name), strings.TrimSuffix(strings.TrimSpace(email), ">")}, err
	}
	_, err = d.fields(func(name []byte) (err error) {
		switch string(name) {
		case "name":
			p.Name, err = d.term()
		case "email":
			p.Email, err = d.term()
		default:
			err = other(name)
		}
		return err
	})
	return p, err
}

// dist tells of the archive.
func (d *npmDocument) dist() error {
	_, err := d.members(npmDistMembers)
	return err
}

func (d *npmDocument) integrity() error {
	s, err := d.text()
	return cmp.Or(err, d.addHashes(strings.Fields(s)))
}

// shasum is a SHA-1 sum in hexadecimal digits; it is kept as Subresource
// Integrity writes it.
func (d *npmDocument) shasum() error {
	s, err := d.text()
	sum, notHex := hex.DecodeString(s)
	if err != nil || notHex != nil || len(sum) != sha1.Size {
		return err
	}
	return d.addHashes([]string{"sha1-" + base64.StdEncoding.EncodeToString(sum)})
}

// addHashes keeps each hash once: integrity repeats the shasum in old releases.
func (d *npmDocument) addHashes(hashes []string) error {
	r := d.release
	for _, h := range hashes {
		if slices.Contains(r.Integrity, h) {
			continue
		}
		if len(r.Integrity) == maxHashes {
			return &limitError{maxHashes, "hashes of a release"}
		}
		r.Integrity = append(r.Integrity, h)
	}
	return nil
}

func (d *npmDocument) attestations() error {
	_, err := d.fields(func(name []byte) (err error) {
		if string(name) != "provenance" {
			return d.skip()
		}
		d.release.Provenance, err = d.isObject()
		return err
	})
	return err
}

// dependencies reads one of npm's lists. Of a requirement that is no string
// the name alone is kept.
func dependencies(kind Dependency) func(*npmDocument) error {
	return func(d *npmDocument) error {
		_, err := d.fields(func(name []byte) (err error) {
			if len(d.deps) == maxListed {
				return &limitError{maxListed, "dependencies of a release"}
			}
			dep := kind
			dep.Name = d.intern(name)
			dep.Spec, err = d.term()
			d.deps = append(d.deps, dep)
			return err
		})
		return err
	}
}

// peerDependenciesMeta says which peers may be missing.
func (d *npmDocument) peerDependenciesMeta() error {
	_, err := d.fields(func(name []byte) error {
		peer := d.intern(name)
		_, err := d.fields(func(name []byte) error {
			if string(name) != "optional" {
				return d.skip()
			}
			yes, err := d.flag()
			if yes && len(d.optionalPeers) < maxListed {
				d.optionalPeers = append(d.optionalPeers, peer)
			}
			return err
		})
		return err
	})
	return err
}

// mergeDependencies orders the dependencies by name and leaves each once. As
// npm installs them, an optional one replaces its copy among the others, and a
// peer that is a dependency as well is a dependency.
func (d *npmDocument) mergeDependencies() error {
	slices.SortFunc(d.deps, func(a, b Dependency) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.rank(), b.rank()))
	})
	for i := 1; i < len(d.deps); i++ {
		if a, b := d.deps[i-1], d.deps[i]; a.Name == b.Name && a.rank() == b.rank() {
			return errTwice
		}
	}
	d.deps = slices.CompactFunc(d.deps, func(a, b Dependency) bool { return a.Name == b.Name })
	slices.Sort(d.optionalPeers)
	for i := range d.deps {
		if dep := &d.deps[i]; dep.Peer {
			_, dep.Optional = slices.BinarySearch(d.optionalPeers, dep.Name)
		}
	}
	return nil
}

// rank orders the lists that may name a dependency; the first wins.
func (d *Dependency) rank() int {
	switch {
	case d.Peer:
		return 2
	case d.Optional:
		return 0
	}
	return 1
}
