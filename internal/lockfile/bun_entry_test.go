package lockfile

import "testing"

func TestBunForm(t *testing.T) {
	for _, c := range []struct {
		text   string
		source Source
		known  bool
	}{
		{"1.0.0", Registry, true},
		{"1.0.0-beta.1+build-2", Registry, true},
		{"0.0.0-insiders.565cd3e", Registry, true},
		{"root:", Workspace, true},
		{"workspace:packages/a", Workspace, true},
		{"link:a", Link, true},
		{"file:a", File, true},
		{"./a.tgz", File, true},
		{"vendor/a.tar.gz", File, true},
		{"git+ssh://git@git.example/o/r.git#1", Git, true},
		{"git+file:///r.tgz#1", Git, true},
		{"github:o/r#1", Git, true},
		{"https://files.example/a.tgz", URL, true},
		{"http://files.example/a", URL, true},

		// What bun reads, or refuses, and never writes.
		{"", Registry, false},
		{"1.0", Registry, false},
		{"1.0.0-", Registry, false},
		{"1.0.0 || 2.0.0", Registry, false},
		{"v1.0.0", Registry, false},
		{"=1.0.0", Registry, false},
		{"latest", Registry, false},
		{"npm:b@1.0.0", Registry, false},
		{"o/r#1", Git, false},
		{"git@git.example:o/r.git", Git, false},
		{"ssh://git@git.example/o/r.tgz", Git, false},
		{"../a", File, false},
		{"HTTPS://files.example/a.zip", URL, false},
	} {
		if form, known := bunFormOf(c.text); form.source != c.source || known != c.known {
			t.Errorf("%q: %s, known: %v; want %s, %v", c.text, form.source, known, c.source, c.known)
		}
	}
}

func TestSplitBun(t *testing.T) {
	for _, c := range []struct{ text, name, rest string }{
		{"a@1.0.0", "a", "1.0.0"},
		{"@s/a@1.0.0", "@s/a", "1.0.0"},
		{"a@git+ssh://git@git.example/o/r.git#1", "a", "git+ssh://git@git.example/o/r.git#1"},
		{"a@https://files.example/@s/a@1.tgz", "a", "https://files.example/@s/a@1.tgz"},
		{"@root:", "", "root:"},
		{"a", "a", ""},
		{"@", "", ""},
		{"", "", ""},
	} {
		if name, rest := splitBun(c.text); name != c.name || rest != c.rest {
			t.Errorf("%q: %q and %q, want %q and %q", c.text, name, rest, c.name, c.rest)
		}
	}
}

// bun 1.3 held an archive to nothing at all where the integrity was any of
// those that are false here: a wrong sha512 with them was installed.
func TestBunHash(t *testing.T) {
	const right = "sha512-3GXkzvDKHmgq5XxdGDRB0pDTVLZ0kPY0jDSWQLHVBnR1HE1sqmlCRC9PnzH0oO1k2fK2MbC4PdYuE1jZxVXlgg=="
	for text, want := range map[string]bool{
		right:                               true,
		"sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=": true,
		"":                                  false,
		"sha512-":                           false,
		"sha512-====":                       false,
		" " + right:                         false,
		right + " ":                         false,
		right + "?foo":                      false,
		right + " " + right:                 false,
		"SHA512" + right[6:]:                false,
		"md5-1B2M2Y8AsgTpgAmY7PhCfg==":      false,
		"sha512-garbage!":                   false,
		"sha512-AA\u0410A":                  false,
		right[:90] + "\n" + right[90:]:      false,
	} {
		if got := isBunHash(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
