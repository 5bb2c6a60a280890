package signal

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/lockkeeper/lockkeeper/internal/signal/popular"
)

// alphabet are the characters that a name of npm may have (validate-npm-package-name).
const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789-_."

// minLookalike is the length of a name under which one edit means nothing:
// half of all short names are one edit from each other.
const minLookalike = 5

// lookalike gives the famous name that a name could be taken for, and how they
// differ; "" if there is none. A name that is itself widely used is no
// lookalike: somebody would have noticed.
func lookalike(name string) (target, how string) {
	names := popular.NPM()
	if names.Has(name) || len(name) < minLookalike {
		return "", ""
	}
	scope, own := splitScope(name)
	if scope == "" {
		if target = unscoped(names, name); target != "" {
			return target, "the same but for the mark and the slash of its scope"
		}
		return lookalikeOf(names, name, func(candidate string) bool { return !strings.HasPrefix(candidate, "@") })
	}
	if len(scope) < minLookalike {
		return "", ""
	}
	// Only the owners of a scope publish in it, so that only another scope lies.
	return lookalikeOf(names, name, func(candidate string) bool {
		theirs, base := splitScope(candidate)
		return theirs != "" && theirs != scope && base == own
	})
}

// unscoped gives the famous scoped name that a name without a scope reads like:
// "types-node" for "@types/node", as in December 2024.
func unscoped(names *popular.Names, name string) string {
	for i := range name {
		if name[i] != '-' && name[i] != '_' && name[i] != '.' {
			continue
		}
		if scoped := "@" + name[:i] + "/" + name[i+1:]; names.Famous(scoped) {
			return scoped
		}
	}
	return ""
}

// lookalikeOf tries the ways in which a name is mistaken for another, the
// surest first, and takes the most downloaded of the names that one way finds.
func lookalikeOf(names *popular.Names, name string, allowed func(string) bool) (target, how string) {
	best := func(candidates []string) string {
		candidates = slices.DeleteFunc(candidates, func(c string) bool { return c == name || !names.Famous(c) || !allowed(c) })
		if len(candidates) == 0 {
			return ""
		}
		return slices.MinFunc(candidates, func(a, b string) int { return cmp.Compare(names.Rank(a), names.Rank(b)) })
	}
	if found := best(shapes().bare[bare(name)]); found != "" {
		return found, "the same but for separators or characters that look alike"
	}
	if found := best(shapes().words[words(name)]); found != "" {
		return found, "the same words in another order"
	}
	if found := best(nearby(name)); found != "" {
		return found, "one edit away"
	}
	return "", ""
}

// shape holds the famous names by what stays of them when a difference that a
// reader overlooks is taken away.
type shape struct{ bare, words map[string][]string }

var shapes = sync.OnceValue(func() shape {
	s := shape{make(map[string][]string), make(map[string][]string)}
	for name := range popular.NPM().All {
		s.bare[bare(name)] = append(s.bare[bare(name)], name)
		if key := words(name); key != "" {
			s.words[key] = append(s.words[key], name)
		}
	}
	return s
})

var overlooked = strings.NewReplacer("-", "", "_", "", ".", "", "rn", "m", "vv", "w", "0", "o", "1", "l", "5", "s")

// bare drops separators and a final "js", and takes characters that look alike
// for one. The mark and the slash of a scope stay.
func bare(name string) string {
	return strings.TrimSuffix(overlooked.Replace(name), "js")
}

// nearby gives the famous names that stay one edit away from a name where what a
// reader overlooks is taken away from both.
func nearby(name string) []string {
	own := bare(name)
	if len(own) < minLookalike {
		return nil
	}
	var found []string
	for _, variant := range oneEdit(own) {
		found = append(found, shapes().bare[variant]...)
	}
	return found
}

// words gives a name's words in order; "" if there are fewer than two.
func words(name string) string {
	scope, own := splitScope(name)
	parts := strings.FieldsFunc(own, func(c rune) bool { return c == '-' || c == '_' || c == '.' })
	if len(parts) < 2 {
		return ""
	}
	slices.Sort(parts)
	return scope + "/" + strings.Join(parts, "-")
}

// oneEdit gives every text that one insertion, deletion, replacement or swap of
// neighbours away from a name (Damerau and Levenshtein's distance 1).
func oneEdit(name string) []string {
	list := make([]string, 0, 2*len(name)*(len(alphabet)+1))
	for i := 0; i <= len(name); i++ {
		before, rest := name[:i], name[i:]
		for _, c := range alphabet {
			list = append(list, before+string(c)+rest)
			if rest != "" {
				list = append(list, before+string(c)+rest[1:])
			}
		}
		if rest != "" {
			list = append(list, before+rest[1:])
		}
		if len(rest) > 1 {
			list = append(list, before+rest[1:2]+rest[:1]+rest[2:])
		}
	}
	return list
}

func splitScope(name string) (scope, own string) {
	if strings.HasPrefix(name, "@") {
		if scope, own, ok := strings.Cut(name, "/"); ok {
			return scope, own
		}
	}
	return "", name
}
