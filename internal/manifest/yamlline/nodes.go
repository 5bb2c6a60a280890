package yamlline

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// nodes turns the library's nodes into tokens, and refuses those that js-yaml,
// with which pnpm and yarn read, makes something else of.
type nodes struct {
	source source
	text   strings.Builder
	tokens []token
}

// document appends the tokens of one document.
func (r *nodes) document(root *yaml.Node) error {
	if isBlock(root) {
		// The library reads on over document markers, and js-yaml doesn't.
		return &Error{root.Line, "a document is a block scalar"}
	}
	if err := r.add(root, 0); err != nil {
		return err
	}
	r.tokens = append(r.tokens, token{line: r.tokens[len(r.tokens)-1].line})
	return nil
}

// add appends the tokens of a node that stands inside depth others. The
// library bounds the recursion, but counts flow and block collections apart
// and leaves out those that share their parent's indentation.
func (r *nodes) add(n *yaml.Node, depth int) error {
	switch {
	case n.Kind == yaml.AliasNode, n.Anchor != "":
		return &Error{n.Line, "it has an anchor or alias, which no package manager writes"}
	case n.Style&yaml.TaggedStyle != 0, n.Tag == "!":
		return &Error{n.Line, "it has a tag, which no package manager writes"}
	case n.Kind == yaml.ScalarNode:
		return r.addScalar(n)
	case depth == MaxDepth:
		return &Error{n.Line, fmt.Sprintf("nesting is deeper than %d levels", MaxDepth)}
	}
	kind := Map
	if n.Kind == yaml.SequenceNode {
		kind = Sequence
	}
	r.tokens = append(r.tokens, token{line: uint32(n.Line), form: form{kind: kind}})
	for i, child := range n.Content {
		switch {
		case n.Kind == yaml.MappingNode && i%2 == 0:
			if reason := oddKey(child); reason != "" {
				return &Error{child.Line, reason}
			}
		case n.Kind == yaml.SequenceNode && isLeftOut(child):
			// js-yaml gives such a list the elements of the list around it.
			return &Error{child.Line, "an element is left out"}
		}
		if err := r.add(child, depth+1); err != nil {
			return err
		}
	}
	r.tokens = append(r.tokens, token{line: r.tokens[len(r.tokens)-1].line, form: form{kind: End}})
	return nil
}

func (r *nodes) addScalar(n *yaml.Node) error {
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 && r.source.isFoldedTwoWays(n) {
		return &Error{n.Line, "a quoted text has a line that ends in a blank or a backslash, which readers join in two ways"}
	}
	r.tokens = append(r.tokens, token{
		at: uint32(r.text.Len()), size: uint32(len(n.Value)), line: uint32(n.Line),
		form: form{kind: Scalar, plain: isPlain(n)},
	})
	r.text.WriteString(n.Value)
	return nil
}

// oddKey says why a node can't be a name.
func oddKey(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.AliasNode:
		return "" // for which add has a better reason
	case n.Kind != yaml.ScalarNode:
		return "a name is not a scalar" // js-yaml joins the elements of a list
	case isBlock(n):
		return "a name is a block scalar, which no package manager writes"
	}
	return oddName(n.Value, isPlain(n))
}

func isPlain(n *yaml.Node) bool   { return n.Kind == yaml.ScalarNode && n.Style&^yaml.FlowStyle == 0 }
func isLeftOut(n *yaml.Node) bool { return isPlain(n) && n.Value == "" }
func isBlock(n *yaml.Node) bool   { return n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 }

// source finds nodes in the text that they were read from. It only goes on, so
// that finding all of them in order costs one pass.
type source struct {
	data         []byte
	offset       int
	line, column int // of the offset, counted from 1, columns in characters
}

func (s *source) seek(line, column int) {
	for s.line < line {
		s.offset += bytes.IndexByte(s.data[s.offset:], '\n') + 1
		s.line, s.column = s.line+1, 1
	}
	for ; s.column < column; s.column++ {
		_, size := utf8.DecodeRune(s.data[s.offset:])
		s.offset += size
	}
}

// isFoldedTwoWays reports whether a quoted scalar goes over lines one of which
// ends in a blank, which js-yaml keeps up to 4.1.0, or in a backslash, behind
// which js-yaml leaves out empty lines.
func (s *source) isFoldedTwoWays(n *yaml.Node) bool {
	s.seek(n.Line, n.Column)
	text := s.data[s.offset:]
	var quote byte
	for at := 0; at+1 < len(text); at++ {
		switch c, next := text[at], text[at+1]; {
		case at == 0:
			quote = c
		case c == '\n':
			before := bytes.TrimSuffix(text[:at], []byte("\r"))
			if last := before[len(before)-1]; last == ' ' || last == '\t' {
				return true
			}
		case c == '\\' && quote == '"':
			if next == '\n' || next == '\r' {
				return true
			}
			at++
		case c == '\'' && quote == c && next == c:
			at++
		case c == quote:
			return false
		}
	}
	return false
}
