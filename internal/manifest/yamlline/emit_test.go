package yamlline

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// tree is what an emitter writes: a text, a mapping or a list.
type tree struct {
	text    string
	members []member
	list    []tree
	kind    Kind
}

type member struct {
	name  string
	value tree
}

// pnpm writes as pnpm does, with js-yaml's dump: dumper.js of @zkochan/js-yaml
// 0.0.11 with blankLines, lineWidth -1, noCompatMode and noRefs.
type pnpm struct{ strings.Builder }

// singleLine are the names whose collections pnpm writes in one line.
var singleLine = map[string]bool{"cpu": true, "engines": true, "os": true, "libc": true, "resolution": true}

func (b *pnpm) node(n tree, name string, level int, block bool) {
	newLine := "\n" + strings.Repeat("  ", level)
	switch {
	case n.kind == Scalar:
		b.WriteString(" " + pnpmScalar(n.text, level, block, false))
	case n.kind == Map && (!block || len(n.members) == 0 || singleLine[name]):
		b.WriteString(" {")
		for i, m := range n.members {
			b.WriteString(strings.Repeat(",", min(i, 1)) + strings.Repeat(" ", min(i, 1)))
			b.WriteString(pnpmScalar(m.name, 0, false, true) + ":")
			b.node(m.value, "", level, false)
		}
		b.WriteString("}")
	case n.kind == Map:
		for _, m := range n.members {
			if level == 0 || name == "packages" {
				b.WriteString("\n")
			}
			name := pnpmScalar(m.name, 0, true, true)
			var value pnpm
			value.node(m.value, m.name, level+1, true)
			if text := value.String(); len(name) > 1024 {
				b.WriteString(newLine + "? " + name + newLine + ": " + strings.TrimLeft(text, " \n"))
			} else {
				b.WriteString(newLine + name + ":" + text)
			}
		}
	case !block || len(n.list) == 0 || singleLine[name]:
		b.WriteString(" [")
		for i, e := range n.list {
			b.WriteString(strings.Repeat(",", min(i, 1)))
			var one pnpm
			one.node(e, "", level, false)
			b.WriteString(strings.TrimPrefix(one.String(), " "[min(i, 1):]))
		}
		b.WriteString("]")
	default:
		for _, e := range n.list {
			var one pnpm
			one.node(e, "", level+1, true)
			// The first name or dash of a collection stands in the line of the dash.
			b.WriteString(newLine + "- " + strings.TrimLeft(one.String(), " \n"))
		}
	}
}

var (
	unprintable  = regexp.MustCompile(`[^\n -~¡-\x{2027}\x{202a}-\x{d7ff}\x{e000}-\x{fefe}\x{ff00}-\x{fffd}\x{10000}-\x{10ffff}]`)
	notPlain     = regexp.MustCompile("^[-?:,\\[\\]{}#&*!|=>'\"%@` ]|[: ]$|: | #")
	resolves     = regexp.MustCompile(`^([-+.0-9].*|~|<<|null|Null|NULL|true|True|TRUE|false|False|FALSE)$`)
	flowOnly     = regexp.MustCompile(`[,\[\]{}]`)
	doubleQuoted = strings.NewReplacer("\x00", `\0`, "\a", `\a`, "\b", `\b`, "\t", `\t`, "\n", `\n`, "\v", `\v`, "\f", `\f`, "\r", `\r`, "\x1b", `\e`,
		`"`, `\"`, `\`, `\\`, "\u0085", `\N`, "\u00a0", `\_`, "\u2028", `\L`, "\u2029", `\P`, "\x01", `\x01`, "\x7f", `\x7F`, "\ufeff", `\uFEFF`)
)

func pnpmScalar(text string, level int, block, oneLine bool) string {
	switch {
	case text == "":
		return "''"
	case unprintable.MatchString(text), oneLine && strings.Contains(text, "\n"), !block && strings.Contains(text, "\n"):
		return `"` + doubleQuoted.Replace(text) + `"`
	case strings.Contains(text, "\n"):
		return pnpmBlock(text, level)
	case notPlain.MatchString(text), resolves.MatchString(text), !block && flowOnly.MatchString(text):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return text
}

func pnpmBlock(text string, level int) string {
	header := "|"
	if strings.HasPrefix(strings.TrimLeft(text, "\n"), " ") {
		header += "2"
	}
	switch {
	case !strings.HasSuffix(text, "\n"):
		header += "-"
	case strings.HasSuffix(text, "\n\n"), text == "\n":
		header += "+"
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = strings.Repeat("  ", level) + line
		}
	}
	return header + "\n" + strings.Join(lines, "\n")
}

// simple is syml.js's pattern of what needs no quotes.
func simple(text string) bool {
	if text == "" || strings.ContainsAny(text[:1], "-?:,][{}#&*!|>'\"%@` \t\r\n") || strings.ContainsAny(text, ",][{}:#\r\n") {
		return false
	}
	return !strings.HasSuffix(text, " ") && !strings.HasSuffix(text, "\t")
}

func berryText(text string) string {
	if simple(text) {
		return text
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return fmt.Sprint(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// berry writes as yarn does: stringifyValue of @yarnpkg/parsers 3.1.0.
func berry(n tree, level int, newLine bool) string {
	indent := strings.Repeat("  ", level)
	var b strings.Builder
	switch {
	case n.kind == Scalar:
		return berryText(n.text) + "\n"
	case n.kind == Sequence && len(n.list) == 0:
		return "[]\n"
	case n.kind == Sequence:
		b.WriteString("\n")
		for _, e := range n.list {
			b.WriteString(indent + "- " + berry(e, level+1, false))
		}
		return b.String()
	}
	if newLine {
		b.WriteString("\n")
	}
	for i, m := range n.members {
		if level == 0 && i > 0 {
			b.WriteString("\n")
		}
		if i > 0 || newLine {
			b.WriteString(indent)
		}
		name := berryText(m.name)
		if len(name) > 1024 {
			name = "? " + name + "\n" + indent
		}
		value := berry(m.value, level+1, true)
		if !strings.HasPrefix(value, "\n") {
			value = " " + value
		}
		b.WriteString(name + ":" + value)
	}
	return b.String()
}
