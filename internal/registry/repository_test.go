package registry

import (
	"regexp"
	"strings"
	"testing"
)

func TestRepository(t *testing.T) {
	const wren = "https://github.com/acme/wren"
	for text, want := range map[string]string{
		"git+https://github.com/acme/wren.git":                      wren,
		"git://github.com/acme/wren.git":                            wren,
		"git+ssh://git@github.com/acme/wren.git":                    wren,
		"ssh://git@github.com/acme/wren":                            wren,
		"git@github.com:acme/wren.git":                              wren,
		"https://GitHub.com/acme/wren/":                             wren,
		"https://www.github.com/acme/wren":                          wren,
		"https://github.com/acme/wren/tree/main/packages/a#readme":  wren,
		"github:acme/wren":                                          wren,
		"acme/wren":                                                 wren,
		"gitlab:acme/wren":                                          "https://gitlab.com/acme/wren",
		"git+https://gitlab.com/acme/birds/wren.git":                "https://gitlab.com/acme/birds/wren",
		"https://gitlab.com/acme/birds/wren/-/tree/main/packages/a": "https://gitlab.com/acme/birds/wren",
		"https://codeberg.org/acme/wren.js":                         "https://codeberg.org/acme/wren.js",
	} {
		if got := Repository(text); got != want {
			t.Errorf("Repository(%q) = %q, want %q", text, got, want)
		}
		if again := Repository(want); again != want {
			t.Errorf("Repository(%q) = %q, want it as it is", want, again)
		}
	}
}

// What is no project on a known forge, or could be taken for one, is nothing.
func TestRepositoryRefuses(t *testing.T) {
	for _, text := range []string{
		"", "wren", "acme/", "/wren", "git", "github:acme", "github:", "gist:f00d",
		"javascript:alert(1)//github.com/acme/wren", "javascript://github.com/acme/wren", "data:text/html,//github.com/a/b", "file:///github.com/acme/wren",
		"https://git.example/acme/wren", "https://github.com.evil.invalid/acme/wren", "https://evil.invalid/github.com/acme/wren",
		"https://evil.invalid#github.com/acme/wren", "https://evil.invalid?github.com/acme/wren", `https://evil.invalid\github.com/acme/wren`,
		"https://github.com@evil.invalid/acme/wren", "https://github.com:acme@evil.invalid/wren", "https://token@github.com/acme/wren",
		"https://git:secret@github.com/acme/wren", "https://github.com:8443/acme/wren", "git@evil.invalid:acme/wren", "git@github.com",
		"https://github.com/acme/..", "https://github.com/../acme/wren", "https://github.com/acme/%2e%2e", "https://github.com/acme%2fwren/x%2fy",
		"https://github.com/acme/wren](https://evil.invalid)", "https://github.com/acme/wren\n[x](https://evil.invalid)", "acme/wren\r\n::error::",
		"https://github.com/acme/<b>", "https://github.com/acme/wr|en", "https://github.com/acme/wr`en", "acme/wr en", "acme/wr\u202een", "acme/wrén",
		"https://github.com/-acme/wren", "https://github.com//wren", "https://github.com/.git/wren", "acme/.git",
		"https://github.com/" + strings.Repeat("a", maxRepository) + "/wren",
	} {
		if got := Repository(text); got != "" {
			t.Errorf("Repository(%q) = %q", text, got)
		}
	}
}

func TestPagesOfCommits(t *testing.T) {
	a, b := strings.Repeat("0a", 20), strings.Repeat("1b", 20)
	long := strings.Repeat("f0", 32)
	const wren = "https://github.com/acme/wren"
	for _, tt := range []struct{ repository, from, to, compare, commit string }{
		{wren, a, b, wren + "/compare/" + a + "..." + b, wren + "/commit/" + b},
		{"https://gitlab.com/acme/birds/wren", a, b,
			"https://gitlab.com/acme/birds/wren/-/compare/" + a + "..." + b, "https://gitlab.com/acme/birds/wren/-/commit/" + b},
		{wren, a, long, wren + "/compare/" + a + "..." + long, wren + "/commit/" + long},
		{wren, a, a, "", wren + "/commit/" + a},
		{wren, "", b, "", wren + "/commit/" + b},
		{wren, "v1.0.0", b, "", wren + "/commit/" + b},

		{wren, a, "", "", ""},
		{wren, a, "main", "", ""},
		{wren, a, b[:39], "", ""},
		{wren, a, strings.ToUpper(b), "", ""},
		{wren, a, "../../evil", "", ""},
		{wren, a, b[:39] + "\n", "", ""},
		{"", a, b, "", ""},
		{"https://evil.invalid/acme/wren", a, b, "", ""},
		{"git+https://github.com/acme/wren.git", a, b, "", ""},
		{"javascript:alert(1)", a, b, "", ""},
	} {
		if got := ComparePage(tt.repository, tt.from, tt.to); got != tt.compare {
			t.Errorf("ComparePage(%q, %q, %q) = %q, want %q", tt.repository, tt.from, tt.to, got, tt.compare)
		}
		if got := CommitPage(tt.repository, tt.to); got != tt.commit {
			t.Errorf("CommitPage(%q, %q) = %q, want %q", tt.repository, tt.to, got, tt.commit)
		}
	}
}

var projectPage = regexp.MustCompile(`^https://(github\.com|gitlab\.com|codeberg\.org)(/[A-Za-z0-9_][A-Za-z0-9_.-]*){2,}$`)

func FuzzRepository(f *testing.F) {
	f.Add("git+https://github.com/acme/wren.git")
	f.Add("git@gitlab.com:acme/birds/wren")
	f.Add("https://github.com@evil.invalid/acme/wren")
	f.Add("github:acme/wren\n")
	f.Fuzz(func(t *testing.T, text string) {
		got := Repository(text)
		if got != "" && !projectPage.MatchString(got) {
			t.Errorf("Repository(%q) = %q", text, got)
		}
		if got != "" && Repository(got) != got {
			t.Errorf("Repository(%q) = %q, which is read as %q", text, got, Repository(got))
		}
	})
}
