// Package jsonline walks a JSON document by tokens and knows the line of each.
//
// It takes the bytes of one document and gives its names and values in file
// order, duplicate names included: what a duplicate means is for the caller to
// say. It promises to accept exactly what jsontext accepts (RFC 8259 in valid
// UTF-8), down to [MaxDepth], and to give strings that share the text of the
// document instead of being allocated one by one. [NewC] accepts comments and
// trailing commas besides.
package jsonline

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth is how deep arrays and objects may nest. The deepest lockfile known
// (of npm 2's nested trees) needs 23.
const MaxDepth = 128

// Error is a place at which a document is not JSON, or not JSON of the shape
// that was asked for.
type Error struct {
	Line   int
	Reason string
}

// Error gives "line N: reason".
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Kind is what a token begins.
type Kind uint8

// The kinds of tokens. A walker gives None at the end of the text and where the
// document is broken; the method that reads on then says why.
const (
	None Kind = iota
	Object
	Array
	End // of an object or array
	String
	Literal // a number, true, false or null
)

// Walker reads one document. Make one with [New] or [NewC].
type Walker struct {
	lex lexer

	start   int // offset of the last token that was read
	counted int // offset up to which lines are counted
	line    int // of the byte at counted
}

// New gives a walker at the start of a document, of which it keeps a copy.
func New(data []byte) *Walker {
	return NewText(string(data))
}

// NewText is New for a document that needs no copy. A byte order mark is no part
// of the document: npm strips one, too.
func NewText(text string) *Walker {
	return start(text, false)
}

// NewC gives a walker at the start of a document of JSON with comments: between
// its tokens "// …" up to the end of a line and "/* … */" may stand, and behind
// the last value of an object or array a comma. No more than that: a single
// quote, a name without quotes, or a line comment that some readers end at a
// lone CR, LS or PS breaks the document.
func NewC(data []byte) *Walker {
	return NewTextC(string(data))
}

// NewTextC is NewC for a document that needs no copy.
func NewTextC(text string) *Walker {
	return start(text, true)
}

func start(text string, comments bool) *Walker {
	w := &Walker{lex: lexer{text: strings.TrimPrefix(text, "\ufeff"), comments: comments}, line: 1}
	w.lex.begin()
	return w
}

// Kind says what comes next.
func (w *Walker) Kind() Kind {
	switch w.lex.next {
	case 0:
		return None
	case '"':
		return String
	case '{':
		return Object
	case '[':
		return Array
	case '}', ']':
		return End
	}
	return Literal
}

// Members reads an object and calls member for each of its names, which has to
// read the value that follows.
func (w *Walker) Members(member func(name string) error) error {
	if err := w.enter('{'); err != nil {
		return err
	}
	for w.lex.next == '"' {
		w.start = w.lex.pos
		name, ok := w.lex.str()
		if !ok {
			return w.broken("a name was expected")
		}
		if err := member(name); err != nil {
			return err
		}
	}
	return w.leave()
}

// Elements reads an array and calls element for each of its values, which has
// to read it.
func (w *Walker) Elements(element func() error) error {
	if err := w.enter('['); err != nil {
		return err
	}
	for c := w.lex.next; c != ']' && c != 0; c = w.lex.next {
		if err := element(); err != nil {
			return err
		}
	}
	return w.leave()
}

// enter reads the start of an object or array.
func (w *Walker) enter(begin byte) error {
	c := w.lex.next
	w.start = w.lex.pos
	switch {
	case c != begin && begin == '{':
		return w.broken("an object was expected")
	case c != begin:
		return w.broken("an array was expected")
	case !w.lex.valueFits():
		return w.broken("a name was expected")
	case w.lex.depth == MaxDepth:
		return &Error{w.Line(), fmt.Sprintf("nesting is deeper than %d levels", MaxDepth)}
	}
	w.lex.open(c == '{')
	return nil
}

// leave reads the end of an object or array.
func (w *Walker) leave() error {
	c := w.lex.next
	w.start = w.lex.pos
	if c != '}' && c != ']' || !w.lex.close(c == '}') {
		return w.broken("the end of an object or array was expected")
	}
	return nil
}

// Text reads a name or a string.
func (w *Walker) Text() (string, error) {
	text, ok := w.TryText()
	if !ok {
		return "", w.broken("a string was expected")
	}
	return text, nil
}

// TryText reads a name or a string if one comes next.
func (w *Walker) TryText() (text string, ok bool) {
	if w.lex.next != '"' {
		return "", false
	}
	w.start = w.lex.pos
	return w.lex.str()
}

// Literal reads a number, true, false or null, as written.
func (w *Walker) Literal() (string, error) {
	w.start = w.lex.pos
	text, ok := w.lex.literal()
	if !ok {
		return "", w.broken("a number, true, false or null was expected")
	}
	return text, nil
}

// Skip reads one value of any kind.
func (w *Walker) Skip() error {
	for depth := w.lex.depth; ; {
		var err error
		switch c := w.lex.next; c {
		case '"':
			if _, ok := w.lex.str(); !ok {
				err = w.broken("a string was expected")
			}
		case '{', '[':
			err = w.enter(c)
		case '}', ']':
			err = w.leave()
		default:
			_, err = w.Literal()
		}
		if err != nil || w.lex.depth <= depth {
			return err
		}
	}
}

// End checks that nothing but white space and comments follows the document.
func (w *Walker) End() error {
	if w.lex.state == wantNothing && w.lex.pos == len(w.lex.text) {
		return nil
	}
	w.start = w.lex.pos
	return w.broken("more follows the end of the document")
}

// Line is the line of the token that was read last, counted from 1.
func (w *Walker) Line() int { return w.lineAt(w.start) }

// lineAt counts on from the last answer, so that asking for the lines of all
// tokens in order costs one pass over the document.
func (w *Walker) lineAt(offset int) int {
	if offset < w.counted {
		return 1 + strings.Count(w.lex.text[:offset], "\n")
	}
	w.line += strings.Count(w.lex.text[w.counted:offset], "\n")
	w.counted = offset
	return w.line
}

// broken says why the walk ends here: for what jsontext says of the document,
// or because the caller asked for what isn't here.
func (w *Walker) broken(expected string) error {
	w.lex.fail()
	if w.lex.comments {
		return w.brokenC(expected)
	}
	dec := jsontext.NewDecoder(strings.NewReader(w.lex.text), jsontext.AllowDuplicateNames(true))
	for {
		_, err := dec.ReadToken()
		switch syntax, ok := errors.AsType[*jsontext.SyntacticError](err); {
		case err == nil:
			continue
		case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF) && dec.InputOffset() == 0:
			return &Error{w.lineAt(len(w.lex.text)), "the file ends in the middle of the document"}
		case ok:
			return &Error{w.lineAt(int(syntax.ByteOffset)),
				"not JSON: " + strings.TrimPrefix(syntax.Err.Error(), "jsontext: ")}
		}
		return &Error{w.Line(), expected}
	}
}

// brokenC is broken for a document with comments, which jsontext doesn't read:
// it looks for the first token that doesn't fit.
func (w *Walker) brokenC(expected string) error {
	again := lexer{text: w.lex.text, comments: true}
	again.begin()
	for again.skip() {
	}
	switch rest := again.text[again.pos:]; {
	case again.state == wantNothing && rest == "":
		return &Error{w.Line(), expected}
	case rest == "":
		return &Error{w.lineAt(again.pos), "the file ends in the middle of the document"}
	case again.state == wantNothing:
		return &Error{w.lineAt(again.pos), "more follows the end of the document"}
	default:
		return &Error{w.lineAt(again.pos), fmt.Sprintf("not JSON with comments: %.20q doesn't belong here", rest)}
	}
}
