package lockfile

import (
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// denoField is a member of an entry that this reader looks at.
type denoField uint8

const (
	denoOther denoField = iota
	denoIntegrity
	denoTarball
	denoScripts
	denoDeprecated
	denoDependencies
	denoOptionals
	denoOptionalPeers
)

func denoFieldOf(name string) denoField {
	switch name {
	case "integrity":
		return denoIntegrity
	case "dependencies":
		return denoDependencies
	case "optionalDependencies":
		return denoOptionals
	case "optionalPeers":
		return denoOptionalPeers
	case "tarball":
		return denoTarball
	case "scripts":
		return denoScripts
	case "deprecated":
		return denoDeprecated
	}
	return denoOther
}

// denoEdgeKinds gives the kind of the edges that a member holds.
var denoEdgeKinds = [...]Kind{
	denoDependencies:  Production,
	denoOptionals:     OptionalKind,
	denoOptionalPeers: PeerKind,
}

// denoFields is what one entry says.
type denoFields struct {
	integrity, tarball  string
	scripts, deprecated bool
	seen                uint8 // by denoField
	edges               []Dependency
}

// fields reads the value of an entry.
func (r *denoReader) fields(key string, f *denoFields) error {
	if r.walk.Kind() != jsonline.Object {
		line, what, err := r.odd()
		r.doubts.add(line, key, false, "the entry is %s, not an object", what)
		return err
	}
	r.scratch = r.scratch[:0]
	err := r.walk.Members(func(name string) error { return r.field(key, name, f) })
	f.edges = r.edgeSlab.keep(r.scratch...)
	return err
}

// field reads the value of one member of an entry. Of two with one name Deno
// takes the last.
func (r *denoReader) field(key, name string, f *denoFields) error {
	field := denoFieldOf(name)
	if field == denoOther {
		return r.otherField(key, name)
	}
	if f.seen&(1<<field) != 0 {
		return r.again(key, name, field, f)
	}
	f.seen |= 1 << field
	var err error
	switch field {
	case denoIntegrity:
		f.integrity, err = r.text(key, name)
	case denoTarball:
		f.tarball, err = r.text(key, name)
	case denoScripts:
		f.scripts, err = r.flag(key, name)
	case denoDeprecated:
		f.deprecated, err = r.flag(key, name)
	default:
		err = r.edges(key, name, denoEdgeKinds[field])
	}
	return err
}

// again reads a member that the entry has already.
func (r *denoReader) again(key, name string, field denoField, f *denoFields) error {
	line, before := r.walk.Line(), *f
	f.seen &^= 1 << field
	err := r.field(key, name, f)
	other := before.integrity != f.integrity || before.tarball != f.tarball
	r.doubts.add(line, key, other, "%s stands twice", name)
	return err
}

// otherField passes over a member that says nothing of what is installed. Newer
// ones come without a new version of the format.
func (r *denoReader) otherField(key, name string) error {
	if !isLower(name) {
		for _, plain := range [...]string{"integrity", "tarball", "scripts", "dependencies", "optionalDependencies"} {
			if strings.EqualFold(name, plain) {
				decides := plain == "integrity" || plain == "tarball"
				r.doubts.add(r.walk.Line(), key, decides, "a reader that folds case takes %.80q for %s", name, plain)
			}
		}
	}
	return r.walk.Skip()
}

// text reads a value that should be a string.
func (r *denoReader) text(key, name string) (string, error) {
	if text, ok := r.walk.TryText(); ok {
		return text, nil
	}
	line, what, err := r.odd()
	r.doubts.add(line, key, false, "%s is %s, not a string", name, what)
	return "", err
}

// flag reads a value that is true where it stands.
func (r *denoReader) flag(key, name string) (bool, error) {
	line, what, err := r.odd()
	if what != "true" && what != "false" {
		r.doubts.add(line, key, false, "%s is %s, not true or false", name, what)
	}
	return what == "true", err
}

// edges reads a list of requests, or, as in versions 2 and 3, a map of names to
// the keys that answer. What they lead to is told when all entries are read.
func (r *denoReader) edges(key, name string, kind Kind) error {
	add := func(target string) error {
		if r.edgeCount++; r.edgeCount > maxEdges {
			return r.over(maxEdges, "requests of packages for packages")
		}
		spec, err := r.text(key, name)
		r.scratch = append(r.scratch, Dependency{Name: target, Spec: spec, Kind: kind})
		return err
	}
	switch r.walk.Kind() {
	case jsonline.Array:
		return r.walk.Elements(func() error { return add("") })
	case jsonline.Object:
		return r.walk.Members(add)
	}
	line, what, err := r.odd()
	r.doubts.add(line, key, false, "%s is %s, not an array or object", name, what)
	return err
}
