package artifact

import (
	"path"
	"slices"
	"strings"
)

const nodeModules = "node_modules"

// extensions are those that Node and bundlers try behind a path, in order.
var extensions = []string{"", ".js", ".json", ".node", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".mts", ".cts"}

// typescript has, for an extension that a file in TypeScript is compiled to,
// those that it may have where it is shipped as it is.
var typescript = map[string][]string{".js": {".ts", ".tsx", ".jsx"}, ".mjs": {".mts"}, ".cjs": {".cts"}}

// resolve finds the file that a module's name means to a file in a folder:
// https://nodejs.org/api/modules.html#all-together. A package that the archive
// doesn't bring along has none.
func (b *builder) resolve(folder, name string) []int {
	name, _, _ = strings.Cut(name, "?") // "./worker.js?url", to bundlers
	switch {
	case name == "." || name == ".." || strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../"):
		return b.lookup(path.Join(folder, name))
	case name == "" || strings.ContainsAny(name[:1], "/#.") || strings.Contains(name, ":"):
		return nil
	case len(b.profile.Bundled) == 0:
		return nil
	}
	for dir, depth := folder, 0; depth <= maxDepth; dir, depth = path.Dir(dir), depth+1 {
		if found := b.lookup(path.Join(dir, nodeModules, name)); found != nil {
			return found
		}
		if dir == "." || dir == "" {
			break
		}
	}
	return nil
}

// lookup finds the file at a path, as Node completes it: with an extension, or
// whatever may be the main file of a folder.
func (b *builder) lookup(p string) (found []int) {
	if p = path.Clean(p); p == ".." || strings.HasPrefix(p, "../") {
		return nil
	}
	if p == "." {
		p = ""
	}
	if i, ok := b.complete(p); ok {
		return []int{i}
	}
	var entries []string
	if d := b.manifests[p]; d != nil {
		entries = append(entries, d.Main...)
		if p != "" {
			entries = append(entries, d.targets...)
		}
	}
	for _, name := range entries {
		name = path.Join(p, name)
		if i, ok := b.complete(name); ok {
			found = append(found, i)
		} else if i, ok := b.complete(path.Join(name, "index")); ok {
			found = append(found, i)
		}
	}
	if i, ok := b.complete(path.Join(p, "index")); ok && found == nil {
		found = []int{i}
	}
	return found
}

func (b *builder) complete(p string) (int, bool) {
	if p == "" {
		return 0, false
	}
	for _, ext := range extensions {
		if i, ok := b.index[p+ext]; ok {
			return i, true
		}
	}
	ext := path.Ext(p)
	for _, other := range typescript[ext] {
		if i, ok := b.index[strings.TrimSuffix(p, ext)+other]; ok {
			return i, true
		}
	}
	return 0, false
}

// bundle lists the packages under node_modules, by their manifests.
func (b *builder) bundle() {
	for folder, d := range b.manifests {
		parent := path.Dir(folder)
		if strings.HasPrefix(path.Base(parent), "@") {
			parent = path.Dir(parent)
		}
		if folder != "" && path.Base(parent) == nodeModules {
			b.profile.Bundled = append(b.profile.Bundled, Bundle{d.Name, d.Version, folder})
		}
	}
	slices.SortFunc(b.profile.Bundled, func(x, y Bundle) int { return strings.Compare(x.Path, y.Path) })
	for _, folder := range b.packages() {
		if d := b.manifests[folder]; d != nil {
			b.launched = append(b.launched, b.commands(folder, d)...)
		}
	}
}
