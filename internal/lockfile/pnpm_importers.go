package lockfile

import (
	"cmp"

	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// pnpmImporter is one package of the repository.
type pnpmImporter struct {
	folder     string
	line       int
	seen       pnpmList // the lists that it has
	requests   []pnpmRequest
	specifiers []Dependency // up to 5.4, where they stand apart
}

// pnpmRequest is a direct dependency: what is asked for, and the version or key
// that answers.
type pnpmRequest struct {
	Dependency
	ref  string
	line int
}

// pnpmList is a set of lists of an importer.
type pnpmList uint8

const (
	listSpecifiers pnpmList = 1 << iota
	listProduction
	listDevelopment
	listOptional
	listConfig // this and the next one stand in the environment's document
	listManager
)

var pnpmLists = map[string]pnpmList{
	"specifiers":                 listSpecifiers,
	"dependencies":               listProduction,
	"devDependencies":            listDevelopment,
	"optionalDependencies":       listOptional,
	"configDependencies":         listConfig,
	"packageManagerDependencies": listManager,
}

func (l pnpmList) kind() Kind {
	switch l {
	case listDevelopment:
		return Development
	case listOptional:
		return OptionalKind
	}
	return Production
}

// importers reads the repository's packages.
func (r *pnpmReader) importers(d *pnpmDocument) error {
	if !r.isMap("", "importers", true) {
		return nil
	}
	from := len(d.importers)
	err := r.walk.Members(func(folder string) error {
		if err := r.edge(); err != nil {
			return err
		}
		if len(folder) > maxKey {
			return r.over(maxKey, "bytes in the path of an importer")
		}
		importer := pnpmImporter{folder: folder, line: r.walk.Line()}
		if folder == "." {
			importer.folder = ""
		}
		if !r.isMap("", folder, true) {
			return nil
		}
		err := r.walk.Members(func(name string) error { return r.importerList(d, &importer, name) })
		d.importers = push(d.importers, importer)
		return err
	})
	repeated(d.importers[from:], func(i *pnpmImporter) string { return i.folder }, func(earlier, later *pnpmImporter) {
		r.doubts.add(later.line, "", true, "the importer %.80q stands twice, first on line %d, and pnpm refuses such a file",
			cmp.Or(later.folder, "."), earlier.line)
	})
	return err
}

// importerList reads one member of an importer.
func (r *pnpmReader) importerList(d *pnpmDocument, importer *pnpmImporter, name string) error {
	list := pnpmLists[name]
	if importer.seen&list != 0 {
		r.doubts.add(r.walk.Line(), "", true, "%s stands twice in the importer %.80q, and pnpm refuses such a file",
			name, cmp.Or(importer.folder, "."))
	}
	importer.seen |= list
	switch list {
	case 0:
		r.twin("", name, foldedLists[:])
		r.walk.Skip()
		return nil
	case listSpecifiers:
		r.scratch = r.scratch[:0]
		err := r.edges("", name, Production)
		importer.specifiers = append(importer.specifiers, r.scratch...)
		return err
	}
	return r.requests(d, importer, name, list.kind())
}

// requests reads a map of names to what answers them.
func (r *pnpmReader) requests(d *pnpmDocument, importer *pnpmImporter, where string, kind Kind) error {
	if !r.isMap("", where, true) {
		return nil
	}
	from := len(importer.requests)
	err := r.walk.Members(func(name string) error {
		q := pnpmRequest{Dependency: Dependency{Name: name, Kind: kind}, line: r.walk.Line()}
		var err error
		if r.walk.Kind() == yamlline.Map {
			if d.inline == 0 {
				d.inline = q.line
			}
			err = r.inlineRequest(&q)
		} else {
			if d.plain == 0 {
				d.plain = q.line
			}
			q.ref = r.text("", name)
		}
		importer.requests = push(importer.requests, q)
		if err == nil {
			err = r.edge()
		}
		return err
	})
	repeated(importer.requests[from:], func(q *pnpmRequest) string { return q.Name }, func(earlier, later *pnpmRequest) {
		r.doubts.add(later.line, "", earlier.ref != later.ref,
			"%s holds %.80q twice, and pnpm refuses such a file: %.80q, then %.80q", where, later.Name, earlier.ref, later.ref)
	})
	return err
}

// inlineRequest reads a dependency with its specifier beside it.
func (r *pnpmReader) inlineRequest(q *pnpmRequest) error {
	specifiers, versions := 0, 0
	err := r.walk.Members(func(name string) error {
		switch name {
		case "specifier":
			q.Spec = r.text("", name)
			specifiers++
		case "version":
			ref := r.text("", name)
			if versions++; versions > 1 {
				r.doubts.add(r.walk.Line(), "", q.ref != ref,
					"version stands twice, and pnpm refuses such a file: %.80q, then %.80q", q.ref, ref)
			}
			q.ref = ref
		default:
			r.twin("", name, foldedRequest[:])
			r.walk.Skip()
		}
		return nil
	})
	if specifiers > 1 {
		r.doubts.add(q.line, "", false, "specifier stands twice, and pnpm refuses such a file")
	}
	return err
}
