package settings

import (
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest"
)

// shape is what stands at a place of a file.
type shape uint8

const (
	scalar shape = iota
	list
	table
)

// node is one value of a file, whatever its syntax. Of a table only the names
// are kept that may lead to a setting.
type node struct {
	shape   shape
	text    string // of a scalar
	plain   bool   // a scalar without quotes, which may mean null, a boolean or a number
	line    int
	members []*member // of a table, in file order
	items   []*node   // of a list
}

// star stands in a place for a name of the file's own.
const star = "*"

type member struct {
	name  string
	line  int
	value *node
}

// null reports whether a value says that nothing is set.
func (n *node) null() bool {
	return n.shape == scalar && n.plain && (n.text == "" || n.text == "~" || strings.EqualFold(n.text, "null"))
}

// member gives the value of a name that counts: the last one, or nil.
func (n *node) member(name string) *member {
	for i := len(n.members) - 1; i >= 0; i-- {
		if n.members[i].name == name {
			return n.members[i]
		}
	}
	return nil
}

// walker reads a document by tokens; package jsonline and package yamlline have
// one each.
type walker interface {
	shape() shape
	line() int // of the token that was read last
	members(func(name string) error) error
	elements(func() error) error
	scalar() (text string, plain bool, err error)
	skip() error
}

// builder makes the nodes of a document.
type builder struct {
	walk   walker
	nodes  int
	doubts []manifest.Doubt
}

// count admits one more node.
func (b *builder) count() error {
	if b.nodes++; b.nodes > maxNodes {
		return tooMany("names and values of settings", b.nodes, maxNodes)
	}
	return nil
}

// build reads the value that comes next: of a table only the wanted names, and
// all of them where wanted is nil. The walkers bound its depth.
func (b *builder) build(wanted [][]string) (*node, error) {
	if err := b.count(); err != nil {
		return nil, err
	}
	n := &node{shape: b.walk.shape()}
	var err error
	switch n.shape {
	case table:
		seen := make(map[string]bool)
		err = b.walk.members(func(name string) error { return b.member(n, seen, name, wanted) })
	case list:
		err = b.walk.elements(func() error {
			item, err := b.build(nil)
			n.items = append(n.items, item)
			return err
		})
	default:
		n.text, n.plain, err = b.walk.scalar()
		n.line = b.walk.line()
	}
	return n, err
}

func (b *builder) member(n *node, seen map[string]bool, name string, wanted [][]string) error {
	below, whole := advance(wanted, name)
	if len(below) == 0 && !whole {
		return b.walk.skip()
	}
	line := b.walk.line()
	if seen[name] {
		b.doubt(line, "%.80q stands twice", name)
	}
	seen[name] = true
	value, err := b.build(below)
	n.members = append(n.members, &member{name, line, value})
	return err
}

func (b *builder) doubt(line int, format string, args ...any) {
	if len(b.doubts) < maxDoubts {
		b.doubts = append(b.doubts, manifest.Doubt{Line: line, Message: fmt.Sprintf(format, args...)})
	}
}

// advance gives what is wanted below a name. whole is set where everything is,
// and then below is nil.
func advance(wanted [][]string, name string) (below [][]string, whole bool) {
	if wanted == nil {
		return nil, true
	}
	for _, segments := range wanted {
		if _, ok := match(segments[0], name); !ok {
			continue
		}
		if len(segments) == 1 {
			return nil, true
		}
		below = append(below, segments[1:])
	}
	return below, false
}

// match compares a name with one segment of a place, and gives what stands for
// the segment's "*".
func match(segment, name string) (captured string, ok bool) {
	before, after, wild := strings.Cut(segment, star)
	if !wild {
		return "", segment == name
	}
	if len(name) < len(before)+len(after) || !strings.HasPrefix(name, before) || !strings.HasSuffix(name, after) {
		return "", false
	}
	return name[len(before) : len(name)-len(after)], true
}
