package lockfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// npmField is a member of an entry that this reader looks at.
type npmField uint8

const (
	unread npmField = iota

	// Members whose value is a string.
	fieldName
	fieldVersion
	fieldResolved
	fieldIntegrity
	fieldFrom
	fieldDeprecated
	texts

	// Members whose value is true where they stand.
	fieldLink
	fieldDev
	fieldOptional
	fieldDevOptional
	fieldPeer
	fieldBundled
	fieldScript

	// Members that hold edges; `dependencies` holds entries in a v1 tree.
	fieldDependencies
	fieldDevelopment
	fieldOptionals
	fieldPeers
	fieldRequires
)

func npmFieldOf(name string) npmField {
	switch name {
	case "version":
		return fieldVersion
	case "resolved":
		return fieldResolved
	case "integrity":
		return fieldIntegrity
	case "dependencies":
		return fieldDependencies
	case "dev":
		return fieldDev
	case "requires":
		return fieldRequires
	case "peerDependencies":
		return fieldPeers
	case "optional":
		return fieldOptional
	case "peer":
		return fieldPeer
	case "optionalDependencies":
		return fieldOptionals
	case "hasInstallScript":
		return fieldScript
	case "inBundle", "bundled": // the second is v1's
		return fieldBundled
	case "deprecated":
		return fieldDeprecated
	case "name":
		return fieldName
	case "link":
		return fieldLink
	case "devOptional":
		return fieldDevOptional
	case "devDependencies":
		return fieldDevelopment
	case "from":
		return fieldFrom
	}
	return unread
}

// twinOf gives the member that a reader which folds case, such as Go's
// encoding/json, takes a name for. Only the members that decide which package
// is installed have one.
func twinOf(name string) npmField {
	if isLower(name) {
		return unread
	}
	for _, plain := range [...]string{"version", "resolved", "integrity", "name", "link", "dependencies"} {
		if strings.EqualFold(name, plain) {
			return npmFieldOf(plain)
		}
	}
	return unread
}

func isLower(name string) bool {
	for i := range len(name) {
		if name[i] < 'a' || name[i] > 'z' {
			return false
		}
	}
	return true
}

// npmReading is a value that stands in an entry beside the one that npm reads.
type npmReading struct {
	line  int
	field npmField
	value string
	how   string // how it comes to be there
}

// npmFields is what one entry says.
type npmFields struct {
	text   [texts]string
	seen   uint32 // by npmField
	on     uint32 // the flags that are set, by npmField
	others []npmReading
	from   int // where its edges begin in the reader's scratch
	edges  []Dependency
	kids   []Entry // of a v1 entry, once its `dependencies` are read
}

func (f *npmFields) has(field npmField) bool { return f.on&(1<<field) != 0 }

// other notes another reading. Those beyond the cap are neither the earliest
// nor the one that npm takes.
func (f *npmFields) other(reading npmReading) {
	if len(f.others) < maxReadings {
		f.others = append(f.others, reading)
	}
}

// earliest gives the entry as a reader would see it that takes the first of
// two members with one name, or folds their case.
func (f *npmFields) earliest() npmFields {
	g := *f
	for i := len(f.others) - 1; i >= 0; i-- {
		g.text[f.others[i].field] = f.others[i].value
	}
	return g
}

// fields reads the value of an entry. In a v1 tree its `dependencies` are
// entries, which are read too.
func (r *npmReader) fields(half *npmHalf, key string, f *npmFields) error {
	if r.walk.Kind() != jsonline.Object {
		line, what, err := r.odd()
		r.doubts.add(line, key, false, "the entry is %s, not an object", what)
		return err
	}
	f.from = len(r.scratch)
	err := r.walk.Members(func(name string) error { return r.field(half, key, name, f) })
	f.edges = r.edgeSlab.keep(r.scratch[f.from:]...)
	r.scratch = r.scratch[:f.from]
	return err
}

// field reads the value of one member of an entry.
func (r *npmReader) field(half *npmHalf, key, name string, f *npmFields) error {
	field := npmFieldOf(name)
	if field == unread {
		if field = twinOf(name); field == unread {
			return r.walk.Skip()
		}
		return r.twin(half, key, name, field, f)
	}
	again := f.seen&(1<<field) != 0
	f.seen |= 1 << field
	if again && field > texts && !(half.legacy && field == fieldDependencies) {
		r.doubts.add(r.walk.Line(), key, false, "%s stands twice", name)
	}
	switch {
	case field < texts:
		value, err := r.text(key, name)
		if again {
			f.other(npmReading{r.walk.Line(), field, f.text[field],
				fmt.Sprintf("%s stands twice: %.80q, then %.80q", name, f.text[field], value)})
		}
		f.text[field] = value
		return err
	case field < fieldDependencies:
		return r.flag(key, name, field, f)
	case half.legacy && field == fieldDependencies:
		return r.children(half, key, f)
	}
	if again { // the last one counts
		kind := edgeKinds[field]
		own := slices.DeleteFunc(r.scratch[f.from:], func(d Dependency) bool { return d.Kind == kind })
		r.scratch = r.scratch[:f.from+len(own)]
	}
	return r.edges(half, key, name, field)
}

// twin reads the value of a member that only a reader which folds case takes
// for one of its own.
func (r *npmReader) twin(half *npmHalf, key, name string, field npmField, f *npmFields) error {
	line := r.walk.Line()
	switch {
	case half.legacy && field == fieldDependencies:
		r.doubts.add(line, key, true, "a reader that folds case takes %.80q for dependencies", name)
		return r.children(half, key, f)
	case field < texts && r.walk.Kind() == jsonline.String:
		value, err := r.text(key, name)
		f.other(npmReading{line, field, value,
			fmt.Sprintf("a reader that folds case takes %.80q: %.80q for its lower-case twin", name, value)})
		return err
	}
	r.doubts.add(line, key, field == fieldLink, "a reader that folds case takes %.80q for its lower-case twin", name)
	return r.walk.Skip()
}

// text reads a value that should be a string. npm 6 wrote `false` for the
// address of an optional package that it had not fetched.
func (r *npmReader) text(key, name string) (string, error) {
	if text, ok := r.walk.TryText(); ok {
		return text, nil
	}
	line, what, err := r.odd()
	if name != "resolved" || what != "false" {
		r.doubts.add(line, key, false, "%s is %s, not a string", name, what)
	}
	return "", err
}

// flag reads a value that should be true, as npm takes it: for what JavaScript
// holds to be true.
func (r *npmReader) flag(key, name string, field npmField, f *npmFields) error {
	line, what, err := r.odd()
	f.on |= 1 << field
	switch what {
	case "true":
		return err
	case "false", "null", "0", `""`:
		f.on &^= 1 << field
	}
	if what != "false" {
		r.doubts.add(line, key, field == fieldLink, "%s is %s, not true or false", name, what)
	}
	return err
}

// edgeKinds gives the kind of the edges that a member holds.
var edgeKinds = [...]Kind{
	fieldDependencies: Production,
	fieldDevelopment:  Development,
	fieldOptionals:    OptionalKind,
	fieldPeers:        PeerKind,
	fieldRequires:     Production,
}

// edges reads a map of names to ranges.
func (r *npmReader) edges(half *npmHalf, key, name string, field npmField) error {
	if r.walk.Kind() != jsonline.Object {
		line, what, err := r.odd()
		if field != fieldRequires || what != "true" && what != "false" { // old files say only whether there are any
			r.doubts.add(line, key, false, "%s is %s, not an object", name, what)
		}
		return err
	}
	from, kind := len(r.scratch), edgeKinds[field]
	err := r.walk.Members(func(target string) error {
		if r.edgeCount++; r.edgeCount > maxEdges {
			return r.over(maxEdges, "requests of packages for packages")
		}
		spec, err := r.text(key, name)
		r.scratch = append(r.scratch, Dependency{Name: target, Spec: spec, Kind: kind})
		return err
	})
	if err != nil {
		return err
	}
	r.edgesTwice(key, name, r.scratch[from:])
	// npm reads these of a package of the repository only, and `requires` in a v1 tree only.
	if field == fieldDevelopment && placeOf(key).name != "" || half.legacy != (field == fieldRequires) {
		r.scratch = r.scratch[:from]
	}
	return nil
}

// edgesTwice looks for names that a map of edges holds twice.
func (r *jsonDocument) edgesTwice(key, name string, edges []Dependency) {
	sorted := true
	for i := 1; i < len(edges); i++ {
		sorted = sorted && edges[i-1].Name < edges[i].Name
	}
	if sorted { // as npm writes nearly all
		return
	}
	known := make(map[string]string, len(edges))
	for _, d := range edges {
		if spec, ok := known[d.Name]; ok {
			r.doubts.add(r.walk.Line(), key, false, "%s holds %.80q twice: %.80q, then %.80q", name, d.Name, spec, d.Spec)
		}
		known[d.Name] = d.Spec
	}
}
