package policy

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

//go:embed lockkeeper.schema.json
var schemaText []byte

// rules is the schema (JSON Schema, draft 2020-12), compiled and as data. It is
// the one list of the keys, signals and checks that a policy may name, and
// what editors read.
type rules struct {
	compiled *jsonschema.Schema
	data     any
}

var loadRules = sync.OnceValues(func() (*rules, error) {
	const url = "lockkeeper.schema.json"
	data, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText))
	if err != nil {
		return nil, fmt.Errorf("policy schema: reading: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(url, data); err != nil {
		return nil, fmt.Errorf("policy schema: reading: %w", err)
	}
	compiled, err := compiler.Compile(url)
	if err != nil {
		return nil, fmt.Errorf("policy schema: compiling: %w", err)
	}
	return &rules{compiled: compiled, data: data}, nil
})

// at gives the schema object at a JSON pointer, or an empty one.
func (r *rules) at(pointer string) map[string]any {
	value := r.data
	for _, name := range strings.Split(pointer, "/")[1:] {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	object, _ := value.(map[string]any)
	return object
}

// keys gives the keys that an object of the schema allows, sorted.
func (r *rules) keys(pointer string) []string {
	properties, _ := r.at(pointer)["properties"].(map[string]any)
	return slices.Sorted(maps.Keys(properties))
}

// words gives the texts of an enumeration, in order.
func (r *rules) words(pointer string) []string {
	values, _ := r.at(pointer)["enum"].([]any)
	return texts(values)
}

func texts(values []any) []string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = fmt.Sprint(v)
	}
	return words
}

// example is the hint that shows how a value is written.
func (r *rules) example(pointer string) string {
	examples, _ := r.at(pointer)["examples"].([]any)
	if len(examples) == 0 {
		return ""
	}
	return "such as " + strings.Join(texts(examples), " or ")
}

// check notes where a value departs from the schema, and puts nothing in the
// place of what is wrong, so that the rest can be decoded.
func (r *rules) check(value any, n *notes) (rest any) {
	invalid := new(jsonschema.ValidationError)
	if !errors.As(r.compiled.Validate(value), &invalid) {
		return value
	}
	for _, leaf := range leaves(invalid) {
		r.explain(leaf, n)
		switch k := leaf.ErrorKind.(type) {
		case *kind.Required:
		case *kind.AdditionalProperties:
			for _, name := range k.Properties {
				value = without(value, append(leaf.InstanceLocation, name))
			}
		default:
			value = without(value, leaf.InstanceLocation)
		}
	}
	return value
}

func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var all []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

func without(value any, path []string) any {
	if len(path) == 0 {
		return nil
	}
	switch v := value.(type) {
	case map[string]any:
		v[path[0]] = without(v[path[0]], path[1:])
	case []any:
		if i, err := strconv.Atoi(path[0]); err == nil && i < len(v) {
			v[i] = without(v[i], path[1:])
		}
	}
	return value
}

// kinds names JSON's types as a writer of YAML knows them.
var kinds = map[string]string{"object": "a mapping", "array": "a list", "string": "text", "integer": "a whole number"}

// explain says in words what the schema's error means.
func (r *rules) explain(e *jsonschema.ValidationError, n *notes) {
	_, pointer, _ := strings.Cut(e.SchemaURL, "#")
	at := n.root.at(e.InstanceLocation...)
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			r.unknown(at.at(name), pointer, n)
		}
	case *kind.Required:
		for _, name := range k.Missing {
			n.note(strings.TrimPrefix(at.subject()+"."+name, "."), at.line, at.column, "", "is missing")
		}
	case *kind.Type:
		n.value(at, r.example(pointer), "must be %s, not %s", kinds[k.Want[0]], shown(at))
	case *kind.Enum:
		r.oneOf(at, pointer, n)
	case *kind.Const:
		n.value(at, "", "must be %v, the only version that this program reads", k.Want)
	case *kind.Minimum:
		n.value(at, "", "must be at least %s", k.Want.RatString())
	case *kind.Maximum:
		n.value(at, "", "must be at most %s", k.Want.RatString())
	case *kind.Pattern, *kind.MinLength:
		n.value(at, r.example(pointer), "must be %s", r.at(pointer)["title"])
	case *kind.MaxLength:
		n.value(at, "", "has %d characters, more than %d", k.Got, k.Want)
	case *kind.MinItems:
		n.value(at, "", "must not be empty")
	case *kind.MaxItems:
		n.value(at, "", "has %d entries, more than %d", k.Got, k.Want)
	case *kind.UniqueItems:
		n.value(at, "", "names %s twice", shown(at.at(strconv.Itoa(k.Duplicates[1]))))
	default:
		n.value(at, "", "is not as the schema asks")
	}
}

// shown repeats a value, or says what stands there.
func shown(p *place) string {
	switch {
	case p.list:
		return "a list"
	case p.children != nil:
		return "a mapping"
	case p.text:
		return quote(p.scalar)
	case p.scalar == "":
		return "nothing"
	}
	return p.scalar
}

// Parts of the schema whose faults are worth words of their own.
const (
	signalsPointer   = "/properties/signals"
	scopesPointer    = "/properties/registries/properties/npm/properties/scopes"
	excusablePointer = "/$defs/excusable"
	offPointer       = "/$defs/off"
)

// misplaced tells where a setting belongs that is looked for in the wrong
// place, by its subject.
var misplaced = map[string]struct{ message, hint string }{
	"signals.known-vulnerability": {"has its points from vulnerabilities", "write off, or set vulnerabilities.warn and vulnerabilities.block"},
	"signals.lockfile-unread":     {"is a gap, not a finding", "set gaps.lockfile"},
	"registries.golang":           {"is not configured here", "set GOPROXY"},
}

// unknown says that a key is none of those that the schema has there.
func (r *rules) unknown(key *place, pointer string, n *notes) {
	known := r.keys(pointer)
	if m, ok := misplaced[key.subject()]; ok {
		n.key(key, m.hint, "%s", m.message)
		return
	}
	switch pointer {
	case signalsPointer:
		if slices.Contains(r.words(excusablePointer), key.name) {
			n.key(key, "excuse a package under exceptions", "always blocks; it is not switched off and has no points")
			return
		}
		n.key(key, suggestion(key.name, known), "unknown signal")
	case scopesPointer:
		n.key(key, `such as "@acme"`, "is not a scope")
	default:
		n.key(key, suggestion(key.name, known), "unknown key")
	}
}

// oneOf says that a value is none of those that the schema allows.
func (r *rules) oneOf(at *place, pointer string, n *notes) {
	name := at.subject()
	if pointer == excusablePointer {
		name = "signals." + at.scalar
	}
	if m, ok := misplaced[name]; ok {
		n.value(at, m.hint, "%s", m.message)
		return
	}
	words := r.words(pointer)
	switch {
	case pointer == offPointer:
		n.value(at, "write off, or {points: 20}", "must be off or have points")
	case pointer != excusablePointer:
		n.value(at, guess(at.scalar, words), "must be one of %s, not %s", strings.Join(words, ", "), shown(at))
	case slices.Contains(r.keys(signalsPointer), at.scalar):
		n.value(at, "switch it off under signals", "%s is about the repository, which no exception excuses", shown(at))
	default:
		n.value(at, suggestion(at.scalar, words), "unknown signal %s", shown(at))
	}
}
