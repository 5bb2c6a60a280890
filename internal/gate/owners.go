package gate

import (
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// owners are the places in which GitHub looks for the owners of a repository's
// files.
//
// https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
var owners = []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"}

func isOwners(file string) bool { return slices.Contains(owners, file) }

// disowned reports whether the head changes who owns the files that govern the
// gate, or a lockfile. Owners change often, and of other files they are no
// matter of ours.
func (s *sides) disowned(file string) bool {
	return !slices.Equal(s.owning(s.base.content[file]), s.owning(s.head.content[file]))
}

// owning gives the rules that may be about the files that govern the gate, in
// their order, which decides.
func (s *sides) owning(content []byte) (rules []string) {
	for line := range strings.Lines(string(content)) {
		rule, _, _ := strings.Cut(line, "#")
		words := strings.Fields(rule)
		if len(words) > 0 && s.covers(words[0]) {
			rules = append(rules, strings.Join(words, " "))
		}
	}
	return rules
}

// covers reports whether a pattern may mean a file that governs the gate: one
// that names its folder or its file, or that has nothing but wildcards.
func (s *sides) covers(pattern string) bool {
	plain := strings.Trim(pattern, "/*")
	if _, ok := lockfile.Known(path.Base(plain)); ok || plain == "" {
		return true
	}
	return strings.HasPrefix(plain, ".github") || strings.HasPrefix(s.policyPath, plain) || strings.Contains(plain, "CODEOWNERS") ||
		strings.HasPrefix(plain, ".y") || strings.HasPrefix(plain, ".json") // endings of policies, workflows and lockfiles
}
