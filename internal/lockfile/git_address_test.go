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
		{"github:o/a#0123", "github.com/o/a", "0123"},
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
