package lockfile

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// jsonDocument walks a lockfile that is JSON, and collects what is doubtful
// about it. Readers of such formats embed it.
type jsonDocument struct {
	path     string
	walk     *jsonline.Walker
	doubts   doubts
	restore  string // the hint for a file that is broken
	conflict string // the hint for one with a merge conflict
}

// unread gives the error of a file that could not be walked to its end.
func (r *jsonDocument) unread(err error, data []byte) error {
	broken, ok := errors.AsType[*jsonline.Error](err)
	if !ok {
		return err // an *Unread already
	}
	// A conflict that was half resolved leaves a marker that is no JSON.
	rest := data
	for range broken.Line - 1 {
		_, rest, _ = bytes.Cut(rest, []byte("\n"))
	}
	for _, marker := range [...]string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"} {
		if bytes.HasPrefix(rest, []byte(marker)) {
			return conflicted(r.path, broken.Line, r.conflict)
		}
	}
	return &Unread{Path: r.path, Line: broken.Line, Reason: broken.Reason, Hint: r.restore}
}

func conflicted(file string, line int, hint string) *Unread {
	return &Unread{Path: file, Line: line, Reason: "the file holds merge conflict markers", Hint: hint}
}

// over is the error of a cap that was exceeded on the current line.
func (r *jsonDocument) over(limit int, what string) error {
	return &Unread{
		Path: r.path, Line: r.walk.Line(),
		Reason: fmt.Sprintf("there are more than %d %s", limit, what), Hint: hintIgnore,
	}
}

// odd skips a value of a kind that was not expected, and says what it is.
func (r *jsonDocument) odd() (line int, what string, err error) {
	switch r.walk.Kind() {
	case jsonline.Object:
		what = "an object"
	case jsonline.Array:
		what = "an array"
	case jsonline.String:
		value, err := r.walk.Text()
		return r.walk.Line(), fmt.Sprintf("%.80q", value), err
	default:
		what, err := r.walk.Literal()
		return r.walk.Line(), what[:min(len(what), 80)], err
	}
	line = r.walk.Line()
	return line, what, r.walk.Skip()
}
