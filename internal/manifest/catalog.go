package manifest

import (
	"errors"
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// catalogName makes the two names of the catalog without a name one.
func catalogName(name string) string {
	if name == "default" {
		return ""
	}
	return name
}

// ParsePNPMWorkspace reads what a pnpm-workspace.yaml asks for: the workspaces,
// the overrides and the catalogs. The path serves the error, which is
// "path:line: reading: cause".
func ParsePNPMWorkspace(path string, data []byte) (*Manifest, error) {
	return parseYAML(path, data, map[string]func(*yamlReader, string) error{
		"packages": (*yamlReader).workspaces, "overrides": (*yamlReader).overrides,
		"catalog": (*yamlReader).catalog, "catalogs": (*yamlReader).catalogs,
	})
}

// ParseYarnRC reads the catalogs of a .yarnrc.yml. The path serves the error.
func ParseYarnRC(path string, data []byte) (*Manifest, error) {
	return parseYAML(path, data, map[string]func(*yamlReader, string) error{
		"catalog": (*yamlReader).catalog, "catalogs": (*yamlReader).catalogs,
	})
}

// yamlReader reads one file of settings.
type yamlReader struct {
	walk *yamlline.Walker
	m    Manifest
}

func parseYAML(path string, data []byte, members map[string]func(*yamlReader, string) error) (*Manifest, error) {
	if len(data) > maxSize {
		return nil, fmt.Errorf("%s: reading: %d bytes are more than the %d that are read", path, len(data), maxSize)
	}
	walk, err := yamlline.Parse(data)
	r := &yamlReader{walk: walk}
	if err == nil && walk.Next() {
		err = r.document(members)
	}
	if broken, ok := errors.AsType[*yamlline.Error](err); ok {
		return nil, fmt.Errorf("%s:%d: reading: %s", path, broken.Line, broken.Reason)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: reading: %w", path, err)
	}
	return &r.m, nil
}

func (r *yamlReader) document(members map[string]func(*yamlReader, string) error) error {
	if text, plain, ok := r.walk.TryText(); ok {
		if plain && text == "" {
			return nil
		}
		return &yamlline.Error{Line: r.walk.Line(), Reason: "a mapping was expected"}
	}
	seen := make(map[string]bool)
	return r.walk.Members(func(name string) error {
		read := members[name]
		if read == nil {
			r.walk.Skip()
			return nil
		}
		if seen[name] {
			r.doubt("%s stands twice", name)
		}
		seen[name] = true
		return read(r, name)
	})
}

func (r *yamlReader) workspaces(name string) error {
	if r.walk.Kind() != yamlline.Sequence {
		return r.odd(name, "a sequence")
	}
	return r.walk.Elements(func() error {
		pattern, _, ok := r.walk.TryText()
		if !ok {
			return r.odd(name, "a sequence of texts")
		}
		r.m.Workspaces = append(r.m.Workspaces, pattern)
		return nil
	})
}

func (r *yamlReader) overrides(name string) error {
	return r.texts(name, func(target, spec string, line int) {
		r.m.Overrides = append(r.m.Overrides, Request{Name: target, Spec: spec, Line: line})
	})
}

func (r *yamlReader) catalog(name string) error { return r.entries(name, "") }

func (r *yamlReader) catalogs(name string) error {
	if r.walk.Kind() != yamlline.Map {
		return r.odd(name, "a mapping")
	}
	return r.walk.Members(func(catalog string) error { return r.entries(catalog, catalogName(catalog)) })
}

func (r *yamlReader) entries(name, catalog string) error {
	return r.texts(name, func(target, spec string, line int) {
		r.m.Catalogs = append(r.m.Catalogs, CatalogEntry{catalog, target, spec, line})
	})
}

// texts reads a mapping of names to texts. Nothing in its place is an empty one.
func (r *yamlReader) texts(name string, each func(target, spec string, line int)) error {
	if r.walk.Kind() != yamlline.Map {
		return r.odd(name, "a mapping")
	}
	return r.walk.Members(func(target string) error {
		line := r.walk.Line()
		spec, _, ok := r.walk.TryText()
		if !ok {
			return r.odd(target, "a text")
		}
		each(target, spec, line)
		return nil
	})
}

// odd skips a value of another kind than it should be. Nothing at all is what a
// name has whose entries are commented out.
func (r *yamlReader) odd(name, expected string) error {
	if text, plain, ok := r.walk.TryText(); ok && plain && (text == "" || text == "~" || text == "null") {
		return nil
	} else if !ok {
		r.walk.Skip()
	}
	r.doubt("%.80q is not %s", name, expected)
	return nil
}

func (r *yamlReader) doubt(format string, args ...any) {
	if len(r.m.Doubts) < maxDoubts {
		r.m.Doubts = append(r.m.Doubts, Doubt{r.walk.Line(), fmt.Sprintf(format, args...)})
	}
}
