package settings

import (
	"fmt"
	"path"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest"
)

// form is how the values stand at a place.
type form uint8

const (
	// one is a single value.
	one form = iota
	// entries are a list, or a text that is split at commas, or true for
	// everything.
	entries
	// denials are entries that forbid.
	denials
	// verdicts are names with true or false: a table, or a "*" in the place.
	verdicts
	// names are the names of a table, whatever they hold.
	names
	// switched is true where everything is allowed, and nothing where not.
	switched
	// forbidden is the other way round.
	forbidden
	// kept is false, or anything else, which is as good as true.
	kept
	// routes are the scopes that the address in the place's "*" serves.
	routes
	// paths are files or folders of the repository: one, a list, or what a
	// table's names or the "path" of a list's tables lead to.
	paths
	// command is a program, or what it is called with.
	command
)

// everything is the entry that covers all others.
const everything = "*"

// collector makes settings of the nodes of a file.
type collector struct {
	format *format
	file   *File
	row    *protection
	place  *place
}

// collect follows the segments of a place down a tree. captured is what stood
// for its "*".
func (c *collector) collect(n *node, segments, trail []string, captured string, line int) {
	if len(segments) == 0 {
		c.keep(n, trail, captured, line)
		return
	}
	if n.shape != table {
		return
	}
	segment := segments[0]
	if !strings.Contains(segment, star) {
		if m := n.member(segment); m != nil {
			c.collect(m.value, segments[1:], append(trail, segment), captured, m.line)
		}
		return
	}
	for _, m := range n.members {
		// Of two with one name the last counts.
		if found, ok := match(segment, m.name); ok && n.member(m.name) == m {
			c.collect(m.value, segments[1:], append(trail, m.name), found, m.line)
		}
	}
}

// keep notes what stands at a place, if it has the place's form.
func (c *collector) keep(n *node, trail []string, captured string, line int) {
	if n.null() {
		return
	}
	set := Setting{
		Tool: c.row.tool, Name: c.row.name, Folder: folderOf(c.file.Path), Path: c.file.Path, Line: line,
		Spelling: strings.Join(trail, "."), row: c.row, place: c.place,
	}
	switch c.place.form {
	case one:
		if n.shape != scalar {
			c.odd(line, set.Spelling)
			return
		}
		if c.row.kind == address && strings.Contains(captured, "/") {
			return // an address where a scope belongs
		}
		set.Subject = scopeOf(captured)
		set.Values = []Value{{Text: c.text(n), Line: line}}
	case entries, denials:
		if n.shape == table {
			c.odd(line, set.Spelling)
			return
		}
		set.Values = c.entries(n, line, c.place.form == denials)
	case verdicts:
		if captured == "" && n.shape != table {
			c.odd(line, set.Spelling)
			return
		}
		set.Values = c.verdicts(n, captured, line)
	case paths, command:
		set.Values = c.whole(n, line)
		if len(set.Values) == 0 {
			return
		}
	case names:
		for _, m := range n.members {
			set.Values = append(set.Values, Value{Text: m.name, Line: m.line})
		}
	case switched, forbidden:
		strict := map[form]string{switched: "false", forbidden: "true"}[c.place.form]
		if c.format.boolean(n) != strict {
			set.Values = []Value{{Text: everything, Line: line}}
		}
	case kept:
		value := "true"
		if n.plain && n.text == "false" {
			value = "false"
		}
		set.Values = []Value{{Text: value, Line: line}}
	case routes:
		for _, scope := range c.entries(n, line, false) {
			route := set
			route.Subject, route.Line = scopeOf(scope.Text), scope.Line
			route.Values = []Value{{Text: captured, Line: scope.Line}}
			c.file.Settings = append(c.file.Settings, route)
		}
		return
	}
	c.file.Settings = append(c.file.Settings, set)
}

// odd notes a value of a form that no place of the same name has.
func (c *collector) odd(line int, spelling string) {
	for i := range protections {
		for _, p := range protections[i].places {
			if p.file == c.place.file && strings.HasPrefix(p.path, c.place.path+" ") {
				return
			}
		}
	}
	c.file.Doubts = append(c.file.Doubts, manifest.Doubt{Line: line, Message: fmt.Sprintf("%.80q is not what the setting may be", spelling)})
}

// text gives a single value: a boolean as the package manager reads it where
// the setting is one.
func (c *collector) text(n *node) string {
	if c.row.boolean() {
		return c.format.boolean(n)
	}
	return n.text
}

func (c *collector) entries(n *node, line int, deny bool) []Value {
	var values []Value
	add := func(line int, texts ...string) {
		for _, text := range texts {
			if text = strings.TrimSpace(text); text != "" {
				values = append(values, Value{Text: text, Deny: deny, Line: line})
			}
		}
	}
	switch {
	case n.shape == list:
		for _, item := range n.items {
			switch {
			case item.shape != scalar || item.null():
			case c.place.file == npmRC:
				add(item.line, strings.Split(item.text, ",")...)
			default:
				add(item.line, item.text)
			}
		}
	case n.plain && n.text == "true":
		add(line, everything)
	case n.plain && n.text == "false":
	default:
		add(line, strings.Split(n.text, ",")...)
	}
	return values
}

// whole gives the texts of a value as they are, and paths as the plainest
// spelling of them. A switch is neither.
func (c *collector) whole(n *node, line int) []Value {
	switch {
	case n.shape == list:
		var values []Value
		for _, item := range n.items {
			if m := item.member("path"); m != nil {
				item = m.value
			}
			if item.shape == scalar {
				values = append(values, c.whole(item, item.line)...)
			}
		}
		return values
	case n.shape == table:
		var values []Value
		for _, m := range n.members {
			if m.value.shape == scalar {
				values = append(values, c.whole(m.value, m.line)...)
			}
		}
		return values
	case n.null() || n.text == "" || n.plain && (n.text == "true" || n.text == "false"):
		return nil
	case c.place.form == paths:
		named := path.Clean(n.text)
		if c.row.compared(named) {
			return nil
		}
		return []Value{{Text: named, Line: line, Whole: true}}
	}
	return []Value{{Text: n.text, Line: line, Whole: true}}
}

func (c *collector) verdicts(n *node, captured string, line int) []Value {
	var values []Value
	add := func(name string, n *node, line int) {
		if n.shape != scalar {
			return
		}
		// Any other text asks a person to decide, and allows nothing yet.
		switch c.format.boolean(n) {
		case "true":
			values = append(values, Value{Text: name, Line: line})
		case "false":
			values = append(values, Value{Text: name, Deny: true, Line: line})
		}
	}
	if captured != "" {
		add(captured, n, line)
		return values
	}
	for _, m := range n.members {
		if n.member(m.name) == m {
			add(m.name, m.value, m.line)
		}
	}
	return values
}

// scopeOf makes the names that files have for a scope one: "@acme". The
// registry of every other package has none.
func scopeOf(name string) string {
	switch name {
	case "", "@", "default":
		return ""
	}
	return "@" + strings.TrimPrefix(name, "@")
}

// managers reads which version of which package manager the project uses. The
// file that yarnPath names is the yarn that runs, whatever else is said.
func (c *collector) managers(tree *node) {
	add := func(m *member, tool, version string) {
		version = strings.TrimLeft(version, "^~v")
		if tool = strings.TrimSpace(tool); len(parseVersion(version)) > 0 {
			c.file.Managers = append(c.file.Managers, Manager{Tool(tool), version, c.file.Path, m.line})
		}
	}
	switch path.Base(c.file.Path) {
	case packageJSON:
		if m := tree.member("packageManager"); m != nil && m.value.shape == scalar {
			tool, version, _ := strings.Cut(m.value.text, "@")
			add(m, tool, version)
		}
		if m := tree.member("devEngines"); m != nil {
			for _, engine := range enginesOf(m.value) {
				add(m, engine[0], engine[1])
			}
		}
	case yarnRC, yarnClassicRC:
		for _, name := range []string{"yarnPath", "yarn-path"} {
			if m := tree.member(name); m != nil && m.value.shape == scalar {
				release := strings.TrimSuffix(strings.TrimSuffix(path.Base(m.value.text), ".cjs"), ".js")
				add(m, string(Yarn), strings.TrimPrefix(release, "yarn-"))
			}
		}
	}
}

// enginesOf gives names and versions of devEngines.packageManager, which is one
// object or several.
func enginesOf(n *node) [][2]string {
	m := n.member("packageManager")
	if m == nil {
		return nil
	}
	engines := m.value.items
	if m.value.shape == table {
		engines = []*node{m.value}
	}
	var found [][2]string
	for _, engine := range engines {
		name, version := engine.member("name"), engine.member("version")
		if name != nil && version != nil {
			found = append(found, [2]string{name.value.text, version.value.text})
		}
	}
	return found
}
