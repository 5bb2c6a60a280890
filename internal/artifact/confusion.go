package artifact

import (
	"maps"
	"slices"
	"strings"
)

// Claims is what a registry says of a version, which it took from the publisher
// and never held against the archive.
type Claims struct {
	Name         string
	Version      string
	Scripts      map[string]string // preinstall, install and postinstall; others are ignored
	Dependencies map[string]string // production, optional and peer
}

// Difference is one point in which the archive's manifest is not what the
// registry says. An empty side has nothing there.
type Difference struct {
	Field  string // "name", "version", "scripts.postinstall", "dependencies.left-pad"
	Inside string // the archive's
	Listed string // the registry's
}

// Confusion holds an archive's own manifest against the registry's, in order of
// field: what npm shows and audits is the registry's, what runs is the
// archive's (https://blog.vlt.sh/blog/the-massive-hole-in-the-npm-ecosystem).
// What npm's publishing itself rewrites is no difference. The manifest must
// have been read.
func Confusion(p *Profile, c Claims) []Difference {
	m := p.Manifest
	if m == nil {
		return nil
	}
	var found []Difference
	add := func(field, inside, listed string) { found = append(found, Difference{field, inside, listed}) }
	if inside, listed := strings.TrimSpace(m.Name), strings.TrimSpace(c.Name); inside != listed {
		add("name", inside, listed)
	}
	if inside, listed := plainVersion(m.Version), plainVersion(c.Version); inside != listed {
		add("version", inside, listed)
	}
	for _, name := range []string{"install", "postinstall", "preinstall"} {
		inside, listed := strings.TrimSpace(m.Scripts[name]), strings.TrimSpace(c.Scripts[name])
		if inside != listed && !(inside == "" && builds(p, name, listed)) {
			add("scripts."+name, inside, listed)
		}
	}
	for _, name := range union(m.Dependencies, c.Dependencies) {
		inside, has := m.Dependencies[name]
		listed, claims := c.Dependencies[name]
		if has != claims || !sameSpec(inside, listed) {
			add("dependencies."+name, present(inside, has), present(listed, claims))
		}
	}
	slices.SortStableFunc(found, func(a, b Difference) int { return strings.Compare(a.Field, b.Field) })
	return found
}

// present shows a dependency without a requirement as the any that it is.
func present(spec string, has bool) string {
	if has && spec == "" {
		return "*"
	}
	return spec
}

// builds reports whether a listed script is the one that npm fills in where an
// archive has a binding.gyp.
func builds(p *Profile, name, listed string) bool {
	if name != "install" || listed != "node-gyp rebuild" || p.Manifest.Scripts["preinstall"] != "" {
		return false
	}
	_, ok := slices.BinarySearchFunc(p.Files, gypFile, func(f File, path string) int { return strings.Compare(f.Path, path) })
	return ok
}

// plainVersion drops what semver's cleaning does: "v1.2.3" and "=1.2.3" are
// published as 1.2.3, and without build metadata.
func plainVersion(v string) string {
	v, _, _ = strings.Cut(strings.TrimLeft(strings.TrimSpace(v), "=v \t"), "+")
	return v
}

// sameSpec allows for how npm writes an address of a repository before it
// publishes: "user/name" becomes "github:user/name" or git's own address.
func sameSpec(inside, listed string) bool {
	inside, listed = strings.Join(strings.Fields(inside), " "), strings.Join(strings.Fields(listed), " ")
	switch {
	case inside == listed, (inside == "" || inside == "*") && (listed == "" || listed == "*"):
		return true
	case !strings.Contains(inside, "/") || !strings.Contains(listed, "/"):
		return false
	}
	return repository(inside) == repository(listed)
}

// repository gives "github:user/name#commit" for each way to write it.
func repository(spec string) string {
	spec = strings.TrimPrefix(spec, "git+")
	for _, prefix := range []string{"https://github.com/", "http://github.com/", "ssh://git@github.com/", "git://github.com/", "git@github.com:", "github:"} {
		if rest, ok := strings.CutPrefix(spec, prefix); ok {
			spec = rest
			break
		}
	}
	path, commit, _ := strings.Cut(spec, "#")
	return strings.TrimSuffix(path, ".git") + "#" + commit
}

func union(a, b map[string]string) []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(names)
	return slices.Compact(names)
}
