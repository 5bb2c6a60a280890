package report

import (
	"regexp"
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
	return w.part(len(concerned), len(r.Changes)) + " " + w.must(r.Verdict, len(concerned), last)
}

// part is n of all changes.
func (w wording[T]) part(n, all int) T {
	switch {
	case n < all:
		return digits[T](n) + " of " + w.changes(all)
	case n == 1 && w.scan:
		return "the package"
	case n == 1:
		return "the change"
	}
	return "all " + w.changes(n)
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
	said := w.changes(len(r.Changes)) + ", nothing against " + w.them(len(r.Changes))
	switch {
	case len(r.Changes) == 0 && w.scan:
		said = "nothing is locked"
	case len(r.Changes) == 0:
		said = "no package changed"
	case slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Score > 0 }):
		said += " that weighs enough to warn"
	default:
		said += w.allowed(r)
	}
	if len(gapGroups(r)) > 0 {
		said += ", in what could be checked"
	}
	return said
}

// allowed names who excuses what was found, if somebody does.
func (w wording[T]) allowed(r *Report) T {
	policy := slices.ContainsFunc(excuses(r), func(e Exception) bool { return e.State == "applied" })
	person := slices.ContainsFunc(excuses(r), func(e Exception) bool { return e.State == "accepted" })
	switch {
	case policy && person:
		return " but what the policy excuses or a person accepted"
	case policy:
		return " but what the policy excuses"
	case person:
		return " but what a person accepted"
	}
	return ""
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

// word tells what became of a person's word.
func (w wording[T]) word(e Exception) T {
	by := "by " + w.prose("@"+e.By)
	if e.State == "accepted" {
		return "accepted " + by
	}
	return by + ", excuses nothing: " + w.prose(e.Why)
}

// exception tells what is excused, until when or by whom, and why.
func (w wording[T]) exception(e Exception) T {
	said := w.name(e.Package)
	if len(e.Signals) > 0 {
		said += ": " + few(e.Signals, 5, ", ", w.name)
	}
	if e.By != "" {
		said += ", " + w.word(e)
	} else {
		said += ", " + w.expiry(e)
	}
	if e.Reason != "" {
		said += ". Reason: " + w.prose(e.Reason)
	}
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
	if r.Shard != nil {
		said = append(said, "part "+w.prose(r.Shard.String())+" of a scan")
	}
	if r.Base != nil {
		return append(said, w.side(*r.Base)+" → "+w.side(r.Head))
	}
	if r.Head != (Side{}) {
		said = append(said, w.side(r.Head))
	}
	return said
}

// fullHash is one at the beginning of a revision, as events name commits:
// HASH^1. What a person needs of it is in the first group.
var fullHash = regexp.MustCompile(`^([0-9a-f]{10})[0-9a-f]{30,}`)

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
	return w.name(fullHash.ReplaceAllString(s.Ref, "$1")) + " (" + w.name(commit) + ")"
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
