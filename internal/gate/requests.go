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
	var all []evidence.Request
	var overridden map[string]bool
	for _, root := range inv.Roots {
		file := path.Join(path.Dir(inv.Path), root.Folder, "package.json")
		data, ok := read(file)
		if !ok {
			continue
		}
		m, err := manifest.ParseNPM(file, data)
		if err != nil {
			continue
		}
		if overridden == nil { // only the first manifest's overrides count
			overridden = targets(m.Overrides)
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
			specs[q.Name] = append(specs[q.Name], q.Spec)
		}
		for _, d := range root.Dependencies {
			if d.Key == "" || d.Kind == lockfile.PeerKind || specs[d.Name] == nil || overridden[d.Name] {
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
