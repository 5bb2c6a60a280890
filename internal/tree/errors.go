package tree

import (
	"errors"
	"fmt"
)

// What a caller may want to answer in another way than with the message.
var (
	ErrNoRepository    = errors.New("is not in a git repository")
	ErrUnknownRevision = errors.New("no branch, tag or commit has that name")
)

// Error is a failure that the user can do something about. Its text is
// "subject: doing: cause".
type Error struct {
	Subject string // "repository /src/app"
	Doing   string // "opening"
	Err     error
	Advice  string // what the user can do; may be empty
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s: %v", e.Subject, e.Doing, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Hint says what the user can do: the error's own advice, else its cause's.
// It may be empty.
func (e *Error) Hint() string {
	var cause interface{ Hint() string }
	if e.Advice == "" && errors.As(e.Err, &cause) {
		return cause.Hint()
	}
	return e.Advice
}

// advised is a cause that brings its own hint.
type advised struct {
	error
	hint string
}

func (a advised) Hint() string { return a.hint }

func (a advised) Unwrap() error { return a.error }

// Missing is an object that git knows of and that this clone does not hold.
type Missing struct {
	Object string // "commit or tag", "tree", "blob"
	ID     string
	Advice string
}

func (m *Missing) Error() string { return m.Object + " " + m.ID + " is not in this clone" }

// Hint says how to get the object.
func (m *Missing) Hint() string { return m.Advice }

// NotRegular is a path that is there and is no regular file, or a link on the
// way to it.
type NotRegular struct {
	Path string
	Kind Kind
}

func (n *NotRegular) Error() string {
	return fmt.Sprintf("%s: reading: is a %s, not a regular file", n.Path, n.Kind)
}

// TooLarge is a file of more bytes than the reader asked for at most.
type TooLarge struct {
	Path  string
	Size  int64 // more than Limit
	Limit int64
}

func (t *TooLarge) Error() string {
	return fmt.Sprintf("%s: reading: %d bytes, more than the limit of %d", t.Path, t.Size, t.Limit)
}

// OverLimit is a tree that is larger than any that is read.
type OverLimit struct {
	Path  string // where; "" for the tree as a whole
	What  string // what there is too much of: "folders deep"
	Limit int64
}

func (o *OverLimit) Error() string {
	text := fmt.Sprintf("listing: more than %d %s", o.Limit, o.What)
	if o.Path == "" {
		return text
	}
	return fmt.Sprintf("%q: %s", o.Path, text)
}
