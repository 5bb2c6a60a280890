package artifact

import (
	"path"
	"slices"
	"sort"
	"strings"
)

// gypFile builds native code: npm runs node-gyp where a package has one and no
// install script of its own.
const gypFile = "binding.gyp"

// reach says of each file how it comes to run. It walks the archive's own graph
// of what loads what, from what an install runs, from what an import can name,
// and from the programs; each file is entered once, so that no cycle matters.
func (b *builder) reach() {
	for i := range b.profile.Files {
		b.profile.Files[i].Reach = Unknown
	}
	b.spread(AtInstall, b.installRoots())
	b.spread(AtImport, b.importRoots())
	b.spread(AsProgram, b.programs())
	for i := range b.profile.Files {
		if f := &b.profile.Files[i]; f.Reach == Unknown && isForTests(f.Path) {
			f.Reach = InTests
		}
	}
}

// spread marks the files and whatever they load in turn.
func (b *builder) spread(reach Reach, roots []int) {
	for queue := roots; len(queue) > 0; {
		f := &b.profile.Files[queue[0]]
		queue = queue[1:]
		if f.Reach != Unknown {
			continue
		}
		f.Reach = reach
		if f.Code == nil {
			continue
		}
		for _, m := range f.Code.Modules {
			for _, i := range b.resolve(path.Dir(f.Path), m.Name) {
				if b.profile.Files[i].Reach == Unknown {
					queue = append(queue, i)
				}
			}
		}
	}
}

// installRoots are the files that lifecycle scripts run, of the package and of
// those that it bundles.
func (b *builder) installRoots() (roots []int) {
	for _, l := range b.launched {
		for _, i := range b.lookup(l.path) {
			roots = append(roots, i)
			b.suffixes[b.profile.Files[i].Path] = l.suffix
		}
	}
	for _, c := range b.profile.Commands {
		for _, m := range c.Code.Modules {
			roots = append(roots, b.resolve(path.Dir(c.Path), m.Name)...)
		}
	}
	for _, folder := range b.packages() {
		if i, ok := b.index[path.Join(folder, gypFile)]; ok {
			roots = append(roots, i)
		}
	}
	return roots
}

// packages are the folders of the archive's own package and the bundled ones.
func (b *builder) packages() []string {
	folders := []string{""}
	for _, bundled := range b.profile.Bundled {
		folders = append(folders, bundled.Path)
	}
	return folders
}

// importRoots are the files that exports, imports, main and its like name. Of
// bundled packages only those count that something loads.
func (b *builder) importRoots() (roots []int) {
	d := b.manifests[""]
	if d == nil {
		d = &document{}
	}
	for _, name := range append(slices.Clone(d.Main), ".") {
		roots = append(roots, b.lookup(path.Clean("/" + name)[1:])...)
	}
	patterns := 0
	for _, target := range d.targets {
		if isTyped(target) {
			continue
		}
		target = path.Clean("/" + target + "x")[1:] // keeps a slash at the end
		target = target[:len(target)-1]
		prefix, suffix, star := strings.Cut(target, "*")
		switch {
		case star || strings.HasSuffix(target, "/"):
			if patterns++; patterns <= maxPatterns {
				roots = append(roots, b.matching(prefix, suffix)...)
			}
		default:
			roots = append(roots, b.lookup(target)...)
		}
	}
	return roots
}

// matching finds the code between a prefix and a suffix. A pattern that covers
// everything doesn't make code of a licence.
func (b *builder) matching(prefix, suffix string) (found []int) {
	files := b.profile.Files
	for i := sort.Search(len(files), func(i int) bool { return files[i].Path >= prefix }); i < len(files); i++ {
		if !strings.HasPrefix(files[i].Path, prefix) {
			break
		}
		if files[i].Code != nil && strings.HasSuffix(files[i].Path, suffix) {
			found = append(found, i)
		}
	}
	return found
}

func (b *builder) programs() (roots []int) {
	d := b.manifests[""]
	if d == nil {
		return nil
	}
	for _, file := range d.Bin {
		roots = append(roots, b.lookup(path.Clean("/" + file)[1:])...)
	}
	slices.Sort(roots) // the map has no order
	return roots
}

// testFolders hold what runs only where the package itself is developed.
var testFolders = []string{
	"test", "tests", "__tests__", "__mocks__", "spec", "specs", "testing", "e2e", "fixture", "fixtures", "example", "examples",
	"demo", "demos", "doc", "docs", "benchmark", "benchmarks", "bench",
}

func isForTests(name string) bool {
	dir, base := path.Split(name)
	for folder := range strings.SplitSeq(strings.TrimSuffix(dir, "/"), "/") {
		if slices.Contains(testFolders, strings.ToLower(folder)) {
			return true
		}
	}
	return strings.Contains(base, ".test.") || strings.Contains(base, ".spec.") || strings.Contains(base, ".bench.")
}

// notCode are extensions that Node doesn't take for JavaScript.
var notCode = []string{".json", ".node", ".wasm"}

// assets are extensions that bundlers import as what they are, and Node as
// JavaScript: only what parses as code counts.
var assets = []string{
	".css", ".scss", ".sass", ".less", ".styl", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".woff", ".woff2", ".ttf", ".eot", ".otf",
	".html", ".htm", ".vue", ".svelte", ".astro", ".md", ".mdx", ".txt", ".graphql", ".gql", ".yaml", ".yml", ".toml", ".xml", ".glsl", ".ejs", ".hbs", ".pug", ".map",
}

// disguised gives the files that come to run and were not read as code, and the
// suffix of the language that they run as.
func (b *builder) disguised() map[string]string {
	found := map[string]string{}
	for i := range b.profile.Files {
		f := &b.profile.Files[i]
		ext := strings.ToLower(path.Ext(f.Path))
		if f.Code != nil || f.Reach == Unknown || f.Reach == InTests || b.tried[f.Path] || slices.Contains(notCode, ext) {
			continue
		}
		if suffix, ok := b.suffixes[f.Path]; ok {
			found[f.Path] = suffix
			continue
		}
		found[f.Path] = ".js"
	}
	return found
}
