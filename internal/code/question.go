package code

import "strings"

// The questions that tokens leave. A syntax tree is made where one is open:
//
//   - a module that gives something was loaded: what of it is used, under which
//     name;
//   - a module or a member is named by what has to be worked out;
//   - a path's value is handed on: what is reached by the other name, or under it;
//   - a program is started by what has to be worked out.
//
// It isn't enough that a path occurs. The tree follows values through
// assignments, groups, conditions and the like; where no path's value gets into
// one of these, the tree has the same paths that the tokens have.

// hands notes whether the value of a path is handed on, which stands from the
// token at i to the one before next.
func (r *reader) hands(path []string, i, next int) {
	if !r.asks && leads(path) && !r.usedUp(next) {
		r.asks = !r.endsPath(next) || r.goesOn(i-1, next) && !(globalObjects[path[0]] && next == i+1 && r.keeps(i))
	}
}

// leads reports whether a path, or what can be reached from it, gives something.
func leads(path []string) bool {
	if len(path) == 0 {
		return false
	}
	if pathBegins[strings.Join(path, ".")] || globalObjects[path[0]] && (len(path) == 1 || leads(path[1:])) {
		return true
	}
	capability, _ := given(path, true)
	return capability != ""
}

// pathBegins are the beginnings of all paths that give something.
var pathBegins = func() map[string]bool {
	begins := map[string]bool{}
	for path := range pathPowers {
		for end := strings.LastIndexByte(path, '.'); end > 0; end = strings.LastIndexByte(path[:end], '.') {
			begins[path[:end]] = true
		}
	}
	return begins
}()

// usedUp reports whether the token behind a path takes its value, so that
// nothing else gets it: a call, an assignment, a comparison, arithmetic.
func (r *reader) usedUp(next int) bool {
	switch t := r.at(next); t.kind {
	case mark:
		return usesUp[t.sign] || t.sign == '?' && !r.is(next+1, '?')
	case name:
		word := string(r.word(next))
		return word == "in" || word == "instanceof"
	}
	return false
}

// goesOn reports whether the value of an expression that begins behind the token
// at before may become that of a larger one, or of a name.
func (r *reader) goesOn(before, next int) bool {
	t := r.at(before)
	switch {
	case t.kind == name:
		return string(r.word(before)) == "await"
	case t.kind != mark:
		return false
	case (t.sign == '(' || t.sign == ',') && r.at(next).kind == mark && endsItem[r.at(next).sign]:
		return false // more follows, or an end that is no group's
	case t.sign == '(':
		return r.groups(before, next)
	case t.sign == ',' && r.is(next, ')'):
		open := r.opening(before)
		return open < 0 || r.groups(open, next)
	case t.sign == ':' && (r.at(before-1).kind == name || r.at(before-1).kind == text) && (r.is(before-2, '{') || r.is(before-2, ',')):
		return false // a property of an object
	}
	return handsOn[t.sign]
}

// worksOut reports whether the argument at i is a text that has to be worked out:
// no literal that stands by itself, and no list.
func (r *reader) worksOut(i int) bool {
	switch t := r.at(i); t.kind {
	case text:
		return !r.is(i+1, ',') && !r.is(i+1, ')')
	case mark:
		return t.sign != ')' && t.sign != '[' && t.sign != '{'
	}
	return true
}

// opening gives the bracket that is open at a token, or -1 if it is far.
func (r *reader) opening(i int) int {
	for j, deep := i, 0; j > i-around; j-- {
		if t := r.at(j); t.kind == mark {
			switch t.sign {
			case ')', ']', '}':
				deep++
			case '(', '[', '{':
				if deep--; deep < 0 {
					return j
				}
			}
		}
	}
	return -1
}

// endsPath reports whether a path ends before the token at next as the tokens
// saw it: not with a call by ?.( or a template.
func (r *reader) endsPath(next int) bool {
	t := r.at(next)
	return t.kind != template && (t.kind != mark || t.sign != '.' && t.sign != '[')
}

// groups reports whether a parenthesis is that of a group, not of a call, of a
// function or of a statement. What a call is given goes no further: only modules
// do, by wrappers, and they are a question of their own.
func (r *reader) groups(open, next int) bool {
	if r.is(next, ')') && r.is(next+1, arrow) {
		return false // parameters
	}
	switch t := r.at(open - 1); t.kind {
	case name:
		word := string(r.word(open - 1))
		return !t.after && (beforeExpression[word] || word == "else" || word == "do")
	case mark:
		return t.sign != ')' && t.sign != ']'
	}
	return r.at(open-1).kind == none
}

func signs(list ...byte) (table [256]bool) {
	for _, sign := range list {
		table[sign] = true
	}
	return table
}

var (
	usesUp   = signs('(', '=', equals, compound, step, arrow, '<', '>', '+', '-', '*', '/', '%', '^')
	handsOn  = signs('=', ',', '?', ':', '|', '&')
	endsItem = signs(',', ';', ']', '}')
)

// function looks at a path that begins with eval or Function, which the tokens
// don't follow.
func (r *reader) function(i int) {
	path, j := []string{string(r.named(i))}, i+1
	for ; r.is(j, '.') && r.at(j+1).kind == name && len(path) < maxPath; j += 2 {
		path = append(path, string(r.named(j+1)))
	}
	capability, _ := given(path, true)
	if r.asks = r.asks || len(path) > 1 && capability != ""; !r.asks {
		r.hands(path, i, j)
	}
}
