// Package yamlline walks YAML documents by tokens and knows the line of each.
//
// It takes the bytes of a YAML stream and gives its names and values in file
// order, duplicate names included: what a duplicate means is for the caller to
// say. Of YAML it reads what package managers write, in any style: mappings
// with scalar names, sequences and scalars. With anchors, aliases, merge keys,
// tags and directives a text means something else than it spells; those are an
// error, and so is what two readers are known to read two ways. It promises to
// accept only what the library reads, to give the same tokens as it, and never
// to nest deeper than [MaxDepth].
package yamlline

import (
	"fmt"
	"sync/atomic"
)

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

// token is one name, one scalar, or one side of a mapping or sequence. Small
// ones matter: a lockfile of 1 MB has some 75,000.
type token struct {
	at   uint32 // of a scalar: where its text starts; of a Map or Sequence: the index of its End
	size uint32 // of a scalar: how long its text is; of a Map or Sequence: how many names or elements it has
	line uint32
	form // apart, since the compiler keeps no struct of more than four fields in registers
}

// form is what a token is.
type form struct {
	kind  Kind
	plain bool // a scalar without quotes, which may mean null, a boolean or a number
	spelt bool // a scalar whose text is in the stream as it stands, not among the decoded ones
}

// Walker reads the documents of one stream. Make one with [Parse].
type Walker struct {
	text    string  // the stream
	decoded string  // the texts of scalars that the stream spells with escapes or over several lines
	tokens  []token // a None closes each document
	at      int     // the next token
	last    int     // the one that was read last
	begun   bool
}

// spare holds the tokens of the largest walker that is done. They take more
// memory than the stream itself, and many lockfiles are read one after the other.
// A sync.Pool loses them where the reader moves to another processor.
var spare atomic.Pointer[[]token]

// maxSpare is how many tokens are kept for another walker: those of 3 MB.
const maxSpare = 1 << 18

// spareTokens gives room for so many tokens.
func spareTokens(count int) []token {
	if kept := spare.Swap(nil); kept != nil && cap(*kept) >= count {
		return (*kept)[:0]
	}
	return make([]token, 0, count)
}

// Release ends the walk: another one may have the room of its tokens. The texts
// that it gave stay as they are.
func (w *Walker) Release() {
	tokens := w.tokens
	*w = Walker{}
	if kept := spare.Load(); cap(tokens) <= maxSpare && (kept == nil || cap(*kept) < cap(tokens)) {
		spare.Store(&tokens)
	}
}

// Size is how many names the mapping has that comes next, or how many elements
// the sequence; 0 for anything else.
func (w *Walker) Size() int {
	if k := w.Kind(); k != Map && k != Sequence {
		return 0
	}
	return int(w.tokens[w.at].size)
}

// Next moves to the next document; the first call moves to the first one. It
// reports whether there is one. An empty document holds an empty plain scalar.
func (w *Walker) Next() bool {
	if w.begun {
		for w.Kind() != None {
			w.at++
		}
		w.at++
	}
	w.begun = true
	return w.at < len(w.tokens)
}

// Kind says what comes next. Behind the last document it is None.
func (w *Walker) Kind() Kind {
	if w.at >= len(w.tokens) {
		return None
	}
	return w.tokens[w.at].kind
}

// Members reads a mapping and calls member for each of its names, which may
// read the value that follows; what it leaves of that is skipped.
func (w *Walker) Members(member func(name string) error) error {
	if err := w.enter(Map, "a mapping was expected"); err != nil {
		return err
	}
	for w.Kind() != End {
		name := w.textOf(w.take())
		next := w.behind(w.at)
		if err := member(name); err != nil {
			return err
		}
		w.at = next
	}
	w.take()
	return nil
}

// Elements reads a sequence and calls element for each of its values, which
// may read it; what it leaves of that is skipped.
func (w *Walker) Elements(element func() error) error {
	if err := w.enter(Sequence, "a sequence was expected"); err != nil {
		return err
	}
	for w.Kind() != End {
		next := w.behind(w.at)
		if err := element(); err != nil {
			return err
		}
		w.at = next
	}
	w.take()
	return nil
}

func (w *Walker) enter(kind Kind, expected string) error {
	if w.Kind() != kind {
		return &Error{Line: w.lineOf(w.at), Reason: expected}
	}
	w.take()
	return nil
}

// TryText reads a scalar if one comes next. plain is true for one without
// quotes: only such a one can mean null, a boolean or a number.
func (w *Walker) TryText() (text string, plain, ok bool) {
	if w.Kind() != Scalar {
		return "", false, false
	}
	t := w.take()
	return w.textOf(t), t.plain, true
}

// Skip reads one value of any kind.
func (w *Walker) Skip() {
	if k := w.Kind(); k == None || k == End {
		return
	}
	next := w.behind(w.at)
	w.take()
	w.at = next
}

// Line is the line of the token that was read last, counted from 1.
func (w *Walker) Line() int { return w.lineOf(w.last) }

func (w *Walker) lineOf(index int) int {
	if len(w.tokens) == 0 {
		return 1
	}
	return int(w.tokens[min(index, len(w.tokens)-1)].line)
}

// take reads one token.
func (w *Walker) take() *token {
	w.last = w.at
	w.at++
	return &w.tokens[w.last]
}

// behind is the index of the token that follows a value.
func (w *Walker) behind(index int) int {
	if t := &w.tokens[index]; t.kind == Map || t.kind == Sequence {
		return int(t.at) + 1
	}
	return index + 1
}

func (w *Walker) textOf(t *token) string {
	if t.spelt {
		return w.text[t.at : t.at+t.size]
	}
	return w.decoded[t.at : t.at+t.size]
}
