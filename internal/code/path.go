package code

import "slices"

// maxPath is how many members of a path are read.
const maxPath = 8

// root reads a path that begins with a name of the language or its platform.
func (r *reader) root(i int, word string) {
	if r.declares(i) {
		r.asks = r.asks || r.is(i+1, '(') || r.is(i+1, '.') || r.is(i+1, '[') // a call that looks like a method, typeof of a path
		return
	}
	switch word {
	case "import":
		if !r.is(i+1, '(') {
			r.imports(i)
			return
		}
		r.loads(i)
		return
	case "require":
		if r.is(i+1, '(') {
			r.loads(i)
			return
		}
	case "setTimeout", "setInterval":
		if r.is(i+1, '(') && (r.at(i+2).kind == text || r.at(i+2).kind == template) {
			r.use(i, Evaluate, word+"(text)")
		}
		return
	case "Buffer":
		r.buffer(i)
		return
	case "eval", "Function":
		if string(r.named(i+2)) == "prototype" && string(r.named(i+4)) == "constructor" && r.is(i+3, '.') {
			r.use(i+4, Evaluate, "Function.prototype.constructor")
		}
		r.evaluation(i)
		r.function(i)
		return
	case "String":
		return
	}
	r.path(i, []string{word})
}

// declares reports whether the name is not used but declared, or is a key.
func (r *reader) declares(i int) bool {
	if before := r.at(i - 1); before.kind == name {
		switch string(r.word(i - 1)) {
		case "function", "class", "const", "let", "var", "typeof":
			return true
		}
	}
	if !r.is(i+1, '(') {
		return false
	}
	// A method: name(…) {
	for j, deep := i+1, 0; j < i+around/2; j++ {
		switch {
		case r.is(j, '('):
			deep++
		case r.is(j, ')'):
			if deep--; deep == 0 {
				return r.is(j+1, '{')
			}
		case r.at(j).kind == none:
			return false
		}
	}
	return false
}

// loads reads require(x) and import(x), and the path that goes on after it.
func (r *reader) loads(i int) {
	value, after, ok := r.constant(i + 2)
	if !ok || !r.is(after, ')') && !r.is(after, ',') {
		if !r.is(i+2, ')') {
			r.c.trait(ComputedUse, 1, int(r.at(i).start))
			r.asks = true
		}
		return
	}
	for ; !r.is(after, ')'); after++ { // import attributes
		if r.at(after).kind == none || after > i+around/2 {
			return
		}
	}
	n := moduleName(string(value))
	if _, ok := modulePowers[n]; ok {
		r.follow(i, after, []string{n})
	}
}

// path records what a path gives that begins at i with what its first name
// stands for.
func (r *reader) path(i int, begin []string) {
	if r.declares(i) {
		return
	}
	r.follow(i, i, begin)
}

// follow reads the members behind the token at last. The path began at i.
func (r *reader) follow(i, last int, begin []string) {
	path, at, j := slices.Clone(begin), last, last+1
	for len(path) < maxPath {
		if r.is(j, '.') && r.at(j+1).kind == name {
			path, at, j = append(path, string(r.named(j+1))), j+1, j+2
			continue
		}
		open := j
		if r.is(open, '.') {
			open++
		}
		if !r.is(open, '[') {
			break
		}
		value, after, ok := r.constant(open + 1)
		if !ok || !r.is(after, ']') {
			if globalObjects[path[0]] && len(path) == 1 {
				r.c.trait(ComputedUse, 1, int(r.at(i).start))
			}
			r.asks = true
			break
		}
		path, at, j = append(path, string(value)), open+1, after+1
	}
	length := len(path)
	path = usualPath(path)
	r.asks = r.asks || length == maxPath || length > len(path) // read in part
	r.hands(path, i, j)
	r.record(path, at, j)
	if !r.is(j, '(') {
		r.bind(i, path)
	}
}

// usualPath gives a path without what module systems put between.
func usualPath(path []string) []string {
	path = slices.DeleteFunc(path, func(s string) bool { return s == "default" })
	if len(path) > 1 {
		if same, ok := sameModule[path[0]+"."+path[1]]; ok {
			return append([]string{same}, path[2:]...)
		}
	}
	return path
}

// record records what a path gives; at is its last name, next the token after.
func (r *reader) record(path []string, at, next int) {
	if len(path) == 0 {
		return
	}
	assigned := r.is(next, '=')
	replaced := assigned && replaceable(path)
	capability, what := given(path, replaced || r.is(next, '('))
	if capability == "" {
		return
	}
	if capability == Network && replaced {
		r.asks, capability = true, Hook
	}
	switch {
	case capability == Hook && assigned && (replaced || len(path) > 2):
		what += " (replaced)"
	case capability == Process && r.is(next, '('):
		what += r.asked(next - 1)
		r.launches(next - 1)
		r.asks = r.asks || r.worksOut(next+1)
	}
	if capability == WriteFile && r.is(next, '(') {
		what += r.copies(next-1, path[len(path)-1])
	}
	if capability == Environment && r.writesOut(path, at, next) {
		what += " (all)"
	}
	r.use(at, capability, what)
	if capability == Network && r.is(next, '(') {
		r.keys(next)
	}
}

// keyNames are what programs call keys and the words that they are made of.
var keyNames = words("secretKey privateKey privKey secret_key private_key mnemonic seed seedPhrase seedWords")

// keys finds a key among what a call sends, which begins at open.
func (r *reader) keys(open int) {
	for i, deep := open, 0; i < open+around/2; i++ {
		switch {
		case r.is(i, '('):
			deep++
		case r.is(i, ')'):
			if deep--; deep == 0 {
				return
			}
		case keyNames[string(r.named(i))] && !r.is(i+1, ':'):
			r.use(i, Secret, string(r.named(i)))
			return
		}
	}
}

// writers are functions that turn all of what they are given into text, or send
// it.
var writers = words("stringify inspect entries values serialize encode post put send write end request fetch")

// writesOut reports whether a path is the whole environment and stands in a call
// that writes it out: JSON.stringify({env: process.env}).
func (r *reader) writesOut(path []string, at, next int) bool {
	if len(path) != 2 || path[1] != "env" || !(r.is(next, ')') || r.is(next, ',') || r.is(next, '}')) {
		return false
	}
	for i := at - 1; i > at-decoderReach/2 && !r.is(i, ';'); i-- {
		if r.is(i, '(') && writers[string(r.named(i-1))] {
			return true
		}
	}
	return false
}

// replaceable reports whether a path is a function that others call to send, so
// that who puts another in its place sees what they do.
func replaceable(path []string) bool {
	if len(path) != 2 {
		return false
	}
	return globalObjects[path[0]] || (path[0] == "http" || path[0] == "https") && (path[1] == "request" || path[1] == "get")
}

// given tells what a path gives that is a module's or the global object's.
func given(path []string, called bool) (Capability, string) {
	if power := modulePowers[path[0]]; power != "" && (len(path) > 1 || called) {
		if len(path) > 1 {
			return power, path[0] + "." + path[1]
		}
		return power, path[0]
	}
	return known(path, called)
}

// constant reads a string or a sum of strings at i; after is the token behind it.
func (r *reader) constant(i int) (value []byte, after int, ok bool) {
	for j := i; j < i+around/2; j += 2 {
		t := r.at(j)
		if t.kind != text && (t.kind != template || t.open || t.after) || len(value) > maxNamed {
			return nil, j, false
		}
		value = append(value, t.value(r.src, maxNamed)...)
		if !r.is(j+1, '+') {
			return value, j + 1, true
		}
	}
	return nil, i, false
}

// buffer reads Buffer.from(x, 'base64').
func (r *reader) buffer(i int) {
	if !r.is(i+1, '.') || string(r.named(i+2)) != "from" || !r.is(i+3, '(') {
		return
	}
	for j, deep := i+3, 0; j < i+around/2; j++ {
		switch {
		case r.is(j, '('):
			deep++
		case r.is(j, ')'):
			if deep--; deep == 0 {
				return
			}
		case deep == 1 && r.is(j, ',') && r.at(j+1).kind == text:
			if form := string(r.at(j+1).value(r.src, 16)); form == "base64" || form == "hex" || form == "base64url" {
				r.use(i+2, Decode, "Buffer.from("+form+")")
			}
			return
		}
	}
}
