package lockfile

// reach is how entries are reached, for formats that keep no such flag. It is
// made of an inventory whose edges and roots have their keys.
type reach struct {
	inventory *Inventory
	edges     []edge  // those of the roots, and then those of the entries
	ends      []int32 // where the edges of the roots end, and those of each entry
	kinds     uint8   // of which there are edges, a bit for each Kind
	all       []bool  // what the roots lead to
}

// edge is a dependency that an entry answers.
type edge struct {
	to   int32
	kind Kind
}

func newReach(inv *Inventory) *reach {
	at := make(map[string]int32, len(inv.Entries))
	for i := range inv.Entries {
		at[inv.Entries[i].Key] = int32(i)
	}
	return reachBy(inv, func(_ int32, _ int, d *Dependency) int32 {
		if to, ok := at[d.Key]; ok && d.Key != "" {
			return to
		}
		return -1
	})
}

// answered is which entry answers each edge, or -1. Readers that note it when
// they look for the answers spare a search for each of the keys.
type answered struct {
	roots   [][]int32 // by root
	entries []int32   // those of all entries, one after the other
}

// reach is newReach for an inventory whose answers are known.
func (a *answered) reach(inv *Inventory) *reach {
	next := 0
	return reachBy(inv, func(from int32, i int, d *Dependency) int32 {
		var to int32
		if from < 0 {
			to = a.roots[^from][i]
		} else {
			to = a.entries[next]
			next++
		}
		if d.Key == "" {
			return -1
		}
		return to
	})
}

// reachBy is newReach for edges that have no keys yet: answer sets the key of
// one, and gives the entry that it is of, or -1. It is told which entry asks, or
// the complement of the number of the root that does, and which of the edges of
// that it is.
func reachBy(inv *Inventory, answer func(from int32, i int, d *Dependency) int32) *reach {
	count := 0
	for i := range inv.Entries {
		count += len(inv.Entries[i].Dependencies)
	}
	r := &reach{inventory: inv, edges: make([]edge, 0, count), ends: make([]int32, 0, 1+len(inv.Entries))}
	add := func(from int32, list []Dependency) {
		for i := range list {
			if to := answer(from, i, &list[i]); to >= 0 {
				r.edges = append(r.edges, edge{to, list[i].Kind})
				r.kinds |= 1 << list[i].Kind
			}
		}
	}
	for i := range inv.Roots {
		add(^int32(i), inv.Roots[i].Dependencies)
	}
	r.ends = append(r.ends, int32(len(r.edges)))
	for i := range inv.Entries {
		add(int32(i), inv.Entries[i].Dependencies)
		r.ends = append(r.ends, int32(len(r.edges)))
	}
	r.all = r.from(func(Kind) bool { return true })
	return r
}

// markDirect sets Direct on what the roots ask for. Entries of the repository's
// own packages are among them where another root asks for those.
func (r *reach) markDirect() {
	for _, e := range r.edges[:r.ends[0]] {
		r.inventory.Entries[e.to].Direct = true
	}
}

// markDev sets Dev on what is reached through development dependencies of the
// roots only. What nothing reaches is taken for production.
func (r *reach) markDev() {
	r.without(Development, func(e *Entry, only bool) { e.Dev = only })
}

// markOptional sets Optional on what is reached through optional dependencies
// only.
func (r *reach) markOptional() {
	r.without(OptionalKind, func(e *Entry, only bool) { e.Optional = only })
}

// without tells of each entry whether only edges of a kind make it reached.
// Where there are none, as in most lockfiles, no second walk is needed.
func (r *reach) without(kind Kind, tell func(e *Entry, only bool)) {
	within := r.all
	if r.kinds&(1<<kind) != 0 {
		within = r.from(func(k Kind) bool { return k != kind })
	}
	for i := range r.inventory.Entries {
		tell(&r.inventory.Entries[i], r.all[i] && !within[i])
	}
}

// from says of each entry whether edges of the kinds that follow allows lead to
// it from a root. The queue takes the place of recursion.
func (r *reach) from(follow func(Kind) bool) []bool {
	seen := make([]bool, len(r.inventory.Entries))
	queue := make([]int32, 0, len(seen))
	visit := func(edges []edge) {
		for _, e := range edges {
			if !seen[e.to] && follow(e.kind) {
				seen[e.to] = true
				queue = append(queue, e.to)
			}
		}
	}
	visit(r.edges[:r.ends[0]])
	for next := 0; next < len(queue); next++ {
		visit(r.edges[r.ends[queue[next]]:r.ends[queue[next]+1]])
	}
	return seen
}
