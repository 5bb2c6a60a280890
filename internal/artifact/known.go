package artifact

import (
	"path"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/code"
)

// reaches are things that a version has, with the weightiest way in which code
// that has them comes to run, counted from 1.
type reaches[K comparable] map[K]int

func (r reaches[K]) learn(k K, reach Reach) { r[k] = max(r[k], reach.weight()+1) }

// covers reports whether the thing is no news in code that runs so.
func (r reaches[K]) covers(k K, reach Reach) bool { return r[k] >= reach.weight()+1 }

type useContext struct {
	capability code.Capability
	context    uint64
}

type useName struct {
	capability code.Capability
	what       string
}

// known is what a version does, names and loads.
type known struct {
	contexts     reaches[useContext]
	names        reaches[useName]
	capabilities reaches[code.Capability]
	hosts        reaches[string]
	modules      reaches[string]
	traits       []code.Trait    // of all files
	binaries     map[string]bool // by path without numbers
}

func learn(p *Profile) *known {
	k := &known{
		contexts: reaches[useContext]{}, names: reaches[useName]{}, capabilities: reaches[code.Capability]{},
		hosts: reaches[string]{}, modules: reaches[string]{}, binaries: map[string]bool{},
	}
	for i := range p.Files {
		f := &p.Files[i]
		if isCompiled(f) {
			k.binaries[unnumbered(f.Path)] = true
		}
		if f.Code != nil {
			k.code(f.Code, f.Reach)
		}
	}
	for _, c := range p.Commands {
		k.code(c.Code, AtInstall)
	}
	return k
}

func (k *known) code(p *code.Profile, reach Reach) {
	for _, u := range p.Uses {
		k.contexts.learn(useContext{u.Capability, u.Context}, reach)
		k.names.learn(useName{u.Capability, u.What}, reach)
		k.capabilities.learn(u.Capability, reach)
	}
	for _, m := range p.Mentions {
		k.hosts.learn(m.Host, reach)
	}
	for _, m := range p.Modules {
		k.modules.learn(packageOf(m.Name), reach)
	}
	k.traits = append(k.traits, p.Traits...)
}

// namesMatter are capabilities of which two uses differ though nothing around
// them does: a context makes names alike, and another variable of the
// environment is another secret.
var namesMatter = map[code.Capability]bool{code.Secret: true, code.Environment: true, code.Download: true, code.Persist: true, code.Account: true}

// use reports whether the version has the use already.
func (k *known) use(u code.Use, reach Reach) bool {
	if namesMatter[u.Capability] && !k.names.covers(useName{u.Capability, u.What}, reach) {
		return false
	}
	return k.contexts.covers(useContext{u.Capability, u.Context}, reach)
}

// firstUse reports, once for each weight, whether the version has the
// capability nowhere that weighs as much. What only tests do is none.
func (k *known) firstUse(c code.Capability, reach Reach) bool {
	if reach == InTests || k.capabilities.covers(c, reach) {
		return false
	}
	k.capabilities.learn(c, reach)
	return true
}

// packageOf gives the package that a module is of, or the part of Node; "" for
// a file of the package itself.
func packageOf(module string) string {
	module = strings.TrimPrefix(module, "node:")
	if module == "" || strings.IndexByte("./#", module[0]) >= 0 {
		return ""
	}
	scope, rest, _ := strings.Cut(module, "/")
	if strings.HasPrefix(scope, "@") {
		name, _, _ := strings.Cut(rest, "/")
		return scope + "/" + name
	}
	return scope
}

func isCompiled(f *File) bool { return f.Kind == Binary || f.Kind == Wasm }

// unnumbered makes paths alike that differ in a version or a build's hash.
func unnumbered(p string) string {
	dir, base := path.Split(p)
	var b strings.Builder
	for i, c := range []byte(base) {
		switch {
		case c < '0' || c > '9':
			b.WriteByte(c)
		case i == 0 || base[i-1] < '0' || base[i-1] > '9':
			b.WriteByte('0')
		}
	}
	return dir + b.String()
}
