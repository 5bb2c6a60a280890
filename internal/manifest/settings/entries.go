package settings

import "strings"

// Bounds on what is compared by patterns: how many patterns of a list, and how
// long they and the names may be. An entry beyond them counts as new unless the
// list has the very same. npm's names have 214 bytes at most.
const (
	maxPatterns = 100
	maxName     = 300
)

// entry is one entry of a list: a name or pattern, and one version of it, or
// all.
type entry struct {
	name    string
	version string // "" for all
	deny    bool
	line    int
	set     *Setting // nil for the default
}

// entriesOf takes an entry apart: "a@1 || 2" stands for two versions, and "!a"
// forbids.
func entriesOf(v Value, set *Setting) []entry {
	if v.Whole {
		return []entry{{name: v.Text, line: v.Line, set: set}}
	}
	text, negated := strings.CutPrefix(v.Text, "!")
	e := entry{name: text, deny: v.Deny != negated, line: v.Line, set: set}
	at := strings.LastIndexByte(text, '@')
	if at < 1 || strings.Contains(text, "/") && isPlace(text) {
		return []entry{e}
	}
	e.name = text[:at]
	if text[at+1:] == everything || text[at+1:] == "" {
		return []entry{e}
	}
	var all []entry
	for version := range strings.SplitSeq(text[at+1:], "||") {
		e.version = strings.TrimSpace(version)
		all = append(all, e)
	}
	return all
}

// isPlace reports whether an entry is an address or a path, in which an at sign
// begins no version.
func isPlace(text string) bool {
	return strings.Contains(text, ":/") || strings.HasPrefix(text, ".") || strings.HasPrefix(text, "/")
}

// text shows an entry as it may be written.
func (e entry) text() string {
	text := e.name
	if e.version != "" {
		text += "@" + e.version
	}
	if e.deny {
		text = "!" + text
	}
	return text
}

// index finds what covers an entry, in a time that hardly depends on how long
// the list is.
type index struct {
	follows  bool
	exact    map[string]bool // by name and version
	named    map[string]bool
	patterns []pattern
}

// pattern is an entry with a star, cut at its stars.
type pattern struct {
	parts   []string
	version string
}

func newIndex(list []entry, follows bool) *index {
	x := &index{follows: follows, exact: make(map[string]bool), named: make(map[string]bool)}
	for _, e := range list {
		x.exact[e.name+"@"+e.version] = true
		x.named[e.name] = true
		if strings.Contains(e.name, everything) && len(e.name) <= maxName && len(x.patterns) < maxPatterns {
			x.patterns = append(x.patterns, pattern{strings.Split(e.name, everything), e.version})
		}
	}
	return x
}

// covers reports whether the list already says what an entry says.
func (x *index) covers(e entry) bool {
	if x.exact[e.name+"@"+e.version] || x.exact[e.name+"@"] || x.follows && e.version != "" && x.named[e.name] {
		return true
	}
	if len(e.name) > maxName {
		return false
	}
	for _, p := range x.patterns {
		if (p.version == "" || p.version == e.version) && p.matches(e.name) {
			return true
		}
	}
	return false
}

// matches reports whether a pattern, in which "*" stands for any text, covers a
// name. Its time grows with their lengths, not with the product.
func (p pattern) matches(name string) bool {
	last := len(p.parts) - 1
	name, ok := strings.CutPrefix(name, p.parts[0])
	if !ok || last == 0 {
		return ok && name == ""
	}
	for _, part := range p.parts[1:last] {
		at := strings.Index(name, part)
		if at < 0 {
			return false
		}
		name = name[at+len(part):]
	}
	return strings.HasSuffix(name, p.parts[last])
}
