package lockfile

import (
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// text reads a value that should be text. One without quotes may be something
// else to js-yaml: a version of 1.10 is the number 1.1.
func (r *pnpmReader) text(key, name string) string {
	text, plain, ok := r.walk.TryText()
	if !ok {
		line, what := r.odd()
		r.doubts.add(line, key, false, "%.80q is %s, not text", name, what)
		return ""
	}
	if !plain {
		return text
	}
	switch kind := scalarKind(text); kind {
	case "":
		return text
	case "null": // as good as absent
		return ""
	default:
		r.doubts.add(r.walk.Line(), key, true, "%.80q is %.80q without quotes, which YAML takes for %s", name, text, kind)
		return text
	}
}

// flag reads a value that should be true, as JavaScript takes it.
func (r *pnpmReader) flag(key, name string) bool {
	text, plain, ok := r.walk.TryText()
	switch {
	case ok && plain && text == "true":
		return true
	case ok && plain && (text == "false" || scalarKind(text) == "null"):
		return false
	case !ok:
		line, what := r.odd()
		r.doubts.add(line, key, false, "%s is %s, not true or false", name, what)
	default:
		r.doubts.add(r.walk.Line(), key, false, "%s is %.80q, not true or false", name, text)
	}
	return text != ""
}

// isMap reports whether a mapping comes next, and skips anything else. A null is
// as good as absent. packages says whether the mapping would name packages.
func (r *pnpmReader) isMap(key, name string, packages bool) bool {
	if r.walk.Kind() == yamlline.Map {
		return true
	}
	if line, what := r.odd(); what != "null" {
		r.doubts.add(line, key, packages, "%.80q is %s, not a mapping", name, what)
	}
	return false
}

// odd skips a value of a kind that was not expected, and says what it is.
func (r *pnpmReader) odd() (line int, what string) {
	switch r.walk.Kind() {
	case yamlline.Map:
		what = "a mapping"
	case yamlline.Sequence:
		what = "a sequence"
	default:
		text, plain, _ := r.walk.TryText()
		if what = fmt.Sprintf("%.80q", text); plain && scalarKind(text) == "null" {
			what = "null"
		}
		return r.walk.Line(), what
	}
	r.walk.Skip()
	return r.walk.Line(), what
}

// scalarKind says what a scalar without quotes is to js-yaml where it is no
// text; "" for text.
func scalarKind(text string) string {
	if text == "" {
		return "null"
	}
	switch c := text[0]; {
	case '0' <= c && c <= '9':
		if isThreePart(text) {
			return ""
		}
		if isDate(text) {
			return "a date"
		}
		if isNumber(text) {
			return "a number"
		}
	case c == '-' || c == '+' || c == '.':
		if isNumber(text) {
			return "a number"
		}
	default:
		switch text {
		case "~", "null", "Null", "NULL":
			return "null"
		case "true", "True", "TRUE", "false", "False", "FALSE":
			return "a boolean"
		}
	}
	return ""
}

// isThreePart reports whether a text begins with digits, a dot, digits and a
// dot, as nearly all do that begin with a digit.
func isThreePart(text string) bool {
	dots := 0
	for i := range len(text) {
		if text[i] == '.' {
			if dots++; dots == 2 {
				return true
			}
		} else if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return false
}

// isNumber reports whether a text is a number to js-yaml (lib/type/int.js and
// float.js), or nearly one.
func isNumber(text string) bool {
	text = strings.TrimLeft(text, "+-")
	switch strings.ToLower(text) {
	case ".inf", ".nan":
		return true
	}
	if len(text) > 2 && text[0] == '0' {
		for _, base := range [...]struct {
			letter byte
			digits string
		}{{'b', "01_"}, {'o', "01234567_"}, {'x', "0123456789abcdefABCDEF_"}} {
			if text[1] == base.letter {
				return strings.Trim(text[2:], base.digits) == ""
			}
		}
	}
	rest := strings.TrimLeft(text, "0123456789_")
	digits := len(rest) < len(text)
	if fraction, ok := strings.CutPrefix(rest, "."); ok {
		rest = strings.TrimLeft(fraction, "0123456789_")
		digits = digits || len(rest) < len(fraction)
	}
	if rest != "" && (rest[0] == 'e' || rest[0] == 'E') && len(rest) > 1 {
		rest = rest[1:]
		if rest[0] == '+' || rest[0] == '-' {
			rest = rest[1:]
		}
		return digits && isDigits(rest)
	}
	return digits && rest == ""
}

// isDate reports whether a text begins as js-yaml's dates do: 2001-12-14.
func isDate(text string) bool {
	if len(text) < len("2001-1-1") || text[4] != '-' || !isDigits(text[:4]) {
		return false
	}
	month, day, _ := strings.Cut(text[5:], "-")
	if end := strings.IndexAny(day, "Tt \t"); end >= 0 {
		day = day[:end]
	}
	return len(month) <= 2 && len(day) <= 2 && isDigits(month) && isDigits(day)
}
