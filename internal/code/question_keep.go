package code

// keeps reports whether the global object, which is handed on at i, gets into
// nothing but a name of the function around, of which nothing is taken that gives
// something. It is how a script finds where to put what it exports:
// var g = typeof globalThis < 'u' ? globalThis : self; g.lib = …
func (r *reader) keeps(i int) bool {
	to := i - 1
	for ; r.inChoice(to); to-- {
	}
	end := i + 1
	for ; r.inChoice(end); end++ {
	}
	local := r.named(to - 1)
	declared := declares[string(r.named(to-2))]
	if r.kept++; r.kept > few || local == nil || !r.is(to, '=') || !declared && !(r.at(to-2).kind == mark && beginsItem[r.at(to-2).sign]) {
		return false
	}
	switch {
	case r.is(end, ')'):
		if !r.takesNothing(end + 1) {
			return false
		}
	case !r.is(end, ';') && !r.is(end, ','):
		return false
	}
	begin, stop := r.functionAround(i, local, declared)
	for j := begin; j < stop; j++ {
		if (j < to-1 || j >= end) && string(r.named(j)) == string(local) && !r.drops(j) {
			return false
		}
	}
	return begin < stop
}

var (
	declares   = words("var let const")
	chooses    = signs('?', ':', '|', '&', '<', '>', '!', equals)
	beginsItem = signs('(', ',', ';', '{', '}', ')')
)

// inChoice reports whether a token belongs to a choice among names by their types:
// typeof a < 'u' ? a : b || this || {}.
func (r *reader) inChoice(i int) bool {
	switch t := r.at(i); t.kind {
	case name:
		return !t.after && !declares[string(r.named(i))]
	case text:
		return true
	case mark:
		return chooses[t.sign] || t.sign == '{' && r.is(i+1, '}') || t.sign == '}' && r.is(i-1, '{')
	}
	return false
}

// takesNothing reports whether what stands from i on takes a member of the global
// object that leads to nothing.
func (r *reader) takesNothing(i int) bool {
	return r.is(i, '.') && r.at(i+1).kind == name && !leads(usualPath([]string{"window", string(r.named(i + 1))}))
}

// drops reports whether a place where a name of the global object stands neither
// hands it on nor reaches anything by it.
func (r *reader) drops(i int) bool {
	switch {
	case r.is(i-1, '.'), r.is(i+1, ':') && (r.is(i-1, '{') || r.is(i-1, ',')):
		return true // another's member, or a key
	case r.takesNothing(i + 1), r.usedUp(i + 1):
		return true
	}
	return r.endsPath(i+1) && !r.goesOn(i-1, i+1)
}

// functionAround gives the first token of the parameters of a function around the
// token at i that the window has whole, and its last: the innermost one if the
// name is declared in it, or else the innermost that has it as a parameter. Both
// are 0 if there is none.
func (r *reader) functionAround(i int, local []byte, declared bool) (begin, end int) {
	for open := r.opening(i); open >= 0; open = r.opening(open - 1) {
		if !r.is(open, '{') || !r.is(open-1, ')') {
			continue
		}
		begin = r.opening(open - 2)
		if begin < 1 || !r.is(begin, '(') || string(r.named(begin-1)) != "function" && string(r.named(begin-2)) != "function" {
			continue
		}
		has := declared
		for j := begin + 1; j < open-1; j++ {
			if r.named(j) == nil && !r.is(j, ',') {
				return 0, 0
			}
			has = has || string(r.named(j)) == string(local)
		}
		if !has {
			continue
		}
		return begin, r.closing(open)
	}
	return 0, 0
}

// closing gives the token behind a bracket and what is in it, 0 if the window
// doesn't have it.
func (r *reader) closing(open int) int {
	for j, deep := open, 0; r.at(j).kind != none; j++ {
		if t := r.at(j); t.kind == mark {
			switch t.sign {
			case '(', '[', '{':
				deep++
			case ')', ']', '}':
				if deep--; deep == 0 {
					return j + 1
				}
			}
		}
	}
	return 0
}
