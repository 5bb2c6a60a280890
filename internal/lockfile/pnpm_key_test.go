package lockfile

import "testing"

func TestPNPMKeyOf(t *testing.T) {
	const sha = "0123456789abcdef0123456789abcdef01234567"
	for _, c := range []struct {
		key  string
		want pnpmKey
	}{
		{"/a/1.2.3", pnpmKey{slashGrammar, "a", "1.2.3", "", true}},
		{"/@s/a/1.2.3-rc.1+build.5", pnpmKey{slashGrammar, "@s/a", "1.2.3-rc.1+build.5", "", true}},
		{"/a_b/1.2.3_@s+peer@1.0.0+other@2.0.0", pnpmKey{slashGrammar, "a_b", "1.2.3", "", true}},
		{"/a/1.2.3_meg5pyqxxsuxu5v7xnjsvb7vxq", pnpmKey{slashGrammar, "a", "1.2.3", "", true}},
		{"/a/1.2.3(@s/peer@1.0.0)", pnpmKey{slashGrammar, "a", "1.2.3", "", true}},
		{"npm.example.com/a/1.2.3", pnpmKey{slashGrammar, "a", "1.2.3", "", true}},
		{"npm.example.com+8080/@s/a/1.2.3_peer@1.0.0", pnpmKey{slashGrammar, "@s/a", "1.2.3", "", true}},
		{"/a@1.2.3", pnpmKey{atGrammar, "a", "1.2.3", "", true}},
		{"/@s/a@1.2.3(@s/peer@1.0.0(other@2.0.0))(patch_hash=00)", pnpmKey{atGrammar, "@s/a", "1.2.3", "", true}},
		{"npm.example.com/@s/a@1.2.3(peer@1.0.0)", pnpmKey{atGrammar, "@s/a", "1.2.3", "", true}},
		{"a@1.2.3", pnpmKey{bareGrammar, "a", "1.2.3", "", true}},
		{"@s/a@1.2.3", pnpmKey{bareGrammar, "@s/a", "1.2.3", "", true}},
		{"a@work:1.2.3", pnpmKey{bareGrammar, "a", "1.2.3", "", true}},
		{"node@runtime:22.0.0", pnpmKey{bareGrammar, "node", "22.0.0", "runtime:22.0.0", false}},
		{"a@npm:1.2.3", pnpmKey{bareGrammar, "a", "", "npm:1.2.3", false}},
		{"a@file:dir (x)/y", pnpmKey{bareGrammar, "a", "", "file:dir (x)/y", false}},
		{"@s/a@file:../a@1.0.0.tgz", pnpmKey{bareGrammar, "@s/a", "", "file:../a@1.0.0.tgz", false}},
		{"a@https://archive.example/@x/a@1.2.3", pnpmKey{bareGrammar, "a", "", "https://archive.example/@x/a@1.2.3", false}},
		{"a@git+ssh://git@git.example/o/a.git#" + sha, pnpmKey{bareGrammar, "a", "", "git+ssh://git@git.example/o/a.git#" + sha, false}},
		{"file:a/b", pnpmKey{address: "file:a/b"}},
		{"file:a@1.2.3.tgz", pnpmKey{address: "file:a@1.2.3.tgz"}},
		{"github.com/o/a/" + sha, pnpmKey{address: "github.com/o/a/" + sha}},
		{"git@git.example+o/a/" + sha, pnpmKey{address: "git@git.example+o/a/" + sha}},
		{"@codeload.github.com/o/a/tar.gz/" + sha, pnpmKey{address: "@codeload.github.com/o/a/tar.gz/" + sha}},
		{"@archive.example/a/1.2.3", pnpmKey{address: "@archive.example/a/1.2.3"}},
		{"archive.example:8080/a-1.2.3", pnpmKey{address: "archive.example:8080/a-1.2.3"}},
		{"a@1.2", pnpmKey{address: "a@1.2"}},
		{"a@latest", pnpmKey{address: "a@latest"}},
		{"a@", pnpmKey{address: "a@"}},
		{"@", pnpmKey{address: "@"}},
		{"/a/latest", pnpmKey{}},
		{"/a", pnpmKey{}},
		{"/@s/a", pnpmKey{}},
		{"/", pnpmKey{}},
		{"", pnpmKey{}},
	} {
		if got := pnpmKeyOf(c.key); got != c.want {
			t.Errorf("%q: %+v, want %+v", c.key, got, c.want)
		}
	}
}

func TestPNPMBase(t *testing.T) {
	for key, want := range map[string]string{
		"a@1.0.0":          "a@1.0.0",
		"a@1.0.0(b@1.0.0)": "a@1.0.0",
		"a@1.0.0(patch_hash=0)(b@1.0.0(@s/c@1.0.0))(d@2.0.0)": "a@1.0.0",
		"a@file:dir (x)/y(b@1.0.0)":                           "a@file:dir (x)/y",
		"a@file:dir (x)":                                      "a@file:dir ",
		"a@1.0.0)":                                            "a@1.0.0)",
		"a@1.0.0(b":                                           "a@1.0.0(b",
		"(b)":                                                 "(b)",
		")":                                                   ")",
		"":                                                    "",
	} {
		if got := pnpmBase(key); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}

// As node-semver's valid() says.
func TestIsSemver(t *testing.T) {
	for version, want := range map[string]bool{
		"1.2.3": true, "0.0.0": true, "1.2.3-0": true, "1.2.3-alpha.1": true, "1.2.3+build.01": true, "1.2.3-a-b.c+d-e": true, "1.2.3-01a": true,
		"1.2": false, "1": false, "": false, "1.2.3.4": false, "01.2.3": false, "1.2.3-01": false, "1.2.3-": false, "1.2.3+": false,
		"1.2.3-a..b": false, "1.2.x": false, "v1.2.3": false, "1.2.3 ": false, "1.2.-3": false, "1.2.3_a": false, "1..3": false,
	} {
		if got := isSemver(version); got != want {
			t.Errorf("%q: %v", version, got)
		}
	}
}

// As js-yaml's schema says, or, for "-.5" and "2001-1-1", another reader's.
func TestScalarKind(t *testing.T) {
	for kind, texts := range map[string][]string{
		"null":      {"", "~", "null", "NULL"},
		"a boolean": {"true", "False"},
		"a number":  {"1", "-1", "+12", "0", "007", "1_000", "0x1F", "0o17", "0b11", "1.10", "1.", ".5", "-.5", "1e3", "1.5E-3", ".inf", "-.Inf", ".NaN", "123e45"},
		"a date":    {"2001-12-14", "2001-1-1", "2001-12-14T21:59:43Z", "2001-12-14 21:59:43"},
		"": {"1.2.3", "1.2.3-4", "10.20.30", "1.x", "1e", "1e+", "e3", ".", "-", "+", "0x", "0xg", "yes", "on", "nULL", "sha512-1", "a", "2001-12",
			"12-14-2001", "2001-12-14x", "1.2e3.4", "./a", "-a", "0b12", "00112233445566778899aabbccddeeff00112233"},
	} {
		for _, text := range texts {
			if got := scalarKind(text); got != kind {
				t.Errorf("%q is %q, want %q", text, got, kind)
			}
		}
	}
}
