package artifact

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// Caps on what a package.json says of the files that load. Packages of
// thousands of icons list each.
const (
	maxTargets  = 50_000
	maxPatterns = 400
	maxMembers  = 20_000 // of one list: more and the manifest is not read
)

// document is one package.json, as it decides what comes to run.
type document struct {
	Manifest
	targets  []string // of exports and imports, patterns included
	optional map[string]string
	peer     map[string]string
	seen     map[string]bool
}

// entryFields are the members that name the file that an import loads: Node's
// own, and those that bundlers and content networks go by.
var entryFields = []string{
	"main", "module", "browser", "unpkg", "jsdelivr", "jsnext:main", "esnext", "es2015", "react-native", "electron", "deno", "worker", "source",
}

// readManifest reads a package.json: the archive's own, one of a package that
// it brings along, or one that gives a folder its main file.
func (b *builder) readManifest(f *File, data []byte) {
	folder := strings.TrimSuffix(strings.TrimSuffix(f.Path, "package.json"), "/")
	delete(b.manifests, folder) // an earlier one at the same path
	if b.manifestBytes += f.Size; data == nil || b.manifestBytes > maxManifests {
		b.note(UnreadManifest, f.Path)
		return
	}
	d := &document{seen: map[string]bool{}}
	r := manifestReader{jsonline.New(data), d, func(name string) { b.note(DuplicateMember, f.Path+"#"+name) }}
	err := r.walk.Members(r.member)
	if err == nil {
		err = r.walk.End()
	}
	if err != nil {
		// A fixture may be broken; what npm itself reads may not.
		if folder == "" || path.Base(path.Dir(folder)) == nodeModules {
			b.note(UnreadManifest, f.Path)
		}
		return
	}
	d.merge()
	b.manifests[folder] = d
	if folder == "" {
		b.profile.Manifest = &d.Manifest
	}
}

// merge puts the kinds of dependencies together as npm does: an optional one
// replaces its copy among the others, and a peer that is a dependency as well
// is a dependency.
func (d *document) merge() {
	all := d.peer
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, d.Dependencies)
	maps.Copy(all, d.optional)
	d.Dependencies, d.optional, d.peer = all, nil, nil
	if len(all) == 0 {
		d.Dependencies = nil
	}
	slices.Sort(d.Main)
	d.Main = slices.Compact(d.Main)
}

// manifestReader reads one document. Of two members with one name the last
// counts, as to JSON.parse.
type manifestReader struct {
	walk  *jsonline.Walker
	d     *document
	twice func(name string)
}

func (r *manifestReader) member(name string) (err error) {
	if r.d.seen[name] {
		r.twice(name)
	}
	r.d.seen[name] = true
	switch {
	case name == "name":
		r.d.Name, err = r.text()
	case name == "version":
		r.d.Version, err = r.text()
	case name == "scripts":
		r.d.Scripts, err = r.texts(name)
	case name == "dependencies":
		r.d.Dependencies, err = r.texts(name)
	case name == "optionalDependencies":
		r.d.optional, err = r.texts(name)
	case name == "peerDependencies":
		r.d.peer, err = r.texts(name)
	case name == "bundleDependencies" || name == "bundledDependencies":
		err = r.leaves(func(text string) { keep(&r.d.Bundled, text) })
	case name == "bin":
		err = r.bin()
	case name == "exports" || name == "imports":
		err = r.leaves(func(text string) { keep(&r.d.targets, text) })
	case slices.Contains(entryFields, name):
		err = r.leaves(func(text string) { keep(&r.d.Main, text) })
	default:
		err = r.walk.Skip()
	}
	return err
}

func keep(list *[]string, text string) {
	if len(*list) < maxTargets {
		*list = append(*list, text)
	}
}

// bin is a map of names to files, or one file by the package's own name.
func (r *manifestReader) bin() (err error) {
	if file, ok := r.walk.TryText(); ok {
		r.d.Bin = map[string]string{"": file}
		return nil
	}
	r.d.Bin, err = r.texts("bin")
	return err
}

// text reads a string; anything else is none.
func (r *manifestReader) text() (string, error) {
	if text, ok := r.walk.TryText(); ok {
		return text, nil
	}
	return "", r.walk.Skip()
}

// texts reads a map of strings; anything else is none.
func (r *manifestReader) texts(member string) (map[string]string, error) {
	if r.walk.Kind() != jsonline.Object {
		return nil, r.walk.Skip()
	}
	all := map[string]string{}
	err := r.walk.Members(func(name string) error {
		if _, twice := all[name]; twice {
			r.twice(member + "." + name)
		}
		if len(all) == maxMembers {
			return &jsonline.Error{Line: r.walk.Line(), Reason: fmt.Sprintf("more than %d names in a list", maxMembers)}
		}
		text, err := r.text()
		all[name] = text
		return err
	})
	return all, err
}

// leaves gives every string of a value, however deep it lies: conditions nest
// freely, down to jsonline.MaxDepth.
func (r *manifestReader) leaves(leaf func(string)) error {
	switch r.walk.Kind() {
	case jsonline.String:
		text, err := r.walk.Text()
		leaf(text)
		return err
	case jsonline.Object:
		return r.walk.Members(func(string) error { return r.leaves(leaf) })
	case jsonline.Array:
		return r.walk.Elements(func() error { return r.leaves(leaf) })
	}
	return r.walk.Skip()
}
