package change

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// Local is a request that the base answered from outside the repository, and
// that the head answers with code of the repository, though it asks for none.
type Local struct {
	Ecosystem string
	Name      string // that is asked for
	Spec      string // as it is asked for
	By        string // the name of the package that asks; "" for the repository's own
	Lockfile  string
	Line      int
	Target    string // the folder that answers, or "" where the lockfile doesn't name it
}

// localName is a name that a lockfile's requests ask for.
type localName struct{ ecosystem, name string }

// Localized lists such requests, one for each name and lockfile, in order. A
// name that the base answered with its own code somewhere is none: the
// repository has a package of that name. Nor is it where a package gets one of
// the projects that the base had: a repository's overrides have its dependencies
// use the package that it makes.
func Localized(base, head []*lockfile.Inventory) []Local {
	found := make(map[localName][]Local)
	for _, inv := range head {
		each(inv, func(l Local, own, asked bool) {
			name := localName{l.Ecosystem, l.Name}
			told := slices.ContainsFunc(found[name], func(o Local) bool { return o.Lockfile == l.Lockfile })
			if own && !asked && !told {
				found[name] = append(found[name], l)
			}
		})
	}
	if len(found) == 0 {
		return nil
	}
	outside, inside, projects := make(map[localName]bool), make(map[localName]bool), make(map[string]bool)
	for _, inv := range base {
		for i := range inv.Roots {
			projects[path.Join(path.Dir(inv.Path), inv.Roots[i].Folder)] = true
		}
		each(inv, func(l Local, own, _ bool) {
			name := localName{l.Ecosystem, l.Name}
			if own {
				inside[name] = true
			} else if found[name] != nil {
				outside[name] = true
			}
		})
	}
	var all []Local
	for name, list := range found {
		for _, l := range list {
			overridden := l.By != "" && projects[path.Join(path.Dir(l.Lockfile), l.Target)]
			if outside[name] && !inside[name] && !overridden {
				all = append(all, l)
			}
		}
	}
	slices.SortFunc(all, func(a, b Local) int {
		return cmp.Or(cmp.Compare(a.Lockfile, b.Lockfile), cmp.Compare(a.Ecosystem, b.Ecosystem), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// each visits the requests of a lockfile that something answers. own is set
// where that is code of the repository, and asked where the request itself says
// so. pnpm has no entry for a link: its requests of the repository's own have no
// answer then, and those of a package say where it leads.
func each(inv *lockfile.Inventory, visit func(l Local, own, asked bool)) {
	answers := make(map[string]*lockfile.Entry) // those of the repository's own
	for i := range inv.Entries {
		if e := &inv.Entries[i]; e.Own() {
			answers[e.Key] = e
		}
	}
	request := func(d lockfile.Dependency, by string, line int) {
		l := Local{Ecosystem: inv.Ecosystem, Name: d.Name, Spec: d.Spec, By: by, Lockfile: inv.Path, Line: line}
		target, linked := strings.CutPrefix(d.Spec, "link:")
		answer := answers[d.Key]
		switch {
		case d.Key == "" && by != "" && linked:
			l.Target = target
		case d.Key == "" && (by != "" || d.Kind == lockfile.PeerKind || d.Kind == lockfile.OptionalKind):
			return
		case d.Key != "" && answer != nil:
			l.Line, l.Target = answer.Line, cmp.Or(answer.Resolved, answer.Key)
		case d.Key != "":
			visit(l, false, false)
			return
		}
		visit(l, true, by == "" && AsksForLocal(d.Spec))
	}
	for i := range inv.Roots {
		root := &inv.Roots[i]
		for _, d := range root.Dependencies {
			request(d, "", root.Line)
		}
	}
	for i := range inv.Entries {
		e := &inv.Entries[i]
		if e.Own() {
			continue // the roots have its requests, or it is asked for as it is
		}
		for _, d := range e.Dependencies {
			request(d, e.Name, e.Line)
		}
	}
}

// localSpecs are what a request begins with that asks for code of the
// repository.
var localSpecs = []string{"file:", "link:", "portal:", "workspace:", ".", "/", "~/"}

// AsksForLocal reports whether a request asks for code of the repository.
func AsksForLocal(spec string) bool {
	return slices.ContainsFunc(localSpecs, func(prefix string) bool { return strings.HasPrefix(spec, prefix) })
}
