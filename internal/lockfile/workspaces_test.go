package lockfile

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWorkspaceFolders(t *testing.T) {
	folders := []string{
		"", "apps", "apps/web", "apps/web/e2e", "docs", "node_modules/x", "packages/a", "packages/a/node_modules/b",
		"packages/a/test/fixture", "packages/b", "packages/b-extra", "tools", "x[1]/y",
	}
	for _, c := range []struct {
		patterns string // joined by spaces
		want     string
	}{
		{"", ""},
		{"packages/*", "packages/a packages/b packages/b-extra"},
		{"packages/*/", "packages/a packages/b packages/b-extra"},
		{"./packages/a", "packages/a"},
		{"/packages/a", "packages/a"},
		{"packages/**", "packages/a packages/a/test/fixture packages/b packages/b-extra"},
		{"**", "apps apps/web apps/web/e2e docs packages/a packages/a/test/fixture packages/b packages/b-extra tools x[1]/y"},
		{"**/fixture", "packages/a/test/fixture"},
		{"packages/**/fixture", "packages/a/test/fixture"},
		{"packages/?", "packages/a packages/b"},
		{"packages/[ab]", "packages/a packages/b"},
		{"packages/b*", "packages/b packages/b-extra"},
		{"packages/* !packages/b", "packages/a packages/b-extra"},
		{"!packages/b packages/*", "packages/a packages/b packages/b-extra"},
		{"packages/* !packages/b* packages/b-extra", "packages/a packages/b-extra"},
		{"!!packages/a", "packages/a"},
		{"{apps,packages}/*", "apps/web packages/a packages/b packages/b-extra"},
		{"{apps/{web,none},tools}", "apps/web tools"},
		{"packages/{a,b{,-extra}}", "packages/a packages/b packages/b-extra"},
		{"docs docs ./docs", "docs"},
		{".", ""},
		{"../packages/a", ""},
		{"node_modules/*", ""},
		{"packages/[", ""},
		{"packages/{a", ""},
		{"packages/a}", ""},
	} {
		got, whole := workspaceFolders(strings.Fields(c.patterns), folders)
		if strings.Join(got, " ") != c.want || !whole {
			t.Errorf("%s: %q, %v", c.patterns, got, whole)
		}
	}
}

// What a manifest and a tree can make long is cut off, and said.
func TestWorkspaceFoldersAreBounded(t *testing.T) {
	deep := strings.TrimSuffix(strings.Repeat("a/", 100), "/")
	var folders, patterns []string
	for i := range 20_000 {
		folders = append(folders, fmt.Sprintf("%s/%d", deep, i))
		patterns = append(patterns, fmt.Sprintf("**/%s*%d", strings.Repeat("a/", 50), i))
	}
	for name, patterns := range map[string][]string{
		"patterns":          slices.Repeat([]string{"x"}, maxPatterns+1),
		"patterns to match": patterns[:maxPatterns],
		"stars":             {strings.Repeat("**/", 1000) + "x"},
		"a long part":       {strings.Repeat("*a", 2000) + "x"},
		"braces":            {strings.Repeat("{a,b}", 60)},
		"a long pattern":    {strings.Repeat("{a,b}", 200_000)},
	} {
		bounded(t, name, []byte(strings.Join(folders, "")), func([]byte) {
			found, whole := workspaceFolders(patterns, folders)
			if name != "braces" && name != "stars" && name != "a long part" && whole {
				t.Errorf("%s: %d folders, and nothing is left out", name, len(found))
			}
		})
	}
}

// A pattern matches as the plainest comparison, which recurses, says.
func TestWorkspaceGlobMatches(t *testing.T) {
	part := rapid.SampledFrom([]string{"a", "b", "*", "**", "a*", "?"})
	name := rapid.SampledFrom([]string{"a", "b", "ab"})
	rapid.Check(t, func(t *rapid.T) {
		parts, names := rapid.SliceOfN(part, 1, 6).Draw(t, "pattern"), rapid.SliceOfN(name, 1, 6).Draw(t, "folder")
		steps := maxWorkspaceSteps
		if got := (workspaceGlob{parts: parts}).matches(names, &steps); got != plainlyMatches(parts, names) {
			t.Errorf("%q and %q: %v", parts, names, got)
		}
	})
}

func plainlyMatches(parts, names []string) bool {
	if len(parts) == 0 {
		return len(names) == 0
	}
	if parts[0] == anyDepth {
		return plainlyMatches(parts[1:], names) || len(names) > 0 && plainlyMatches(parts, names[1:])
	}
	if len(names) == 0 {
		return false
	}
	ok, _ := path.Match(parts[0], names[0])
	return ok && plainlyMatches(parts[1:], names[1:])
}
