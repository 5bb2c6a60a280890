package lockfile

import (
	"fmt"
	"slices"
)

// maxDoubts is how many doubts of one lockfile are listed; the rest are
// counted, so that a hostile file cannot turn into as many messages.
const maxDoubts = 1000

// doubts collects the doubts of one lockfile.
type doubts struct {
	list     []Doubt
	left     int
	packages bool // of those left out, does any name different packages
}

// add notes a doubt. Text from the file belongs in it as %.80q only.
func (d *doubts) add(line int, key string, packages bool, format string, args ...any) {
	if len(d.list) >= maxDoubts {
		d.left++
		d.packages = d.packages || packages
		return
	}
	d.list = append(d.list, Doubt{
		Line: line, Key: key, Packages: packages, Message: fmt.Sprintf(format, args...),
	})
}

// inOrder gives the doubts by line, and then how many there were besides.
func (d *doubts) inOrder() []Doubt {
	slices.SortStableFunc(d.list, func(a, b Doubt) int { return a.Line - b.Line })
	if d.left > 0 {
		d.list = append(d.list, Doubt{
			Message:  fmt.Sprintf("%d more doubts are not listed", d.left),
			Packages: d.packages,
		})
	}
	return d.list
}
