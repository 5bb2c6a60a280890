// Package yamlline walks YAML documents by tokens and knows the line of each.
//
// It takes the bytes of a YAML stream and gives its names and values in file
// order, duplicate names included: what a duplicate means is for the caller to
// say. Of YAML it reads what package managers write, in any style: mappings
// with scalar names, sequences and scalars. Anchors, aliases, merge keys, tags
// and directives, with which a text means something else than it spells, are an
// error. It promises to accept only what the library reads, to give the same
// tokens as it, and never to nest deeper than [MaxDepth].
package yamlline

import "fmt"

// MaxDepth is how deep mappings and sequences may nest. The deepest known
// lockfile needs 7.
const MaxDepth = 64

// Error is a place at which a text is not YAML, or not YAML of the shape that
// was asked for.
type Error struct {
	Line   int
	Reason string
}

// Error gives "line N: reason".
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Kind is what a token begins.
type Kind uint8

// The kinds of tokens. None is the end of a document.
const (
	None Kind = iota
	Map
	Sequence
	End // of a mapping or sequence
	Scalar
)

// token is one name, one scalar, or one side of a mapping or sequence.
type token struct {
	text  string
	line  int32
	end   int32 // of a Map or Sequence: the index of its End
	kind  Kind
	plain bool // a scalar without quotes, which may mean null, a boolean or a number
}

// Walker reads the documents of one stream. Make one with [Parse].
type Walker struct {
	tokens []token // a None closes each document
	at     int     // the next token
	last   int     // the one that was read last
	begun  bool
}

// Next moves to the next document; the first call moves to the first one. It
// reports whether there is one. An empty document holds an empty plain scalar.
func (w *Walker) Next() bool {
	if w.begun {
		for w.tokens[w.at].kind != None {
			w.Skip()
		}
		w.at++
	}
	w.begun = true
	return w.at < len(w.tokens)
}

// Kind says what comes next.
func (w *Walker) Kind() Kind { return w.tokens[w.at].kind }

// Members reads a mapping and calls member for each of its names, which has to
// read the value that follows.
func (w *Walker) Members(member func(name string) error) error {
	if err := w.enter(Map, "a mapping was expected"); err != nil {
		return err
	}
	for w.Kind() != End {
		w.last = w.at
		w.at++
		if err := member(w.tokens[w.last].text); err != nil {
			return err
		}
	}
	w.last = w.at
	w.at++
	return nil
}

// Elements reads a sequence and calls element for each of its values, which
// has to read it.
func (w *Walker) Elements(element func() error) error {
	if err := w.enter(Sequence, "a sequence was expected"); err != nil {
		return err
	}
	for w.Kind() != End {
		if err := element(); err != nil {
			return err
		}
	}
	w.last = w.at
	w.at++
	return nil
}

func (w *Walker) enter(kind Kind, expected string) error {
	if w.Kind() != kind {
		return &Error{Line: int(w.tokens[w.at].line), Reason: expected}
	}
	w.last = w.at
	w.at++
	return nil
}

// TryText reads a scalar if one comes next. plain is true for one without
// quotes: only such a one can mean null, a boolean or a number.
func (w *Walker) TryText() (text string, plain, ok bool) {
	t := &w.tokens[w.at]
	if t.kind != Scalar {
		return "", false, false
	}
	w.last = w.at
	w.at++
	return t.text, t.plain, true
}

// Skip reads one value of any kind.
func (w *Walker) Skip() {
	t := &w.tokens[w.at]
	w.last = w.at
	switch t.kind {
	case Map, Sequence:
		w.at = int(t.end) + 1
	case Scalar:
		w.at++
	}
}

// Line is the line of the token that was read last, counted from 1.
func (w *Walker) Line() int { return int(w.tokens[w.last].line) }
