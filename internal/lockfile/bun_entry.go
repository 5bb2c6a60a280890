package lockfile

import (
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// bunForm is a form that the text of an entry takes behind the name and "@",
// and with it the tuple. In shapes, s is a string, o an object; hash is which
// of the strings is the integrity, where the tuple is long enough to have one.
type bunForm struct {
	prefix string
	source Source
	shapes [2]string
	hash   int
}

var (
	bunVersion = bunForm{source: Registry, shapes: [2]string{"ssos"}, hash: 2}
	bunArchive = bunForm{source: File, shapes: [2]string{"so", "sos"}, hash: 1}
)

// bunForms are the forms that are known by a prefix.
var bunForms = []bunForm{
	{"root:", Workspace, [2]string{"so"}, 0},
	{"workspace:", Workspace, [2]string{"s", "so"}, 0},
	{"link:", Link, [2]string{"so"}, 0},
	{"file:", File, [2]string{"so"}, 0}, // a folder; an archive has its bare path
	{"git+", Git, [2]string{"sos", "soss"}, 2},
	{"github:", Git, [2]string{"sos", "soss"}, 2},
	{"https://", URL, [2]string{"so", "sos"}, 1},
	{"http://", URL, [2]string{"so", "sos"}, 1},
}

// bunFormOf tells the form of a text. It is false for one that bun never
// writes; the source is then what npm would make of it, which bun's own rules
// come near to.
func bunFormOf(text string) (form *bunForm, known bool) {
	if isBunVersion(text) {
		return &bunVersion, true
	}
	for i := range bunForms {
		if strings.HasPrefix(text, bunForms[i].prefix) {
			return &bunForms[i], true
		}
	}
	if schemeOf(text) == "" && (strings.HasSuffix(text, ".tgz") || strings.HasSuffix(text, ".tar.gz")) {
		return &bunArchive, true
	}
	source, _ := sourceOf(text)
	if source == Registry {
		return &bunVersion, false
	}
	return &bunForm{source: source}, false
}

// isBunVersion reports whether a text is a version of three numbers, as bun
// writes all: it reads more, such as "=1.2.3 || 2.0.0", as the first that it
// finds in it.
func isBunVersion(text string) bool {
	rest := text
	for _, end := range [...]string{".", ".", "-+"} {
		n := 0
		for n < len(rest) && '0' <= rest[n] && rest[n] <= '9' {
			n++
		}
		switch {
		case n == 0:
			return false
		case n == len(rest):
			return end == "-+"
		case strings.IndexByte(end, rest[n]) < 0:
			return false
		}
		rest = rest[n+1:]
	}
	for i := range len(rest) {
		if !plainBytes[rest[i]] && rest[i] != '+' {
			return false
		}
	}
	return rest != ""
}

// bunTuple is the value of an entry, its elements by their kinds.
type bunTuple struct {
	shape []byte // a letter for each element, as in bunForm
	texts []string
	info  bunInfo // of the first object
}

// maxTuple is how many elements of a tuple are looked at: more than bun writes.
const maxTuple = 6

func (t *bunTuple) text(i int) string {
	if i < len(t.texts) {
		return t.texts[i]
	}
	return ""
}

// readTuple reads the value of an entry into the reader's tuple.
func (r *bunReader) readTuple(key string) error {
	t := &r.tuple
	t.shape, t.texts, t.info = t.shape[:0], t.texts[:0], bunInfo{}
	return r.walk.Elements(func() error {
		if len(t.shape) == maxTuple {
			return r.walk.Skip()
		}
		if text, ok := r.walk.TryText(); ok {
			t.shape, t.texts = append(t.shape, 's'), append(t.texts, text)
			return nil
		}
		switch r.walk.Kind() {
		case jsonline.Object:
			first := !slices.Contains(t.shape, 'o')
			t.shape = append(t.shape, 'o')
			if first {
				return r.info(key, &t.info)
			}
		case jsonline.Array:
			t.shape = append(t.shape, 'a')
		default:
			t.shape = append(t.shape, 'l')
		}
		return r.walk.Skip()
	})
}

// installed reads an entry.
func (r *bunReader) installed(key string) error {
	if err := r.count(key); err != nil {
		return err
	}
	line := r.walk.Line()
	if r.walk.Kind() != jsonline.Array {
		_, what, err := r.odd()
		r.doubts.add(line, key, true, "the entry is %s, not an array, and bun refuses the file", what)
		return err
	}
	names, odd := oddBunKey(key)
	if names > maxFolders {
		return r.over(maxFolders, "folders in the key of an entry")
	}
	if odd != "" {
		r.doubts.add(line, key, true, "the key %.80q %s", key, odd)
	}
	_, name := bunPlace(key)
	r.entries = append(r.entries, Entry{Line: line, Key: key, Name: name, Source: Registry})
	if err := r.readTuple(key); err != nil {
		return err
	}
	r.fill(&r.entries[len(r.entries)-1])
	return nil
}

// fill makes an entry of the reader's tuple.
func (r *bunReader) fill(e *Entry) {
	t := &r.tuple
	name, text := "", ""
	if len(t.shape) > 0 && t.shape[0] == 's' {
		name, text = splitBun(t.texts[0])
	}
	form, known := bunFormOf(text)
	switch {
	case !known:
		r.doubts.add(e.Line, e.Key, true, "the entry begins with %.80q, which bun never writes", t.text(0))
	case string(t.shape) != form.shapes[0] && string(t.shape) != form.shapes[1]:
		r.doubts.add(e.Line, e.Key, true, "the entry has the elements %q (s for a string, o for an object), where bun writes %q", t.shape, form.shapes[0])
	}
	if name != "" && name != e.Name {
		e.Name, e.Alias = name, e.Name
		if names, odd := oddBunKey(name); names != 1 || odd != "" {
			r.doubts.add(e.Line, e.Key, true, "the entry's name %.80q is none", name)
		}
	}
	e.Source, e.Bundled, e.Dependencies = form.source, t.info.bundled, t.info.edges
	if t.info.script {
		e.InstallScript = Yes
	}
	if form.hash > 0 {
		e.Integrity = r.integrity(e, t.text(form.hash))
	}
	switch form.source {
	case Registry:
		e.Version = text
		r.fetched(e, t.text(1))
	case Workspace:
		folder := text[len(form.prefix):]
		r.owns = append(r.owns, bunOwn{int32(len(r.entries) - 1), folder, len(t.info.edges) > 0})
	case Git:
		e.Resolved = text
		r.commit(e, form, t.text(1))
	default:
		e.Resolved = text
	}
	if (form.source == Git || form.source == URL) && oddURL(text) {
		r.doubts.add(e.Line, e.Key, true, "%.80q is an address that readers take apart in different ways", text)
	}
}

// splitBun cuts "@scope/name@1.0.0" where bun does: behind the name, for an
// address may hold more of "@". The root may have no name.
func splitBun(text string) (name, rest string) {
	if text == "" {
		return "", ""
	}
	at := strings.IndexByte(text[1:], '@')
	switch {
	case at >= 0:
		return text[:1+at], text[1+at+1:]
	case text[0] == '@':
		return "", text[1:]
	}
	return text, ""
}

// fetched sets where bun fetches a version from: a registry's own address goes
// unsaid where the registry is the public one.
func (r *bunReader) fetched(e *Entry, address string) {
	e.Resolved = address
	if address == "" || usualTarball(address, r.base, e.Name, e.Version) {
		return
	}
	source, form := sourceOf(address)
	switch scheme := schemeOf(address); {
	case scheme != "https" && scheme != "http":
		r.doubts.add(e.Line, e.Key, true, "%.80q is no address of an archive", address)
		return
	case form == strange:
		r.doubts.add(e.Line, e.Key, true, "%.80q is an address that readers take apart in different ways", address)
	}
	if source != Registry {
		e.Source = URL
	} else if i := strings.Index(address, e.Name+"/-/"); i > 0 {
		r.base = address[:i]
	}
}

// commit compares the commit in the address of a repository, which everybody
// reads, with the tag behind it: bun checks out what the tag says, and names by
// it the folder of its cache in which it looks for an archive of GitHub first.
func (r *bunReader) commit(e *Entry, form *bunForm, tag string) {
	_, commit, _ := strings.Cut(e.Resolved, "#")
	same := tag == commit
	if form.prefix == "github:" {
		same = strings.HasSuffix(tag, "-"+commit)
	}
	if commit == "" || !same {
		r.doubts.add(e.Line, e.Key, true, "the address pins the commit %.80q, and the tag that bun goes by says %.80q", commit, tag)
	}
}

// integrity gives the hashes of an entry. bun holds an archive to one hash,
// and before 1.4 to none where it doesn't understand the text.
func (r *bunReader) integrity(e *Entry, text string) []string {
	if isBunHash(text) {
		return r.hashSlab.keep(text)
	}
	list, _ := hashes(text, &r.hashSlab)
	if text != "" {
		r.doubts.add(e.Line, e.Key, true, "integrity %.80q is nothing that every bun holds an archive to", text)
	}
	return list
}

// isBunHash reports whether a text is one hash of an algorithm that bun knows.
func isBunHash(text string) bool {
	dash := strings.IndexByte(text, '-')
	if dash < 0 {
		return false
	}
	switch text[:dash] {
	case "sha512", "sha1", "sha256", "sha384":
	default:
		return false
	}
	digest := strings.TrimRight(text[dash+1:], "=")
	var other byte // without a branch for each letter: every entry passes here
	for i := range len(digest) {
		other |= notBase64[digest[i]]
	}
	return digest != "" && other == 0
}

var notBase64 = bytesBut("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
