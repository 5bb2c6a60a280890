package code

import "strings"

// minAlias is how long a name must be to be followed by its tokens alone: the
// short names of minified code stand for something else in each function. The
// syntax tree follows those.
const minAlias = 3

// bind remembers what a name stands for that a path is assigned to: const x =
// path, const {a, b: c} = path, const x = await wrap(path).
func (r *reader) bind(i int, path []string) {
	if !worthAlias(path) {
		return
	}
	j := i - 1
	for range 3 {
		if word := string(r.named(j)); word == "await" || word == "new" {
			j--
			continue
		}
		if r.is(j, '(') && r.at(j-1).kind == name {
			j -= 2
			continue
		}
		break
	}
	if !r.is(j, '=') {
		return
	}
	if word := r.named(j - 1); word != nil {
		if !r.is(j-2, '.') {
			r.alias(string(word), path)
		}
		return
	}
	if r.is(j-1, '}') {
		r.unpack(j-1, path)
	}
}

// worthAlias reports whether a path is one whose members give something.
func worthAlias(path []string) bool {
	if len(path) == 0 {
		return false
	}
	if _, ok := modulePowers[path[0]]; ok {
		return true
	}
	whole := strings.Join(path, ".")
	return whole == "process.env" || whole == "navigator.clipboard" || whole == "window.ethereum"
}

func (r *reader) alias(word string, path []string) {
	if len(word) < minAlias || len(r.aliases) >= few || roots[word] {
		return
	}
	r.aliases[word] = path
	r.sieve[word[0]] |= 1 << min(len(word), 63)
}

// unpack reads {a, b: c, d = 1} before the = of a path; end is its }.
func (r *reader) unpack(end int, path []string) {
	begin := end - 1
	for ; !r.is(begin, '{'); begin-- {
		if r.at(begin).kind == none || end-begin > around/2 {
			return
		}
	}
	for j := begin + 1; j < end; j++ {
		key := r.named(j)
		if key == nil || !r.is(j-1, '{') && !r.is(j-1, ',') {
			continue
		}
		whole := usualPath(append(append([]string{}, path...), string(key)))
		if path[0] == "process" {
			r.record(whole, j, j+1)
		}
		local := key
		if r.is(j+1, ':') && r.named(j+2) != nil {
			local = r.named(j + 2)
		}
		r.alias(string(local), whole)
	}
}

// imports reads import a, {b as c}, * as d from 'module'.
func (r *reader) imports(i int) {
	from := i + 1
	for ; r.at(from).kind != text; from++ {
		if t := r.at(from); t.kind == none || from-i > around/2 || t.kind == mark && strings.IndexByte("{},*", t.sign) < 0 {
			return
		}
	}
	if string(r.word(from-1)) != "from" {
		return
	}
	module := moduleName(string(r.at(from).value(r.src, maxNamed)))
	if _, ok := modulePowers[module]; !ok {
		return
	}
	for j := i + 1; j < from-1; j++ {
		word := r.named(j)
		if word == nil || string(word) == "as" || string(r.named(j+1)) == "as" {
			continue
		}
		path := []string{module}
		switch {
		case string(r.named(j-1)) == "as" && r.named(j-2) != nil:
			path = append(path, string(r.named(j-2)))
		case r.is(j-1, '{') || r.is(j-1, ',') && j > i+2:
			path = append(path, string(word))
		}
		r.alias(string(word), usualPath(path))
	}
}
