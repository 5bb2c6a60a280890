package change

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

// Between gives what differs between the packages that base pins and those
// that head pins, ordered by ecosystem, name and version. Lockfiles are taken
// together: a version that another lockfile of the base pins already is no
// change, wherever it turns up, because the repository has accepted those
// bytes.
func Between(base, head []*lockfile.Inventory) []Change {
	packages := collect(base, head)
	paths := newPathFinder(base, head)

	var changed []packageName
	for name, p := range packages {
		if !p.unchanged() {
			changed = append(changed, name)
		}
	}
	slices.SortFunc(changed, compareNames)
	var changes []Change
	for _, name := range changed {
		p := packages[name]
		changes = append(changes, compare(name, byVersion(p.before), byVersion(p.after), paths)...)
	}
	return changes
}

// packageName is a name within its ecosystem.
type packageName struct{ ecosystem, name string }

func compareNames(a, b packageName) int {
	return cmp.Or(cmp.Compare(a.ecosystem, b.ecosystem), cmp.Compare(a.name, b.name))
}

// sides are the pins of one package in the base and in the head.
type sides struct {
	before, after []pin
	was, is       int32 // how many
}

// pin is a [Place] before it is known to matter: a monorepo has some hundred
// thousand.
type pin struct {
	inventory *lockfile.Inventory
	entry     *lockfile.Entry
}

func (p pin) place() Place { return Place{p.inventory.Path, p.inventory.Format, p.entry} }

// unchanged sees the usual package without the work that the others take: it is
// pinned once on each side, or by the same entries in the same lockfiles.
func (s *sides) unchanged() bool {
	switch {
	case len(s.before) != len(s.after) || len(s.before) > maxVariants:
		return false
	case len(s.before) == 1:
		return s.before[0].entry.Version == s.after[0].entry.Version && sameBytes(s.after[0].place(), s.before[0].place())
	}
	return slices.EqualFunc(s.after, s.before, func(h, b pin) bool {
		return h.entry.Version == b.entry.Version && samePin(h.entry, b.entry)
	})
}

// collect groups the entries that bring code from outside the repository.
func collect(base, head []*lockfile.Inventory) map[packageName]*sides {
	most, total := 0, 0
	for _, inv := range slices.Concat(base, head) {
		most = max(most, len(inv.Entries))
		total += len(inv.Entries)
	}
	all := make(map[packageName]*sides, most)
	of := make([]*sides, 0, total) // of each entry, or nil
	count := func(inventories []*lockfile.Inventory, number func(*sides) *int32) {
		for _, inv := range inventories {
			for i := range inv.Entries {
				e := &inv.Entries[i]
				var s *sides
				if !e.Own() {
					name := packageName{inv.EcosystemOf(e), e.Name}
					if s = all[name]; s == nil {
						s = new(sides)
						all[name] = s
					}
					*number(s)++
				}
				of = append(of, s)
			}
		}
	}
	count(base, func(s *sides) *int32 { return &s.was })
	count(head, func(s *sides) *int32 { return &s.is })

	// Counted first, all pins fit one list without a gap.
	room := make([]pin, 0, total)
	for _, inv := range base {
		for i := range inv.Entries {
			if s := of[i]; s != nil {
				s.before, room = keep(s.before, s.was, pin{inv, &inv.Entries[i]}, room)
			}
		}
		of = of[len(inv.Entries):]
	}
	for _, inv := range head {
		for i := range inv.Entries {
			if s := of[i]; s != nil {
				s.after, room = keep(s.after, s.is, pin{inv, &inv.Entries[i]}, room)
			}
		}
		of = of[len(inv.Entries):]
	}
	return all
}

// keep appends a pin to the list of its package, which takes as much room as it
// needs with its first.
func keep(list []pin, count int32, p pin, room []pin) (longer, rest []pin) {
	if list == nil {
		from := len(room)
		room = room[:from+int(count)]
		list = room[from:from:len(room)]
	}
	return append(list, p), room
}

// pins are the places of one package on one side, by version.
type pins map[string][]Place

func byVersion(list []pin) pins {
	p := make(pins, 1)
	for _, one := range list {
		p[one.entry.Version] = append(p[one.entry.Version], one.place())
	}
	return p
}

// compare gives the changes of one package.
func compare(name packageName, before, after pins, paths *pathFinder) []Change {
	var fresh, gone []string
	var changes []Change
	for _, v := range name.sorted(after) {
		if before[v] == nil {
			fresh = append(fresh, v)
			continue
		}
		if name.ecosystem == lockfile.Deno {
			changes = append(changes, name.modules(v, before[v], after[v], paths)...)
		} else if moved := unlike(after[v], before[v]); len(moved) > 0 {
			changes = append(changes, name.change(Relocked, []string{v}, v, moved, before[v], paths))
		}
	}
	for _, v := range name.sorted(before) {
		if after[v] == nil {
			gone = append(gone, v)
		}
	}

	replaced := make(map[string]bool)
	for _, v := range fresh {
		from := name.predecessors(v, gone)
		for _, old := range from {
			replaced[old] = true
		}
		if len(from) == 0 {
			from = name.predecessors(v, name.sorted(before))
		}
		changes = append(changes, name.change(name.direction(from, v), from, v, after[v], flatten(before, from), paths))
	}
	for _, v := range gone {
		if !replaced[v] {
			changes = append(changes, name.change(Removed, []string{v}, "", nil, before[v], paths))
		}
	}
	return changes
}

// modules gives the changes of a version that both sides have of a package of
// modules. Each of them is a file of its own, pinned by its own hash, so that
// they are compared by their addresses.
func (n packageName) modules(v string, before, after []Place, paths *pathFinder) []Change {
	was, is := byAddress(before), byAddress(after)
	var arrived, moved, gone, base []Place
	for _, address := range slices.Sorted(maps.Keys(is)) {
		before, after := was[address], is[address]
		if before == nil {
			arrived = append(arrived, after...)
			continue
		}
		if other := unlike(after, before); len(other) > 0 {
			moved, base = append(moved, other...), append(base, before...)
		}
	}
	for _, address := range slices.Sorted(maps.Keys(was)) {
		if is[address] == nil {
			gone = append(gone, was[address]...)
		}
	}
	var changes []Change
	if len(arrived) > 0 {
		changes = append(changes, n.change(Added, nil, v, arrived, before, paths))
	}
	if len(moved) > 0 {
		changes = append(changes, n.change(Relocked, []string{v}, v, moved, base, paths))
	}
	if len(gone) > 0 {
		changes = append(changes, n.change(Removed, []string{v}, "", nil, gone, paths))
	}
	return changes
}

func byAddress(places []Place) map[string][]Place {
	at := make(map[string][]Place, len(places))
	for _, p := range places {
		at[p.Entry.Key] = append(at[p.Entry.Key], p)
	}
	return at
}

// change fills in what the places say.
func (n packageName) change(kind Kind, from []string, to string, head, base []Place, paths *pathFinder) Change {
	places := head
	if kind == Removed {
		places = base
	}
	c := Change{
		Ecosystem: n.ecosystem,
		Name:      n.name,
		Kind:      kind,
		From:      from,
		To:        to,
		Dev:       true,
		Via:       paths.to(places),
		Head:      inOrder(head),
		Base:      inOrder(base),
	}
	for _, p := range places {
		c.Direct = c.Direct || p.Entry.Direct
		c.Dev = c.Dev && p.Entry.Dev
	}
	return c
}

// predecessors picks the versions that v stands in for: those of its own
// release line, or all of them where the line is new.
func (n packageName) predecessors(v string, versions []string) []string {
	line := version.Line(n.ecosystem, v)
	var same []string
	for _, old := range versions {
		if version.Line(n.ecosystem, old) == line {
			same = append(same, old)
		}
	}
	if len(same) > 0 {
		return same
	}
	return versions
}

// direction says which way a package went from those versions to that one.
func (n packageName) direction(from []string, to string) Kind {
	if len(from) == 0 {
		return Added
	}
	for _, old := range from {
		if version.Compare(n.ecosystem, old, to) < 0 {
			return Upgraded
		}
	}
	return Downgraded
}

func (n packageName) sorted(p pins) []string {
	return slices.SortedFunc(maps.Keys(p), func(a, b string) int {
		return version.Compare(n.ecosystem, a, b)
	})
}

func flatten(p pins, versions []string) []Place {
	var places []Place
	for _, v := range versions {
		places = append(places, p[v]...)
	}
	return places
}

func inOrder(places []Place) []Place {
	sorted := slices.Clone(places)
	slices.SortFunc(sorted, func(a, b Place) int {
		return cmp.Or(cmp.Compare(a.Lockfile, b.Lockfile), cmp.Compare(a.Entry.Line, b.Entry.Line))
	})
	return sorted
}
