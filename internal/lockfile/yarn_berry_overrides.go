package lockfile

import (
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest"
)

// maxOverrides is how many resolutions for one name are looked at. More, or ones
// of more than maxKey bytes, cost an edge its answer at most.
const maxOverrides = 100

// berryOverride is one of the root's resolutions: what a request resolves to
// where the asking package and the range are those, or any if empty.
type berryOverride struct {
	by, byReference string
	of              string
	instead         string
}

// readOverrides files the root's resolutions by the name that they are for.
func (r *berryReader) readOverrides(root *manifest.Manifest) {
	if root == nil {
		return
	}
	for _, q := range root.Overrides {
		name, o, ok := parseResolution(q.Name)
		if !ok || len(q.Name)+len(q.Spec) > maxKey || len(r.overrides[name]) == maxOverrides {
			continue
		}
		if r.overrides == nil {
			r.overrides = make(map[string][]berryOverride, len(root.Overrides))
		}
		o.instead = q.Spec
		r.overrides[name] = append(r.overrides[name], o)
	}
}

// override gives what the root's resolutions say that a request asks for
// instead (CorePlugin.ts, reduceDependency).
func (r *berryReader) override(asking *berryPin, name, of string) (string, bool) {
	for _, o := range r.overrides[name] {
		switch {
		case o.by != "" && o.by != asking.name:
		case o.byReference != "" && requestOf("", o.byReference) != requestOf("", asking.reference):
		case o.of != "" && requestOf("", o.of) != requestOf("", of):
		default:
			return o.instead, true
		}
	}
	return "", false
}

// parseResolution reads "[by[@reference]/]name[@range]" (resolution.pegjs).
func parseResolution(pattern string) (name string, o berryOverride, ok bool) {
	name, o.of, pattern = cutPattern(pattern)
	if rest, more := strings.CutPrefix(pattern, "/"); more && name != "" {
		o.by, o.byReference = name, o.of
		name, o.of, pattern = cutPattern(rest)
	}
	return name, o, name != "" && pattern == ""
}

// cutPattern cuts "name[@description]", in which only a scope has a slash.
func cutPattern(text string) (name, description, rest string) {
	end := 0
	if strings.HasPrefix(text, "@") {
		end = strings.IndexByte(text, '/') + 1
	}
	if next := strings.IndexAny(text[end:], "/@"); next >= 0 {
		end += next
	} else {
		end = len(text)
	}
	name, rest = text[:end], text[end:]
	if strings.HasPrefix(rest, "@") {
		description, _, _ = strings.Cut(rest[1:], "/")
		rest = rest[1+len(description):]
	}
	return name, description, rest
}
