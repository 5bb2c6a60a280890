package lockfile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// berryField is a field of an entry.
type berryField uint8

const (
	berryUnknown berryField = iota

	// Fields whose value is a text.
	berryVersion
	berryResolution
	berryChecksum
	berryConditions
	berryLanguage
	berryLinkType
	berryTexts

	// Fields that hold edges.
	berryDependencies
	berryPeers
	berryOptionals

	berryMeta

	// Fields that say nothing of what is installed.
	berryBin
	berryPeersMeta
)

func berryFieldOf(name string) berryField {
	switch name {
	case "version":
		return berryVersion
	case "resolution":
		return berryResolution
	case "dependencies":
		return berryDependencies
	case "checksum":
		return berryChecksum
	case "languageName":
		return berryLanguage
	case "linkType":
		return berryLinkType
	case "peerDependencies":
		return berryPeers
	case "dependenciesMeta":
		return berryMeta
	case "conditions":
		return berryConditions
	case "bin":
		return berryBin
	case "peerDependenciesMeta":
		return berryPeersMeta
	case "optionalDependencies":
		return berryOptionals
	}
	return berryUnknown
}

// berryFields is what one entry says.
type berryFields struct {
	text [berryTexts]string
	seen uint32 // by berryField
}

// berryPin is an entry's locator, as written; the name is empty if it has none.
type berryPin struct {
	name, reference string
	wraps           *berryWrap
}

// berryWrap is what is inside of a patch, or nil.
type berryWrap struct {
	name, reference string // of the package itself
	patches         string // see berryOrigin
	asks            bool   // the entry's last edge leads to what is inside
}

// entry reads one member of the document.
func (r *berryReader) entry(key string) error {
	line := r.walk.Line()
	if r.entryCount++; r.entryCount > maxEntries {
		return r.over(line, maxEntries, "entries")
	}
	if len(key) > maxBerryKey {
		return r.over(line, maxBerryKey, "bytes in the key of an entry")
	}
	var f berryFields
	if r.walk.Kind() != yamlline.Map {
		r.doubts.add(line, key, true, "the entry is %s, not a mapping", r.odd())
	} else if err := r.walk.Members(func(name string) error { return r.field(key, name, &f) }); err != nil {
		return err
	}
	r.made(key, line, &f)
	r.scratch, r.optionals = r.scratch[:0], r.optionals[:0]
	return nil
}

// field reads the value of one field of an entry.
func (r *berryReader) field(key, name string, f *berryFields) error {
	field := berryFieldOf(name)
	again := f.seen&(1<<field) != 0
	f.seen |= 1 << field
	switch {
	case field == berryUnknown:
		if r.version <= newestBerry {
			r.doubts.add(r.walk.Line(), key, false, "the entry holds %.80q, which yarn never writes", name)
		}
		r.walk.Skip()
		return nil
	case field < berryTexts:
		r.once(key, name, &f.text[field])
		return nil
	case again: // the last one counts
		r.doubts.add(r.walk.Line(), key, false, "%s stands twice", name)
		r.forget(field)
	}
	switch field {
	case berryOptionals:
		r.doubts.add(r.walk.Line(), key, false, "the entry holds %s, which yarn reads and never writes", name)
		fallthrough
	case berryDependencies, berryPeers:
		return r.requests(key, name, berryKinds[field])
	case berryMeta:
		return r.metas(key, name)
	}
	r.walk.Skip()
	return nil
}

// forget drops what a field said when it stood earlier.
func (r *berryReader) forget(field berryField) {
	switch field {
	case berryDependencies, berryPeers, berryOptionals:
		kind := berryKinds[field]
		r.scratch = slices.DeleteFunc(r.scratch, func(d Dependency) bool { return d.Kind == kind })
	case berryMeta:
		r.optionals = r.optionals[:0]
	}
}

// berryKinds gives the kind of the edges that a field holds.
var berryKinds = [...]Kind{berryDependencies: Production, berryPeers: PeerKind, berryOptionals: OptionalKind}

// requests reads a map of names to ranges.
func (r *berryReader) requests(key, name string, kind Kind) error {
	line, from := r.walk.Line(), len(r.scratch)
	if r.walk.Kind() != yamlline.Map {
		r.doubts.add(line, key, false, "%s is %s, not a mapping", name, r.odd())
		return nil
	}
	err := r.walk.Members(func(target string) error {
		if r.edgeCount++; r.edgeCount > maxEdges {
			return r.over(r.walk.Line(), maxEdges, "requests of packages for packages")
		}
		r.scratch = append(r.scratch, Dependency{Name: target, Spec: r.value(key, name), Kind: kind})
		return nil
	})
	r.requestedTwice(line, key, name, r.scratch[from:])
	return err
}

// requestedTwice looks for names that a map of requests holds twice.
func (r *berryReader) requestedTwice(line int, key, name string, edges []Dependency) {
	sorted := true
	for i := 1; i < len(edges); i++ {
		sorted = sorted && edges[i-1].Name < edges[i].Name
	}
	if sorted { // as yarn writes them
		return
	}
	known := make(map[string]string, len(edges))
	for _, d := range edges {
		if spec, ok := known[d.Name]; ok {
			r.doubts.add(line, key, false, "%s holds %.80q twice: %.80q, then %.80q", name, d.Name, spec, d.Spec)
		}
		known[d.Name] = d.Spec
	}
}

// metas reads dependenciesMeta, which says what of the dependencies is optional.
func (r *berryReader) metas(key, name string) error {
	if r.walk.Kind() != yamlline.Map {
		r.doubts.add(r.walk.Line(), key, false, "%s is %s, not a mapping", name, r.odd())
		return nil
	}
	return r.walk.Members(func(target string) error {
		if r.walk.Kind() != yamlline.Map {
			r.doubts.add(r.walk.Line(), key, false, "%s of %.80q is %s, not a mapping", name, target, r.odd())
			return nil
		}
		return r.walk.Members(func(flag string) error {
			if value := r.value(key, flag); flag == "optional" && (value == "true" || value == "1") {
				r.optionals = append(r.optionals, target)
			}
			return nil
		})
	})
}

// made adds an entry with what its fields say.
func (r *berryReader) made(key string, line int, f *berryFields) {
	r.entries = append(r.entries, Entry{Line: line, Key: key, Version: f.text[berryVersion], Source: Registry})
	r.pins = append(r.pins, berryPin{})
	e, pin := &r.entries[len(r.entries)-1], &r.pins[len(r.pins)-1]
	if name, reference, ok := splitBerry(f.text[berryResolution]); ok {
		pin.name, pin.reference = name, reference
		r.place(e, pin, f)
	} else {
		// yarn refuses such a file. The key still tells what was meant.
		r.doubts.add(line, key, true, "the resolution %.80q names no package", f.text[berryResolution])
		first, _ := cutDescriptor(key)
		if e.Name, _, ok = splitBerry(first); !ok {
			e.Name = cmp.Or(first, key)
		}
	}
	r.markOptionals()
	e.Dependencies = r.edges.keep(r.scratch...)
}

// markOptionals tells the dependencies of the entry that are optional.
func (r *berryReader) markOptionals() {
	if len(r.optionals) == 0 {
		return
	}
	optional := make(map[string]bool, len(r.optionals))
	for _, name := range r.optionals {
		optional[name] = true
	}
	for i := range r.scratch {
		if d := &r.scratch[i]; d.Kind == Production && optional[d.Name] {
			d.Kind = OptionalKind
		}
	}
}

// place sets what an entry's locator says of it.
func (r *berryReader) place(e *Entry, pin *berryPin, f *berryFields) {
	o := originOf(pin.name, pin.reference)
	e.Name, e.Source, e.Resolved, e.Checksum = o.real, o.source, o.resolved, f.text[berryChecksum]
	if o.odd != "" {
		r.doubts.add(e.Line, e.Key, true, "the resolution %.80q %s", f.text[berryResolution], o.odd)
	}
	if !isPlainName(e.Name) && (!isGraphic(e.Name) || strings.HasPrefix(e.Name, ".") || strings.Contains(e.Name, "@.") || strings.Contains(e.Name, "/.")) {
		r.doubts.add(e.Line, e.Key, true, "the resolution %.80q has a name that no package has", f.text[berryResolution])
	}
	if o.version != "" {
		if version, _, _ := strings.Cut(e.Version, "+"); version != o.version {
			r.doubts.add(e.Line, e.Key, true, "the version is %.80q, and the resolution %.80q is what yarn fetches", e.Version, f.text[berryResolution])
		}
		e.Version = o.version
	}
	if o.inner != "" {
		pin.wraps = &berryWrap{name: o.name, reference: o.reference, patches: o.patches}
		if name, reference, ok := splitBerry(o.inner); ok {
			pin.wraps.asks = true
			r.scratch = append(r.scratch, Dependency{Name: name, Spec: reference})
		}
	}
	r.check(e, pin, f)
}

// check looks for fields that yarn would write otherwise.
func (r *berryReader) check(e *Entry, pin *berryPin, f *berryFields) {
	link, language := "hard", "node"
	switch e.Source {
	case Workspace:
		link, language = "soft", "unknown"
	case Link:
		if !strings.HasPrefix(pin.reference, "condition:") {
			link = "soft"
		}
	}
	if got := f.text[berryLinkType]; got != link {
		r.doubts.add(e.Line, e.Key, false, "linkType is %.80q, and yarn writes %q for %.80q", got, link, f.text[berryResolution])
	}
	if got := f.text[berryLanguage]; got != language {
		r.doubts.add(e.Line, e.Key, false, "languageName is %.80q, and yarn writes %q for %.80q", got, language, f.text[berryResolution])
	}
	switch sum := e.Checksum[strings.IndexByte(e.Checksum, '/')+1:]; {
	case e.Checksum != "" && len(sum) != 128:
		r.doubts.add(e.Line, e.Key, true, "the checksum %.80q is none that yarn makes", e.Checksum)
	case e.Checksum == "" && f.text[berryConditions] == "" && strings.HasPrefix(pin.reference, "npm:"):
		// yarn takes what it gets, and adds the checksum of that.
		r.doubts.add(e.Line, e.Key, false, "there is no checksum, and yarn writes one for each package of a registry that has no conditions")
	}
}

// joiner puts texts together in few allocations.
type joiner struct{ made strings.Builder }

func (j *joiner) join(parts ...string) string {
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	if j.made.Cap()-j.made.Len() < size {
		j.made = strings.Builder{}
		j.made.Grow(max(size, 32<<10))
	}
	from := j.made.Len()
	for _, part := range parts {
		j.made.WriteString(part)
	}
	return j.made.String()[from:]
}
