package settings

import (
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest"
	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// The files in which settings stand. Each package manager reads them from the
// project's folder; yarn from the folders above it, too.
const (
	packageJSON   = "package.json"
	npmRC         = ".npmrc"
	pnpmWorkspace = "pnpm-workspace.yaml"
	yarnRC        = ".yarnrc.yml"
	yarnClassicRC = ".yarnrc"
	bunfig        = "bunfig.toml"
	denoJSON      = "deno.json"
	denoJSONC     = "deno.jsonc"
)

// format is a row of the table of files: its syntax, and what a boolean is in
// it.
type format struct {
	read    func(data []byte, wanted [][]string) (*node, []manifest.Doubt, error)
	boolean func(*node) string // "true", "false", or a text that is neither
}

var formats = map[string]*format{
	packageJSON:   {readJSON, plainBoolean},
	npmRC:         {readNPMRC, npmBoolean},
	pnpmWorkspace: {readYAML, plainBoolean},
	yarnRC:        {readYAML, yarnBoolean},
	yarnClassicRC: {readYarnClassic, plainBoolean},
	bunfig:        {readTOML, plainBoolean},
	denoJSON:      {readJSONC, plainBoolean},
	denoJSONC:     {readJSONC, plainBoolean},
}

// jsonWalk makes a JSON document a walker.
type jsonWalk struct{ w *jsonline.Walker }

func (j jsonWalk) line() int                               { return j.w.Line() }
func (j jsonWalk) members(f func(name string) error) error { return j.w.Members(f) }
func (j jsonWalk) elements(f func() error) error           { return j.w.Elements(f) }
func (j jsonWalk) skip() error                             { return j.w.Skip() }

func (j jsonWalk) shape() shape {
	switch j.w.Kind() {
	case jsonline.Object:
		return table
	case jsonline.Array:
		return list
	}
	return scalar
}

func (j jsonWalk) scalar() (string, bool, error) {
	if text, ok := j.w.TryText(); ok {
		return text, false, nil
	}
	text, err := j.w.Literal()
	return text, true, err
}

func readJSON(data []byte, wanted [][]string) (*node, []manifest.Doubt, error) {
	return walkJSON(jsonline.New(data), wanted)
}

func walkJSON(w *jsonline.Walker, wanted [][]string) (*node, []manifest.Doubt, error) {
	if w.Kind() != jsonline.Object {
		return nil, nil, w.Members(nil) // says what stands here instead
	}
	b := &builder{walk: jsonWalk{w}}
	n, err := b.build(wanted)
	if err == nil {
		err = w.End()
	}
	return n, b.doubts, err
}

// readJSONC reads JSON with comments and trailing commas, as Deno does.
func readJSONC(data []byte, wanted [][]string) (*node, []manifest.Doubt, error) {
	return walkJSON(jsonline.NewC(data), wanted)
}

// yamlWalk makes a YAML document a walker.
type yamlWalk struct{ w *yamlline.Walker }

func (y yamlWalk) line() int                               { return y.w.Line() }
func (y yamlWalk) members(f func(name string) error) error { return y.w.Members(f) }
func (y yamlWalk) elements(f func() error) error           { return y.w.Elements(f) }

func (y yamlWalk) shape() shape {
	switch y.w.Kind() {
	case yamlline.Map:
		return table
	case yamlline.Sequence:
		return list
	}
	return scalar
}

func (y yamlWalk) scalar() (string, bool, error) {
	text, plain, _ := y.w.TryText()
	return text, plain, nil
}

func (y yamlWalk) skip() error {
	y.w.Skip()
	return nil
}

// readYAML reads the only document of a stream. An empty one sets nothing.
func readYAML(data []byte, wanted [][]string) (*node, []manifest.Doubt, error) {
	w, err := yamlline.Parse(data)
	if err != nil {
		return nil, nil, err
	}
	empty := &node{shape: table}
	if !w.Next() {
		return empty, nil, nil
	}
	b := &builder{walk: yamlWalk{w}}
	n, err := b.build(wanted)
	switch {
	case err != nil:
		return nil, nil, err
	case n.null():
		n = empty
	case n.shape != table:
		return nil, nil, &Unread{1, "a mapping was expected"}
	}
	if w.Next() {
		b.doubt(w.Line(), "a second document begins, of which a package manager reads nothing")
	}
	return n, b.doubts, nil
}

// readNPMRC reads npm's ini. What stands in a [section] has no effect, and a
// key that has been a list once stays one (npm's ini, lib/ini.js).
func readNPMRC(data []byte, wanted [][]string) (*node, []manifest.Doubt, error) {
	s, err := manifest.ParseNPMRC(data, nil)
	if err != nil {
		return nil, nil, &Unread{Reason: strings.TrimPrefix(err.Error(), ".npmrc: reading: ")}
	}
	b := &builder{}
	root := &node{shape: table}
	at := make(map[string]*member)
	for _, set := range s.List {
		if _, whole := advance(wanted, set.Key); set.Section != "" || !whole {
			continue
		}
		if err := b.count(); err != nil {
			return nil, nil, err
		}
		value := &node{text: set.Value, plain: true, line: set.Line}
		m := at[set.Key]
		if m == nil {
			m = &member{set.Key, set.Line, value}
			at[set.Key] = m
			root.members = append(root.members, m)
			if set.List {
				m.value = &node{shape: list, items: []*node{value}}
			}
			continue
		}
		switch {
		case m.value.shape == list:
			m.value.items = append(m.value.items, value)
		case set.List:
			m.value = &node{shape: list, items: []*node{m.value, value}}
		default:
			m.line, m.value = set.Line, value
		}
	}
	return root, nil, nil
}
