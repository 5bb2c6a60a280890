package lockfile

import (
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// denoSections are the members that hold what is pinned. They stand at the top
// in versions 4 and 5, and in `packages` in version 3, where Deno takes any of
// them.
var denoSections = map[string]func(*denoReader, string) error{
	"specifiers": (*denoReader).readSpecifiers,
	"jsr":        (*denoReader).readJSR,
	"npm":        (*denoReader).readNPM,
	"redirects":  (*denoReader).readRedirects,
	"remote":     (*denoReader).readModules,
}

// member reads one member of the document. Of two with one name Deno takes the
// last, as serde_json does.
func (r *denoReader) member(name string) error {
	switch name {
	case "version":
		return r.readVersion()
	case "workspace":
		return r.object(name, r.readWorkspace)
	case "packages":
		return r.object(name, func() error {
			return r.walk.Members(func(inner string) error {
				if section, ok := denoSections[inner]; ok {
					return r.section("packages."+inner, section)
				}
				return r.stranger("packages."+inner, inner)
			})
		})
	}
	if section, ok := denoSections[name]; ok {
		return r.section(name, section)
	}
	if r.walk.Kind() == jsonline.String { // as all of version 1
		if err := r.begin(denoTop, name); err != nil {
			return err
		}
		return r.readModule(name)
	}
	return r.stranger(name, name)
}

func (r *denoReader) section(part string, read func(*denoReader, string) error) error {
	return r.object(part, func() error { return read(r, part) })
}

// object reads a part that is an object.
func (r *denoReader) object(part string, read func() error) error {
	line := r.walk.Line()
	if r.walk.Kind() != jsonline.Object {
		line, what, err := r.odd()
		r.doubts.add(line, "", false, "%s is %s, not an object", part, what)
		return err
	}
	if r.opened[part] {
		r.doubts.add(line, "", true, "%s stands twice", part)
	}
	r.opened[part] = true
	return read()
}

// stranger passes over a member that Deno doesn't know. A newer one might, and
// readers that fold case take some for others.
func (r *denoReader) stranger(part, name string) error {
	folds := false
	for section := range denoSections {
		folds = folds || strings.EqualFold(name, section)
	}
	if folds || strings.EqualFold(part, "packages") || strings.EqualFold(part, "version") {
		r.doubts.add(r.walk.Line(), "", true, "a reader that folds case takes %.80q for its lower-case twin", part)
		return r.walk.Skip()
	}
	if len(r.strangers) < maxReadings {
		r.strangers = append(r.strangers, denoPart{part, r.walk.Line()})
	}
	return r.walk.Skip()
}

func (r *denoReader) readVersion() error {
	before := r.version
	if text, ok := r.walk.TryText(); ok {
		r.version = denoVersion{text: text, quoted: true, line: r.walk.Line()}
	} else {
		line, what, err := r.odd()
		if err != nil {
			return err
		}
		r.version = denoVersion{text: what, line: line}
	}
	if before.line > 0 {
		r.doubts.add(r.version.line, "", false, "version stands twice: %.80q, then %.80q", before.text, r.version.text)
	}
	return nil
}
