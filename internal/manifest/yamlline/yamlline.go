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
	at, size uint32 // where the text of a scalar starts, and how long it is
	line     uint32
	form     // apart, since the compiler keeps no struct of more than four fields in registers
}

// form is what a token is.
type form struct {
	kind  Kind
	plain bool // a scalar without quotes, which may mean null, a boolean or a number
	spelt bool // a scalar whose text is in the stream as it stands, not among the decoded ones
}

// Walker reads the documents of one stream. [Parse] makes one, and [Read].
type Walker struct {
	text    string  // the stream
	decoded string  // the texts of scalars that the stream spells with escapes or over several lines
	tokens  []token // those that are known; a None closes each document
	at      int     // the next token
	last    token   // the one that was read last
	depth   int     // how many collections are open
	begun   bool
	same    bool    // nothing was read since the last name or element began
	reader  *reader // gives more tokens, if it is there
}

// errLost ends a walk that [Read] begins again.
var errLost = &Error{Line: 1, Reason: "its style is not a package manager's own"}

// Err says why the walk ended before the stream did: then it goes on no more.
func (w *Walker) Err() error {
	if w.reader != nil && w.reader.lost {
		return errLost
	}
	return nil
}

// more gets further tokens in the place of those that were read. Not inlined, it
// lets Kind be.
//
//go:noinline
func (w *Walker) more() bool {
	if w.reader == nil {
		return false
	}
	w.tokens, w.at = w.reader.further(), 0
	return len(w.tokens) > 0
}

// Next moves to the next document; the first call moves to the first one. It
// reports whether there is one. An empty document holds an empty plain scalar.
func (w *Walker) Next() bool {
	if w.begun {
		for w.Kind() != None {
			w.take()
		}
		w.at++
	}
	w.begun, w.depth = true, 0
	return w.at < len(w.tokens) || w.more()
}

// Kind says what comes next. Behind the last document it is None.
func (w *Walker) Kind() Kind {
	if w.at >= len(w.tokens) && !w.more() {
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
	depth := w.depth
	for kind := w.Kind(); kind != End; kind = w.Kind() {
		if kind == None {
			return errLost
		}
		name := w.textOf(w.take())
		w.same = true
		if err := member(name); err != nil {
			return err
		}
		if w.same || w.depth > depth {
			w.leaveRest(depth)
		}
	}
	w.take()
	w.depth--
	return nil
}

// Elements reads a sequence and calls element for each of its values, which
// may read it; what it leaves of that is skipped.
func (w *Walker) Elements(element func() error) error {
	if err := w.enter(Sequence, "a sequence was expected"); err != nil {
		return err
	}
	depth := w.depth
	for kind := w.Kind(); kind != End; kind = w.Kind() {
		if kind == None {
			return errLost
		}
		w.same = true
		if err := element(); err != nil {
			return err
		}
		if w.same || w.depth > depth {
			w.leaveRest(depth)
		}
	}
	w.take()
	w.depth--
	return nil
}

func (w *Walker) enter(kind Kind, expected string) error {
	if w.Kind() != kind {
		return &Error{Line: w.nextLine(), Reason: expected}
	}
	w.take()
	w.depth++
	return nil
}

// leaveRest skips what is left of a value inside so many collections.
func (w *Walker) leaveRest(depth int) {
	last := w.last
	if w.same {
		w.Skip()
	}
	for w.depth > depth && w.Kind() != None {
		w.depth += w.take().opens()
	}
	w.last = last
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
	first := *w.take()
	for depth := first.opens(); depth > 0 && w.Kind() != None; {
		depth += w.take().opens()
	}
	w.last = first
}

// opens is how much deeper the next token is.
func (t *token) opens() int {
	switch t.kind {
	case Map, Sequence:
		return 1
	case End:
		return -1
	}
	return 0
}

// Line is the line of the token that was read last, counted from 1.
func (w *Walker) Line() int {
	if w.last.line == 0 {
		return w.nextLine()
	}
	return int(w.last.line)
}

// nextLine is the line of the token that comes next, or of the last one.
func (w *Walker) nextLine() int {
	if w.at < len(w.tokens) || w.more() {
		return int(w.tokens[w.at].line)
	}
	return max(int(w.last.line), 1)
}

// take reads one token.
func (w *Walker) take() *token {
	t := &w.tokens[w.at]
	w.last, w.same = *t, false
	w.at++
	return t
}

func (w *Walker) textOf(t *token) string {
	switch {
	case t.spelt:
		return w.text[t.at : t.at+t.size]
	case w.reader != nil:
		return w.reader.textOf(*t)
	}
	return w.decoded[t.at : t.at+t.size]
}
