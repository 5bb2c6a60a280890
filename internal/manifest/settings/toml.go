package settings

import (
	"bytes"
	"errors"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/lockkeeper/lockkeeper/internal/manifest"
)

// readTOML reads TOML with the parser that go-toml calls unstable, because only
// it gives positions. Nothing else of the house sees it. It bounds the nesting
// of values itself.
func readTOML(data []byte, _ [][]string) (*node, []manifest.Doubt, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	t := &tomlReader{data: data, line: 1}
	t.parser.Reset(data)
	root := &node{shape: table}
	into := root
	for t.parser.NextExpression() {
		var err error
		switch e := t.parser.Expression(); e.Kind {
		case unstable.KeyValue:
			err = t.keyValue(into, e, 0)
		case unstable.Table, unstable.ArrayTable:
			into, err = t.header(root, e)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	if err := t.parser.Error(); err != nil {
		return nil, nil, t.syntax(err)
	}
	return root, t.build.doubts, nil
}

type tomlReader struct {
	parser  unstable.Parser
	build   builder // for its counts and doubts
	data    []byte
	line    int // of the byte at counted
	counted int
}

// lineOf counts on from the last answer: the offsets come in order.
func (t *tomlReader) lineOf(n *unstable.Node) int {
	if at := int(n.Raw.Offset); n.Raw.Length > 0 && at > t.counted {
		t.line += bytes.Count(t.data[t.counted:at], []byte("\n"))
		t.counted = at
	}
	return t.line
}

func (t *tomlReader) syntax(err error) error {
	broken, ok := errors.AsType[*unstable.ParserError](err)
	if !ok {
		return err
	}
	line := t.line
	if len(broken.Highlight) > 0 {
		at := int(t.parser.Range(broken.Highlight).Offset)
		line = 1 + bytes.Count(t.data[:at], []byte("\n"))
	}
	return &Unread{line, "not TOML: " + broken.Message}
}

// header gives the table that a [name] or [[name]] begins.
func (t *tomlReader) header(root *node, e *unstable.Node) (*node, error) {
	m, err := t.path(root, e.Key())
	if err != nil {
		return nil, err
	}
	if e.Kind == unstable.Table {
		return t.tableOf(m), nil
	}
	element := &node{shape: table}
	if m.value == nil || m.value.shape != list {
		m.value = &node{shape: list}
	}
	m.value.items = append(m.value.items, element)
	return element, t.build.count()
}

// path walks along a dotted key, and gives the member of its last part, whose
// value is nil if it is new.
func (t *tomlReader) path(into *node, keys unstable.Iterator) (*member, error) {
	for depth := 0; keys.Next(); depth++ {
		key := keys.Node()
		line := t.lineOf(key)
		if depth > maxDepth {
			return nil, &Unread{line, "its keys are too deep"}
		}
		m := into.member(string(key.Data))
		if m == nil {
			if err := t.build.count(); err != nil {
				return nil, err
			}
			m = &member{name: string(key.Data), line: line}
			into.members = append(into.members, m)
		}
		if keys.IsLast() {
			m.line = line
			return m, nil
		}
		into = t.tableOf(m)
	}
	return nil, &Unread{t.line, "a key has no name"}
}

// tableOf gives the table that a member holds, making one where it holds none:
// of an array of tables the last.
func (t *tomlReader) tableOf(m *member) *node {
	switch {
	case m.value == nil:
		m.value = &node{shape: table}
	case m.value.shape == list && len(m.value.items) > 0 && m.value.items[len(m.value.items)-1].shape == table:
		return m.value.items[len(m.value.items)-1]
	case m.value.shape != table:
		t.build.doubt(t.line, "%.80q stands twice", m.name)
		m.line, m.value = t.line, &node{shape: table}
	}
	return m.value
}

func (t *tomlReader) keyValue(into *node, e *unstable.Node, depth int) error {
	m, err := t.path(into, e.Key())
	if err != nil {
		return err
	}
	if m.value != nil {
		t.build.doubt(m.line, "%.80q stands twice", m.name)
	}
	m.value, err = t.value(e.Value(), depth)
	return err
}

func (t *tomlReader) value(v *unstable.Node, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, &Unread{t.line, "its values are nested too deeply"}
	}
	n := &node{line: t.lineOf(v)}
	switch v.Kind {
	case unstable.Array:
		n.shape = list
		for it := v.Children(); it.Next(); {
			item, err := t.value(it.Node(), depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
	case unstable.InlineTable:
		n.shape = table
		for it := v.Children(); it.Next(); {
			if err := t.keyValue(n, it.Node(), depth+1); err != nil {
				return nil, err
			}
		}
	case unstable.Integer, unstable.Float:
		n.text, n.plain = strings.ReplaceAll(string(v.Data), "_", ""), true
	default:
		n.text, n.plain = string(v.Data), v.Kind != unstable.String
	}
	return n, t.build.count()
}
