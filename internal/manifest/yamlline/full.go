package yamlline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// maxFull bounds what the library is given: it takes about 0.1 s and 20 MB for
// each megabyte.
const maxFull = 16 << 20

// Parse reads a whole stream. The error is an [*Error].
func Parse(data []byte) (*Walker, error) { return full(data) }

// full reads a stream of any style with the library.
func full(data []byte) (*Walker, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(data) > maxFull {
		return nil, &Error{Line: 1, Reason: fmt.Sprintf(
			"its style is not a package manager's own, and then at most %d bytes are read, not %d", maxFull, len(data))}
	}
	if err := readable(data); err != nil {
		return nil, err
	}
	// Composing recurses with the depth of the text, so the cap is the loader's.
	loader, err := yaml.NewLoader(bytes.NewReader(data),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(MaxDepth))))
	if err != nil {
		return nil, &Error{Line: 1, Reason: err.Error()}
	}
	w := &Walker{}
	for {
		var document yaml.Node
		switch err := loader.Load(&document); {
		case errors.Is(err, io.EOF):
			return w, nil
		case err != nil:
			return nil, syntax(err)
		}
		if err := w.add(document.Content[0]); err != nil {
			return nil, err
		}
		w.tokens = append(w.tokens, token{kind: None, line: w.tokens[len(w.tokens)-1].line})
	}
}

// readable refuses what the library would take for another encoding, or refuse
// without saying where.
func readable(data []byte) error {
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			return &Error{Line: 1 + bytes.Count(data[:at], []byte("\n")),
				Reason: fmt.Sprintf("not UTF-8 text: byte 0x%02x", data[at])}
		}
		at += size
	}
	return nil
}

func syntax(err error) error {
	var at *yaml.LoadError
	if !errors.As(err, &at) {
		return &Error{Line: 1, Reason: "not YAML: " + err.Error()}
	}
	message := at.Message
	if at.ContextMsg != "" {
		message = at.ContextMsg + ": " + message
	}
	return &Error{Line: at.Mark.Line, Reason: "not YAML: " + message}
}

// add appends the tokens of a node. Its depth was bounded by the loader.
func (w *Walker) add(n *yaml.Node) error {
	switch {
	case n.Kind == yaml.AliasNode, n.Anchor != "":
		return &Error{n.Line, "it has an anchor or alias, which no package manager writes"}
	case n.Style&yaml.TaggedStyle != 0:
		return &Error{n.Line, "it has a tag, which no package manager writes"}
	}
	at := len(w.tokens)
	switch n.Kind {
	case yaml.ScalarNode:
		w.tokens = append(w.tokens, token{text: n.Value, line: int32(n.Line), kind: Scalar, plain: n.Style&^yaml.FlowStyle == 0})
		return nil
	case yaml.MappingNode:
		w.tokens = append(w.tokens, token{line: int32(n.Line), kind: Map})
		for i := 0; i < len(n.Content); i += 2 {
			name := n.Content[i]
			if name.Kind != yaml.ScalarNode {
				return &Error{name.Line, "a name is not a scalar"}
			}
			if name.Value == "<<" {
				return &Error{name.Line, "it has a merge key, which no package manager writes"}
			}
			if err := w.add(name); err != nil {
				return err
			}
			if err := w.add(n.Content[i+1]); err != nil {
				return err
			}
		}
	case yaml.SequenceNode:
		w.tokens = append(w.tokens, token{line: int32(n.Line), kind: Sequence})
		for _, element := range n.Content {
			if err := w.add(element); err != nil {
				return err
			}
		}
	}
	w.tokens[at].end = int32(len(w.tokens))
	w.tokens = append(w.tokens, token{line: w.tokens[len(w.tokens)-1].line, kind: End})
	return nil
}
