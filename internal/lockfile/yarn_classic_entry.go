package lockfile

import (
	"slices"
	"strings"
)

// classicField is a field of an entry that this reader looks at.
type classicField uint8

const (
	classicOther classicField = iota

	// Fields whose value is a text.
	classicVersion
	classicResolved
	classicIntegrity
	classicName // where the patterns don't give the name, or give several
	classicTexts

	// Fields that hold edges.
	classicDependencies
	classicOptionals
)

func classicFieldOf(name string) classicField {
	switch name {
	case "version":
		return classicVersion
	case "resolved":
		return classicResolved
	case "integrity":
		return classicIntegrity
	case "dependencies":
		return classicDependencies
	case "optionalDependencies":
		return classicOptionals
	case "name":
		return classicName
	}
	return classicOther
}

// kind gives the kind of the edges that a field holds.
func (f classicField) kind() Kind {
	if f == classicOptionals {
		return OptionalKind
	}
	return Production
}

// classicFields is what one entry says so far.
type classicFields struct {
	text [classicTexts]string
	seen uint8        // by classicField
	at   classicField // the one whose members the lines at the second depth are
}

// key reads a line that is not indented: the patterns that an entry answers,
// and a colon.
func (r *classicReader) key(line string) error {
	if len(line) > maxKeyLine {
		return r.over(maxKeyLine, "bytes in the key of an entry")
	}
	r.first = len(r.patterns)
	rest, plain := line, true
	for more := true; more; {
		token, after, kind := classicToken(rest)
		switch {
		case !kind.isText() || token == "":
			return r.unexpected(rest)
		case len(token) > maxKey:
			return r.over(maxKey, "bytes in one pattern of a key")
		case token == "__metadata":
			return r.refuse("the key __metadata is that of yarn 2 and later, and is spelled in another way than theirs")
		case len(r.patterns) == maxEdges:
			return r.over(maxEdges, "patterns in the keys of entries")
		}
		if kind == classicText {
			r.listed(token)
		}
		r.patterns = append(roomy(r.patterns), newClassicPattern(token, int32(len(r.entries))))
		rest, more = strings.CutPrefix(afterSpaces(after), ",")
		plain = plain && kind == classicWord && (!more || strings.HasPrefix(after, ", "))
		rest = afterSpaces(rest)
	}
	_, kind, err := r.value(rest)
	if err != nil {
		return err
	}
	key := strings.TrimRight(line[:len(line)-len(rest)], " ")
	if !plain {
		key = joinPatterns(r.patterns[r.first:])
	}
	if kind != classicObject {
		r.doubts.add(r.line, key, true, "the key %.80q has a value and no fields, and yarn takes that for the key to look at", key)
		r.patterns, r.open = r.patterns[:r.first], 0
		return nil
	}
	return r.entry(key)
}

// listed doubts a pattern in quotes that a reader which splits a key at each
// comma takes for several.
func (r *classicReader) listed(pattern string) {
	if comma := strings.IndexByte(pattern, ','); comma >= 0 && strings.IndexByte(pattern[comma:], '@') >= 0 {
		r.doubts.add(r.line, "", true, "%.80q is one pattern, and looks like several", pattern)
	}
}

// joinPatterns gives patterns as they stand in a key line, without quotes.
func joinPatterns(patterns []classicPattern) string {
	if len(patterns) == 1 {
		return patterns[0].text
	}
	size := 0
	for _, p := range patterns {
		size += len(p.text) + len(", ")
	}
	var b strings.Builder
	b.Grow(size)
	for i, p := range patterns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// entry begins an entry, which the following lines belong to.
func (r *classicReader) entry(key string) error {
	if len(r.entries) == maxEntries {
		return r.over(maxEntries, "entries")
	}
	if len(r.entries) == cap(r.entries) { // more than in any usual file
		r.entries = slices.Grow(r.entries, 1+keyLines(r.text))
	}
	r.entries = append(r.entries, Entry{Line: r.line, Key: key})
	r.open, r.within = 1, true
	r.fields = classicFields{}
	r.scratch = r.scratch[:0]
	return nil
}

// keyLines counts the lines that are not indented, up to what may be read.
func keyLines(text string) int {
	n := 0
	for line := range strings.Lines(text) {
		if c := line[0]; c != ' ' && c != '\n' && c != '\r' && c != '#' {
			n++
		}
	}
	return min(n, maxEntries)
}

// field reads a line that is indented.
func (r *classicReader) field(depth int, line string) error {
	name, rest, kind := classicToken(line)
	if !kind.isText() || name == "" {
		return r.unexpected(line)
	}
	value, kind, err := r.value(rest)
	if err != nil {
		return err
	}
	r.open = depth
	if kind == classicObject {
		r.open++
	}
	switch {
	case depth == 1:
		r.member(name, value, kind)
	case depth == 2 && r.fields.at > classicTexts:
		return r.edge(name, value, kind)
	}
	return nil
}

// member reads a field of an entry. Of two with one name yarn takes the last.
func (r *classicReader) member(name, value string, kind classicKind) {
	f, field := &r.fields, classicFieldOf(name)
	f.at = field
	again := f.seen&(1<<field) != 0
	f.seen |= 1 << field
	switch {
	case field == classicOther:
	case field < classicTexts:
		if !kind.isText() {
			r.doubt(false, "%s is no text", name)
		}
		if again {
			r.doubt(value != f.text[field], "%s stands twice: %.80q, then %.80q", name, f.text[field], value)
		}
		f.text[field] = value
	default:
		if kind != classicObject {
			r.doubt(false, "%s is %.80q, and holds no ranges", name, value)
		}
		if again {
			r.doubt(false, "%s stands twice", name)
			r.scratch = slices.DeleteFunc(r.scratch, func(d Dependency) bool { return d.Kind == field.kind() })
		}
	}
}

// edge reads a line of dependencies or optionalDependencies.
func (r *classicReader) edge(name, spec string, kind classicKind) error {
	if r.edges++; r.edges > maxEdges {
		return r.over(maxEdges, "requests of packages for packages")
	}
	if !kind.isText() {
		r.doubt(false, "what is asked for of %.80q is no text", name)
	}
	r.scratch = append(roomy(r.scratch), Dependency{Name: name, Spec: spec, Kind: r.fields.at.kind()})
	return nil
}

// roomy gives a slice that has room for one more, and doubles where it hasn't:
// append grows large ones in small steps, which leaves much garbage.
func roomy[T any](s []T) []T {
	if len(s) < cap(s) {
		return s
	}
	return slices.Grow(s, len(s)+64)
}

// doubt notes a doubt about the last entry on the current line.
func (r *classicReader) doubt(packages bool, format string, args ...any) {
	r.doubts.add(r.line, r.lastKey(), packages, format, args...)
}

// finish makes the last entry of what its lines said.
func (r *classicReader) finish() {
	if !r.within {
		return
	}
	r.within, r.open = false, 0
	last := len(r.entries) - 1
	e, text := &r.entries[last], &r.fields.text
	if r.fields.seen == 0 {
		r.doubts.add(e.Line, e.Key, true, "the key %.80q has no fields, and yarn takes what it is given when it asks again", e.Key)
		r.entries, r.patterns = r.entries[:last], r.patterns[:r.first]
		return
	}
	e.Version, e.Resolved = text[classicVersion], text[classicResolved]
	var odd string
	if e.Integrity, odd = hashes(text[classicIntegrity], &r.hashSlab); odd != "" {
		r.doubts.add(e.Line, e.Key, true, "integrity %.80q %s", text[classicIntegrity], odd)
	}
	r.edgesTwice(e)
	e.Dependencies = r.edgeSlab.keep(r.scratch...)
	r.named(e, r.patterns[r.first:], text[classicName])
	r.fetched(e, r.patterns[r.first:])
}

// edgesTwice looks for names that one list of an entry holds twice. yarn takes
// the last of them.
func (r *classicReader) edgesTwice(e *Entry) {
	sorted := true
	for i := 1; i < len(r.scratch); i++ {
		a, b := &r.scratch[i-1], &r.scratch[i]
		sorted = sorted && (a.Kind < b.Kind || a.Kind == b.Kind && a.Name < b.Name)
	}
	if sorted { // as yarn writes nearly all
		return
	}
	for _, kind := range [...]Kind{Production, OptionalKind} {
		known := make(map[string]int32)
		for i, d := range r.scratch {
			if d.Kind != kind {
				continue
			}
			if earlier, ok := known[d.Name]; ok {
				r.doubts.add(e.Line, e.Key, false, "%.80q is asked for twice: %.80q, then %.80q", d.Name, r.scratch[earlier].Spec, d.Spec)
			}
			known[d.Name] = int32(i)
		}
	}
}
