package policy

import (
	"errors"
	"path"
	"slices"
	"strings"
)

// Ignored reports whether the policy excludes a lockfile, by its path from the
// repository's root, from judgement.
func (p *Policy) Ignored(file string) bool {
	names := strings.Split(file, "/")
	return slices.ContainsFunc(p.Ignore, func(pattern string) bool {
		return matches(strings.Split(pattern, "/"), names)
	})
}

// anyDepth stands for any number of folders, none included.
const anyDepth = "**"

func checkGlob(pattern string) error {
	for _, part := range strings.Split(pattern, "/") {
		switch {
		case part == "" || part == "." || part == "..":
			return errors.New("has an empty name, . or .. between its slashes, which no path has")
		case part != anyDepth && strings.Contains(part, anyDepth):
			return errors.New("has ** beside other characters; it stands alone between slashes")
		}
		if _, err := path.Match(part, ""); err != nil {
			return errors.New("has a [ that is not closed, or an empty set")
		}
	}
	return nil
}

// matches compares a pattern with a path, both by names. Going back to the
// last ** only, it takes at most len(pattern) × len(names) steps.
func matches(pattern, names []string) bool {
	at, back, from := 0, -1, 0
	for i := 0; i < len(names); {
		switch {
		case at < len(pattern) && pattern[at] == anyDepth:
			back, from = at, i
			at++
		case at < len(pattern) && matchesName(pattern[at], names[i]):
			at++
			i++
		case back >= 0:
			from++
			at, i = back+1, from
		default:
			return false
		}
	}
	for at < len(pattern) && pattern[at] == anyDepth {
		at++
	}
	return at == len(pattern)
}

func matchesName(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}
