package manifest

import "github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"

// ParseDeno reads a deno.json or deno.jsonc, comments and all: its requests are its imports, in which a name
// stands for a package ("jsr:@std/fs@1"), a module's address or a path. The path
// serves the error, which is "path:line: reading: cause".
func ParseDeno(path string, data []byte) (*Manifest, error) {
	return parse(path, data, jsonline.NewC, (*npmReader).denoMember)
}

// denoMember reads one member of the document.
func (r *npmReader) denoMember(name string) error {
	switch name {
	case "name":
		r.once(name)
		return r.text(name, &r.m.Name)
	case "version":
		r.once(name)
		return r.text(name, &r.m.Version)
	case "imports":
		r.once(name)
		r.m.Requests = nil
		return r.members(name, func(target string) error { return r.request(&r.m.Requests, target, Production) })
	case "workspace":
		r.once(name)
		r.m.Workspaces = nil
		return r.workspaces(name)
	}
	return r.walk.Skip()
}
