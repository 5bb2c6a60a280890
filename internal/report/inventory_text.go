package report

import (
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// InventoryText writes what lockfiles pin as a table for people: each package
// with its line, source, hash and flags.
func InventoryText(w io.Writer, inventories []*lockfile.Inventory, o Options) error {
	p := newPaper(o)
	if len(inventories) == 0 {
		p.line(span{text: "no lockfile that is read"})
	}
	for i, inv := range inventories {
		if i > 0 {
			p.line()
		}
		p.line(span{bold, terminal(inv.Path)}, span{dim, "  " + terminal(inv.Format) + ", " + plural[inert](len(inv.Entries), "package", "packages")})
		for _, d := range inv.Doubts {
			p.entry(span{yellow, "doubt"}, "line "+digits[inert](d.Line)+": "+terminal(d.Message))
		}
		if len(inv.Entries) > 0 {
			p.grid(rows(inv))
		}
		if err := p.drain(w); err != nil {
			return err
		}
	}
	return p.drain(w)
}

// columns of the table. The width of each is that of its widest cell, up to a
// bound that keeps one odd entry from pushing all others aside.
var columns = []struct {
	title inert
	most  int
	right bool
}{
	{"line", 8, true},
	{"package", 48, false},
	{"version", 20, false},
	{"source", 9, false},
	{"hash", 19, false},
	{"flags", 0, false}, // the last one needs no width
}

func rows(inv *lockfile.Inventory) [][]inert {
	all := make([][]inert, 0, len(inv.Entries)+1)
	var titles []inert
	for _, c := range columns {
		titles = append(titles, c.title)
	}
	all = append(all, titles)
	for i := range inv.Entries {
		e := &inv.Entries[i]
		name := terminal(e.Name)
		if e.Alias != "" {
			name += " as " + terminal(e.Alias)
		}
		all = append(all, []inert{digits[inert](e.Line), name, terminal(e.Version), terminal(string(e.Source)), hash(e), flags(e)})
	}
	return all
}

// hash shows the algorithm and enough of the strongest hash to compare by eye.
func hash(e *lockfile.Entry) inert {
	all := e.Hashes()
	if len(all) == 0 {
		return "-"
	}
	strongest := slices.MaxFunc(all, func(a, b string) int {
		return lockfile.Strength(lockfile.Algorithm(a)) - lockfile.Strength(lockfile.Algorithm(b))
	})
	algorithm, sum, ok := strings.Cut(strongest, "-")
	if !ok {
		return terminal(strongest)
	}
	const shown = 8
	return terminal(algorithm + "-" + sum[:min(shown, len(sum))] + "…")
}

// flags are what sets an entry apart, and the address of one that does not
// come from a registry.
func flags(e *lockfile.Entry) inert {
	var said []string
	for _, f := range []struct {
		set  bool
		name string
	}{
		{e.Direct, "direct"},
		{e.Dev, "dev"},
		{e.Optional, "optional"},
		{e.Peer, "peer"},
		{e.Bundled, "bundled"},
		{e.InstallScript == lockfile.Yes, "script"},
		{e.Deprecated != "", "deprecated"},
	} {
		if f.set {
			said = append(said, f.name)
		}
	}
	if e.Source != lockfile.Registry && e.Resolved != "" {
		said = append(said, e.Resolved)
	}
	return terminal(strings.Join(said, " "))
}

// grid writes rows, the first of which holds titles, in columns.
func (p *paper) grid(rows [][]inert) {
	widths := make([]int, len(columns))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], min(columns[i].most, utf8.RuneCountInString(string(cell))))
		}
	}
	for i, row := range rows {
		look := normal
		if i == 0 {
			look = dim
		}
		for j, cell := range row {
			gap := widths[j] - utf8.RuneCountInString(string(cell))
			last := true
			for _, later := range row[j+1:] {
				last = last && later == ""
			}
			if columns[j].right {
				p.pad(gap)
			}
			p.write(span{look, cell})
			if last {
				break
			}
			if !columns[j].right {
				p.pad(gap)
			}
			p.pad(2)
		}
		p.b.WriteByte('\n')
	}
}
