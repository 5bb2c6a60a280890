package lockfile

import "testing"

// The classes are those of npm-package-arg's resolve, which both `resolved` and
// an old `version` pass through before anything is fetched.
func TestSourceOf(t *testing.T) {
	for _, c := range []struct {
		spec   string
		source Source
		form   form
	}{
		{"", Registry, request},
		{"1.0.0", Registry, request},
		{"^1.0.0 || 2", Registry, request},
		{"latest", Registry, request},
		{"npm:real@1.0.0", Registry, alias},
		{"NPM:real@1.0.0", Registry, alias},

		{"https://npm.example.com/a/-/a-1.0.0.tgz", Registry, address},
		{"HTTPS://npm.example.com/a/-/a-1.0.0.tgz", Registry, address},
		{"https://npm.example.com:8443/npm/@s/a/-/a-1.0.0.tgz?x=1#y", Registry, address},
		{"https://npm.example.com/@s%2Fa/-/a-1.0.0.tgz", Registry, address},
		{"https://npm.example.com/@s/a/-/@s/a-1.0.0.tgz", Registry, address},
		{"https://npm.example.com/download/@s/a/1.0.0/0123456789abcdef", Registry, address},
		{"https://npm.example.com/~/7/@jsr/s__a/1.0.0.tgz", Registry, address},

		{"https://files.example.com/a-1.0.0.tgz", URL, address},
		{"https://files.example.com/-/a-1.0.0.tgz", URL, address},
		{"https://files.example.com//-/a-1.0.0.tgz", URL, address},
		{"https://files.example.com/a/-/a.tgz", URL, address},
		{"https://files.example.com/a/-/a-1.0.0.zip", URL, address},
		{"https://files.example.com/a/-/b/c/a-1.0.0.tgz", URL, address},
		{"https://files.example.com/x.tgz?/a/-/a-1.0.0.tgz", URL, address},
		{"https://files.example.com/x.tgz#/a/-/a-1.0.0.tgz", URL, address},
		{"https://files.example.com/download/@s/a", URL, address},
		{"https://files.example.com/a/b", URL, address},
		{"https://files.example.com", URL, strange},
		{"https:files.example.com/a/-/a-1.0.0.tgz", Registry, address},
		{"ftp://files.example.com/a.tgz", URL, strange},

		{"https://git.example.com/o/a.git#0123", Git, address},
		{"git+ssh://git@git.example.com/o/a.git#0123", Git, address},
		{"GIT+https://git.example.com/o/a.git", Git, address},
		{"git://git.example.com/o/a", Git, address},
		{"ssh://git@git.example.com/o/a", Git, address},
		{"github:o/a", Git, address},
		{"gist:0123", Git, address},
		{"git@git.example.com:o/a.git", Git, address},
		{"o/a#0123", Git, address},

		{"file:../a", File, address},
		{"file:a.tgz", File, address},
		{"./a", File, address},
		{"../a", File, address},
		{"/a", File, address},
		{"~/a", File, address},
		{`C:\a`, File, address},
		{"a/b/c.tgz", File, address},
		{"a.tgz", File, address},
	} {
		if source, form := sourceOf(c.spec); source != c.source || form != c.form {
			t.Errorf("sourceOf(%q) = %s, %d, want %s, %d", c.spec, source, form, c.source, c.form)
		}
	}
}

// The shortcut must never say more than a closer look would.
func TestUsualTarball(t *testing.T) {
	const base = "https://npm.example.com/"
	for _, c := range []struct {
		url, name, version string
		usual              bool
	}{
		{base + "a/-/a-1.0.0.tgz", "a", "1.0.0", true},
		{base + "@s/a/-/a-1.0.0-rc.1.tgz", "@s/a", "1.0.0-rc.1", true},
		{base + "a/-/a-1.0.0.tgz", "b", "1.0.0", false},
		{base + "a/-/a-1.0.0.tgz", "a", "1.0.1", false},
		{base + "a/-/a-1.0.0.tgz#x", "a", "1.0.0", false},
		{"https://evil.invalid/a/-/a-1.0.0.tgz", "a", "1.0.0", false},
		{base + "../-/..-1.0.0.tgz", "..", "1.0.0", false},
		{base + "%2e%2e/-/%2e%2e-1.0.0.tgz", "%2e%2e", "1.0.0", false},
		{base + "a/-/a-1/../2.tgz", "a", "1/../2", false},
		{base + "a/-/a-.tgz", "a", "", false},
		{base + "@s/a/b/-/a/b-1.tgz", "@s/a/b", "1", false},
	} {
		got := usualTarball(c.url, base, c.name, c.version)
		if got != c.usual {
			t.Errorf("usualTarball(%q, %q, %q) = %v", c.url, c.name, c.version, got)
		}
		if source, form := sourceOf(c.url); got && (source != Registry || form != address) {
			t.Errorf("%q is usual, and yet %s, %d", c.url, source, form)
		}
	}
	if usualTarball("a/-/a-1.tgz", "", "a", "1") {
		t.Error("usual without a base")
	}
}

func TestKindsOfManifestAndLockfile(t *testing.T) {
	if len(kindOf) != 4 || kindOf != [...]Kind{Production, Development, OptionalKind, PeerKind} {
		t.Errorf("kinds: %v", kindOf)
	}
}
