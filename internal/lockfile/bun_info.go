package lockfile

import "github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"

// bunInfo is what a workspace, or the object in a tuple, says of a package.
type bunInfo struct {
	name, version string
	bundled       bool
	script        bool // it is said to run code at install; bun 1.4.3 began to write that
	edges         []Dependency
	seen          uint8 // the lists that were read, by Kind
}

// info reads an object of that kind. Platforms, binaries and optionalPeers
// don't tell what is installed from where, and are passed over.
func (r *bunReader) info(key string, info *bunInfo) error {
	if r.walk.Kind() != jsonline.Object {
		line, what, err := r.odd()
		r.doubts.add(line, key, false, "the value of %.80q is %s, not an object", key, what)
		return err
	}
	from := len(r.scratch)
	err := r.walk.Members(func(member string) error { return r.fact(key, member, info) })
	info.edges = r.edgeSlab.keep(r.scratch[from:]...)
	r.scratch = r.scratch[:from]
	return err
}

// fact reads one member of such an object.
func (r *bunReader) fact(key, member string, info *bunInfo) error {
	var kind Kind
	switch member {
	case "dependencies":
		kind = Production
	case "devDependencies":
		kind = Development
	case "optionalDependencies":
		kind = OptionalKind
	case "peerDependencies":
		kind = PeerKind
	case "name":
		return r.text(key, member, &info.name)
	case "version":
		return r.text(key, member, &info.version)
	case "bundled":
		return r.flag(key, member, &info.bundled)
	case "hasInstallScript":
		return r.flag(key, member, &info.script)
	default:
		return r.walk.Skip()
	}
	if info.seen&(1<<kind) != 0 {
		r.doubts.add(r.walk.Line(), key, false, "%s stands twice", member)
	}
	info.seen |= 1 << kind
	return r.requests(key, member, kind)
}

// requests reads a map of names to ranges.
func (r *bunReader) requests(key, member string, kind Kind) error {
	if r.walk.Kind() != jsonline.Object {
		line, what, err := r.odd()
		r.doubts.add(line, key, false, "%s is %s, not an object", member, what)
		return err
	}
	from := len(r.scratch)
	err := r.walk.Members(func(name string) error {
		if r.edgeCount++; r.edgeCount > maxEdges {
			return r.over(maxEdges, "requests of packages for packages")
		}
		var spec string
		err := r.text(key, member, &spec)
		r.target(spec)
		r.scratch = append(r.scratch, Dependency{Name: name, Spec: spec, Kind: kind})
		return err
	})
	if err != nil {
		return err
	}
	r.edgesTwice(key, member, r.scratch[from:])
	return nil
}

// text reads a value that should be a string.
func (r *bunReader) text(key, member string, into *string) error {
	if text, ok := r.walk.TryText(); ok {
		*into = text
		return nil
	}
	line, what, err := r.odd()
	r.doubts.add(line, key, false, "%s is %s, not a string", member, what)
	return err
}

// flag reads a value that is true where it stands.
func (r *bunReader) flag(key, member string, into *bool) error {
	line, what, err := r.odd()
	if *into = what == "true"; !*into {
		r.doubts.add(line, key, false, "%s is %s, and bun writes only true", member, what)
	}
	return err
}
