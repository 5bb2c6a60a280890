package lockfile

import (
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest"
)

// denoManifests are the manifests of one folder.
type denoManifests struct {
	deno, npm *manifest.Manifest // nil where there is none, or none that can be read
}

func (r *denoReader) manifests(in Input, folder string) (m denoManifests) {
	if in.Manifest == nil {
		return m
	}
	folder = path.Join(path.Dir(in.Path), folder)
	for _, name := range [...]string{"deno.json", "deno.jsonc"} {
		if data, ok := in.Manifest(path.Join(folder, name)); ok && m.deno == nil {
			m.deno, _ = manifest.ParseDeno(name, data)
		}
	}
	if data, ok := in.Manifest(path.Join(folder, "package.json")); ok {
		m.npm, _ = manifest.ParseNPM("package.json", data)
	}
	return m
}

func (m denoManifests) name() string {
	for _, one := range [...]*manifest.Manifest{m.deno, m.npm} {
		if one != nil && one.Name != "" {
			return one.Name
		}
	}
	return ""
}

// development gives the real names of what package.json asks for in its
// development list only. The lockfile doesn't tell its lists apart.
func (m denoManifests) development() map[string]bool {
	if m.npm == nil {
		return nil
	}
	only := make(map[string]bool)
	for _, q := range m.npm.Requests {
		_, name, _ := cutSpecifier(npmRequest(q))
		dev, known := only[name]
		only[name] = q.Kind == manifest.Development && (dev || !known)
	}
	return only
}

// aliases gives the names under which package.json asks for packages of other
// names, by the request as deno.lock writes it.
func (m denoManifests) aliases() map[string]string {
	if m.npm == nil {
		return nil
	}
	names := make(map[string]string)
	for _, q := range m.npm.Requests {
		if request := npmRequest(q); request == q.Spec {
			names[plainSpecifier(request)] = q.Name
		}
	}
	return names
}

// npmRequest writes a request of package.json as a specifier.
func npmRequest(q manifest.Request) string {
	if strings.HasPrefix(q.Spec, "npm:") || strings.HasPrefix(q.Spec, "jsr:") {
		return q.Spec
	}
	return "npm:" + q.Name + "@" + q.Spec
}

// roots gives what the repository itself asks for: what the file's `workspace`
// says or, in files that are older than that, the manifests; and what nobody
// else asks for, which its code does.
func (r *denoReader) roots(in Input, x *denoIndex) []Root {
	own := r.manifests(in, "")
	folders := []denoRoot{{line: 1}}
	if r.workspace != nil {
		folders = r.workspace.roots
	} else {
		folders[0].asks, folders[0].packages = own.requests()
	}
	roots := make([]Root, len(folders))
	for i, f := range folders {
		m := own
		if i > 0 {
			m = denoManifests{}
			if i < maxMembers {
				m = r.manifests(in, f.folder)
			}
		}
		roots[i] = Root{Name: m.name(), Folder: f.folder, Line: f.line, Dependencies: x.direct(f, m)}
	}
	first := &roots[0]
	for i := range r.specifiers {
		if s := &r.specifiers[i]; !s.asked && x.keyOf(s.entry) != "" {
			_, name, _ := cutSpecifier(s.spec)
			first.Dependencies = append(first.Dependencies, Dependency{Name: name, Spec: s.spec, Key: x.keyOf(s.entry)})
		}
	}
	if own.deno != nil {
		first.Dependencies = append(first.Dependencies, r.imported(own.deno)...)
	}
	return roots
}

// direct answers what one folder asks for.
func (x *denoIndex) direct(f denoRoot, m denoManifests) []Dependency {
	list := make([]Dependency, 0, len(f.asks)+len(f.packages))
	for _, spec := range f.asks {
		name, at := x.ask(spec)
		list = append(list, Dependency{Name: name, Spec: spec, Key: x.keyOf(at)})
	}
	development, aliases := m.development(), m.aliases()
	for _, spec := range f.packages {
		name, at := x.ask(spec)
		d := Dependency{Name: name, Spec: spec, Key: x.keyOf(at)}
		if development[name] {
			d.Kind = Development
		}
		if alias, ok := aliases[plainSpecifier(spec)]; ok {
			d.Name = alias
		}
		list = append(list, d)
	}
	return list
}

// requests gives what deno.json and package.json ask for.
func (m denoManifests) requests() (asks, packages []string) {
	if m.deno != nil {
		for _, q := range m.deno.Requests {
			if scheme, _, _ := cutSpecifier(q.Spec); scheme != "" {
				asks = append(asks, q.Spec)
			}
		}
	}
	if m.npm != nil {
		for _, q := range m.npm.Requests {
			packages = append(packages, npmRequest(q))
		}
	}
	return asks, packages
}

// imported gives the modules that deno.json maps a name to: one by its address,
// or all below an address that ends in a slash.
func (r *denoReader) imported(m *manifest.Manifest) []Dependency {
	whole, below := make(map[string]string), make(map[string]string)
	for _, q := range m.Requests {
		if strings.HasSuffix(q.Spec, "/") {
			below[q.Spec] = q.Name
		} else {
			whole[q.Spec] = q.Name
		}
	}
	var list []Dependency
	for i := range r.entries {
		e := &r.entries[i]
		if e.Ecosystem != Deno {
			continue
		}
		if name, ok := whole[e.Key]; ok {
			list = append(list, Dependency{Name: name, Spec: e.Key, Key: e.Key})
			continue
		}
		for n, end := 0, 0; len(below) > 0 && n < maxFolders; n++ {
			next := strings.IndexByte(e.Key[end:], '/')
			if next < 0 {
				break
			}
			end += next + 1
			if name, ok := below[e.Key[:end]]; ok {
				list = append(list, Dependency{Name: name, Spec: e.Key[:end], Key: e.Key})
				break
			}
		}
	}
	return slices.Clip(list)
}
