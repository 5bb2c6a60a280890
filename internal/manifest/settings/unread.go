package settings

import (
	"errors"
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// Caps on one file. Real ones have a few kilobytes and up to 200 entries in a
// list.
const (
	maxSize   = 8 << 20 // bytes
	maxNodes  = 10_000  // names and values that may be settings
	maxDoubts = 100
	maxDepth  = 64
)

// Unread says why a file's settings are not known.
type Unread struct {
	Line   int // 0 for the whole file
	Reason string
}

func (u *Unread) Error() string {
	if u.Line == 0 {
		return u.Reason
	}
	return fmt.Sprintf("line %d: %s", u.Line, u.Reason)
}

func tooMany(what string, n, limit int) *Unread {
	return &Unread{Reason: fmt.Sprintf("%d %s are more than the %d that are read", n, what, limit)}
}

// unread makes one of what a reader says.
func unread(err error) *Unread {
	if u, ok := errors.AsType[*Unread](err); ok {
		return u
	}
	if j, ok := errors.AsType[*jsonline.Error](err); ok {
		return &Unread{j.Line, j.Reason}
	}
	if y, ok := errors.AsType[*yamlline.Error](err); ok {
		return &Unread{y.Line, y.Reason}
	}
	return &Unread{Reason: err.Error()}
}
