package manifest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// Caps on a package.json. Real ones have a few kilobytes.
const (
	maxSize     = 8 << 20 // bytes of the file
	maxDoubts   = 100
	maxPathText = 8 << 20 // bytes of all override paths, which nesting repeats
)

// requestLists are the members of package.json that ask for packages.
var requestLists = map[string]Kind{
	"dependencies":         Production,
	"devDependencies":      Development,
	"optionalDependencies": Optional,
	"peerDependencies":     Peer,
}

// lifecycle are the scripts that npm runs by itself when it installs the
// package's own folder, its links or a git checkout of it.
var lifecycle = map[string]bool{
	"preinstall": true, "install": true, "postinstall": true,
	"prepublish": true, "preprepare": true, "prepare": true, "postprepare": true,
	"dependencies": true,
}

// npmReader reads one package.json.
type npmReader struct {
	walk     *jsonline.Walker
	m        Manifest
	seen     map[string]bool
	pathText int
}

// ParseNPM reads a package.json. The path serves the error, which is
// "path:line: reading: cause".
func ParseNPM(path string, data []byte) (*Manifest, error) {
	return parse(path, data, jsonline.New, (*npmReader).member)
}

// parse reads a document member by member.
func parse(path string, data []byte, walk func([]byte) *jsonline.Walker, member func(*npmReader, string) error) (*Manifest, error) {
	if len(data) > maxSize {
		return nil, fmt.Errorf("%s: reading: %d bytes are more than the %d that are read", path, len(data), maxSize)
	}
	r := &npmReader{walk: walk(data), seen: map[string]bool{}}
	err := r.walk.Members(func(name string) error { return member(r, name) })
	if err == nil {
		err = r.walk.End()
	}
	if broken, ok := errors.AsType[*jsonline.Error](err); ok {
		return nil, fmt.Errorf("%s:%d: reading: %s", path, broken.Line, broken.Reason)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: reading: %w", path, err)
	}
	return &r.m, nil
}

// member reads one member of the document. Of two with one name npm takes the
// last, as JSON.parse does.
func (r *npmReader) member(name string) error {
	kind, requests := requestLists[name]
	switch {
	case requests:
		r.once(name)
		r.m.Requests = slices.DeleteFunc(r.m.Requests, func(q Request) bool { return q.Kind == kind })
		return r.members(name, func(target string) error { return r.request(&r.m.Requests, target, kind) })
	case name == "name":
		r.once(name)
		return r.text(name, &r.m.Name)
	case name == "version":
		r.once(name)
		return r.text(name, &r.m.Version)
	case name == "workspaces":
		r.once(name)
		r.m.Workspaces = nil
		return r.workspaces(name)
	case name == "overrides":
		r.once(name)
		return r.members(name, func(target string) error { return r.override("", target) })
	case name == "resolutions":
		r.once(name)
		return r.members(name, func(target string) error { return r.request(&r.m.Overrides, target, Production) })
	case name == "pnpm":
		r.once(name)
		return r.members(name, r.pnpm)
	case name == "catalog" || name == "catalogs":
		r.once(name)
		return r.catalog(name)
	case name == "scripts":
		r.once(name)
		r.m.Scripts = nil
		return r.members(name, r.script)
	}
	return r.walk.Skip()
}

// pnpm reads the settings that pnpm took from package.json before version 11.
func (r *npmReader) pnpm(name string) error {
	if name != "overrides" {
		return r.walk.Skip()
	}
	r.once("pnpm.overrides")
	return r.members(name, func(target string) error { return r.request(&r.m.Overrides, target, Production) })
}

// catalog reads bun's `catalog`, or its `catalogs` by name.
func (r *npmReader) catalog(name string) error {
	entries := func(catalog string) func(string) error {
		return func(target string) error {
			e := CatalogEntry{Catalog: catalog, Name: target, Line: r.walk.Line()}
			err := r.text(target, &e.Spec)
			r.m.Catalogs = append(r.m.Catalogs, e)
			return err
		}
	}
	if name == "catalog" {
		return r.members(name, entries(""))
	}
	return r.members(name, func(catalog string) error { return r.members(catalog, entries(catalogName(catalog))) })
}

// once notes a member that stands twice.
func (r *npmReader) once(name string) {
	if r.seen[name] {
		r.doubt("%s stands twice", name)
	}
	r.seen[name] = true
}

// request reads the value of one name of a list.
func (r *npmReader) request(list *[]Request, name string, kind Kind) error {
	q := Request{Name: name, Kind: kind, Line: r.walk.Line()}
	err := r.text(name, &q.Spec)
	*list = append(*list, q)
	return err
}

// override reads one override, flattening nested ones: the name of each is the
// path of names to it, and "." stands for the package itself.
func (r *npmReader) override(path, name string) error {
	full := name
	switch {
	case path == "":
	case name == ".":
		full = path
	default:
		full = path + ">" + name
	}
	if r.pathText += len(full); r.pathText > maxPathText {
		return &jsonline.Error{Line: r.walk.Line(), Reason: fmt.Sprintf("overrides have more than %d bytes of names", maxPathText)}
	}
	if r.walk.Kind() != jsonline.Object {
		return r.request(&r.m.Overrides, full, Production)
	}
	return r.walk.Members(func(below string) error { return r.override(full, below) })
}

func (r *npmReader) script(name string) error {
	if !lifecycle[name] {
		return r.walk.Skip()
	}
	s := Script{Name: name, Line: r.walk.Line()}
	err := r.text(name, &s.Command)
	r.m.Scripts = append(r.m.Scripts, s)
	return err
}

// workspaces reads an array of patterns, or an object that holds one as its
// `packages`.
func (r *npmReader) workspaces(name string) error {
	switch r.walk.Kind() {
	case jsonline.Array:
		return r.walk.Elements(func() error {
			var pattern string
			err := r.text(name, &pattern)
			r.m.Workspaces = append(r.m.Workspaces, pattern)
			return err
		})
	case jsonline.Object:
		return r.walk.Members(func(inner string) error {
			switch {
			case inner == "packages" && r.walk.Kind() == jsonline.Array:
				return r.workspaces(inner)
			case inner == "catalog" || inner == "catalogs": // bun reads them here, too
				return r.catalog(inner)
			}
			return r.walk.Skip()
		})
	}
	return r.odd(name, "an array or object")
}

// members reads an object, and notes it where something else stands.
func (r *npmReader) members(name string, member func(string) error) error {
	if r.walk.Kind() != jsonline.Object {
		return r.odd(name, "an object")
	}
	return r.walk.Members(member)
}

// text reads a string, and notes it where something else stands.
func (r *npmReader) text(name string, into *string) error {
	text, ok := r.walk.TryText()
	if !ok {
		return r.odd(name, "a string")
	}
	*into = text
	return nil
}

// odd skips a value of another kind than it should be.
func (r *npmReader) odd(name, expected string) error {
	r.doubt("%.80q is not %s", name, expected)
	return r.walk.Skip()
}

func (r *npmReader) doubt(format string, args ...any) {
	if len(r.m.Doubts) < maxDoubts {
		r.m.Doubts = append(r.m.Doubts, Doubt{r.walk.Line(), fmt.Sprintf(format, args...)})
	}
}
