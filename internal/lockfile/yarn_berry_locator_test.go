package lockfile

import (
	"slices"
	"strings"
	"testing"
)

func TestSplitBerry(t *testing.T) {
	for _, c := range []struct {
		text, name, rest string
		ok               bool
	}{
		{"a@npm:1.0.0", "a", "npm:1.0.0", true},
		{"@s/a@npm:1.0.0", "@s/a", "npm:1.0.0", true},
		{"a@npm:@s/b@1", "a", "npm:@s/b@1", true},
		{"a@git@git.example.com:o/r.git", "a", "git@git.example.com:o/r.git", true},
		{"@s@t/a@1", "@s@t/a", "1", true},
		{"", "", "", false},
		{"a", "", "", false},
		{"@s/a", "", "", false},
		{"@s", "", "", false},
		{"@/a@1", "", "", false},
		{"@s/@1", "", "", false},
		{"a/b@1", "", "", false},
		{"@s/a/b@1", "", "", false},
		{"a@", "a", "", false},
	} {
		name, rest, ok := splitBerry(c.text)
		if ok != c.ok || ok && (name != c.name || rest != c.rest) {
			t.Errorf("splitBerry(%q) = %q, %q, %v", c.text, name, rest, ok)
		}
	}
}

func TestCutDescriptor(t *testing.T) {
	for key, want := range map[string][]string{
		"a@npm:1":                            {"a@npm:1"},
		"a@npm:1, @s/b@npm:2":                {"a@npm:1", "@s/b@npm:2"},
		"a@npm:1,b@npm:2":                    {"a@npm:1", "b@npm:2"},
		"a@npm:1 ,  b@npm:2":                 {"a@npm:1", "b@npm:2"},
		"a@npm:>=1, <2, b@npm:2":             {"a@npm:>=1, <2", "b@npm:2"},
		"a@condition:X ? ^1 : ^2 (esm:b, C)": {"a@condition:X ? ^1 : ^2 (esm:b, C)"},
		"a@npm:1, b":                         {"a@npm:1, b"},
		"a@npm:1,":                           {"a@npm:1,"},
		"a, b, c@1":                          {"a, b", "c@1"},
		"":                                   {""},
	} {
		var got []string
		for first, rest := cutDescriptor(key); ; first, rest = cutDescriptor(rest) {
			got = append(got, first)
			if rest == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is cut into %q, want %q", key, got, want)
		}
	}
}

func TestOriginOf(t *testing.T) {
	const commit = "0123456789012345678901234567890123456789"
	for _, c := range []struct {
		reference string
		want      berryOrigin // its name is "a" where it is empty
	}{
		{"npm:1.0.0", berryOrigin{version: "1.0.0", source: Registry}},
		{"npm:1.0.0::__archiveUrl=https%3A%2F%2Fnpm.example.com%2Fa%2F-%2Fa-1.0.0.tgz",
			berryOrigin{version: "1.0.0", source: Registry, resolved: "https://npm.example.com/a/-/a-1.0.0.tgz"}},
		{"npm:1.0.0::__archiveUrl=https%3A%2F%2Ffiles.example.com%2Fa.tgz",
			berryOrigin{version: "1.0.0", source: URL, resolved: "https://files.example.com/a.tgz"}},
		{"npm:1.0.0::__archiveUrl=https%3A%2F%2Ffiles.example.com%2Fa.git",
			berryOrigin{version: "1.0.0", source: URL, resolved: "https://files.example.com/a.git"}},
		{"npm:1.0.0::__archiveUrl=file%3Aa.tgz",
			berryOrigin{version: "1.0.0", source: URL, resolved: "file:a.tgz", odd: "is of no kind that yarn knows"}},
		{"npm:1.0.0::__archiveUrl=%zz",
			berryOrigin{version: "1.0.0", source: URL, resolved: "%zz", odd: "has parameters that yarn never writes"}},
		{"workspace:packages/a", berryOrigin{source: Workspace}},
		{"workspace:.", berryOrigin{source: Workspace}},
		{"workspace:/a", berryOrigin{source: Workspace, odd: "names a folder in an odd way"}},
		{`workspace:packages\a`, berryOrigin{source: Workspace, odd: "names a folder in an odd way"}},
		{"link:./a::locator=app%40workspace%3A.", berryOrigin{source: Link, resolved: "link:./a"}},
		{"portal:../a::locator=app%40workspace%3A.", berryOrigin{source: Link, resolved: "portal:../a"}},
		{"file:./a%25b#./a%25b::hash=0123&locator=x", berryOrigin{source: File, resolved: "file:./a%b"}},
		{"file:./a#./b::hash=0123&locator=x", berryOrigin{source: File, resolved: "file:./b", odd: "names two paths"}},
		{"file:%zz", berryOrigin{source: File, resolved: "file:%zz", odd: "is escaped in an odd way"}},
		{"exec:./gen.js#./gen.js::hash=0123&locator=x", berryOrigin{source: File, resolved: "exec:./gen.js"}},
		{"condition:X?^1:^2#0123", berryOrigin{source: Link, resolved: "condition:X?^1:^2#0123"}},
		{"https://files.example.com/a.tgz", berryOrigin{source: URL, resolved: "https://files.example.com/a.tgz"}},
		{"https://npm.example.com/b/-/b-1.0.0.tgz", berryOrigin{real: "b", source: Registry, resolved: "https://npm.example.com/b/-/b-1.0.0.tgz"}},
		{"https://git.example.com/o/r.git#commit=" + commit, berryOrigin{source: Git, resolved: "https://git.example.com/o/r.git#commit=" + commit}},
		{"ssh://git@git.example.com/o/r.git#workspace=b&commit=" + commit,
			berryOrigin{source: Git, resolved: "ssh://git@git.example.com/o/r.git#workspace=b&commit=" + commit}},
		{"git@git.example.com:o/r.git#commit:" + commit, berryOrigin{source: Git, resolved: "git@git.example.com:o/r.git#commit:" + commit}},
		{"git@git.example.com:o/r.git#tag=v1", berryOrigin{source: Git, resolved: "git@git.example.com:o/r.git#tag=v1", odd: "pins no commit"}},
		{"git@git.example.com:o/r.git#commit=main", berryOrigin{source: Git, resolved: "git@git.example.com:o/r.git#commit=main", odd: "pins no commit"}},
		{"patch:b@npm%3A2.0.0#~/x.patch::version=2.0.0&hash=0a1b2c", berryOrigin{
			name: "b", reference: "npm:2.0.0", version: "2.0.0", source: Registry, inner: "b@npm:2.0.0", patches: "+0a1b2c"}},
		{"patch:b@patch%3Ac@npm%253A3.0.0%23x%3A%3Ahash=1#y::hash=2", berryOrigin{
			name: "c", reference: "npm:3.0.0", version: "3.0.0", source: Registry, inner: "b@patch:c@npm%3A3.0.0#x::hash=1", patches: "+2+1"}},
		{"patch:b@npm%3A2.0.0#x::hash=../y", berryOrigin{
			name: "b", reference: "npm:2.0.0", version: "2.0.0", source: Registry, inner: "b@npm:2.0.0", patches: "+"}},
		{"jsr:1.0.0", berryOrigin{name: "@jsr/a", reference: "npm:1.0.0", version: "1.0.0", source: Registry, inner: "@jsr/a@npm:1.0.0"}},
		{"virtual:0123#npm:1.0.0", berryOrigin{
			reference: "npm:1.0.0", version: "1.0.0", source: Registry, inner: "a@npm:1.0.0", odd: "is virtual, which yarn never writes"}},
		{"patch:#x", berryOrigin{reference: "patch:#x", source: URL, patches: "+", odd: "names no package that can be seen in it"}},
		{"patch:b@%zz#x", berryOrigin{source: URL, patches: "+", odd: "names no package that can be seen in it"}},
		{"catalog:", berryOrigin{source: URL, resolved: "catalog:", odd: "is of no kind that yarn knows"}},
		{"1.0.0", berryOrigin{source: URL, resolved: "1.0.0", odd: "is of no kind that yarn knows"}},
		{"./a", berryOrigin{source: URL, resolved: "./a", odd: "is of no kind that yarn knows"}},
		{"builtin:a", berryOrigin{source: URL, resolved: "builtin:a", odd: "is of no kind that yarn knows"}},
		{`https://files.example.com\@npm.example.com/a.tgz`, berryOrigin{
			source: URL, resolved: `https://files.example.com\@npm.example.com/a.tgz`, odd: "is of no kind that yarn knows"}},
	} {
		want := c.want
		if want.name == "" {
			want.name = "a"
		}
		if want.real == "" {
			want.real = want.name
		}
		if want.reference == "" {
			want.reference = c.reference
		}
		if got := originOf("a", c.reference); got != want {
			t.Errorf("%s:\ngot  %+v\nwant %+v", c.reference, got, want)
		}
	}
}

// Patches inside of patches are followed so deep, and no deeper.
func TestOriginOfDeepPatches(t *testing.T) {
	reference := "npm:1.0.0"
	for depth := range maxPatches + 2 {
		o := originOf("a", reference)
		if seen := o.odd == "" && o.version == "1.0.0"; seen != (depth <= maxPatches) {
			t.Errorf("%d deep: %+v", depth, o)
		}
		reference = "patch:a@" + strings.NewReplacer("%", "%25", ":", "%3A", "#", "%23").Replace(reference) + "#x"
	}
}

func TestNameInArchive(t *testing.T) {
	for address, want := range map[string]string{
		"https://npm.example.com/a/-/a-1.0.0.tgz":                "a",
		"https://npm.example.com/@s/a/-/a-1.0.0.tgz":             "@s/a",
		"https://npm.example.com/@s%2fa/-/a-1.0.0.tgz":           "@s/a",
		"https://npm.example.com/mirror/npm/a/-/a-1.0.0.tgz":     "a",
		"https://npm.example.com/download/@s/a/1.0.0/0123456789": "@s/a",
		"https://npm.example.com/download/@s/a/1.0.0":            "@s/a",
		"https://files.example.com/x.tgz?/a/-/a-1.0.0.tgz":       "",
		"https://files.example.com/x.tgz#/a/-/a-1.0.0.tgz":       "",
		"https://npm.example.com/~/7/@jsr/s__a/1.0.0.tgz":        "",
		"https://npm.example.com/%zz/-/a-1.0.0.tgz":              "",
		"https://npm.example.com/../-/a-1.0.0.tgz":               "",
		"-/-/": "-",
		"/-/":  "",
	} {
		if got := nameInArchive(address); got != want {
			t.Errorf("nameInArchive(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestParseResolution(t *testing.T) {
	for pattern, want := range map[string]berryOverride{
		"a":                          {},
		"a@npm:^1":                   {of: "npm:^1"},
		"@s/a":                       {},
		"b/a":                        {by: "b"},
		"@t/b/@s/a":                  {by: "@t/b"},
		"@t/b@npm:2.0.0/@s/a@^1.0.0": {by: "@t/b", byReference: "npm:2.0.0", of: "^1.0.0"},
	} {
		name, got, ok := parseResolution(pattern)
		if !ok || got != want || name != "a" && name != "@s/a" {
			t.Errorf("%q is %q, %+v, %v", pattern, name, got, ok)
		}
	}
	for _, pattern := range []string{"", "a/b/c", "/a", "a/", "@s"} {
		if name, o, ok := parseResolution(pattern); ok && name != "@s" {
			t.Errorf("%q is %q, %+v", pattern, name, o)
		}
	}
}
