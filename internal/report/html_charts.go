package report

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// bar is one row of a plot.
type bar struct {
	label hypertext
	class hypertext // "" for the plain colour
	n     int
}

// plotted is how many rows a plot of names has.
const plotted = 12

// charts shows what all that is pinned has in common.
func (d *document) charts() {
	if len(d.r.Changes) == 0 {
		return
	}
	d.put(`<div class="charts">`, "\n")
	d.chart("Age of what is pinned", d.ages())
	d.chart("Scores", d.scores())
	d.chart("Packages by publisher", d.names(func(c *Change) []string {
		if c.Publisher == "" {
			return nil
		}
		return []string{c.Publisher}
	}))
	d.chart("Steps from the repository", d.depths())
	d.chart("Runs code at install", d.installs())
	d.chart("Packages by signal", d.names(func(c *Change) []string {
		var ids []string
		for _, f := range c.Findings {
			if !slices.Contains(ids, f.Signal) {
				ids = append(ids, f.Signal)
			}
		}
		return ids
	}))
	d.put("</div>\n")
}

func (d *document) ages() []bar {
	bars := []bar{
		{"under a day", "block", 0}, {"under a week", "warn", 0}, {"under a month", "", 0}, {"under 3 months", "", 0}, {"under a year", "", 0},
		{"under 2 years", "", 0}, {"under 5 years", "", 0}, {"older", "", 0}, {"not known", "", 0},
	}
	ends := []time.Duration{day, 7 * day, 30 * day, 90 * day, 365 * day, 2 * 365 * day, 5 * 365 * day}
	for i := range d.r.Changes {
		age, ok := d.r.age(&d.r.Changes[i])
		if !ok {
			bars[len(bars)-1].n++
			continue
		}
		at, _ := slices.BinarySearchFunc(ends, age, func(end, age time.Duration) int { return cmp.Compare(end, age+1) })
		bars[at].n++
	}
	return bars
}

// scores counts by the policy's own thresholds.
func (d *document) scores() []bar {
	p := d.r.Policy
	lows := []int{0, 1, p.Warn, p.Block, 100}
	slices.Sort(lows)
	lows = slices.Compact(lows)
	var bars []bar
	for i, low := range lows {
		row := bar{label: digits[hypertext](low), class: "pass"}
		if i+1 < len(lows) && lows[i+1]-1 > low {
			row.label += " to " + digits[hypertext](lows[i+1]-1)
		}
		switch {
		case low >= p.Block:
			row.class = "block"
		case low >= p.Warn:
			row.class = "warn"
		}
		bars = append(bars, row)
	}
	// What could not be looked at has no points either, which says nothing.
	blind := bar{label: "not judged", class: "unjudged"}
	for i := range d.r.Changes {
		c := &d.r.Changes[i]
		if c.Verdict == "unjudged" && c.Score == 0 {
			blind.n++
			continue
		}
		at, exact := slices.BinarySearch(lows, c.Score)
		if !exact {
			at--
		}
		bars[max(at, 0)].n++
	}
	if blind.n == 0 {
		return bars
	}
	return append(bars, blind)
}

func (d *document) depths() []bar {
	bars := []bar{{"not known", "", 0}, {"1, asked for", "", 0}, {"2", "", 0}, {"3", "", 0}, {"4", "", 0}, {"5", "", 0}, {"6 and more", "", 0}}
	for i := range d.r.Changes {
		bars[min(depth(&d.r.Changes[i]), len(bars)-1)].n++
	}
	return bars[1:]
}

func (d *document) installs() []bar {
	bars := []bar{{"asked for", "warn", 0}, {"brought along", "warn", 0}, {"for development", "", 0}}
	for i := range d.r.Changes {
		switch c := &d.r.Changes[i]; {
		case !c.Installs:
		case c.Dev:
			bars[2].n++
		case c.Direct:
			bars[0].n++
		default:
			bars[1].n++
		}
	}
	return bars
}

// names counts the packages that share a name of some kind, the commonest
// first.
func (d *document) names(of func(*Change) []string) []bar {
	counts := make(map[string]int)
	for i := range d.r.Changes {
		for _, name := range of(&d.r.Changes[i]) {
			counts[name]++
		}
	}
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	var bars []bar
	for _, name := range names[:min(plotted, len(names))] {
		bars = append(bars, bar{label: escaped(cut(name, 23)), n: counts[name]})
	}
	return bars
}

// Sizes of a plot, in the units of its own view.
const (
	rowHeight  = 22
	labelWidth = 170
	barWidth   = 200
	plotWidth  = labelWidth + barWidth + 60
)

// chart draws rows of bars; a plot of nothing is left out.
func (d *document) chart(title hypertext, bars []bar) {
	most := 0
	for _, b := range bars {
		most = max(most, b.n)
	}
	if most == 0 {
		return
	}
	px := digits[hypertext]
	d.put("<figure><figcaption>", title, `</figcaption><svg role="img" aria-label="`, title, `" viewBox="0 0 `, px(plotWidth), " ", px(rowHeight*len(bars)), `">`)
	for i, b := range bars {
		middle := px(rowHeight*i + rowHeight*2/3)
		width := barWidth * b.n / most
		if b.n > 0 {
			width = max(width, 2) // a few among thousands are seen too
		}
		d.put(`<text x="`, px(labelWidth-8), `" y="`, middle, `" text-anchor="end">`, b.label, "</text>",
			`<rect class="`, b.class, `" x="`, px(labelWidth), `" y="`, px(rowHeight*i+4), `" width="`, px(width), `" height="`, px(rowHeight-8), `" rx="2"/>`,
			`<text class="value" x="`, px(labelWidth+width+6), `" y="`, middle, `">`, px(b.n), "</text>")
	}
	d.put("</svg></figure>\n")
}
