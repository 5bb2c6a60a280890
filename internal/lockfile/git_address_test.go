package lockfile

import "testing"

func TestGitRepository(t *testing.T) {
	for _, c := range []struct{ address, repository, commit string }{
		{"git+ssh://git@git.example.com/o/a.git#0123", "git.example.com/o/a", "0123"},
		{"git+https://git.example.com/o/a#commit=0123", "git.example.com/o/a", "0123"},
		{"git+https://user:secret@GIT.example.com/o/a.git", "git.example.com/o/a", ""},
		{"git@git.example.com:o/a.git#0123", "git.example.com/o/a", "0123"},
		{"ssh://git@git.example.com:22/o/a", "git.example.com/o/a", ""},
		{"git+ssh://git@git.example.com:o/a.git", "git.example.com/o/a", ""},
		{"https://git.example.com/o/a.git#workspace=b&commit=0123", "git.example.com/o/a", "0123"},
		{"git@git.example.com:o/a.git#commit:0123", "git.example.com/o/a", "0123"},
		{"https://git.example.com/o/a.git#semver:^1&x", "git.example.com/o/a", "semver:^1&x"},
		{"github:o/a#0123", "github.com/o/a", "0123"},
		{"ssh://git@git.example.com/o/a.git#0123&path:/packages/a", "git.example.com/o/a", "0123"},
		{"https://codeload.github.com/o/a/tar.gz/0123", "github.com/o/a", "0123"},
		{"https://codeload.github.com/o/a/tar.gz/0123#path:/packages/a", "github.com/o/a", "0123"},
		{"https://CODELOAD.github.com/o/a/tar.gz/0123", "github.com/o/a", "0123"},
		{"https://codeload.github.com/o/a/zip/0123", "codeload.github.com/o/a/zip/0123", ""},
		{"https://bitbucket.org/o/a/get/0123.tar.gz", "bitbucket.org/o/a", "0123"},
		{"https://git.sr.ht/~o/a/archive/0123.tar.gz", "git.sr.ht/~o/a", "0123"},
		{"https://gitlab.com/api/v4/projects/o%2Fa/repository/archive.tar.gz?ref=0123", "gitlab.com/o/a", "0123"},
		{"https://gitlab.com/g/o/a/repository/archive.tar.gz?ref=0123", "gitlab.com/g/o/a", "0123"},
		{"https://gitlab.com/g/o/a/-/archive/0123/a-0123.tar.gz", "gitlab.com/g/o/a", "0123"},
		{"https://codeload.github.com.evil.invalid/o/a/tar.gz/0123", "codeload.github.com.evil.invalid/o/a/tar.gz/0123", ""},
		{"https://evil.invalid/codeload.github.com/o/a/tar.gz/0123", "evil.invalid/codeload.github.com/o/a/tar.gz/0123", ""},
		{"https://codeload.github.com@evil.invalid/o/a/tar.gz/0123", "evil.invalid/o/a/tar.gz/0123", ""},
		{"git+https://git.example.com@evil.invalid/o/a.git", "evil.invalid/o/a", ""},
		{"git+https://evil.invalid/@git.example.com/o/a.git", "evil.invalid/@git.example.com/o/a", ""},
	} {
		if got := GitRepository(c.address); got != c.repository {
			t.Errorf("GitRepository(%q) = %q, want %q", c.address, got, c.repository)
		}
		if got := GitCommit(c.address); got != c.commit {
			t.Errorf("GitCommit(%q) = %q, want %q", c.address, got, c.commit)
		}
	}
}
