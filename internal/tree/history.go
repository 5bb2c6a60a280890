package tree

import (
	"bytes"
	"cmp"
	"container/heap"
	"context"
	"errors"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
)

// DefaultBranch gives the full name of the branch that changes are meant for:
// what origin/HEAD points to, else the first that exists of origin/main,
// origin/master, main and master.
func (r *Repository) DefaultBranch() (string, error) {
	for _, name := range []string{
		"refs/remotes/origin/HEAD",
		"refs/remotes/origin/main", "refs/remotes/origin/master",
		"refs/heads/main", "refs/heads/master",
	} {
		if _, err := r.reference(name); err == nil {
			return r.target(name), nil
		}
	}
	return "", &Error{
		Subject: "repository " + r.name, Doing: "looking for the default branch",
		Err:    errors.New("there is no origin/HEAD and no branch main or master"),
		Advice: "name the base with --base REV",
	}
}

// target follows one symbolic reference, for its name.
func (r *Repository) target(name string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	found, err := r.refs.Reference(plumbing.ReferenceName(name))
	if err != nil || found.Type() != plumbing.SymbolicReference {
		return name
	}
	return found.Target().String()
}

// MergeBase gives the full hash of the best common ancestor of two revisions;
// of several, the newest. Only the history down to it is read. Where commits
// are dated before their parents it may be one from further back, from which
// more has changed. In a shallow clone the history ends where it was cut.
func (r *Repository) MergeBase(ctx context.Context, a, b string) (string, error) {
	left, err := r.commit(a)
	if err != nil {
		return "", err
	}
	right, err := r.commit(b)
	if err != nil {
		return "", err
	}
	p := painter{repository: r, marks: map[plumbing.Hash]mark{}}
	base, err := p.paint(ctx, left, right)
	if err == nil {
		return base.String(), nil
	}
	failure := &Error{Subject: "merge base of " + a + " and " + b, Doing: "searching", Err: err}
	if errors.Is(err, errNoCommonCommit) {
		failure.Advice = "name the base with --base REV"
		if len(r.shallow) > 0 {
			failure.Advice = "this clone is shallow: set fetch-depth: 0 in actions/checkout, run git fetch --unshallow, or name the base with --base REV"
		}
	}
	return "", failure
}

var errNoCommonCommit = errors.New("their histories have no commit in common")

// mark tells from where a commit was reached.
type mark uint8

const (
	fromLeft mark = 1 << iota
	fromRight
	stale // from a common ancestor: no better one lies beyond
)

// painter walks two histories from the newest commit on, as git's
// paint_down_to_common does.
//
// https://github.com/git/git/blob/master/commit-reach.c
type painter struct {
	repository *Repository
	marks      map[plumbing.Hash]mark
	queue      []commit
}

func (p *painter) paint(ctx context.Context, left, right commit) (plumbing.Hash, error) {
	p.mark(left, fromLeft)
	p.mark(right, fromRight)
	var common []commit
	for p.isOpen() {
		if err := ctx.Err(); err != nil {
			return plumbing.ZeroHash, err
		}
		c := heap.Pop(p).(commit)
		marks := p.marks[c.id]
		if marks == fromLeft|fromRight {
			common = append(common, c)
			marks |= stale
		}
		if p.repository.shallow[c.id] {
			continue
		}
		for _, id := range c.parents {
			if p.marks[id]&marks == marks {
				continue
			}
			parent, err := p.repository.peel(id)
			if err != nil {
				return plumbing.ZeroHash, err
			}
			p.mark(parent, marks)
		}
	}
	common = slices.DeleteFunc(common, func(c commit) bool { return p.marks[c.id]&stale != 0 })
	if len(common) == 0 {
		return plumbing.ZeroHash, errNoCommonCommit
	}
	return slices.MinFunc(common, newestFirst).id, nil
}

func (p *painter) mark(c commit, m mark) {
	p.marks[c.id] |= m
	heap.Push(p, c)
}

// isOpen reports whether a commit is left from which a better common ancestor
// may be reached.
func (p *painter) isOpen() bool {
	return slices.ContainsFunc(p.queue, func(c commit) bool { return p.marks[c.id]&stale == 0 })
}

func newestFirst(a, b commit) int {
	return cmp.Or(cmp.Compare(b.when, a.when), bytes.Compare(a.id[:], b.id[:]))
}

func (p *painter) Len() int           { return len(p.queue) }
func (p *painter) Less(i, j int) bool { return newestFirst(p.queue[i], p.queue[j]) < 0 }
func (p *painter) Swap(i, j int)      { p.queue[i], p.queue[j] = p.queue[j], p.queue[i] }
func (p *painter) Push(c any)         { p.queue = append(p.queue, c.(commit)) }

func (p *painter) Pop() any {
	last := len(p.queue) - 1
	c := p.queue[last]
	p.queue = p.queue[:last]
	return c
}
