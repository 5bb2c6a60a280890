package lockfile

import "github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"

// denoWorkspace is the `workspace` object: what the repository's manifests ask
// for, the lockfile's own folder first.
type denoWorkspace struct {
	roots []denoRoot
	links map[string]bool // packages that are folders of the repository: "npm:name@1.0.0"
}

// denoRoot is one folder of the repository.
type denoRoot struct {
	folder   string
	line     int
	asks     []string // by deno.json
	packages []string // by package.json
}

func (r *denoReader) readWorkspace() error {
	r.workspace = &denoWorkspace{roots: []denoRoot{{line: r.walk.Line()}}, links: make(map[string]bool)}
	return r.walk.Members(func(name string) error {
		switch name {
		case "members":
			return r.object("workspace.members", func() error { return r.walk.Members(r.workspaceMember) })
		case "links", "patches": // the second is the older name
			return r.object("workspace."+name, func() error {
				return r.walk.Members(func(link string) error {
					r.workspace.links[link] = true
					return r.walk.Skip()
				})
			})
		}
		return r.rootMember(0, name)
	})
}

func (r *denoReader) workspaceMember(folder string) error {
	if err := r.count(folder); err != nil {
		return err
	}
	at := len(r.workspace.roots)
	r.workspace.roots = append(r.workspace.roots, denoRoot{folder: folder, line: r.walk.Line()})
	if r.walk.Kind() != jsonline.Object {
		line, what, err := r.odd()
		r.doubts.add(line, "", false, "the member %.80q is %s, not an object", folder, what)
		return err
	}
	return r.walk.Members(func(name string) error { return r.rootMember(at, name) })
}

// rootMember reads what one folder asks for.
func (r *denoReader) rootMember(at int, name string) error {
	root := &r.workspace.roots[at]
	switch {
	case name == "dependencies":
		return r.requests(&root.asks)
	case name == "packageJson" && r.walk.Kind() == jsonline.Object:
		return r.walk.Members(func(name string) error {
			if name == "dependencies" {
				return r.requests(&root.packages)
			}
			return r.walk.Skip()
		})
	}
	return r.walk.Skip()
}

// requests reads an array of requests.
func (r *denoReader) requests(list *[]string) error {
	const name = "dependencies"
	if r.walk.Kind() != jsonline.Array {
		line, what, err := r.odd()
		r.doubts.add(line, "", false, "%s is %s, not an array", name, what)
		return err
	}
	return r.walk.Elements(func() error {
		if r.edgeCount++; r.edgeCount > maxEdges {
			return r.over(maxEdges, "requests of packages for packages")
		}
		spec, err := r.text("", name)
		if spec != "" {
			*list = append(*list, spec)
		}
		return err
	})
}
