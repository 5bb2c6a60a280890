package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
)

// shown is how many differences in one field of a format are listed.
const shown = 20

// report counts what was compared, and judges it.
type report struct {
	classes []*class
	verbose bool

	set      string
	found    map[*class]int // in the set
	rows     []*row
	list     []string
	problems int
}

// row is a line of the table: the lockfiles of a format in a set.
type row struct {
	set, format, reader    string
	files, entries         int
	differences, explained int
	byField                map[string]int // not explained
}

// begin starts a set of files.
func (r *report) begin(set string) { r.set, r.found = set, map[*class]int{} }

// add compares one lockfile.
func (r *report) add(l lock, a answer) {
	c := compare(l, a)
	row := r.row(c.format, a.Reader)
	row.files++
	row.entries += c.entries
	row.differences += len(c.found)
	for _, d := range c.found {
		if class := r.classOf(d); class != nil {
			row.explained++
			r.found[class]++
			if r.verbose {
				r.list = append(r.list, fmt.Sprintf("%v (explained.txt:%d)", d, class.line))
			}
			continue
		}
		r.problems++
		if row.byField[d.field]++; row.byField[d.field] <= shown || r.verbose {
			r.list = append(r.list, d.String())
		}
	}
}

func (r *report) row(format, reader string) *row {
	for _, row := range r.rows {
		if row.set == r.set && row.format == format && row.reader == reader {
			return row
		}
	}
	row := &row{set: r.set, format: format, reader: reader, byField: map[string]int{}}
	r.rows = append(r.rows, row)
	return row
}

func (r *report) classOf(d difference) *class {
	for _, c := range r.classes {
		if c.explains(d) {
			return c
		}
	}
	return nil
}

// end holds the numbers of the explained differences to what the table says.
func (r *report) end() {
	for _, c := range r.classes {
		if r.found[c] != c.count[r.set] {
			r.problems++
			r.list = append(r.list, fmt.Sprintf("explained.txt:%d: explains %d differences in the %s, and says %d",
				c.line, r.found[c], r.set, c.count[r.set]))
		}
	}
}

// print writes the list and the table. The error says that something differs.
func (r *report) print(w io.Writer) error {
	for _, line := range r.list {
		fmt.Fprintln(w, line)
	}
	slices.SortStableFunc(r.rows, func(a, b *row) int { return cmp.Or(cmp.Compare(a.set, b.set), cmp.Compare(a.format, b.format)) })
	for _, row := range r.rows {
		for _, field := range slices.Sorted(maps.Keys(row.byField)) {
			if more := row.byField[field] - shown; more > 0 && !r.verbose {
				fmt.Fprintf(w, "%s, %s: %d more differences in %s; -v lists them\n", row.set, row.format, more, field)
			}
		}
	}
	total := &row{set: "all"}
	fmt.Fprintln(w, "| set | format | other reader | files | entries | differences | explained |")
	fmt.Fprintln(w, "| --- | --- | --- | --- | --- | --- | --- |")
	for _, row := range r.rows {
		row.print(w)
		total.files += row.files
		total.entries += row.entries
		total.differences += row.differences
		total.explained += row.explained
	}
	total.print(w)
	if r.problems > 0 {
		return fmt.Errorf("%d differences are not explained, or not as often as explained.txt says", r.problems)
	}
	return nil
}

func (r *row) print(w io.Writer) {
	fmt.Fprintf(w, "| %s | %s | %s | %d | %d | %d | %d |\n", r.set, r.format, r.reader, r.files, r.entries, r.differences, r.explained)
}
