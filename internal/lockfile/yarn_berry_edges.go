package lockfile

import (
	"path"
	"strings"
)

// berryRequest is a name with a range or a reference, of which "npm:" is left
// out: before version 8 yarn often left it out itself.
type berryRequest struct{ name, of string }

func requestOf(name, of string) berryRequest {
	return berryRequest{name, strings.TrimPrefix(of, "npm:")}
}

func (q berryRequest) hash() uint32 { return hashOfBoth(hashOfText(q.name), q.of) }

// berryAnswer is a request in a key, as written, and the entry that answers it.
type berryAnswer struct {
	request string
	name    int32 // how long its name is; the range follows the @ behind that
	entry   int32
}

// berryNamed is the last entry of those that a name may ask for.
type berryNamed struct {
	answer  int32 // one that is for that name
	entry   int32
	several bool
}

// nameOf gives the name that an answer is for.
func (r *berryReader) nameOf(answer int32) string {
	a := &r.answers[answer]
	return a.request[:a.name]
}

// isFor reports whether an answer is one for a request.
func (r *berryReader) isFor(answer int32, q berryRequest) bool {
	a := &r.answers[answer]
	return a.request[:a.name] == q.name && strings.TrimPrefix(a.request[min(int(a.name)+1, len(a.request)):], "npm:") == q.of
}

// descriptor gives the entry whose key holds a request, or -1.
func (r *berryReader) descriptor(q berryRequest) int32 {
	if at := r.descriptors.find(q.hash(), func(answer int32) bool { return r.isFor(answer, q) }); at >= 0 {
		return r.answers[at].entry
	}
	return -1
}

// isAt reports whether a locator is that of an entry.
func (r *berryReader) isAt(entry int32, locator berryRequest) bool {
	pin := &r.pins[entry]
	return pin.name == locator.name && strings.TrimPrefix(pin.reference, "npm:") == locator.of
}

// locator gives the entry that a locator is of, or -1.
func (r *berryReader) locator(q berryRequest) int32 {
	return r.locators.find(q.hash(), func(entry int32) bool { return r.isAt(entry, q) })
}

// index files all entries by what they answer, and looks for two that answer
// the same; the later one does, as in yarn.
func (r *berryReader) index() error {
	count := len(r.entries)
	r.answers = make([]berryAnswer, 0, count+count/2)
	r.descriptors, r.locators, r.names = newLookup(count+count/2), newLookup(count), newLookup(count)
	r.named = make([]berryNamed, 0, count)
	r.patched = make(map[berryRequest]int32)
	for i := range r.entries {
		e, pin := &r.entries[i], &r.pins[i]
		if e.Checksum != "" {
			e.Checksum = r.checksum(e.Checksum, pin)
		}
		if pin.name != "" {
			locator := requestOf(pin.name, pin.reference)
			earlier := r.locators.put(locator.hash(), int32(i), func(entry int32) bool { return r.isAt(entry, locator) })
			if earlier >= 0 && r.entries[earlier].Key != e.Key {
				r.twice(e, &r.entries[earlier], "resolution", pin.name+"@"+pin.reference)
			}
		}
		if pin.reference == "workspace:." {
			r.rootAt = int32(i)
		}
		if err := r.file(int32(i), e, pin); err != nil {
			return err
		}
	}
	return nil
}

// checksum gives a checksum with the key of the cache that it is for, and with
// the hashes of the patches that are in the archive: then it compares only with
// that of a package which is patched alike. A key that is not the file's own is
// marked: yarn takes another archive for such a checksum, and writes the new one
// (Cache.ts, "update").
func (r *berryReader) checksum(written string, pin *berryPin) string {
	key, sum, ok := strings.Cut(written, "/")
	foreign := ok && key != r.cacheKey
	switch {
	case !ok:
		key, sum = r.cacheKey, written
	case pin.wraps == nil && !foreign:
		return written
	}
	if foreign {
		key += foreignKey
	}
	patches := ""
	if pin.wraps != nil {
		patches = pin.wraps.patches
	}
	return r.texts.join(key, patches, "/", sum)
}

// file files an entry by the descriptors of its key.
func (r *berryReader) file(at int32, e *Entry, pin *berryPin) error {
	said := false
	for first, rest := cutDescriptor(e.Key); ; first, rest = cutDescriptor(rest) {
		if r.keyCount++; r.keyCount > maxEdges {
			return r.over(e.Line, maxEdges, "ranges in the keys of all entries")
		}
		name, of, ok := splitBerry(first)
		if !ok {
			r.doubts.add(e.Line, e.Key, true, "the key %.80q names no package with its range", first)
			name, of = first, ""
		}
		if ok && pin.name != "" {
			r.compare(e, pin, name, of)
		}
		if e.Alias == "" && name != e.Name {
			e.Alias = name
		}
		answer, request := int32(len(r.answers)), requestOf(name, of)
		r.answers = push(r.answers, berryAnswer{first, int32(len(name)), at})
		earlier := r.descriptors.put(request.hash(), answer, func(answer int32) bool { return r.isFor(answer, request) })
		if earlier >= 0 && r.answers[earlier].entry != at && !said {
			said = true
			r.twice(e, &r.entries[r.answers[earlier].entry], "range", first)
		}
		r.builtin(at, name, of)
		r.fileName(answer, name)
		if rest == "" {
			return nil
		}
	}
}

// fileName notes that an answer is for a name. Those of one name mostly follow
// each other, since yarn sorts the keys.
func (r *berryReader) fileName(answer int32, name string) {
	at := r.answers[answer].entry
	if n := len(r.named); n > 0 && r.nameOf(r.named[n-1].answer) == name {
		last := &r.named[n-1]
		last.several = last.several || last.entry != at
		last.entry = at
		return
	}
	number := int32(len(r.named))
	r.named = push(r.named, berryNamed{answer: answer, entry: at})
	earlier := r.names.put(hashOfText(name), number, func(number int32) bool { return r.nameOf(r.named[number].answer) == name })
	if earlier >= 0 {
		known := &r.named[earlier]
		r.named[number].several = known.several || known.entry != at
	}
}

// twice notes that an entry answers what an earlier one answers.
func (r *berryReader) twice(e, earlier *Entry, what, text string) {
	same := e.Name == earlier.Name && e.Version == earlier.Version && e.Source == earlier.Source &&
		e.Resolved == earlier.Resolved && e.Checksum == earlier.Checksum
	r.doubts.add(e.Line, e.Key, !same, "the %s %.80q stands twice, first on line %d", what, text, earlier.Line)
}

// compare looks for a key that asks for another package than the one that its
// entry resolves to: yarn takes what the resolution says.
func (r *berryReader) compare(e *Entry, pin *berryPin, name, of string) {
	if e.Source == Registry && name == pin.name && name == e.Name && pin.wraps == nil { // nearly always
		return
	}
	real, reference := pin.name, pin.reference
	honest := (name == real || explains(of, real, reference)) && sameProtocol(of, reference)
	if pin.wraps != nil {
		for range maxPatches {
			inner, _, ok := unwrap(name, of)
			if !ok {
				break
			}
			name, of, _ = splitBerry(inner)
		}
		real, reference = pin.wraps.name, pin.wraps.reference
		honest = honest && (name == real || explains(of, real, reference))
	}
	if real != e.Name { // by the address of its archive
		honest = honest && of == reference
	}
	if !honest {
		r.doubts.add(e.Line, e.Key, true, "the key asks for %.80q of %.80q, and the resolution is %.80q of %.80q", of, name, reference, e.Name)
	}
}

// sameProtocol reports whether a range can resolve to a reference of the
// repository's own files. yarn doesn't believe the lockfile in these
// (shouldPersistResolution), but resolves the range again: to the newest package
// of a registry, where the range is of one. A workspace may answer such a range.
func sameProtocol(of, reference string) bool {
	protocol, _, _ := strings.Cut(reference, ":")
	switch protocol {
	case "patch", "file", "link", "portal", "exec", "condition":
		return strings.HasPrefix(of, protocol+":")
	}
	return true
}

// explains reports whether a range names the package that a locator has, though
// the name that asks for it differs.
func explains(of, locator, reference string) bool {
	if folder, ok := strings.CutPrefix(of, "workspace:"); ok {
		return "workspace:"+path.Clean(folder) == reference
	}
	for _, protocol := range [...]string{"npm:", "jsr:"} {
		if rest, ok := strings.CutPrefix(of, protocol); ok {
			real, _, ok := splitBerry(rest)
			return ok && real == locator
		}
	}
	return false
}

// builtin files a descriptor of the patches that yarn makes itself under the
// range that stands in the requests for it (plugin-compat).
func (r *berryReader) builtin(at int32, name, of string) {
	if !strings.HasPrefix(of, "patch:") || !strings.HasSuffix(of, "builtin<compat/"+name+">") {
		return
	}
	inner, _, _ := unwrap(name, of)
	if asked, within, ok := splitBerry(inner); ok && asked == name {
		r.patched[requestOf(name, within)] = at
	}
}
