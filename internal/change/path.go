package change

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// maxPaths is how many chains a change carries. A package deep in a large tree
// has thousands; a few of the shortest explain it.
const maxPaths = 5

// pathFinder answers through whom an entry is reached. It walks a lockfile's
// graph once, and only if a change of that lockfile asks.
type pathFinder struct {
	inventories map[string][]*lockfile.Inventory // by path; base and head may both have one
	graphs      map[*lockfile.Inventory]*graph
}

func newPathFinder(sides ...[]*lockfile.Inventory) *pathFinder {
	f := &pathFinder{
		inventories: make(map[string][]*lockfile.Inventory),
		graphs:      make(map[*lockfile.Inventory]*graph),
	}
	for _, side := range sides {
		for _, inv := range side {
			f.inventories[inv.Path] = append(f.inventories[inv.Path], inv)
		}
	}
	return f
}

// to gives the shortest chains that lead to any of the places, shortest first.
func (f *pathFinder) to(places []Place) []Path {
	var found []Path
	for _, p := range places {
		for _, inv := range f.inventories[p.Lockfile] {
			if path := f.graph(inv).pathTo(p.Entry); path != nil {
				found = append(found, path)
				break
			}
		}
	}
	slices.SortFunc(found, func(a, b Path) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b))
	})
	found = slices.CompactFunc(found, slices.Equal)
	return found[:min(len(found), maxPaths)]
}

func (f *pathFinder) graph(inv *lockfile.Inventory) *graph {
	g := f.graphs[inv]
	if g == nil {
		g = newGraph(inv)
		f.graphs[inv] = g
	}
	return g
}

// graph is one lockfile's entries with, for each, the entry through which a
// root reaches it soonest.
type graph struct {
	entries []lockfile.Entry
	at      map[string]int32 // by key; of twins the last one, which answers
	parent  []int32
}

// Marks in graph.parent beside an index.
const (
	unreached = -2
	fromRoot  = -1
)

// newGraph walks breadth first from all roots at once, so that each parent
// lies on a shortest chain. It is a loop over a queue: hostile depth costs
// nothing.
func newGraph(inv *lockfile.Inventory) *graph {
	g := &graph{
		entries: inv.Entries,
		at:      make(map[string]int32, len(inv.Entries)),
		parent:  make([]int32, len(inv.Entries)),
	}
	for i := range inv.Entries {
		g.parent[i] = unreached
		g.at[inv.Entries[i].Key] = int32(i)
	}

	queue := make([]int32, 0, len(inv.Entries))
	reach := func(from int32, deps []lockfile.Dependency) {
		for _, d := range deps {
			i, ok := g.at[d.Key]
			if ok && d.Key != "" && g.parent[i] == unreached {
				g.parent[i] = from
				queue = append(queue, i)
			}
		}
	}
	for _, root := range inv.Roots {
		reach(fromRoot, root.Dependencies)
	}
	for next := 0; next < len(queue); next++ {
		reach(queue[next], inv.Entries[queue[next]].Dependencies)
	}
	return g
}

// pathTo gives the chain of names to an entry of this graph, or nil if no root
// reaches it.
func (g *graph) pathTo(e *lockfile.Entry) Path {
	i, ok := g.at[e.Key]
	if !ok || &g.entries[i] != e || g.parent[i] == unreached { // nobody asks for a twin
		return nil
	}
	var path Path
	for ; i >= 0; i = g.parent[i] {
		path = append(path, g.entries[i].Name)
	}
	slices.Reverse(path)
	return path
}

// String shows the chain as a reader says it.
func (p Path) String() string { return strings.Join(p, " › ") }
