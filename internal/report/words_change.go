package report

import (
	"slices"
	"time"
)

// versions says what happened to a package's versions.
func (w wording[T]) versions(c *Change) T {
	switch c.Kind {
	case "removed":
		return w.older(c.From) + " (removed)"
	case "relocked":
		return w.prose(c.To) + " (same version, other content)"
	case "downgraded":
		return w.older(c.From) + " → " + w.pinned(c.To) + " (downgraded)"
	}
	if len(c.From) > 0 {
		return w.older(c.From) + " → " + w.pinned(c.To)
	}
	if w.scan {
		return w.prose(c.To)
	}
	return w.prose(c.To) + " (new)"
}

// pinned is what a version became; a lockfile may lack it.
func (w wording[T]) pinned(version string) T {
	if version == "" {
		return "no version"
	}
	return w.prose(version)
}

func (w wording[T]) older(from []string) T {
	return few(from, 3, ", ", w.prose)
}

// few joins the first of a list and counts the rest.
func few[E any, T ~string](list []E, most int, joint T, show func(E) T) T {
	var said T
	for i, e := range list[:min(most, len(list))] {
		if i > 0 {
			said += joint
		}
		said += show(e)
	}
	if n := len(list) - most; n > 0 {
		said += " and " + digits[T](n) + " more"
	}
	return said
}

// label names a package.
func (w wording[T]) label(c *Change) T {
	if w.several {
		return w.name(c.Ecosystem + ":" + c.Name)
	}
	return w.name(c.Name)
}

// title names a package with what happened to it.
func (w wording[T]) title(c *Change) T { return w.label(c) + " " + w.versions(c) }

// route tells through which dependency a package came.
func (w wording[T]) route(c *Change) T {
	if c.Direct || len(c.Via) == 0 {
		return ""
	}
	// Enough to see where a chain begins and ends.
	const ends = 4
	path := c.Via[0]
	var said T
	if len(path) > 2*ends {
		said = w.chain(path[:ends]) + " › … › " + w.chain(path[len(path)-ends:])
	} else {
		said = w.chain(path)
	}
	if n := len(c.Via) - 1; n > 0 {
		said += " (and " + plural[T](n, "other way", "other ways") + ")"
	}
	return said
}

func (w wording[T]) chain(names []string) T { return few(names, len(names), " › ", w.name) }

// role tells what a package is to the repository, if there is more to say than
// its route does.
func (w wording[T]) role(c *Change) T {
	switch {
	case c.Direct && c.Dev:
		return "direct dependency, for development only"
	case c.Direct:
		return "direct dependency"
	case c.Dev:
		return "for development only"
	}
	return ""
}

// age tells how old a release was when it was judged.
func (w wording[T]) age(c *Change) T {
	if c.PublishedAt == nil {
		return ""
	}
	said := "published " + moment[T](*c.PublishedAt)
	if d := w.now.Sub(*c.PublishedAt); d >= 0 {
		said = about[T](d) + " old when judged, " + said
	}
	return said
}

// until names the end of a hold, and how long that is from when it was judged.
func (w wording[T]) until(hold time.Time) T {
	said := w.ending(hold)
	if wait := w.wait(hold); wait != "" {
		said += " (in " + wait + ")"
	}
	return said
}

// ending is a minute that is never before the hold's end, for somebody will merge
// at that minute.
func (w wording[T]) ending(hold time.Time) T {
	return moment[T](hold.Add(time.Minute - time.Nanosecond))
}

func (w wording[T]) wait(hold time.Time) T {
	d := hold.Sub(w.now)
	if d <= 0 {
		return ""
	}
	return ahead[T](d)
}

const day = 24 * time.Hour

// ahead gives the time to wait, rounded up.
func ahead[T ~string](d time.Duration) T {
	switch {
	case d < time.Hour:
		return digits[T](ceil(d, time.Minute)) + " min"
	case d < 2*day:
		return digits[T](ceil(d, time.Hour)) + " h"
	}
	return digits[T](ceil(d, day)) + " days"
}

func ceil(d, unit time.Duration) int {
	n := int(d / unit)
	if d%unit > 0 {
		n++
	}
	return n
}

// about gives a time gone by, rounded down, in the largest unit that still
// tells something.
func about[T ~string](d time.Duration) T {
	switch {
	case d < time.Hour:
		return digits[T](int(d.Minutes())) + " min"
	case d < 2*day:
		return digits[T](int(d.Hours())) + " h"
	case d < 60*day:
		return digits[T](int(d/day)) + " days"
	case d < 2*365*day:
		return digits[T](int(d/(30*day))) + " months"
	}
	return digits[T](int(d/(365*day))) + " years"
}

// signals names a change's findings in a few words: "young-dependency +45". What
// is only listed has a section of its own.
func (w wording[T]) signals(c *Change) T {
	said := slices.DeleteFunc(reasons(c.Findings), func(f reason) bool { return isListed(f.Finding) })
	return few(said, 3, ", ", func(f reason) T { return w.name(f.Signal) + " " + w.points(f.Finding) })
}

// advisories tells which advisories a change does away with, and which it
// leaves as they were.
func (w wording[T]) advisories(c *Change) []T {
	var said []T
	if len(c.Fixed) > 0 {
		said = append(said, "fixes "+few(c.Fixed, 3, ", ", w.name))
	}
	if len(c.Unchanged) > 0 {
		said = append(said, "still has "+few(c.Unchanged, 3, ", ", w.name))
	}
	return said
}

// cooldownSignal is the one signal that holds.
const cooldownSignal = "young-release"

// effects are what signals without points do.
var effects = map[string]string{cooldownSignal: "hold", "policy-changed": "warn", "abandoned": "listed"}

// isListed reports whether a finding says nothing against the package today.
func isListed(f *Finding) bool {
	return f.Points == 0 && f.CountedAs == "" && f.Exception == nil && effects[f.Signal] == "listed"
}

// points says what a finding weighs.
func (w wording[T]) points(f *Finding) T {
	switch {
	case f.Exception != nil:
		return "excused"
	case f.Blocks:
		return "block"
	case f.Points == 0 && f.CountedAs == "" && effects[f.Signal] != "":
		return w.prose(effects[f.Signal])
	case f.Points < 0:
		return digits[T](f.Points)
	}
	return "+" + digits[T](f.Points)
}

// at names a line of a file.
func (w wording[T]) at(l Location) T {
	if l.Line < 1 {
		return w.name(l.Path)
	}
	return w.name(l.Path) + ":" + digits[T](l.Line)
}

// told is a finding's evidence; of one that holds the package, how long.
func (w wording[T]) told(f *Finding, hold *time.Time) T {
	if f.Signal == cooldownSignal && f.Exception == nil && hold != nil {
		return "Hold until " + w.until(*hold)
	}
	return w.prose(f.Message)
}

// alike is how many findings of one signal are told under its first.
const alike = 4

// evidence is all that a reason tells: its own, that of others of its signal,
// and which signals tell the same fact.
func (w wording[T]) evidence(f reason, hold *time.Time) []T {
	said := []T{w.told(f.Finding, hold)}
	for _, m := range f.more[:min(alike, len(f.more))] {
		said = append(said, w.told(m, hold))
	}
	if n := len(f.more) - alike; n > 0 {
		said = append(said, "And "+digits[T](n)+" more of the kind, in the JSON report.")
	}
	if len(f.covers) > 0 {
		said = append(said, "The points also cover "+few(f.covers, len(f.covers), ", ", func(c *Finding) T { return w.name(c.Signal) })+".")
	}
	return slices.DeleteFunc(said, func(s T) bool { return s == "" })
}

// subject names a finding: its title, and the id that a policy uses.
func (w wording[T]) subject(f *Finding) T {
	said := w.name(f.Signal)
	if f.Title != "" {
		said = w.prose(f.Title) + " (" + said + ")"
	}
	if f.CountedAs != "" {
		said += ", counted as " + w.name(f.CountedAs)
	}
	return said
}
