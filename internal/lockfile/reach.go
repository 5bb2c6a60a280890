package lockfile

// reach is how entries are reached, for formats that keep no such flag. It is
// made of an inventory whose edges and roots have their keys.
type reach struct {
	inventory *Inventory
	edges     []edge  // those of the roots, and then those of the entries
	ends      []int32 // where the edges of the roots end, and those of each entry
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
	return reachAt(inv, at)
}

// reachAt is newReach for entries whose keys are known already.
func reachAt(inv *Inventory, at map[string]int32) *reach {
	return reachBy(inv, func(_ int32, d *Dependency) int32 {
		if to, ok := at[d.Key]; ok && d.Key != "" {
			return to
		}
		return -1
	})
}

// reachBy is newReach for edges that have no keys yet: answer sets the key of
// one, and gives the entry that it is of, or -1. It is told which entry asks, or
// the complement of the number of the root that does.
func reachBy(inv *Inventory, answer func(from int32, d *Dependency) int32) *reach {
	count := 0
	for i := range inv.Entries {
		count += len(inv.Entries[i].Dependencies)
	}
	r := &reach{inventory: inv, edges: make([]edge, 0, count), ends: make([]int32, 0, 1+len(inv.Entries))}
	add := func(from int32, list []Dependency) {
		for i := range list {
			if to := answer(from, &list[i]); to >= 0 {
				r.edges = append(r.edges, edge{to, list[i].Kind})
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
	within := r.from(func(k Kind) bool { return k != Development })
	for i := range r.inventory.Entries {
		r.inventory.Entries[i].Dev = r.all[i] && !within[i]
	}
}

// markOptional sets Optional on what is reached through optional dependencies
// only.
func (r *reach) markOptional() {
	within := r.from(func(k Kind) bool { return k != OptionalKind })
	for i := range r.inventory.Entries {
		r.inventory.Entries[i].Optional = r.all[i] && !within[i]
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
