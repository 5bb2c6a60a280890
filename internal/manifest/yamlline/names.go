package yamlline

import (
	"regexp"
	"sync"
)

// js-yaml, with which pnpm reads up to version 11, gives a name without quotes
// its meaning first and spells that: 0x10 is named 16, and 1.0 is named 1. yarn
// and pnpm 12 take names as they stand.
var (
	// What js-yaml 3 or 4 takes for null, a boolean, a number or a date.
	meaningful = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:` +
			`~|Null|NULL|True|TRUE|False|FALSE|` +
			`[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9A-Fa-f_]+|[0-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?)|` +
			`[-+]?\.(?:[0-9_]+(?:[eE][-+]?[0-9]+)?|inf|Inf|INF)|\.(?:nan|NaN|NAN)|` +
			`[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?)$`)
	})
	// The numbers that it spells as they were.
	canonical = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:0|[1-9][0-9]{0,14}|(?:0|[1-9][0-9]{0,6})\.[0-9]{0,5}[1-9])$`)
	})
)

// oddName says why a name is not read as it stands by all readers, or nothing.
func oddName(name string, plain bool) string {
	switch {
	case name == "<<":
		return "it has a merge key, which no package manager writes"
	case name == "__proto__":
		// js-yaml before 3.14.2 and 4.1.1 gives its members to the mapping itself.
		return "it has the name __proto__, which some readers don't take for a name"
	case !plain:
		return ""
	case name == "":
		return "a name is left out" // js-yaml names it null
	case oddFirst[name[0]] && meaningful().MatchString(name) && !canonical().MatchString(name):
		return "a name without quotes is a number, date, boolean or null, which readers spell in two ways"
	}
	return ""
}

// oddFirst marks the bytes with which odd names begin.
var oddFirst = func() (table [256]bool) {
	for _, c := range "<_~NTF+-.0123456789" {
		table[c] = true
	}
	return table
}()
