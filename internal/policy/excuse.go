package policy

import (
	"slices"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

// excuses are a policy's exceptions by package, and which of them were used.
type excuses struct {
	all     []Exception
	now     time.Time
	of      map[[2]string][]int // indexes into all, by ecosystem and name
	applied map[int]bool
}

func newExcuses(exceptions []Exception, now time.Time) *excuses {
	e := &excuses{all: exceptions, now: now, of: map[[2]string][]int{}, applied: map[int]bool{}}
	for i, x := range exceptions {
		key := [2]string{x.Ecosystem, x.Name}
		e.of[key] = append(e.of[key], i)
	}
	return e
}

// find gives the first exception that excuses the package from the signal, or
// nil, and takes it as applied. A nil dossier is excused from nothing.
func (e *excuses) find(signal string, d *evidence.Dossier) *Exception {
	if d == nil {
		return nil
	}
	for _, i := range e.of[[2]string{d.Change.Ecosystem, d.Change.Name}] {
		x := &e.all[i]
		if e.expired(x) || x.Version != "" && x.Version != d.Change.To || !slices.Contains(x.Signals, signal) {
			continue
		}
		e.applied[i] = true
		return x
	}
	return nil
}

func (e *excuses) expired(x *Exception) bool { return !e.now.Before(x.Expires) }

// uses says what became of each exception, in the policy's order.
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
	return uses
}
