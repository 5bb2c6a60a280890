// Package popular knows the names of the most downloaded packages.
//
// It takes nothing and gives names in the order of their downloads, as of
// [Date]. The list is embedded: names are compared without asking anybody.
package popular

import (
	_ "embed"
	"strings"
	"sync"
)

// Date is the month whose downloads order the list.
const Date = "2026-11"

//go:embed npm.txt
var npm string // one name a line, the most downloaded first; 195,937 downloads a month at the end

// famous is how many of npm's names have a million downloads a month or more.
const famous = 15_410

// Names is the list of one ecosystem.
type Names struct {
	rank map[string]int
}

// NPM gives npm's list, read once.
var NPM = sync.OnceValue(func() *Names {
	n := &Names{rank: make(map[string]int, 30_000)}
	for name := range strings.Lines(npm) {
		n.rank[strings.TrimSuffix(name, "\n")] = len(n.rank) + 1
	}
	return n
})

// Has reports whether a name is in the list.
func (n *Names) Has(name string) bool { return n.rank[name] > 0 }

// Famous reports whether a name has a million downloads a month or more.
func (n *Names) Famous(name string) bool {
	rank := n.rank[name]
	return rank > 0 && rank <= famous
}

// Rank gives a name's place by downloads, from 1; 0 if it is not in the list.
func (n *Names) Rank(name string) int { return n.rank[name] }

// All gives every famous name, in no order.
func (n *Names) All(yield func(name string) bool) {
	for name, rank := range n.rank {
		if rank <= famous && !yield(name) {
			return
		}
	}
}
