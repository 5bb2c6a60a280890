package yamlline

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// The library takes about 0.1 s and 25 MB for each megabyte of a lockfile, but
// ten times that for dense ones such as [a,a,a. It is given no more than maxFull
// bytes, and only what takes, by its costs, at most 50 times the bytes and 64 MB.
const (
	maxFull      = 16 << 20
	maxFullRatio = 50
	maxFullBase  = 64 << 20
)

// costs are how many bytes of memory the library takes for what a byte may
// begin or end, as measured with texts that hold little else.
var costs = [256]int{
	',': 1000, '[': 1000, ']': 1000, '{': 1000, '}': 1000, '?': 1000, '#': 600,
	'\n': 300, ':': 300, '-': 300, '\'': 300, '"': 300, '&': 300, '*': 300, '!': 300,
}

// full reads a stream of any style with the library. Its characters were
// checked.
func full(data []byte) (*Walker, error) {
	if len(data) > maxFull {
		return nil, &Error{1, fmt.Sprintf(
			"its style is not a package manager's own, and then at most %d bytes are read, not %d", maxFull, len(data))}
	}
	if cost := costOf(data); cost > maxFullRatio*len(data)+maxFullBase {
		return nil, &Error{1, fmt.Sprintf(
			"its style is not a package manager's own, and then reading it would take %d MB of memory", cost>>20)}
	}
	if err := checkLines(data); err != nil {
		return nil, err
	}
	// js-yaml ends an unended last line, too; the library lets a block scalar
	// go without.
	if len(data) > 0 && data[len(data)-1] != '\n' {
		data = append(bytes.Clone(data), '\n')
	}
	// Composing recurses with the depth of the text, so the cap is the loader's.
	loader, err := yaml.NewLoader(bytes.NewReader(data),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(MaxDepth))))
	if err != nil {
		return nil, &Error{1, err.Error()}
	}
	r := &nodes{source: source{data: data, line: 1, column: 1}}
	for {
		var document yaml.Node
		switch err := loader.Load(&document); {
		case errors.Is(err, io.EOF):
			return &Walker{decoded: r.text.String(), tokens: r.tokens}, nil
		case err != nil:
			return nil, syntax(err)
		}
		if err := r.document(document.Content[0]); err != nil {
			return nil, err
		}
	}
}

// costOf estimates how many bytes of memory the library needs.
func costOf(data []byte) int {
	cost := 0
	for i, c := range data {
		if c == '-' && i+1 < len(data) && data[i+1] > ' ' {
			continue // in the middle of a name, version or hash
		}
		cost += costs[c]
	}
	return cost
}

func syntax(err error) error {
	at, ok := errors.AsType[*yaml.LoadError](err)
	if !ok {
		return &Error{1, fmt.Sprintf("not YAML: %.200s", err)}
	}
	message := at.Message // may name an anchor of any length
	if at.ContextMsg != "" {
		message = at.ContextMsg + ": " + message
	}
	return &Error{max(at.Mark.Line, 1), fmt.Sprintf("not YAML: %.200s", message)}
}

// checkLines refuses lines whose beginning means something else to each reader.
func checkLines(data []byte) error {
	for line := 1; len(data) > 0; line++ {
		text, rest, _ := bytes.Cut(data, []byte("\n"))
		if reason := oddLine(bytes.TrimSuffix(text, []byte("\r"))); reason != "" {
			return &Error{line, reason}
		}
		data = rest
	}
	return nil
}

func oddLine(text []byte) string {
	switch content := bytes.TrimLeft(text, " \t"); {
	case bytes.HasPrefix(text, []byte("%")):
		// Also, the library compares each %TAG with all before it.
		return "it has a directive, which no package manager writes"
	case bytes.HasPrefix(text, []byte("---")) && len(text) > 3:
		// js-yaml begins a document with any line that begins so, where one may
		// begin; pnpm splits the file at lines that have nothing else.
		return "it begins with --- and goes on, which only some readers take for the start of a document"
	case bytes.HasPrefix(text, []byte("...")) && (len(text) == 3 || text[3] == ' ' || text[3] == '\t'):
		// js-yaml reads a document before it, too; some read nothing behind it.
		return "it has a document end marker, which no package manager writes"
	case len(content) > 0 && content[0] != '#' && bytes.IndexByte(text[:len(text)-len(content)], '\t') >= 0:
		return "it is indented with a tab, which no package manager does"
	}
	return ""
}
