package lockfile

import (
	"bytes"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// pnpmDocument is one document of the file: a lockfile of its own.
type pnpmDocument struct {
	text        string // of it, and perhaps of more behind it
	line        int
	isMap       bool
	empty       bool   // it holds nothing
	version     string // lockfileVersion as written, or ""
	versionLine int
	number      bool // the version has no quotes
	grammar     pnpmGrammar

	sections map[string]int // the line of each that was read
	entries  []Entry
	grammars []pnpmGrammar // of the entries' keys
	// others are other readings of entries: of the first of two members with
	// one name, or of the key where the fields say something else.
	others    []pnpmOther
	snapshots []pnpmSnapshot
	importers []pnpmImporter
	own       pnpmImporter // what stands at the top, before version 7
	inline    int          // the first line of a dependency with its specifier beside it
	plain     int          // and of one without
}

// pnpmOther is another reading of an entry.
type pnpmOther struct {
	entry Entry
	of    int
}

// pnpmSnapshot is an entry of `snapshots`: a package with the peers that were
// chosen for it.
type pnpmSnapshot struct {
	key      string
	line     int
	optional bool
	edges    []Dependency
	own      *Entry // what it says of the package itself, which pnpm never writes here
	next     int32  // the next one of the same package, or -1
}

// documents reads the whole file.
func (r *pnpmReader) documents() ([]*pnpmDocument, error) {
	var list []*pnpmDocument
	for r.walk.Next() {
		if len(list) == maxDocuments {
			return nil, r.over(maxDocuments, "documents")
		}
		d := &pnpmDocument{sections: map[string]int{}, text: r.rest}
		if strings.HasPrefix(r.rest, begin) { // a small one first, of the environment
			d.text, r.rest, _ = strings.Cut(r.rest, between)
		}
		list = append(list, d)
		if r.walk.Kind() != yamlline.Map {
			var what string
			d.line, what = r.odd()
			if d.empty = what == "null"; !d.empty {
				r.doubts.add(d.line, "", true, "a document is %s, not a mapping", what)
			}
			continue
		}
		d.isMap = true
		err := r.walk.Members(func(name string) error {
			if d.line == 0 {
				d.line = r.walk.Line()
			}
			return r.section(d, name)
		})
		if err != nil {
			return nil, err
		}
		if d.line == 0 {
			d.line = r.walk.Line()
		}
	}
	return list, r.walk.Err()
}

// section reads one member of a document.
func (r *pnpmReader) section(d *pnpmDocument, name string) error {
	line := r.walk.Line()
	var read func(*pnpmDocument) error
	switch name {
	case "lockfileVersion":
		read = r.lockfileVersion
	case "importers":
		read = r.importers
	case "packages":
		read = r.packages
	case "snapshots":
		read = r.snapshots
	default:
		if pnpmLists[name] == 0 {
			r.twin("", name, foldedSections[:])
			r.walk.Skip()
			return nil
		}
		if d.own.seen == 0 {
			d.own.line = line
		}
		return r.importerList(d, &d.own, name)
	}
	if first, again := d.sections[name]; again {
		r.doubts.add(line, "", true, "%s stands twice, first on line %d, and pnpm refuses such a file", name, first)
	} else {
		d.sections[name] = line
	}
	return read(d)
}

// lockfileVersion reads the version of the format, which pnpm wrote as a number
// up to 5.4.
func (r *pnpmReader) lockfileVersion(d *pnpmDocument) error {
	var ok bool
	if d.version, d.number, ok = r.walk.TryText(); !ok {
		_, d.version = r.odd()
	}
	d.versionLine = r.walk.Line()
	return nil
}

// packages reads the entries.
func (r *pnpmReader) packages(d *pnpmDocument) error {
	if !r.isMap("", "packages", true) {
		return nil
	}
	if d.entries == nil {
		d.entries = make([]Entry, 0, min(guessCount(d.text, "resolution:"), r.mostEntries))
	}
	return r.walk.Members(func(key string) error {
		line := r.walk.Line()
		if err := r.entry(key); err != nil {
			return err
		}
		var f pnpmFields
		if err := r.fields(key, &f); err != nil {
			return err
		}
		k := pnpmKeyOf(key)
		if odd := oddPNPMKey(key, &k); odd != "" {
			r.doubts.add(line, key, true, "the key %.80q %s", key, odd)
		}
		at := len(d.entries)
		d.entries = push(d.entries, Entry{})
		r.packageEntry(&d.entries[at], line, key, &k, &f)
		d.grammars = push(d.grammars, k.grammar)
		r.second(d, at, &k, &f)
		return nil
	})
}

// snapshots reads what the packages depend on, since version 7.
func (r *pnpmReader) snapshots(d *pnpmDocument) error {
	if !r.isMap("", "snapshots", true) {
		return nil
	}
	if d.snapshots == nil {
		d.snapshots = make([]pnpmSnapshot, 0, len(d.entries)*9/8+8)
	}
	return r.walk.Members(func(key string) error {
		s := pnpmSnapshot{key: key, line: r.walk.Line(), next: -1}
		if err := r.entry(key); err != nil {
			return err
		}
		var f pnpmFields
		if err := r.fields(key, &f); err != nil {
			return err
		}
		s.optional, s.edges = f.has(pnpmOptional), f.edges
		if f.seen&(1<<pnpmResolution|1<<pnpmName|1<<pnpmVersion) != 0 {
			k := pnpmKeyOf(pnpmBase(key))
			s.own = new(Entry)
			r.packageEntry(s.own, s.line, key, &k, &f)
		}
		d.snapshots = push(d.snapshots, s)
		return nil
	})
}

// begin and between are what pnpm goes by to find the first of two documents.
const begin, between = "---\n", "\n---\n"

// boundaries looks for documents that pnpm would separate otherwise than YAML
// does. It goes by text: a file that begins with "---\n" has the environment's
// document first, up to the next "\n---\n", and the project's is all the rest.
// Since pnpm 11 it takes "\r\n" for "\n" there.
func (r *pnpmReader) boundaries(list []*pnpmDocument, data []byte) {
	text := bytes.TrimPrefix(data, []byte("\ufeff"))
	two := func(text []byte) bool {
		return bytes.HasPrefix(text, []byte(begin)) && bytes.Contains(text[len(begin):], []byte(between))
	}
	last := list[len(list)-1]
	switch {
	case len(list) > 2:
		r.doubts.add(last.line, "", true, "there are %d documents, and pnpm writes two at most", len(list))
	case len(list) == 2 && !two(text):
		if two(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))) {
			r.doubts.add(last.line, "", false, "pnpm sees that there is a second document since version 11 only")
			break
		}
		r.doubts.add(last.line, "", true, "YAML has two documents here, and pnpm sees one")
	case len(list) == 1 && (bytes.HasPrefix(text, []byte(begin)) || bytes.HasPrefix(text, []byte("---\r\n"))):
		r.doubts.add(last.line, "", true, "the file begins as one of two documents does, and pnpm since version 11 takes it for the environment's")
	}
	for _, d := range list {
		if d.empty && d != last {
			r.doubts.add(d.line, "", true, "a document is empty")
		}
	}
}
