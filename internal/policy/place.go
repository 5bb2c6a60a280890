package policy

import (
	"fmt"
	"slices"
	"strings"
)

// place is where a value of a policy file stands, and where its key does.
type place struct {
	parent *place
	name   string // its key, or its index in decimal

	line, column       int
	keyLine, keyColumn int

	list     bool
	text     bool              // a scalar that is text
	scalar   string            // as written, without quotes; "" for lists and mappings
	children map[string]*place // by name
}

// child gives the place of that name below p, a new one if there is none.
func (p *place) child(name string) (at *place, fresh bool) {
	if at, ok := p.children[name]; ok {
		return at, false
	}
	if p.children == nil {
		p.children = map[string]*place{}
	}
	at = &place{parent: p, name: name}
	p.children[name] = at
	return at, true
}

// at gives the place at the end of a path, or the last one on the way to it
// that there is.
func (p *place) at(path ...string) *place {
	for _, name := range path {
		next, ok := p.children[name]
		if !ok {
			break
		}
		p = next
	}
	return p
}

// subject spells the way to a place: exceptions[0].reason.
func (p *place) subject() string {
	var parts []string
	for ; p != nil && p.parent != nil; p = p.parent {
		switch {
		case p.parent.list:
			parts = append(parts, "["+p.name+"]")
		case p.parent.parent == nil:
			parts = append(parts, key(p.name))
		default:
			parts = append(parts, "."+key(p.name))
		}
	}
	slices.Reverse(parts)
	return strings.Join(parts, "")
}

// notes collects what is wrong with a policy file.
type notes struct {
	path     string
	root     *place
	problems []Problem
	told     map[*place]bool
}

func newNotes(path string, root *place) *notes {
	return &notes{path: path, root: root, told: map[*place]bool{}}
}

// broken gives the error for the problems so far, or nil.
func (n *notes) broken() error {
	if len(n.problems) == 0 {
		return nil
	}
	slices.SortFunc(n.problems, byPlace)
	return &Broken{Problems: n.problems}
}

// value says what is wrong with a value.
func (n *notes) value(p *place, hint, format string, args ...any) {
	n.once(p, p.line, p.column, hint, format, args...)
}

// key says what is wrong with a value's being there.
func (n *notes) key(p *place, hint, format string, args ...any) {
	n.once(p, p.keyLine, p.keyColumn, hint, format, args...)
}

// once keeps a value to one problem: what follows from the first would only
// distract.
func (n *notes) once(p *place, line, column int, hint, format string, args ...any) {
	if n.told[p] {
		return
	}
	n.told[p] = true
	n.note(p.subject(), line, column, hint, format, args...)
}

func (n *notes) note(subject string, line, column int, hint, format string, args ...any) {
	n.problems = append(n.problems, Problem{
		Path: n.path, Line: line, Column: column,
		Subject: subject, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}
