package settings

import (
	"math"
	"strconv"
	"strings"
)

// plainBoolean reads a boolean of JSON, YAML, TOML or .yarnrc. A quoted one is
// a text that is neither: pnpm and bun take the text "false" for set.
func plainBoolean(n *node) string {
	lower := strings.ToLower(n.text)
	switch {
	case !n.plain:
		return strconv.Quote(n.text)
	case lower == "true" || lower == "false":
		return lower
	}
	return n.text
}

// yarnBoolean reads a boolean as yarn does, which has its YAML without types
// (@yarnpkg/core, miscUtils.parseBoolean).
func yarnBoolean(n *node) string {
	switch n.text {
	case "true", "1":
		return "true"
	case "false", "0":
		return "false"
	}
	return n.text
}

// npmBoolean reads a boolean as npm does: a number is whether it is zero, and
// any other text but false and null is true, an empty one as well (nopt,
// lib/type-defs.js; @npmcli/config, lib/parse-field.js).
func npmBoolean(n *node) string {
	text := strings.TrimSpace(n.text)
	if number, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(number) {
		return strconv.FormatBool(number != 0)
	}
	return strconv.FormatBool(text != "false" && text != "null")
}
