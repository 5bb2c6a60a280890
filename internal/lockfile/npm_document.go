package lockfile

import (
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// document reads the whole file into halves.
func (r *npmReader) document() error {
	if err := r.walk.Members(r.member); err != nil {
		return err
	}
	return r.walk.End()
}

// member reads one member of the document.
func (r *npmReader) member(name string) error {
	switch {
	case strings.EqualFold(name, "packages"), strings.EqualFold(name, "dependencies"):
		return r.half(name)
	case strings.EqualFold(name, "lockfileVersion"):
		return r.version(name)
	case name == "name":
		if text, ok := r.walk.TryText(); ok {
			r.name = text
			return nil
		}
	}
	return r.walk.Skip()
}

// version reads lockfileVersion.
func (r *npmReader) version(name string) error {
	line, value, err := r.odd()
	if name != "lockfileVersion" {
		r.doubts.add(line, "", false, "a reader that folds case takes %.80q for lockfileVersion", name)
		return err
	}
	if r.declared != "" {
		r.doubts.add(line, "", false, "lockfileVersion stands twice: %.80s, then %.80s", r.declared, value)
	}
	r.declared, r.declaredLine = value, line
	return err
}

// half reads the value of `packages` or `dependencies`.
func (r *npmReader) half(name string) error {
	half := &npmHalf{name: name, line: r.walk.Line(), legacy: !strings.EqualFold(name, "packages")}
	if r.walk.Kind() != jsonline.Object {
		line, what, err := r.odd()
		switch what {
		case "null": // an absent one, to npm and to every reader
			return err
		case "false", "0", `""`:
		default:
			// npm takes what is there for the half, and finds nothing in it.
			r.halves = append(r.halves, half)
		}
		r.doubts.add(line, "", true, "%s is %s, not an object", name, what)
		return err
	}
	if len(r.halves) < 2 { // a hostile file may have many
		half.entries = make([]Entry, 0, r.room)
	}
	r.halves = append(r.halves, half)
	if half.legacy {
		return r.children(half, "", nil)
	}
	return r.packages(half)
}

// packages reads the entries of a `packages` object, whose keys are paths.
func (r *npmReader) packages(half *npmHalf) error {
	return r.walk.Members(func(key string) error {
		line := r.walk.Line()
		if key == "" {
			return r.root(half, line)
		}
		in := placeOf(key)
		if err := r.key(key, in, line); err != nil {
			return err
		}
		var f npmFields
		if err := r.fields(half, key, &f); err != nil {
			return err
		}
		at := len(half.entries)
		half.entries = append(half.entries, Entry{})
		r.installed(&half.entries[at], key, in, line, &f)
		if f.others != nil {
			var other Entry
			first := f.earliest()
			r.installed(&other, key, in, line, &first)
			r.shadow(half, at, &other, &f)
		}
		return nil
	})
}

// root reads the entry of the lockfile's own folder.
func (r *npmReader) root(half *npmHalf, line int) error {
	if half.root != nil {
		r.doubts.add(line, "", false, "the root entry stands twice")
	}
	var f npmFields
	err := r.fields(half, "", &f)
	for _, other := range f.others {
		r.doubts.add(other.line, "", false, "%s", other.how)
	}
	half.root = &Root{Name: f.text[fieldName], Line: line, Dependencies: f.edges}
	return err
}

// children reads a `dependencies` object of a v1 tree, whose keys are names.
// f is what their parent says, or nil at the top.
func (r *npmReader) children(half *npmHalf, parent string, f *npmFields) error {
	if r.walk.Kind() != jsonline.Object {
		line, what, err := r.odd()
		r.doubts.add(line, parent, false, "dependencies is %s, not an object", what)
		return err
	}
	from := len(half.entries)
	err := r.walk.Members(func(name string) error { return r.child(half, parent, name) })
	if err != nil || f == nil {
		return err
	}
	kids := half.entries[from:len(half.entries):len(half.entries)]
	if f.kids != nil {
		r.doubts.add(r.walk.Line(), parent, !slices.EqualFunc(f.kids, kids, sameReading), "dependencies stands twice")
	}
	f.kids = kids
	return nil
}

func (r *npmReader) child(half *npmHalf, parent, name string) error {
	line := r.walk.Line()
	key := childKey(parent, name)
	if err := r.key(key, npmPlace{parent, name}, line); err != nil {
		return err
	}
	if err := r.made(key); err != nil {
		return err
	}
	// The entry's place is taken before those of its children.
	at := len(half.entries)
	half.entries = append(half.entries, Entry{})
	var f npmFields
	if err := r.fields(half, key, &f); err != nil {
		return err
	}
	r.nested(&half.entries[at], key, name, line, &f)
	if f.others != nil {
		var other Entry
		first := f.earliest()
		r.nested(&other, key, name, line, &first)
		r.shadow(half, at, &other, &f)
	}
	if e := &half.entries[at]; e.Source == Link {
		return r.moveBelow(half.entries[at+1:], key, linkTarget(e.Resolved))
	}
	return nil
}

// moveBelow gives the entries that stand under a link the keys that they have
// under its target: there they are installed.
func (r *npmReader) moveBelow(entries []Entry, link, target string) error {
	if len(target) > maxKey {
		return r.over(maxKey, "bytes in the target of a link")
	}
	for i := range entries {
		below := strings.TrimPrefix(entries[i].Key, link)
		entries[i].Key = strings.TrimPrefix(target+below, "/")
		if err := r.made(entries[i].Key); err != nil {
			return err
		}
	}
	return nil
}

// made counts the bytes of a key that was put together.
func (r *npmReader) made(key string) error {
	if r.keyBytes += len(key); r.keyBytes > maxKeyBytes {
		return r.over(maxKeyBytes, "bytes in the keys of all entries")
	}
	return nil
}

// key checks the key of one more entry.
func (r *npmReader) key(key string, in npmPlace, line int) error {
	if r.entryCount++; r.entryCount > maxEntries {
		return r.over(maxEntries, "entries")
	}
	if len(key) > maxKey {
		return r.over(maxKey, "bytes in the key of an entry")
	}
	folders, odd := checkKey(key, in)
	if folders > maxFolders {
		return r.over(maxFolders, "folders in the key of an entry")
	}
	if odd != "" {
		r.doubts.add(line, key, true, "the key %.80q %s", key, odd)
	}
	return nil
}

// shadow notes the other readings of the entry at a place, and keeps the first
// one if it pins something else.
func (r *npmReader) shadow(half *npmHalf, at int, first *Entry, f *npmFields) {
	for _, other := range f.others {
		decides := other.field != fieldDeprecated && other.value != f.text[other.field]
		r.doubts.add(other.line, first.Key, decides, "%s", other.how)
	}
	if !sameReading(*first, half.entries[at]) {
		half.shadows = append(half.shadows, *first)
	}
}

// sameReading reports whether two entries pin the same bytes in the same place.
func sameReading(a, b Entry) bool {
	return a.Key == b.Key && a.Name == b.Name && a.Version == b.Version && a.Source == b.Source &&
		a.Resolved == b.Resolved && slices.Equal(a.Integrity, b.Integrity)
}
