package gate

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/manifest"
)

// requests lists what the manifests of the head ask for, of the lockfiles that
// the change touches, with the entries that answer. A manifest that can't be
// read is a gap: nothing was held against it.
func (s *sides) requests(ctx context.Context) []evidence.Request {
	m := &manifests{read: s.head.manifest(ctx), has: s.head.has, unread: make(map[string]string)}
	var all []evidence.Request
	for _, p := range s.pairs {
		if inv := p.head.inventory; inv != nil && !p.same {
			all = append(all, m.asked(inv)...)
		}
	}
	for _, gap := range s.settingsGaps {
		delete(m.unread, gap.Path) // said already
	}
	for _, file := range slices.Sorted(maps.Keys(m.unread)) {
		s.settingsGaps = append(s.settingsGaps, evidence.Gap{
			Check: evidence.Settings, Path: file, Reason: m.unread[file],
			Hint: "look at the versions in the lockfile yourself: nobody could hold them against what is asked for",
		})
	}
	return all
}

// manifests reads the manifests of one side, and keeps why it couldn't.
type manifests struct {
	read   func(string) ([]byte, bool)
	has    func(string) bool
	unread map[string]string // by path
}

// asked joins the roots of one lockfile with their manifests.
func (f *manifests) asked(inv *lockfile.Inventory) []evidence.Request {
	folder := path.Dir(inv.Path)
	project := f.project(folder)
	var all []evidence.Request
	for _, root := range inv.Roots {
		file := path.Join(folder, root.Folder, "package.json")
		m := f.parse(file, manifest.ParseNPM)
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

// project reads the overrides and the catalogs of npm, pnpm, yarn and bun in
// whichever of their files they stand.
func (f *manifests) project(folder string) project {
	p := project{catalogs: make(map[[2]string]string)}
	var overrides []manifest.Request
	for _, m := range []*manifest.Manifest{
		f.parse(path.Join(folder, "package.json"), manifest.ParseNPM),
		f.parse(path.Join(folder, "pnpm-workspace.yaml"), manifest.ParsePNPMWorkspace),
		f.parse(path.Join(folder, ".yarnrc.yml"), manifest.ParseYarnRC),
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

// parse reads one file; nil if it isn't there or can't be read.
func (f *manifests) parse(file string, parse func(string, []byte) (*manifest.Manifest, error)) *manifest.Manifest {
	data, ok := f.read(file)
	switch {
	case !ok && f.has(file):
		f.unread[file] = "it is no regular file, or too large for a manifest"
		return nil
	case !ok:
		return nil
	}
	m, err := parse(file, data)
	if err != nil {
		cause := err.Error() // "path:line: reading: cause"
		if _, after, ok := strings.Cut(cause, ": reading: "); ok {
			cause = after
		}
		f.unread[file] = fmt.Sprintf("what it asks for can't be read: %.200s", cause)
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
