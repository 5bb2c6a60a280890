package settings

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// assignment puts a value at a place of a file: a string is a bare word, a
// []string a list, and a map a table.
type assignment struct {
	path  []string
	value any
}

// document writes assignments in the syntax of a file.
func document(t *testing.T, file string, assignments []assignment) string {
	t.Helper()
	tree := map[string]any{}
	for _, a := range assignments {
		into := tree
		for _, name := range a.path[:len(a.path)-1] {
			below, ok := into[name].(map[string]any)
			if !ok {
				below = map[string]any{}
				into[name] = below
			}
			into = below
		}
		into[a.path[len(a.path)-1]] = a.value
	}
	switch file {
	case npmRC, yarnClassicRC:
		return flat(tree, map[string]string{npmRC: "=", yarnClassicRC: " "}[file])
	case bunfig:
		return dotted("", tree)
	}
	data, err := json.MarshalIndent(words(tree), "", "  ") // which is YAML, too
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// words makes booleans and numbers of the words that are some.
func words(value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, below := range value {
			out[name] = words(below)
		}
		return out
	case string:
		if value == "true" || value == "false" {
			return json.RawMessage(value)
		}
	}
	return value
}

func flat(tree map[string]any, sign string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		list, ok := tree[name].([]string)
		if !ok {
			fmt.Fprintf(&b, "%s%s%v\n", name, sign, tree[name])
		}
		for _, entry := range list {
			fmt.Fprintf(&b, "%s[]%s%s\n", name, sign, entry)
		}
	}
	return b.String()
}

func dotted(prefix string, tree map[string]any) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		if below, ok := tree[name].(map[string]any); ok {
			b.WriteString(dotted(prefix+name+".", below))
			continue
		}
		value, _ := json.Marshal(words(tree[name]))
		fmt.Fprintf(&b, "%s%s = %s\n", prefix, name, value)
	}
	return b.String()
}

// sample gives a strict and a loose value for a place.
func sample(row *protection, p *place) (strict, loose any, ok bool) {
	table := func(value string, names ...string) map[string]any {
		all := map[string]any{}
		for _, name := range names {
			all[name] = value
		}
		return all
	}
	if p.file == yarnClassicRC && (p.form == paths || p.form == command) {
		return nil, "b", true // it has no lists
	}
	switch p.form {
	case one, kept:
		switch row.kind {
		case ordered:
			if slices.Contains(row.order, "on in CI") || slices.Contains(row.order, "on for pull requests") {
				return "true", "false", true
			}
			return row.order[0], row.order[len(row.order)-1], true
		case duration:
			return "10", "1", true
		case address:
			return "https://npm.acme.example/", "https://evil.invalid/", true
		}
	case entries, paths, command:
		if row.kind == demand {
			return []string{"a", "b"}, []string{"a"}, true
		}
		return []string{"a"}, []string{"a", "b"}, true
	case verdicts:
		if strings.Contains(p.path, "*") {
			return "false", "true", true
		}
		return table("true", "a"), table("true", "a", "b"), true
	case names:
		return table("1.0.0", "a"), table("1.0.0", "a", "b"), true
	case switched:
		return "false", "true", true
	case forbidden:
		return "true", "false", true
	}
	return nil, nil, false // denials and routes have tests of their own
}

// side makes a side of a project of one tool in which a protection stands at a
// place, or is not set where value is nil. What it is an exception from is on.
func sideOf(t *testing.T, row *protection, p *place, value any) Side {
	t.Helper()
	files := map[string][]assignment{p.file: nil}
	put := func(p *place, value any) {
		path := strings.Fields(strings.ReplaceAll(p.path, "*", "acme"))
		files[p.file] = append(files[p.file], assignment{path, value})
	}
	if within := find(row.tool, row.within); within != nil {
		last := &within.places[len(within.places)-1]
		strict, _, _ := sample(within, last)
		put(last, strict)
	}
	if value != nil {
		put(p, value)
	}
	texts := map[string]string{packageJSON: "{}"}
	for file, assignments := range files {
		texts[file] = document(t, file, assignments)
	}
	for name, tool := range lockTools {
		if tool == row.tool {
			texts[name] = ""
		}
	}
	return side(t, texts)
}

// side reads files by their paths. What is no file of settings only exists.
func side(t *testing.T, texts map[string]string) Side {
	t.Helper()
	s := Side{Formats: map[string]string{}}
	for _, file := range slices.Sorted(maps.Keys(texts)) {
		s.Paths = append(s.Paths, file)
		if format, ok := strings.CutPrefix(texts[file], "format "); ok {
			s.Formats[file] = format
			continue
		}
		if !Known(file) {
			continue
		}
		f, err := Read(file, []byte(texts[file]))
		if err != nil {
			t.Fatalf("%s: %v\n%s", file, err, texts[file])
		}
		if len(f.Doubts) > 0 {
			t.Fatalf("%s: doubts %v\n%s", file, f.Doubts, texts[file])
		}
		s.Files = append(s.Files, f)
	}
	return s
}

// Each protection at each of its places: what is loosened is told at its place,
// and what is tightened or stays is quiet.
func TestEachPlaceOfEachProtection(t *testing.T) {
	for i := range protections {
		row := &protections[i]
		for j := range row.places {
			p := &row.places[j]
			strict, loose, ok := sample(row, p)
			if !ok {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s/%s/%s", row.tool, row.name, p.file, p.path), func(t *testing.T) {
				strictSide, looseSide := sideOf(t, row, p, strict), sideOf(t, row, p, loose)
				got := Loosened(strictSide, looseSide, Registries{})
				if len(got) != 1 || got[0].Path != p.file || got[0].Line == 0 || got[0].Tools[0] != row.tool ||
					got[0].Lockfile != row.lockfile || got[0].Effect == "" || got[0].Remedy == "" || got[0].Change == "" {
					t.Errorf("loosened: %+v", got)
				}
				quiet := [][2]Side{{strictSide, strictSide}, {looseSide, looseSide}}
				if row.kind != address { // whose changes are all alike
					quiet = append(quiet, [2]Side{looseSide, strictSide})
				}
				for _, pair := range quiet {
					if got := Loosened(pair[0], pair[1], Registries{}); len(got) > 0 {
						t.Errorf("not loosened: %+v", got)
					}
				}
			})
		}
	}
}

// A setting that moves from one place to another, as strict as it was, is
// quiet; unless the newest version reads it in the old place only.
func TestMoves(t *testing.T) {
	moves := 0
	for i := range protections {
		row := &protections[i]
		for j := range row.places {
			for k := range row.places {
				from, to := &row.places[j], &row.places[k]
				before, _, ok := sample(row, from)
				after, _, also := sample(row, to)
				if !ok || !also || j == k || fmt.Sprint(before) != fmt.Sprint(after) || strings.Contains(from.path, "*") != strings.Contains(to.path, "*") {
					continue
				}
				moves++
				got := Loosened(sideOf(t, row, from, before), sideOf(t, row, to, after), Registries{})
				unread := from.until == 0 && to.until > 0
				loses := unread && (row.kind == address || row.kind == ordered && row.byDefault(nil) != before)
				if (len(got) > 0) != loses {
					t.Errorf("%s %s from %s to %s: %+v", row.tool, row.name, from.file, to.file, got)
				}
			}
		}
	}
	if moves < 40 {
		t.Errorf("only %d moves were tried", moves)
	}
}

// Setting what is the default anyway changes nothing.
func TestDefaultsAreQuiet(t *testing.T) {
	for i := range protections {
		row := &protections[i]
		p := &row.places[len(row.places)-1]
		value := row.byDefault(nil)
		if row.kind != ordered && row.kind != duration || p.form != one && p.form != kept || strings.Contains(value, " ") {
			continue
		}
		unset, set := sideOf(t, row, p, nil), sideOf(t, row, p, value)
		for _, pair := range [][2]Side{{unset, set}, {set, unset}} {
			if got := Loosened(pair[0], pair[1], Registries{}); len(got) > 0 {
				t.Errorf("%s %s: %+v", row.tool, row.name, got)
			}
		}
	}
}

func TestTheTableIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range protections {
		id := string(row.tool) + " " + row.name
		if seen[id] || row.effect == "" || row.remedy == "" || row.source == "" || len(row.places) == 0 {
			t.Errorf("%s is there twice or lacks something", id)
		}
		seen[id] = true
		if !strings.HasSuffix(row.remedy, ".") || strings.HasSuffix(row.effect, ".") || strings.Contains(row.remedy, "\n") {
			t.Errorf("%s: %q, %q", id, row.effect, row.remedy)
		}
		for _, name := range []string{row.within, row.idle} {
			if name != "" && find(row.tool, name) == nil {
				t.Errorf("%s refers to %s, which isn't there", id, name)
			}
		}
		for _, p := range row.places {
			if formats[p.file] == nil || len(p.segments()) == 0 {
				t.Errorf("%s: place %+v", id, p)
			}
		}
		for _, d := range row.defaults {
			if row.kind == ordered && !slices.Contains(row.order, d.value) {
				t.Errorf("%s: its default %s is none of its values", id, d.value)
			}
			if _, ok := row.length(d.value); row.kind == duration && !ok {
				t.Errorf("%s: its default %s is no duration", id, d.value)
			}
		}
	}
}
