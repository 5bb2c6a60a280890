package lockfile

import "strings"

// denoSpecifier is a request that the lockfile answers for the whole
// repository: "npm:chalk@5" with "5.0.0".
type denoSpecifier struct {
	line   int
	spec   string // with its scheme
	answer string // as written
	whole  bool   // the answer has the package's name, not only a version
	entry  int32  // the one that answers, or -1
	asked  bool   // by a manifest or by a package of JSR
}

// readSpecifiers reads requests and their answers. In version 2 they are npm's
// and have no scheme.
func (r *denoReader) readSpecifiers(part string) error {
	return r.eachEntry(part, func(spec string) error {
		s := denoSpecifier{line: r.walk.Line(), spec: spec, entry: -1}
		if part == "npm.specifiers" {
			s.spec, s.whole = "npm:"+spec, true
		}
		var err error
		if s.answer, err = r.text(spec, "the answer to a specifier"); s.answer != "" {
			r.specifiers = append(r.specifiers, s)
		} else {
			r.doubts.add(s.line, "", false, "the specifier %.80q has no answer", s.spec)
		}
		return err
	})
}

// cutSpecifier takes "jsr:@std/fs@1/exists" apart. The range and the path are
// optional.
func cutSpecifier(spec string) (scheme, name, wanted string) {
	scheme, rest, ok := strings.Cut(spec, ":")
	if !ok || scheme != "npm" && scheme != "jsr" {
		return "", spec, ""
	}
	rest = strings.TrimPrefix(rest, "/")
	name, wanted = cutVersion(rest)
	if wanted == "" { // a path may follow the name
		parts := strings.SplitN(name, "/", 3)
		own := 1
		if strings.HasPrefix(name, "@") {
			own = 2
		}
		name = strings.Join(parts[:min(own, len(parts))], "/")
	}
	wanted, _, _ = strings.Cut(wanted, "/")
	return scheme, name, wanted
}

// indexSpecifiers finds the entries that the specifiers name. A package that
// only a specifier names is one that Deno fetches without a hash.
func (x *denoIndex) indexSpecifiers() {
	r := x.r
	for i := range r.specifiers {
		s := &r.specifiers[i]
		scheme, name, wanted := cutSpecifier(s.spec)
		if scheme == "" {
			r.doubts.add(s.line, "", true, "the specifier %.80q is neither of npm nor of JSR", s.spec)
			continue
		}
		key, whole := strings.CutPrefix(s.answer, scheme+":") // in version 3
		if !whole && !s.whole {
			key = name + "@" + key
		} else if answering, _ := cutVersion(key); answering != name {
			// Deno 1 takes that package, Deno 2 its version of the other.
			r.doubts.add(s.line, "", true, "the specifier %.80q is answered by %.80q, another package", s.spec, s.answer)
		}
		ecosystem := ""
		if scheme == JSR {
			ecosystem = JSR
		}
		if s.entry = x.entry(ecosystem, key); x.keyOf(s.entry) == "" {
			s.entry = x.unpinned(s, ecosystem, key)
		}
		if earlier, ok := x.exact[s.spec]; ok {
			other := r.specifiers[earlier].entry != s.entry
			r.doubts.add(s.line, x.keyOf(s.entry), other, "the specifier %.80q stands twice", s.spec)
		}
		x.exact[s.spec] = int32(i)
		full := scheme + ":" + name
		if plain := plainRange(wanted); wanted != "" && plain != wanted {
			x.exact[full+"@"+plain] = int32(i)
		}
		if _, ok := x.byName[full]; ok {
			i = several
		}
		x.byName[full] = int32(i)
	}
}

// plainSpecifier writes a specifier as Deno does since version 4 of the format.
func plainSpecifier(spec string) string {
	scheme, name, wanted := cutSpecifier(spec)
	return scheme + ":" + name + "@" + plainRange(wanted)
}

// plainRange writes a range as Deno does since version 4 of the format, so that
// older ones can be compared: "^1.0.0" as "1", "^0.224.0" as "0.224", "~1.2.0"
// as "1.2", and none as "*".
func plainRange(wanted string) string {
	if wanted == "" {
		return "*"
	}
	numbers := strings.SplitN(wanted[1:], ".", 4)
	if wanted[0] != '^' && wanted[0] != '~' || len(numbers) != 3 || numbers[2] != "0" {
		return wanted
	}
	major, minor := numbers[0], numbers[1]
	switch {
	case wanted[0] == '~', major == "0" && minor != "0":
		return major + "." + minor
	case major != "0" && minor == "0":
		return major
	}
	return wanted
}

// unpinned adds the entry of a package that has none.
func (x *denoIndex) unpinned(s *denoSpecifier, ecosystem, key string) int32 {
	e := Entry{Line: s.line, Key: key, Ecosystem: ecosystem, Source: Registry}
	e.Name, e.Version = x.r.nameAndVersion(&e)
	if ecosystem == JSR {
		e.InstallScript = No
	} else {
		e.Version, _, _ = strings.Cut(e.Version, "_")
	}
	x.r.doubts.add(s.line, key, true, "%.80q is answered by %.80q, which has no entry and so no hash", s.spec, s.answer)
	x.r.entries = append(x.r.entries, e)
	x.add(int32(len(x.r.entries) - 1))
	return x.entry(ecosystem, key)
}

// ask gives the entry that answers a request, or -1. Where the file has one
// specifier for a name only, Deno leaves out the range.
func (x *denoIndex) ask(spec string) (name string, entry int32) {
	scheme, name, wanted := cutSpecifier(spec)
	at, ok := x.exact[spec]
	if !ok && scheme != "" {
		full := scheme + ":" + name
		if at, ok = x.exact[plainSpecifier(spec)]; !ok && wanted == "" {
			at, ok = x.byName[full]
		}
	}
	if !ok || at == several {
		return name, -1
	}
	s := &x.r.specifiers[at]
	s.asked = true
	return name, s.entry
}
