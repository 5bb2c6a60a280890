package policy

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Caps of a policy file. The deepest value that the schema knows lies 4 deep.
const (
	maxSize  = 256 << 10
	maxDepth = 16
)

// load reads the one document of a file. Where the text is not YAML that a
// policy may be written in, it notes why and gives nil.
func (n *notes) load(data []byte) *yaml.Node {
	if !n.readable(data) {
		return nil
	}
	// Composing recurses with the depth of the text, so the cap is the loader's.
	loader, err := yaml.NewLoader(bytes.NewReader(data),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		return n.syntax(err)
	}
	var first, second yaml.Node
	switch err := loader.Load(&first); {
	case errors.Is(err, io.EOF):
		return &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}
	case err != nil:
		return n.syntax(err)
	}
	switch err := loader.Load(&second); {
	case err == nil:
		n.note("", second.Line, second.Column, "", "a second document begins here; a policy is one")
		return nil
	case !errors.Is(err, io.EOF):
		return n.syntax(err)
	}
	return first.Content[0]
}

// readable refuses what the YAML reader would refuse without saying where, or
// would take for another encoding.
func (n *notes) readable(data []byte) bool {
	if len(data) > maxSize {
		n.note("", 0, 0, "", "has %d bytes, more than %d", len(data), maxSize)
		return false
	}
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			start := bytes.LastIndexByte(data[:at], '\n') + 1
			line := bytes.Count(data[:at], []byte("\n")) + 1
			n.note("", line, utf8.RuneCount(data[start:at])+1, "", "is not UTF-8 text: byte 0x%02x", data[at])
			return false
		}
		at += size
	}
	return true
}

func (n *notes) syntax(err error) *yaml.Node {
	var at *yaml.LoadError
	if !errors.As(err, &at) {
		n.note("", 0, 0, "", "is not readable as YAML: %v", err)
		return nil
	}
	message := at.Message
	if at.ContextMsg != "" {
		message = at.ContextMsg + ": " + message
	}
	n.note("", at.Mark.Line, at.Mark.Column, "", "is not readable as YAML: %s", message)
	return nil
}

// tree gives a node's value as JSON has it, and notes where each part stands.
// What only YAML has (anchors, aliases, tags, merge keys) is refused: another
// reader of the file might see another policy. Its depth is bounded by load.
func (n *notes) tree(node *yaml.Node, at *place) any {
	at.line, at.column = node.Line, node.Column
	switch {
	case node.Kind == yaml.AliasNode:
		n.value(at, "write the value out", "aliases are not read in a policy")
		return nil
	case node.Anchor != "":
		n.value(at, "", "anchors are not read in a policy")
	case node.Style&yaml.TaggedStyle != 0:
		n.value(at, "", "tags are not read in a policy")
	}
	switch node.Kind {
	case yaml.MappingNode:
		return n.mapping(node, at)
	case yaml.SequenceNode:
		at.list = true
		list := make([]any, len(node.Content))
		for i, item := range node.Content {
			child, _ := at.child(strconv.Itoa(i))
			list[i] = n.tree(item, child)
		}
		return list
	}
	value := scalar(node)
	at.scalar = node.Value
	_, at.text = value.(string)
	return value
}

func (n *notes) mapping(node *yaml.Node, at *place) map[string]any {
	mapping := map[string]any{}
	at.children = map[string]*place{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if key.Kind != yaml.ScalarNode || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0 {
			n.note(at.subject(), key.Line, key.Column, "", "has a key that is not plain text")
			continue
		}
		child, fresh := at.child(key.Value)
		if !fresh {
			n.note(child.subject(), key.Line, key.Column, "", "stands in line %d already", child.keyLine)
			continue
		}
		child.keyLine, child.keyColumn = key.Line, key.Column
		if key.ShortTag() == "!!merge" {
			n.key(child, "write the values out", "merge keys are not read in a policy")
			continue
		}
		mapping[key.Value] = n.tree(value, child)
	}
	return mapping
}

// scalar gives a whole number, a truth value or nothing where that is meant
// beyond doubt, and text for all else: a date, or 1.10, is what was written,
// and YAML's readers disagree on 010 and 1_000.
func scalar(node *yaml.Node) any {
	switch node.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(node.Value, "true")
	case "!!int":
		number, err := strconv.Atoi(node.Value)
		if err == nil && strconv.Itoa(number) == node.Value {
			return number
		}
	}
	return node.Value
}
