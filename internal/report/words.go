package report

import (
	"slices"
	"time"
)

// wording says in words what a document holds, for any channel. The text and
// the Markdown say the same because they have it from here.
type wording[T ~string] struct {
	name    func(string) T // shows a name or a path
	prose   func(string) T // shows a sentence
	scan    bool
	several bool // ecosystems: names need theirs
	now     time.Time
}

func newWording[T ~string](r *Report, name, prose func(string) T) wording[T] {
	w := wording[T]{name: name, prose: prose, scan: r.Mode == ModeScan, now: r.JudgedAt}
	for i := range r.Changes {
		w.several = w.several || r.Changes[i].Ecosystem != r.Changes[0].Ecosystem
	}
	return w
}

// headline says the verdict in a sentence.
func (w wording[T]) headline(r *Report) T {
	said := w.sentence(r)
	if r.Policy.Preset == "audit" && r.Verdict != "pass" && r.Verdict != "warn" {
		said += " (the policy only audits: the check does not fail)"
	}
	return said
}

func (w wording[T]) sentence(r *Report) T {
	if r.Verdict == "pass" {
		return w.passed(r)
	}
	concerned := withVerdict(r, r.Verdict)
	if len(concerned) == 0 {
		return w.elsewhere(r)
	}
	last := time.Time{}
	for _, c := range concerned {
		if c.HoldUntil != nil && c.HoldUntil.After(last) {
			last = *c.HoldUntil
		}
	}
	return digits[T](len(concerned)) + " of " + w.changes(len(r.Changes)) + " " + w.must(r.Verdict, len(concerned), last)
}

// must says what a verdict asks for, of n changes.
func (w wording[T]) must(verdict string, n int, last time.Time) T {
	switch verdict {
	case "block":
		if w.scan {
			return "must not be used"
		}
		return "must not be merged"
	case "hold":
		if last.IsZero() {
			return "must wait"
		}
		return "must wait until " + w.until(last)
	case "unjudged":
		return "could not be judged"
	}
	if n == 1 {
		return "needs a look"
	}
	return "need a look"
}

// elsewhere is the headline where no package has the run's verdict.
func (w wording[T]) elsewhere(r *Report) T {
	switch {
	case r.Verdict == "unjudged":
		return "a part of the repository could not be judged"
	case r.Verdict != "warn":
		return "the repository's own files must not be merged like this"
	case len(r.Findings) > 0:
		return "the repository's own files need a look"
	}
	return "an exception of the policy has expired"
}

func (w wording[T]) passed(r *Report) T {
	if len(r.Changes) == 0 {
		if w.scan {
			return "nothing is locked"
		}
		return "no package changed"
	}
	said := w.changes(len(r.Changes)) + ", nothing against " + w.them(len(r.Changes))
	switch {
	case slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Score > 0 }):
		said += " that weighs enough to warn"
	case slices.ContainsFunc(excuses(r), func(e Exception) bool { return e.State == "applied" }):
		said += " but what the policy excuses"
	}
	if len(gapGroups(r)) > 0 {
		said += ", in what could be checked"
	}
	return said
}

func (w wording[T]) them(n int) T {
	if n == 1 {
		return "it"
	}
	return "them"
}

func (w wording[T]) changes(n int) T {
	if w.scan {
		return plural[T](n, "package", "packages")
	}
	return plural[T](n, "change", "changes")
}

func plural[T ~string](n int, one, many T) T {
	if n == 1 {
		return "1 " + one
	}
	return digits[T](n) + " " + many
}

// versions says what happened to a package's versions.
func (w wording[T]) versions(c *Change) T {
	switch c.Kind {
	case "removed":
		return w.older(c.From) + " (removed)"
	case "relocked":
		return w.prose(c.To) + " (same version, other content)"
	case "downgraded":
		return w.older(c.From) + " → " + w.prose(c.To) + " (downgraded)"
	}
	if len(c.From) > 0 {
		return w.older(c.From) + " → " + w.prose(c.To)
	}
	if w.scan {
		return w.prose(c.To)
	}
	return w.prose(c.To) + " (new)"
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

// ahead gives the time to wait, rounded up.
func ahead[T ~string](d time.Duration) T {
	const day = 24 * time.Hour
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
	const day = 24 * time.Hour
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

// signals names a change's findings in a few words: "young-dependency +45".
func (w wording[T]) signals(c *Change) T {
	return few(c.Findings, 3, ", ", func(f Finding) T { return w.name(f.Signal) + " " + w.points(&f) })
}

// cooldownSignal is the one signal that holds.
const cooldownSignal = "young-release"

// effects are what signals without points do.
var effects = map[string]string{cooldownSignal: "hold", "policy-changed": "warn"}

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

// tally counts changes by verdict: "2 block, 1 hold".
func (w wording[T]) tally(r *Report) T {
	var said T
	for _, v := range verdicts {
		n := len(withVerdict(r, v.id))
		if n == 0 {
			continue
		}
		if said != "" {
			said += ", "
		}
		said += digits[T](n) + " " + w.prose(v.id)
	}
	return said
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

// expiry tells how long an exception holds, or what to do about one that does
// not.
func (w wording[T]) expiry(e Exception) T {
	switch e.State {
	case "expired":
		return "expired after " + w.prose(e.Expires) + " (remove it, or renew it with a reason)"
	case "unused":
		return "which matches nothing (remove it)"
	}
	return "until " + w.prose(e.Expires)
}

// exception tells what is excused, until when, and why.
func (w wording[T]) exception(e Exception) T {
	said := w.name(e.Package) + ": " + few(e.Signals, 5, ", ", w.name) + ", " + w.expiry(e) + ". Reason: " + w.prose(e.Reason)
	if e.Owner != "" {
		said += " (" + w.prose(e.Owner) + ")"
	}
	return said
}

// inputs tells what was compared.
func (w wording[T]) inputs(r *Report) []T {
	tally := w.changes(len(r.Changes))
	if by := w.tally(r); by != "" {
		tally += ": " + by
	}
	n := 0
	for i := range r.Lockfiles {
		if r.Lockfiles[i].Status != "unchanged" {
			n++
		}
	}
	files := plural[T](len(r.Lockfiles), "lockfile", "lockfiles")
	if !w.scan {
		files = digits[T](n) + " of " + files + " changed"
	}
	said := []T{tally, files}
	if r.Base != nil {
		return append(said, w.side(*r.Base)+" → "+w.side(r.Head))
	}
	if r.Head != (Side{}) {
		said = append(said, w.side(r.Head))
	}
	return said
}

// side names a tree by what the user called it and by its commit.
func (w wording[T]) side(s Side) T {
	commit := s.Commit
	if len(commit) > 10 {
		commit = commit[:10]
	}
	switch {
	case s.Ref == "" || s.Ref == s.Commit:
		return w.name(commit)
	case commit == "":
		return w.name(s.Ref)
	}
	return w.name(s.Ref) + " (" + w.name(commit) + ")"
}

// judges tells by what rules, when and with what was judged.
func (w wording[T]) judges(r *Report) []T {
	p := r.Policy
	policy := "policy " + w.prose(p.Preset)
	if p.Source != "" && p.Source != "default" {
		policy += " from " + w.name(p.Source)
	}
	return []T{
		policy,
		"judged as of " + moment[T](r.JudgedAt),
		"warn at " + digits[T](p.Warn) + ", block at " + digits[T](p.Block) + ", cooldown " + w.prose(p.Cooldown),
		w.prose(r.Tool.Name) + " " + w.prose(r.Tool.Version),
	}
}
