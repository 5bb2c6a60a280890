package main

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// difference is one thing in one lockfile that two readers see differently.
type difference struct {
	file         string
	line         int
	format       string
	key          string
	field        string // "entry" for one that only one of them sees
	ours, theirs string
}

func (d difference) String() string {
	return fmt.Sprintf("%s:%d: %s: %s: %q, and theirs is %q", d.file, d.line, d.key, d.field, d.ours, d.theirs)
}

// fields are the texts of an entry that other readers may have, too.
var fields = map[string]func(*lockfile.Entry) string{
	"name":      func(e *lockfile.Entry) string { return e.Name },
	"alias":     func(e *lockfile.Entry) string { return e.Alias },
	"version":   func(e *lockfile.Entry) string { return e.Version },
	"ecosystem": func(e *lockfile.Entry) string { return e.Ecosystem },
	"source":    func(e *lockfile.Entry) string { return string(e.Source) },
	"resolved":  func(e *lockfile.Entry) string { return e.Resolved },
	"integrity": func(e *lockfile.Entry) string { return strings.Join(e.Integrity, " ") },
	"checksum":  func(e *lockfile.Entry) string { return e.Checksum },
	"direct":    func(e *lockfile.Entry) string { return flagText(e.Direct) },
	"dev":       func(e *lockfile.Entry) string { return flagText(e.Dev) },
	"optional":  func(e *lockfile.Entry) string { return flagText(e.Optional) },
	"peer":      func(e *lockfile.Entry) string { return flagText(e.Peer) },
	"bundled":   func(e *lockfile.Entry) string { return flagText(e.Bundled) },
	"script":    func(e *lockfile.Entry) string { return flagText(e.InstallScript == lockfile.Yes) },
}

func flagText(set bool) string {
	if set {
		return "true"
	}
	return ""
}

// comparison collects the differences of one lockfile.
type comparison struct {
	file, format string
	entries      int
	found        []difference
}

// compare reads a lockfile with Lockkeeper, and sets what it finds beside what
// the other reader found.
func compare(l lock, a answer) *comparison {
	c := &comparison{file: l.name, format: path.Base(l.path)}
	in, err := l.input()
	if err != nil {
		c.add(0, "", "file", err.Error(), "")
		return c
	}
	inv, err := lockfile.Parse(in)
	if inv != nil {
		c.format, c.entries = inv.Format, len(inv.Entries)
	}
	if err != nil || a.Error != "" {
		c.unread(err, a.Error)
		return c
	}
	c.inventories(inv, a)
	return c
}

func (c *comparison) add(line int, key, field, ours, theirs string) {
	c.found = append(c.found, difference{
		file: c.file, line: line, format: c.format, key: key, field: field, ours: ours, theirs: theirs,
	})
}

// unread compares whether a file can be read; why it can't is each reader's own.
func (c *comparison) unread(ours error, theirs string) {
	switch {
	case ours == nil:
		c.add(0, "", "file", "read", theirs)
	case theirs == "":
		c.add(0, "", "file", ours.Error(), "read")
	}
}

// inventories pairs the entries by key, and several of one key by their order.
func (c *comparison) inventories(inv *lockfile.Inventory, a answer) {
	left := map[string][]theirs{}
	for _, t := range a.Entries {
		left[t.Key] = append(left[t.Key], t)
	}
	for i := range inv.Entries {
		e := &inv.Entries[i]
		same := left[e.Key]
		if len(same) == 0 {
			c.add(e.Line, e.Key, "entry", "present", "missing")
			continue
		}
		left[e.Key] = same[1:]
		c.entry(e, same[0])
	}
	for _, key := range slices.Sorted(maps.Keys(left)) {
		for _, t := range left[key] {
			c.add(t.Line, key, "entry", "missing", "present")
		}
	}
	c.roots(inv.Roots, a.Roots)
}

func (c *comparison) entry(e *lockfile.Entry, t theirs) {
	if e.Line != t.Line {
		c.add(e.Line, e.Key, "line", fmt.Sprint(e.Line), fmt.Sprint(t.Line))
	}
	for _, name := range slices.Sorted(maps.Keys(t.Fields)) {
		text := "no such field"
		if field := fields[name]; field != nil {
			text = field(e)
		}
		if text != t.Fields[name] {
			c.add(e.Line, e.Key, name, text, t.Fields[name])
		}
	}
	if t.Edges != nil {
		c.edges(e.Line, e.Key, "edge", e.Dependencies, t.Edges)
	}
}

// roots compares what the repository's own packages ask for, by their folders,
// of which a file of two documents has some twice.
func (c *comparison) roots(ours []lockfile.Root, theirs []theirRoot) {
	if theirs == nil {
		return
	}
	left := map[string][]theirRoot{}
	for _, t := range theirs {
		left[t.Folder] = append(left[t.Folder], t)
	}
	for _, r := range ours {
		same := left[r.Folder]
		if len(same) == 0 {
			c.add(r.Line, r.Folder, "root", "present", "missing")
			continue
		}
		left[r.Folder] = same[1:]
		c.edges(r.Line, r.Folder, "root edge", r.Dependencies, same[0].Edges)
	}
	for _, folder := range slices.Sorted(maps.Keys(left)) {
		for range left[folder] {
			c.add(0, folder, "root", "missing", "present")
		}
	}
}

// edges compares edges by name. A name may stand in two lists of a manifest, of
// which some readers keep one: each edge of theirs must be among ours, and each
// of ours must lead where one of theirs does.
func (c *comparison) edges(line int, key, field string, ours []lockfile.Dependency, theirs []theirEdge) {
	mine, other := map[string][]lockfile.Dependency{}, map[string][]theirEdge{}
	for _, d := range ours {
		mine[d.Name] = append(mine[d.Name], d)
	}
	for _, t := range theirs {
		other[t[0]] = append(other[t[0]], t)
	}
	for _, name := range sortedUnion(mine, other) {
		agree := len(mine[name]) > 0 && len(other[name]) > 0
		for _, t := range other[name] {
			agree = agree && slices.ContainsFunc(mine[name], func(d lockfile.Dependency) bool { return t.sameAs(d) })
		}
		for _, d := range mine[name] {
			agree = agree && slices.ContainsFunc(other[name], func(t theirEdge) bool { return t.leadsTo(d.Key) })
		}
		if !agree {
			c.add(line, key+" "+name, field, textOf(mine[name], ourEdgeText), textOf(other[name], theirEdge.text))
		}
	}
}

func (t theirEdge) sameAs(d lockfile.Dependency) bool { return t[1] == d.Spec && t.leadsTo(d.Key) }

func (t theirEdge) leadsTo(key string) bool { return len(t) < 3 || t[2] == key }

func (t theirEdge) text() string {
	if len(t) < 3 {
		return t[1]
	}
	return t[1] + " → " + cmp.Or(t[2], "nothing")
}

func ourEdgeText(d lockfile.Dependency) string { return d.Spec + " → " + cmp.Or(d.Key, "nothing") }

// textOf joins the texts of edges that have one name.
func textOf[E any](edges []E, text func(E) string) string {
	var all []string
	for _, e := range edges {
		if t := text(e); !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return cmp.Or(strings.Join(all, " and "), "missing")
}

func sortedUnion[A, B any](a map[string]A, b map[string]B) []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(names)
	return slices.Compact(names)
}
