package lockfile

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// classicLines are what a drawn file is made of: what yarn writes, and what it
// doesn't.
var classicLines = []string{
	"a@1:", "a@1, a@2:", "\"a@>= 1\", a@2:", "\"@s/b@^1.0.0\":", "a:", "\"c@npm:a@1\", a@3:", "b@file:./b:", "\"b@link:./b\":", "\"x@1, y@2\":",
	"  version \"1.0.0\"", "  version \"2.0.0\"", "  version: \"1.0.0\"", "  version 1", "  name a", "  uid abc",
	"  resolved \"https://npm.example.com/a/-/a-1.0.0.tgz#0123\"", "  resolved \"https://files.example.com/a.tgz\"",
	"  integrity sha512-AAAA", "  integrity \"sha1-AAAA sha512-BBBB\"",
	"  dependencies:", "  optionalDependencies:", "  permissions:", "    a \"1\"", "    a \">= 1\"", "    \"@s/b\" \"^1.0.0\"", "    a:", "      x true",
	"", "", "  ", "    ", " ", "\t", "# comment", "  # comment", "    # comment", "a@4 \"a@1\"", "a@1: # comment", "  version \"1.0.0\" # comment",
	"   version \"1.0.0\"", "  a, b \"1\"", "  version \"1.0.0\" name a", "true:", "7:", "é:", "  \"\\u0061\" \"\\\"\"", "=======", "---",
}

// drawClassic makes a file that yarn could have written, and puts some lines in
// the wrong places.
func drawClassic(t *rapid.T) []byte {
	lines := strings.Split(classicHeader+good+"\n"+evil, "\n")
	for range rapid.IntRange(0, 4).Draw(t, "edits") {
		at := rapid.IntRange(0, len(lines)-1).Draw(t, "at")
		switch rapid.IntRange(0, 4).Draw(t, "edit") {
		case 0:
			lines = slices.Delete(lines, at, at+1)
		case 1:
			lines = slices.Insert(lines, at, rapid.SampledFrom(lines).Draw(t, "copy"))
		default:
			lines = slices.Insert(lines, at, rapid.SampledFrom(classicLines).Draw(t, "line"))
		}
	}
	end := rapid.SampledFrom([]string{"\n", "\n", "\n", "\n", "\r\n", "\r"}).Draw(t, "line end")
	return []byte(strings.Join(lines, end))
}

func TestClassicReadingProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { asPromised(t, drawClassic(t)) })
}

// classicModel is an entry as yarn writes it.
type classicModel struct {
	patterns                     []string
	version, resolved, integrity string
	requests                     [2][][2]string // dependencies and optionalDependencies
}

// write gives the text of an entry (yarn's src/lockfile/stringify.js).
func (m classicModel) write(b *strings.Builder) {
	wrapped := make([]string, len(m.patterns))
	for i, p := range m.patterns {
		wrapped[i] = wrap(p)
	}
	b.WriteString("\n" + strings.Join(wrapped, ", ") + ":\n  version " + wrap(m.version) + "\n  resolved " + wrap(m.resolved) + "\n")
	if m.integrity != "" {
		b.WriteString("  integrity " + wrap(m.integrity) + "\n")
	}
	for i, list := range [...]string{"dependencies", "optionalDependencies"} {
		if len(m.requests[i]) > 0 {
			b.WriteString("  " + list + ":\n")
		}
		for _, r := range m.requests[i] {
			b.WriteString("    " + wrap(r[0]) + " " + wrap(r[1]) + "\n")
		}
	}
}

// wrap puts a text in quotes where yarn does.
func wrap(text string) string {
	first := firstByte(text) | 0x20
	if strings.HasPrefix(text, "true") || strings.HasPrefix(text, "false") || strings.ContainsAny(text, ": \t\n\\\",[]") || first < 'a' || first > 'z' {
		return strconv.Quote(text)
	}
	return text
}

// What yarn writes is read back as it was, without a doubt.
func TestClassicRoundTrip(t *testing.T) {
	name := rapid.SampledFrom([]string{"a", "b.js", "@s/c", "true-d", "falsey", "e_f", "7zip", "x-", "null", "G"})
	spec := rapid.SampledFrom([]string{"^1.0.0", "~2", ">= 1 < 3", "1 || 2", "*", "", "latest", "npm:b.js@^1.0.0", "next-1", "1.x, 2.x", "\"odd\"", `back\slash`})
	rapid.Check(t, func(t *rapid.T) {
		var models []classicModel
		var b strings.Builder
		b.WriteString(classicHeader)
		for i := range rapid.IntRange(0, 8).Draw(t, "entries") {
			own := name.Draw(t, "name") + strconv.Itoa(i)
			m := classicModel{version: "1.0." + strconv.Itoa(i)}
			for range rapid.IntRange(1, 4).Draw(t, "patterns") {
				m.patterns = append(m.patterns, own+"@"+spec.Filter(func(s string) bool { return !strings.HasPrefix(s, "npm:") }).Draw(t, "spec"))
			}
			slices.Sort(m.patterns)
			m.patterns = slices.Compact(m.patterns)
			m.resolved = "https://npm.example.com/" + own + "/-/" + own[strings.IndexByte(own, '/')+1:] + "-" + m.version + ".tgz#0123456789abcdef0123456789abcdef01234567"
			m.integrity = rapid.SampledFrom([]string{"", "sha512-AAAA+/==", "sha1-AAAA sha512-BBBB"}).Draw(t, "integrity")
			for list := range m.requests {
				names := rapid.SliceOfNDistinct(name, 0, 3, rapid.ID[string]).Draw(t, "requests")
				slices.Sort(names)
				for _, asked := range names {
					m.requests[list] = append(m.requests[list], [2]string{asked, spec.Draw(t, "range")})
				}
			}
			m.write(&b)
			models = append(models, m)
		}
		inv, err := readYarnClassic(Input{Path: "yarn.lock", Data: []byte(b.String())})
		if err != nil || len(inv.Doubts) > 0 || len(inv.Entries) != len(models) {
			t.Fatalf("%s: %s", b.String(), dump(inv, err))
		}
		for i, m := range models {
			e := &inv.Entries[i]
			if e.Key != strings.Join(m.patterns, ", ") || e.Version != m.version || e.Resolved != m.resolved ||
				strings.Join(e.Integrity, " ") != m.integrity || e.Source != Registry || e.Alias != "" {
				t.Fatalf("%+v is read as %+v", m, *e)
			}
			requests := slices.Concat(m.requests[0], m.requests[1])
			if len(requests) != len(e.Dependencies) {
				t.Fatalf("%+v is read as %+v", m, *e)
			}
			for j, d := range e.Dependencies {
				if d.Name != requests[j][0] || d.Spec != requests[j][1] || (d.Kind == OptionalKind) != (j >= len(m.requests[0])) {
					t.Fatalf("%q is read as %+v", requests[j], d)
				}
			}
		}
	})
}
