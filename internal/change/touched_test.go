package change

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"testing"

	linediff "github.com/go-git/go-git/v5/utils/diff"

	"github.com/lockkeeper/lockkeeper/internal/corpustest"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// repository is one side of a real change: its files.
type repository map[string][]byte

func (r repository) inventories(t *testing.T) []*lockfile.Inventory {
	t.Helper()
	var all []*lockfile.Inventory
	for file, data := range r {
		if _, known := lockfile.Known(path.Base(file)); !known {
			continue
		}
		inv, err := lockfile.Parse(lockfile.Input{
			Path: file, Data: data,
			Manifest: func(name string) ([]byte, bool) { data, ok := r[name]; return data, ok },
		})
		if err == nil {
			all = append(all, inv)
		}
	}
	slices.SortFunc(all, func(a, b *lockfile.Inventory) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// added gives the lines that a line diff shows as added.
func added(base, head []byte) map[int]bool {
	all := make(map[int]bool)
	line := 1
	for _, d := range linediff.Do(string(base), string(head)) {
		n := len(slices.Collect(strings.Lines(d.Text)))
		if d.Type < 0 { // of the base
			continue
		}
		for i := range n {
			all[line+i] = d.Type > 0
		}
		line += n
	}
	return all
}

// Of the real changes of the corpus, each version that the head pins anew is
// shown on a line that the pull request touches: GitHub shows an alert on no
// other.
func TestAChangeIsOnALineThatItTouches(t *testing.T) {
	sides := make(map[string][2]repository)
	for file, data := range corpustest.Files(t, func(file string) bool { return strings.Count(file, "/") >= 3 }) {
		parts := strings.SplitN(file, "/", 4) // pairs/NAME/base/PATH
		if _, ok := sides[parts[1]]; !ok {
			sides[parts[1]] = [2]repository{{}, {}}
		}
		sides[parts[1]][slices.Index([]string{"base", "head"}, parts[2])][parts[3]] = data
	}
	var changes, byKey, wrong int
	for name, pair := range sides {
		base, head := pair[0].inventories(t), pair[1].inventories(t)
		touched := make(map[string]map[int]bool)
		for _, inv := range head {
			touched[inv.Path] = added(pair[0][inv.Path], pair[1][inv.Path])
			for _, old := range base {
				if old.Path == inv.Path {
					inv.Touch(old, pair[1][inv.Path], pair[0][inv.Path])
				}
			}
		}
		for _, c := range Between(base, head) {
			for i, p := range c.Head {
				if i == 0 {
					changes++
					if touched[p.Lockfile][p.Entry.Line] {
						byKey++
					}
				}
				if line := cmp.Or(p.Entry.Touched, p.Entry.Line); !touched[p.Lockfile][line] {
					if wrong++; wrong <= 20 {
						t.Errorf("%s: %s %s %s: place %d of %d: %s:%d is not touched (the entry begins at %d)", name, c.Kind, c.Name, c.To, i+1, len(c.Head), p.Lockfile, line, p.Entry.Line)
					}
				}
			}
		}
	}
	if changes < 1000 {
		t.Errorf("only %d changes were looked at", changes)
	}
	t.Logf("%d changes; %d would be on a touched line by their keys alone; %d places are on none", changes, byKey, wrong)
}
