package lockfile

import "strings"

// pnpmField is a member of an entry, or of its resolution, that this reader
// looks at.
type pnpmField uint8

const (
	pnpmUnknown pnpmField = iota
	pnpmIgnored           // known, and of no interest

	// Members whose value is text: of the entry, then of its resolution.
	pnpmName
	pnpmVersion
	pnpmDeprecated
	pnpmType
	pnpmIntegrity
	pnpmTarball
	pnpmDirectory
	pnpmRepo
	pnpmCommit
	pnpmPath
	pnpmURL
	pnpmTexts

	// Other members of a resolution.
	pnpmGitHosted
	pnpmVariants

	// Members of the entry whose value is true where they stand.
	pnpmDev
	pnpmOptional
	pnpmRequiresBuild
	pnpmPrepare

	pnpmResolution
	pnpmDependencies
	pnpmOptionals
)

// pnpmEntryField gives the member of `packages` and `snapshots` that has a name
// (@pnpm/lockfile.types and lockfile-types).
func pnpmEntryField(name string) pnpmField {
	switch name {
	case "resolution":
		return pnpmResolution
	case "dependencies":
		return pnpmDependencies
	case "dev":
		return pnpmDev
	case "optional":
		return pnpmOptional
	case "optionalDependencies":
		return pnpmOptionals
	case "requiresBuild":
		return pnpmRequiresBuild
	case "name":
		return pnpmName
	case "version":
		return pnpmVersion
	case "deprecated":
		return pnpmDeprecated
	case "prepare":
		return pnpmPrepare
	case "engines", "hasBin", "peerDependencies", "peerDependenciesMeta", "transitivePeerDependencies", "cpu", "os", "libc",
		"id", "patched", "bundledDependencies", "bundleDependencies":
		return pnpmIgnored
	}
	return pnpmUnknown
}

// pnpmResolutionField gives the member of a resolution that has a name
// (@pnpm/resolver-base). `registry` was needed once for its token.
func pnpmResolutionField(name string) pnpmField {
	switch name {
	case "integrity":
		return pnpmIntegrity
	case "tarball":
		return pnpmTarball
	case "type":
		return pnpmType
	case "directory":
		return pnpmDirectory
	case "repo":
		return pnpmRepo
	case "commit":
		return pnpmCommit
	case "path":
		return pnpmPath
	case "url":
		return pnpmURL
	case "gitHosted":
		return pnpmGitHosted
	case "variants":
		return pnpmVariants
	case "archive", "bin", "prefix", "revision", "registry":
		return pnpmIgnored
	}
	return pnpmUnknown
}

// Names that a reader which folds case would take for one of the members that
// decide what is installed.
var (
	foldedSections   = [...]string{"lockfileVersion", "importers", "packages", "snapshots", "dependencies", "devDependencies", "optionalDependencies"}
	foldedEntry      = [...]string{"resolution", "name", "version", "dependencies", "optionalDependencies"}
	foldedResolution = [...]string{"integrity", "tarball", "type", "directory", "repo", "commit", "path", "url", "gitHosted", "variants"}
	foldedLists      = [...]string{"specifiers", "dependencies", "devDependencies", "optionalDependencies", "configDependencies", "packageManagerDependencies"}
	foldedRequest    = [...]string{"specifier", "version"}
)

// pnpmReading is a value that stands in an entry before the one that is kept.
type pnpmReading struct {
	field pnpmField
	value string
}

// pnpmVariant is where the first variant of a resolution comes from, and the
// hashes of all.
type pnpmVariant struct {
	source   Source
	resolved string
	hashes   []string
}

// pnpmFields is what one entry of `packages` or `snapshots` says.
type pnpmFields struct {
	text     [pnpmTexts]string
	seen     uint32 // by pnpmField
	on       uint32 // the flags that are set, by pnpmField
	others   []pnpmReading
	edges    []Dependency
	variants pnpmVariant
}

func (f *pnpmFields) has(field pnpmField) bool { return f.on&(1<<field) != 0 }

// set gives a field another value. Those beyond the cap are neither the
// earliest nor the last one.
func (f *pnpmFields) set(field pnpmField, value string) {
	if len(f.others) < maxReadings && f.text[field] != value {
		f.others = append(f.others, pnpmReading{field, f.text[field]})
	}
	f.text[field] = value
}

// earliest gives the entry as a reader would see it that takes the first of
// two members with one name.
func (f *pnpmFields) earliest() pnpmFields {
	g := *f
	for i := len(f.others) - 1; i >= 0; i-- {
		g.text[f.others[i].field] = f.others[i].value
	}
	return g
}

// fields reads the value of an entry.
func (r *pnpmReader) fields(key string, f *pnpmFields) error {
	if !r.isMap(key, key, true) {
		return nil
	}
	r.scratch = r.scratch[:0]
	err := r.walk.Members(func(name string) error { return r.field(key, name, f) })
	f.edges = r.edgeSlab.keep(r.scratch...)
	return err
}

// field reads the value of one member of an entry.
func (r *pnpmReader) field(key, name string, f *pnpmFields) error {
	field := pnpmEntryField(name)
	if field <= pnpmIgnored {
		if field == pnpmUnknown {
			r.twin(key, name, foldedEntry[:])
		}
		r.walk.Skip()
		return nil
	}
	again := f.seen&(1<<field) != 0
	f.seen |= 1 << field
	switch {
	case field < pnpmTexts:
		r.textField(key, name, field, again, f)
		return nil
	case field == pnpmResolution:
		return r.resolution(key, again, f)
	case again:
		r.doubts.add(r.walk.Line(), key, false, "%s stands twice, and pnpm refuses such a file", name)
	}
	switch field {
	case pnpmDependencies:
		return r.edges(key, name, Production)
	case pnpmOptionals:
		return r.edges(key, name, OptionalKind)
	}
	if r.flag(key, name) {
		f.on |= 1 << field
	}
	return nil
}

// textField reads a member whose value is text.
func (r *pnpmReader) textField(key, name string, field pnpmField, again bool, f *pnpmFields) {
	line := r.walk.Line()
	value := r.text(key, name)
	if !again {
		f.text[field] = value
		return
	}
	r.doubts.add(line, key, field != pnpmDeprecated && value != f.text[field],
		"%s stands twice, and pnpm refuses such a file: %.80q, then %.80q", name, f.text[field], value)
	f.set(field, value)
}

// twin looks for names that differ from a known one by their case only: pnpm
// passes over them.
func (r *pnpmReader) twin(key, name string, known []string) {
	for _, other := range known {
		if strings.EqualFold(name, other) {
			r.doubts.add(r.walk.Line(), key, true, "a reader that folds case takes %.80q for %s", name, other)
		}
	}
}

// edges reads a map of names to versions or keys.
func (r *pnpmReader) edges(key, name string, kind Kind) error {
	if !r.isMap(key, name, false) {
		return nil
	}
	from := len(r.scratch)
	err := r.walk.Members(func(target string) error {
		spec := r.text(key, target)
		r.scratch = push(r.scratch, Dependency{Name: target, Spec: spec, Kind: kind})
		return r.edge()
	})
	r.edgesTwice(key, name, r.scratch[from:])
	return err
}

// edge counts one more edge.
func (r *pnpmReader) edge() error {
	if r.edgeCount++; r.edgeCount > r.mostEdges {
		return r.over(r.mostEdges, "requests of packages for packages")
	}
	return nil
}

// edgesTwice looks for names that a map of edges holds twice.
func (r *pnpmReader) edgesTwice(key, where string, edges []Dependency) {
	repeated(edges, func(d *Dependency) string { return d.Name }, func(earlier, later *Dependency) {
		r.doubts.add(r.walk.Line(), key, earlier.Spec != later.Spec,
			"%s holds %.80q twice, and pnpm refuses such a file: %.80q, then %.80q", where, later.Name, earlier.Spec, later.Spec)
	})
}

// repeated tells found of each item whose name an earlier one has.
func repeated[T any](items []T, name func(*T) string, found func(earlier, later *T)) {
	sorted := true
	for i := 1; i < len(items) && sorted; i++ {
		sorted = name(&items[i-1]) < name(&items[i])
	}
	if sorted { // as pnpm writes nearly all
		return
	}
	known := make(map[string]int, len(items))
	for i := range items {
		if earlier, ok := known[name(&items[i])]; ok {
			found(&items[earlier], &items[i])
		}
		known[name(&items[i])] = i
	}
}
