package policy

import (
	"slices"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

// excuses are a policy's exceptions by package, and which of them were used,
// and what people said on the pull request.
type excuses struct {
	all     []Exception
	words   []acceptance
	now     time.Time
	of      map[[2]string][]int // indexes into all, by ecosystem and name
	applied map[int]bool
}

func newExcuses(exceptions []Exception, words []acceptance, now time.Time) *excuses {
	e := &excuses{all: exceptions, words: slices.Clone(words), now: now, of: map[[2]string][]int{}, applied: map[int]bool{}}
	for i, x := range exceptions {
		key := [2]string{x.Ecosystem, x.Name}
		e.of[key] = append(e.of[key], i)
	}
	return e
}

// find gives the first exception that excuses the package from the finding, or
// else the first acceptance, or nil, and takes it as applied. A nil dossier is
// excused from nothing.
func (e *excuses) find(f signal.Finding, d *evidence.Dossier) *Exception {
	if d == nil {
		return nil
	}
	for _, i := range e.of[[2]string{d.Change.Ecosystem, d.Change.Name}] {
		x := &e.all[i]
		if e.expired(x) || x.Version != "" && x.Version != d.Change.To || !slices.Contains(x.Signals, f.Signal) {
			continue
		}
		e.applied[i] = true
		return x
	}
	for i := range e.words {
		if a := &e.words[i]; a.excuses(f, d) {
			return &a.Exception
		}
	}
	return nil
}

func (e *excuses) expired(x *Exception) bool { return !e.now.Before(x.Expires) }

// uses says what became of each exception, in the policy's order, then of each
// word.
func (e *excuses) uses() []Use {
	var uses []Use
	for i, x := range e.all {
		use := Use{Exception: x, State: Unused}
		switch {
		case e.expired(&x):
			use.State = Expired
		case e.applied[i]:
			use.State = Applied
		}
		uses = append(uses, use)
	}
	for i := range e.words {
		uses = append(uses, e.words[i].use())
	}
	return uses
}
