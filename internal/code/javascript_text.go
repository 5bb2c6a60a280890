package code

import "slices"

// fold is a string literal, or several in a sum, that is being read.
type fold struct {
	value   []byte
	first   token
	last    token
	before  [4]token // the tokens before the first, the nearest first
	parts   int
	pending bool // a + came after the last part
	own     bool // value is memory of the fold, not of the source
}

// table is an array of strings that is being read.
type table struct {
	start   int
	count   int
	encoded int
}

// minTable is how many strings make a table.
const minTable = 24

func (r *reader) literal(i int, t token) {
	f := &r.fold
	value := t.value(r.src, maxValue)
	whole := t.kind == text || !t.open && !t.after
	if f.pending && whole {
		if !f.own {
			f.value, f.own = append(make([]byte, 0, 2*(len(f.value)+len(value))), f.value...), true
		}
		f.value = append(f.value, value[:min(len(value), maxValue-min(len(f.value), maxValue))]...)
		f.parts++
		f.pending = false
		f.last = t
		return
	}
	if f.parts > 0 {
		r.flush(t)
	}
	*f = fold{value: value, first: t, last: t, parts: 1}
	for back := range f.before {
		f.before[back] = r.at(i - 1 - back)
	}
	if len(value) > 0 && len(value) <= 256 && string(value) != "use strict" {
		r.anchor(value)
	}
	if t.kind == text {
		r.member0(i, value)
	}
	if !whole {
		r.flush(token{})
	}
}

// member0 looks at a string that is the name of a member: x['push'].
func (r *reader) member0(i int, value []byte) {
	if !r.is(i-1, '[') || !r.is(i+1, ']') {
		if r.is(i-1, '[') && r.is(i+1, ',') {
			r.joined(i)
		}
		return
	}
	switch string(value) {
	case "push":
		if r.is(i+2, '(') && r.at(i+5).kind == text && string(r.at(i+5).value(r.src, 8)) == "shift" {
			r.turned(i)
		}
	case "constructor":
		if r.is(i+2, '(') || r.is(i+2, '[') {
			r.use(i, Evaluate, "constructor")
			r.decodes(i + 1)
		}
	}
	if p, ok := methodPowers[string(value)]; ok && r.is(i+2, '(') {
		r.use(i, p.capability, string(value))
		if p.capability == Evaluate {
			r.decodes(i + 1)
		}
	}
}

// joined reads ['a', 'b'].join(”) as one string.
func (r *reader) joined(i int) {
	var parts [][]byte
	j := i
	for ; r.at(j).kind == text && j < i+around; j += 2 {
		parts = append(parts, r.at(j).value(r.src, maxNamed))
		if !r.is(j+1, ',') {
			break
		}
	}
	if !r.is(j+1, ']') || !r.is(j+2, '.') || string(r.named(j+3)) != "join" || !r.is(j+4, '(') {
		return
	}
	between := []byte(",")
	if r.at(j+5).kind == text {
		between = r.at(j+5).value(r.src, maxNamed)
	}
	var out []byte
	for n, part := range parts {
		if n > 0 {
			out = append(out, between...)
		}
		out = append(out, part...)
	}
	r.c.decoded(out, int(r.at(i).start))
}

// flush looks at the string that was read, next being the token after it.
func (r *reader) flush(next token) {
	f := r.fold
	if f.parts == 0 {
		return
	}
	r.fold = fold{}
	r.tabled(&f, next)
	offset := int(f.first.start)
	l := literal{value: f.value, offset: offset, follows: f.first.after || f.before[0].kind == mark && f.before[0].sign == '+'}
	if f.parts == 1 && !f.first.escaped {
		l.source = f.value
	}
	if len(f.value) >= minEntropic && entropic(f.value) {
		r.c.trait(Entropy, int(f.last.end-f.first.start), offset)
	}
	context := func() uint64 { return r.contextAt(f.first.start) }
	if r.isLoad(&f) {
		r.attributes(next)
		r.load(string(f.value), offset, context)
		r.remote(&f, offset, context)
		return
	}
	if f.parts > 1 || f.first.escaped {
		r.hiddenModule(&f, context)
	}
	r.c.text(l, context)
}

// isLoad reports whether the string is what a module is loaded by:
// require('x'), import('x'), import 'x', … from 'x'.
func (r *reader) isLoad(f *fold) bool {
	word := func(t token) string { return string(r.src[t.start:t.end]) }
	one, two, three := f.before[0], f.before[1], f.before[2]
	if one.kind == name {
		w := word(one)
		return w == "from" && two.kind != mark || w == "from" && (two.sign == '}' || two.sign == '*') || w == "import"
	}
	if one.kind != mark || one.sign != '(' || two.kind != name {
		return false
	}
	switch word(two) {
	case "require", "import", "__require", "importScripts":
		return three.kind != mark || three.sign != '.'
	case "resolve":
		return three.kind == mark && three.sign == '.' && word(f.before[3]) == "require"
	case "Worker", "fork":
		return true
	}
	return false
}

// attributes remembers where the attributes of an import stand: … with {…}.
func (r *reader) attributes(with token) {
	if with.kind != name || r.sketch == nil {
		return
	}
	if word := string(r.src[with.start:with.end]); word != "with" && word != "assert" {
		return
	}
	i, _ := slices.BinarySearchFunc(r.buf, with.start, func(t token, at int32) int { return int(t.start - at) })
	for j := i + 1; r.is(i+1, '{') && j < i+around/2; j++ {
		if r.is(j, '}') {
			r.c.blank = appendFew(r.c.blank, span{int(with.start), int(r.at(j).end)})
			return
		}
	}
}

// load records that a module is loaded, and what that gives.
func (r *reader) load(n string, offset int, context func() uint64) {
	r.c.module(n, offset)
	usual := moduleName(n)
	power, ok := modulePowers[usual]
	r.asks = r.asks || ok
	if power != "" {
		r.c.use(power, usual, offset, context)
	}
	hostsIn([]byte(n), false, false, func(host string, start, end int) { r.c.mention(host, n, offset) })
}

// hiddenModule looks for the name of a module, or of a member of the global
// object, that was put together or written in escapes.
func (r *reader) hiddenModule(f *fold, context func() uint64) {
	if len(f.value) > 40 {
		return
	}
	n := string(f.value)
	if power := modulePowers[moduleName(n)]; power != "" {
		r.c.use(power, n, int(f.first.start), context)
		r.c.module(n, int(f.first.start))
	}
	if p, ok := pathPowers[n]; ok && f.before[0].kind == mark && f.before[0].sign == '[' {
		r.c.use(p.capability, n, int(f.first.start), context)
	}
}

// tabled counts the strings of an array.
func (r *reader) tabled(f *fold, next token) {
	before := f.before[0]
	if before.kind != mark || next.kind != mark || next.sign != ',' && next.sign != ']' {
		r.table.count = 0
		return
	}
	switch before.sign {
	case '[':
		r.table = table{start: int(f.first.start)}
	case ',':
		if r.table.count == 0 {
			return
		}
	default:
		r.table.count = 0
		return
	}
	r.table.count++
	if looksEncoded(f.value) {
		r.table.encoded++
	}
	if next.sign == ']' && r.table.count >= minTable {
		r.tables += r.table.count
		if 2*r.table.encoded >= r.table.count {
			r.c.trait(StringTable, r.table.count, r.table.start)
		}
	}
}

// looksEncoded reports whether a short string changes between letters of both
// cases and digits more often than words, camel case and version numbers do.
func looksEncoded(b []byte) bool {
	if len(b) < 3 || len(b) > 256 {
		return false
	}
	changes, cases := 0, 0
	for i := 1; i < len(b); i++ {
		if b[i] <= ' ' || b[i] >= 0x7f {
			return false
		}
		was, is := letterCase(b[i-1]), letterCase(b[i])
		cases |= 1<<was | 1<<is
		hump := is == 2 && i+1 < len(b) && letterCase(b[i+1]) == 1 || was == 2 && is == 1
		if was != is && !hump {
			changes++
		}
	}
	return 4*changes >= len(b) && changes > 1 && cases&0b110 == 0b110
}

func letterCase(c byte) int {
	switch {
	case c >= 'a' && c <= 'z':
		return 1
	case c >= 'A' && c <= 'Z':
		return 2
	case c >= '0' && c <= '9':
		return 3
	}
	return 4
}
