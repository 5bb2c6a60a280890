package gate

import (
	"context"
	"path"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/manifest"
)

// requests lists what the manifests of the head ask for, of the lockfiles that
// the change touches, with the entries that answer.
func (s *sides) requests(ctx context.Context) []evidence.Request {
	var all []evidence.Request
	for _, p := range s.pairs {
		if inv := p.head.inventory; inv != nil && !p.same {
			all = append(all, asked(inv, s.head.manifest(ctx))...)
		}
	}
	return all
}

// asked joins the roots of one lockfile with their manifests.
func asked(inv *lockfile.Inventory, read func(string) ([]byte, bool)) []evidence.Request {
	folder := path.Dir(inv.Path)
	project := readProject(folder, read)
	var all []evidence.Request
	for _, root := range inv.Roots {
		file := path.Join(folder, root.Folder, "package.json")
		m := parsed(file, read, manifest.ParseNPM)
		if m == nil {
			continue
		}
		specs := make(map[string][]string)
		lines := make(map[string]int)
		for _, q := range m.Requests {
			if q.Kind == manifest.Peer {
				continue
			}
			if specs[q.Name] == nil {
				lines[q.Name] = q.Line
			}
			specs[q.Name] = append(specs[q.Name], project.spec(q))
		}
		for _, d := range root.Dependencies {
			if d.Key == "" || d.Kind == lockfile.PeerKind || specs[d.Name] == nil || project.overridden[d.Name] {
				continue
			}
			all = append(all, evidence.Request{
				Path: file, Line: lines[d.Name], Name: d.Name, Specs: specs[d.Name],
				Lockfile: inv.Path, Key: d.Key,
			})
			delete(specs, d.Name)
		}
	}
	return all
}

// project is what the files beside a lockfile change about all requests.
type project struct {
	overridden map[string]bool
	catalogs   map[[2]string]string // by catalog and name
}

// readProject reads the overrides and the catalogs of npm, pnpm, yarn and bun in
// whichever of their files they stand. A file that can't be read changes nothing.
func readProject(folder string, read func(string) ([]byte, bool)) project {
	p := project{catalogs: make(map[[2]string]string)}
	var overrides []manifest.Request
	for _, m := range []*manifest.Manifest{
		parsed(path.Join(folder, "package.json"), read, manifest.ParseNPM),
		parsed(path.Join(folder, "pnpm-workspace.yaml"), read, manifest.ParsePNPMWorkspace),
		parsed(path.Join(folder, ".yarnrc.yml"), read, manifest.ParseYarnRC),
	} {
		if m == nil {
			continue
		}
		overrides = append(overrides, m.Overrides...)
		for _, c := range m.Catalogs {
			p.catalogs[[2]string{c.Catalog, c.Name}] = c.Spec
		}
	}
	p.overridden = targets(overrides)
	return p
}

func parsed(file string, read func(string) ([]byte, bool), parse func(string, []byte) (*manifest.Manifest, error)) *manifest.Manifest {
	data, ok := read(file)
	if !ok {
		return nil
	}
	m, err := parse(file, data)
	if err != nil {
		return nil
	}
	return m
}

// spec gives what a request asks for: a catalog's entry where it names one.
func (p project) spec(q manifest.Request) string {
	catalog, ok := strings.CutPrefix(q.Spec, "catalog:")
	if !ok {
		return q.Spec
	}
	if catalog == "default" {
		catalog = ""
	}
	if spec, ok := p.catalogs[[2]string{catalog, q.Name}]; ok {
		return spec
	}
	return q.Spec
}

// targets names the packages that overrides are about: the last name of each
// path, without a range. npm and pnpm write "a>b@1", yarn "a/**/b".
func targets(overrides []manifest.Request) map[string]bool {
	names := make(map[string]bool, len(overrides))
	for _, o := range overrides {
		names[overriddenName(o.Name)] = true
	}
	return names
}

// overriddenName gives the package that one override is about.
func overriddenName(path string) string {
	path = path[strings.LastIndexByte(path, '>')+1:]
	for i := 1; i < len(path); i++ {
		if path[i] == '@' && path[i-1] != '/' {
			path = path[:i] // a range follows
		}
	}
	parts := strings.Split(path, "/")
	last := len(parts) - 1
	if last > 0 && strings.HasPrefix(parts[last-1], "@") {
		last--
	}
	return strings.Join(parts[last:], "/")
}
