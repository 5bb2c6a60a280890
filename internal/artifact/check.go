package artifact

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/code"
)

var (
	kinds = []Kind{Script, Typed, ManifestFile, Binary, Wasm, SourceMap, Text, Data}
	ways  = []Reach{AtInstall, AtImport, AsProgram, InTests, Unknown}
)

var errImpossible = errors.New("no archive has such a profile")

// check refuses what Read can't have made, so that nothing that relies on its
// promises meets anything else.
func (p *Profile) check() error {
	if p.Packed < 0 || p.Unpacked < 0 || len(p.Files) > defaults.Entries || len(p.Commands) > maxCommands {
		return errImpossible
	}
	last := ""
	for i := range p.Files {
		f := &p.Files[i]
		if f.Path <= last || !f.isPossible() {
			return errImpossible
		}
		last = f.Path
	}
	for _, c := range p.Commands {
		if c.Code == nil || !isPossible(c.Code) {
			return errImpossible
		}
	}
	return nil
}

func (f *File) isPossible() bool {
	local := path.Clean(f.Path) == f.Path && f.Path != ".." && !strings.HasPrefix(f.Path, "../") && !path.IsAbs(f.Path)
	switch {
	case !local || len(f.Path) > maxPath:
	case len(f.Hash) != 64 || strings.Trim(f.Hash, "0123456789abcdef") != "":
	case f.Size < 0 || f.Mode > 0o777:
	case !slices.Contains(kinds, f.Kind) || !slices.Contains(ways, f.Reach):
	case len(f.Excerpts) > maxExcerpts || !slices.IsSortedFunc(f.Excerpts, func(a, b Excerpt) int { return a.Offset - b.Offset }):
	default:
		return f.Code == nil || isPossible(f.Code)
	}
	return false
}

// isPossible holds the profile of one file to what the delta relies on.
func isPossible(p *code.Profile) bool {
	if p.Size < 0 || p.Lines < 0 || p.Longest < 0 || !slices.IsSorted(p.Shingles) {
		return false
	}
	odd := func(line, offset int) bool { return line < 0 || offset < 0 }
	return !slices.ContainsFunc(p.Uses, func(u code.Use) bool { return odd(u.Line, u.Offset) }) &&
		!slices.ContainsFunc(p.Mentions, func(m code.Mention) bool { return odd(m.Line, m.Offset) }) &&
		!slices.ContainsFunc(p.Modules, func(m code.Module) bool { return odd(m.Line, m.Offset) }) &&
		!slices.ContainsFunc(p.Traits, func(t code.Trait) bool { return odd(t.Line, t.Offset) || t.Count < 0 })
}
