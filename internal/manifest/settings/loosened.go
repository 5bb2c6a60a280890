package settings

import (
	"cmp"
	"slices"
	"strings"
)

// comparison is what [Loosened] works on.
type comparison struct {
	base, head *view
	hosts      *hosts
	found      []Loosening
}

// question is one protection in one folder.
type question struct {
	row     *protection
	subject string
	folder  string
}

// Loosened gives the settings of the head that protect less than the base's,
// by path and line. A folder counts that is a project on both sides, and a
// package manager that both sides use: what is new there has lost nothing.
func Loosened(base, head Side, registries Registries) []Loosening {
	c := &comparison{base: newView(base), head: newView(head), hosts: newHosts(registries)}
	for _, q := range c.questions() {
		if c.base.present[q.folder] && c.head.present[q.folder] && c.base.uses(q.row.tool, q.folder) && c.head.uses(q.row.tool, q.folder) {
			c.answer(q)
		}
	}
	return merged(c.found)
}

// questions lists what either side sets, and where the version of a package
// manager changes all that has a default, in order.
func (c *comparison) questions() []question {
	seen := make(map[question]bool)
	var all []question
	add := func(q question) {
		if !seen[q] {
			seen[q] = true
			all = append(all, q)
		}
	}
	for _, v := range []*view{c.base, c.head} {
		for k := range v.settings {
			add(question{find(k.tool, k.name), k.subject, k.folder})
		}
		for folder, p := range v.projects {
			for _, m := range p.managers {
				if compareVersions(c.base.version(m.Tool, folder), c.head.version(m.Tool, folder)) == 0 {
					continue
				}
				for i := range protections {
					if row := &protections[i]; row.tool == m.Tool && len(row.defaults) > 1 {
						add(question{row, "", folder})
					}
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b question) int {
		return cmp.Or(cmp.Compare(a.folder, b.folder), cmp.Compare(a.row.tool, b.row.tool), cmp.Compare(a.row.name, b.row.name), cmp.Compare(a.subject, b.subject))
	})
	return all
}

// readings gives how each side's package manager reads: of a version that only
// one side knows, both have it; of one that nobody knows, the one that reads
// every place.
func (c *comparison) readings(tool Tool, folder string) (base, head reading) {
	was, is := c.base.version(tool, folder), c.head.version(tool, folder)
	if was == nil {
		was = is
	}
	if is == nil {
		is = was
	}
	return reading{version: was}, reading{version: is}
}

func (c *comparison) answer(q question) {
	if q.row.lockfile {
		if home := c.base.home(q.folder); home == nil || !home.tools[q.row.tool] {
			return // no lockfile that could be lost
		}
	}
	was, is := c.readings(q.row.tool, q.folder)
	before, after := c.base.state(q.row, q.subject, q.folder, was), c.head.state(q.row, q.subject, q.folder, is)
	loosened := looser(before, after, c.hosts, q.subject)
	if !loosened && is.version == nil {
		// A value that moves to a place which the newest version does not read
		// is gone for that one, and must not be less than either reading's.
		modern := reading{modern: true}
		newest := c.head.state(q.row, q.subject, q.folder, modern)
		if looser(c.base.state(q.row, q.subject, q.folder, modern), newest, c.hosts, q.subject) && looser(before, newest, c.hosts, q.subject) {
			after, loosened, is = newest, true, modern
		}
	}
	if !loosened || !c.matters(q, was, is) {
		return
	}
	c.tell(q, before, after)
}

// matters reports whether a protection has an effect: an exception only from
// what protects on both sides, and a list of scripts only where scripts run.
func (c *comparison) matters(q question, was, is reading) bool {
	if row := find(q.row.tool, q.row.within); row != nil {
		return c.base.state(row, "", q.folder, was).on() && c.head.state(row, "", q.folder, is).on()
	}
	if row := find(q.row.tool, q.row.idle); row != nil {
		return !c.head.state(row, "", q.folder, is).on()
	}
	return true
}

// merged makes one of what several package managers obey, in order of place.
func merged(found []Loosening) []Loosening {
	slices.SortStableFunc(found, func(a, b Loosening) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Setting, b.Setting), cmp.Compare(a.Change, b.Change))
	})
	var all []Loosening
	for _, l := range found {
		if n := len(all); n > 0 && sameChange(all[n-1], l) {
			all[n-1].Tools = append(all[n-1].Tools, l.Tools...)
			continue
		}
		all = append(all, l)
	}
	return all
}

func sameChange(a, b Loosening) bool {
	return a.Path == b.Path && a.Line == b.Line && strings.EqualFold(a.Setting, b.Setting) && a.Change == b.Change && a.Lockfile == b.Lockfile
}
