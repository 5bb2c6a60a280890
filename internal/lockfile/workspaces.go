package lockfile

import (
	"path"
	"slices"
	"strings"
)

// Caps on the patterns of workspaces, which a package.json may have in any
// number. Real ones have a dozen, over some thousand folders.
const (
	maxPatterns       = 1000    // with the alternatives in braces counted one by one
	maxWorkspaceSteps = 4 << 20 // comparisons of a folder's name with a part of a pattern, longer ones counted as more
)

// anyDepth stands for any number of folders, none included.
const anyDepth = "**"

// workspaceFolders gives those of the folders that the patterns of a manifest's
// `workspaces` name, in their order. All are relative to the manifest's own
// folder; what lies below a node_modules is none. Of the patterns that match a
// folder the last decides: one that begins with "!" takes it out. whole is false
// where there was more to compare than is allowed.
func workspaceFolders(patterns, folders []string) (found []string, whole bool) {
	globs, whole := workspaceGlobs(patterns)
	steps := maxWorkspaceSteps
	for _, folder := range folders {
		names := strings.Split(folder, "/")
		if folder == "" || slices.Contains(names, "node_modules") {
			continue
		}
		for _, glob := range slices.Backward(globs) {
			if glob.matches(names, &steps) {
				if !glob.out {
					found = append(found, folder)
				}
				break
			}
		}
		if steps < 0 {
			return found, false
		}
	}
	return found, whole
}

// workspaceGlob is a pattern taken apart at its slashes.
type workspaceGlob struct {
	out   bool // it takes folders out
	parts []string
}

// workspaceGlobs takes patterns apart. whole is false if it left some out.
func workspaceGlobs(patterns []string) (globs []workspaceGlob, whole bool) {
	for _, pattern := range patterns {
		if len(pattern) > maxKey || len(globs) == maxPatterns {
			return globs, false
		}
		bare := strings.TrimLeft(pattern, "!")
		out := (len(pattern)-len(bare))%2 != 0
		for _, text := range alternatives(bare, maxPatterns-len(globs)) {
			globs = append(globs, workspaceGlob{out, strings.Split(path.Clean(strings.TrimLeft(text, "/")), "/")})
		}
	}
	return globs, true
}

// alternatives writes out the braces of a pattern, as in "{apps,packages}/*",
// the inner ones first, and gives the first patterns up to a number of them.
func alternatives(pattern string, most int) []string {
	list := []string{pattern}
	for i := 0; i < len(list); {
		text := list[i]
		end := strings.IndexByte(text, '}')
		open := strings.LastIndexByte(text[:max(end, 0)], '{')
		if open < 0 {
			i++
			continue
		}
		inner := strings.Split(text[open+1:end], ",")
		for j := range inner {
			inner[j] = text[:open] + inner[j] + text[end+1:]
		}
		list = slices.Replace(list, i, i+1, inner...)
		list = list[:min(len(list), most)]
	}
	return list
}

// matches compares a pattern with a folder by its names. Going back to the last
// ** only, it takes at most len(parts) × len(names) comparisons.
func (g workspaceGlob) matches(names []string, steps *int) bool {
	at, back, from := 0, -1, 0
	for i := 0; i < len(names); {
		switch {
		case at < len(g.parts) && g.parts[at] == anyDepth:
			back, from = at, i
			at++
		case at < len(g.parts) && matchesName(g.parts[at], names[i], steps):
			at++
			i++
		case back >= 0:
			from++
			at, i = back+1, from
		default:
			return false
		}
	}
	for at < len(g.parts) && g.parts[at] == anyDepth {
		at++
	}
	return at == len(g.parts)
}

// matchesName compares one part of a pattern with one name, and counts what it
// costs at most. When the steps are used up nothing matches any more.
func matchesName(part, name string, steps *int) bool {
	if *steps -= 1 + len(part)*len(name)/16; *steps < 0 {
		return false
	}
	ok, err := path.Match(part, name)
	return ok && err == nil
}
