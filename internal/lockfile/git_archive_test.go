package lockfile

import "testing"

func TestForgeArchive(t *testing.T) {
	for _, c := range []struct{ address, repository, commit string }{
		{"https://codeload.github.com/o/r/tar.gz/0123abc", "github.com/o/r", "0123abc"},
		{"https://codeload.github.com/o/r.js/tar.gz/0123abc#89ab", "github.com/o/r.js", "0123abc"},
		{"https://gitlab.com/o/r/repository/archive.tar.gz?ref=0123abc", "gitlab.com/o/r", "0123abc"},
		{"https://bitbucket.org/o/r/get/0123abc.tar.gz", "bitbucket.org/o/r", "0123abc"},

		{"https://codeload.github.com/o/r/tar.gz/", "", ""},
		{"https://codeload.github.com/o/tar.gz/0123abc", "", ""},
		{"https://codeload.github.com/o/r/tar.gz/../../../evil/r/tar.gz/0123abc", "", ""},
		{"https://codeload.github.com/o/r/tar.gz/0123abc?x", "", ""},
		{"https://codeload.github.com/../r/tar.gz/0123abc", "", ""},
		{"https://codeload.github.com/o/r/zip/0123abc", "", ""},
		{"https://codeload.github.com.evil.invalid/o/r/tar.gz/0123abc", "", ""},
		{"https://codeload.github.com@evil.invalid/o/r/tar.gz/0123abc", "", ""},
		{"http://codeload.github.com/o/r/tar.gz/0123abc", "", ""},
		{"https://bitbucket.org/o/r/get/0123abc.zip", "", ""},
		{"https://files.example.com/o/r/tar.gz/0123abc", "", ""},
		{"o/r", "", ""},
	} {
		repository, commit := forgeArchive(c.address)
		ok := repository != ""
		if !ok {
			repository, commit = "", ""
		}
		if repository != c.repository || commit != c.commit || ok != (c.repository != "") {
			t.Errorf("forgeArchive(%q) = %q, %q, %v", c.address, repository, commit, ok)
		}
		if ok && (GitRepository(c.address) != c.repository || GitCommit(c.address) != c.commit) {
			t.Errorf("%q is of %q at %q", c.address, GitRepository(c.address), GitCommit(c.address))
		}
	}
}

// yarn clones what is at these addresses, though nothing in them says git.
func TestIsForge(t *testing.T) {
	for address, want := range map[string]bool{
		"https://github.com/o/r":                         true,
		"http://gitlab.com/o/r":                          true,
		"https://bitbucket.org/o/r":                      true,
		"https://codeload.github.com/o/r/tar.gz/0123abc": true,
		"https://github.com/o":                           false,
		"https://github.com/o/r/archive/v1.tar.gz":       false,
		"https://github.com.evil.invalid/o/r":            false,
		"https://files.example.com/o/r":                  false,
		"github.com/o/r":                                 false,
	} {
		if got := isForge(address); got != want {
			t.Errorf("isForge(%q) = %v", address, got)
		}
	}
}
