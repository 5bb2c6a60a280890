package lockfile

import (
	"strconv"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// member reads one member of the document.
func (r *bunReader) member(name string) error {
	switch name {
	case "lockfileVersion":
		return r.lockfileVersion()
	case "packages":
		return r.section(name, r.installed)
	case "workspaces":
		return r.section(name, r.workspace)
	case "overrides", "catalog", "catalogs":
		return r.targets(2)
	}
	for _, own := range [...]string{"packages", "workspaces", "lockfileVersion"} {
		if strings.EqualFold(name, own) {
			r.doubts.add(r.walk.Line(), "", own == "packages", "a reader that folds case takes %.80q for %s", name, own)
		}
	}
	return r.walk.Skip()
}

// lockfileVersion reads the file's version. Of two members with one name bun
// takes the first, here and everywhere.
func (r *bunReader) lockfileVersion() error {
	line, value, err := r.odd()
	if r.declared != "" {
		r.doubts.add(line, "", false, "lockfileVersion stands twice: %.80s, then %.80s", r.declared, value)
		return err
	}
	r.declared = value
	version, bad := strconv.Atoi(value)
	switch {
	case bad != nil || !isDigits(value):
		r.doubts.add(line, "", false, "lockfileVersion is %s, which bun never writes", value)
		return err
	case version > bunNewest:
		r.doubts.add(line, "", false, "lockfileVersion %d is newer than the versions that are known", version)
	}
	r.version = version
	return err
}

// section reads an object at the top of the document.
func (r *bunReader) section(name string, member func(key string) error) error {
	line := r.walk.Line()
	if first, ok := r.seen[name]; ok {
		r.doubts.add(line, "", true, "%s stands twice, first on line %d, and bun reads only that", name, first)
	} else {
		r.seen[name] = line
	}
	if r.walk.Kind() != jsonline.Object {
		line, what, err := r.odd()
		r.doubts.add(line, "", true, "%s is %s, not an object", name, what)
		return err
	}
	return r.walk.Members(member)
}

// targets reads what overrides and catalogs set in the place of requests. They
// nest once, by the package whose requests are meant, or by the catalog.
func (r *bunReader) targets(depth int) error {
	if depth == 0 || r.walk.Kind() != jsonline.Object {
		return r.walk.Skip()
	}
	return r.walk.Members(func(string) error {
		if spec, ok := r.walk.TryText(); ok {
			r.target(spec)
			return nil
		}
		return r.targets(depth - 1)
	})
}

// target notes the package that a request names behind "npm:".
func (r *bunReader) target(spec string) {
	if named, ok := strings.CutPrefix(spec, "npm:"); ok {
		name, _ := splitSpec(named)
		r.asked[name] = true
	}
}

// workspace reads one of the repository's own packages.
func (r *bunReader) workspace(folder string) error {
	if err := r.count(folder); err != nil {
		return err
	}
	line := r.walk.Line()
	var info bunInfo
	err := r.info(folder, &info)
	root := Root{Name: info.name, Folder: folder, Line: line, Dependencies: info.edges}
	r.workspaces = append(r.workspaces, bunWorkspace{root, info.version})
	return err
}

// count keeps the caps on keys.
func (r *bunReader) count(key string) error {
	switch {
	case len(r.entries)+len(r.workspaces) >= maxEntries:
		return r.over(maxEntries, "entries")
	case len(key) > maxKey:
		return r.over(maxKey, "bytes in the key of an entry")
	}
	return nil
}
