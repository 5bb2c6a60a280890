package artifact

import (
	"fmt"
	"strings"
	"testing"
)

// Brackets within a command, and commands before it, hide no file that
// node-gyp would run.
func TestExpansionsOfABindingGyp(t *testing.T) {
	for gyp, want := range map[string]string{
		`{'sources': ['<!(node find.js)']}`:                             "find.js",
		`{'sources': ['<!@(node find.js)']}`:                            "find.js",
		`{"a": "<!(node -p \"(1)\" && node find.js)"}`:                  "find.js",
		`{"a": "<!(echo ` + strings.Repeat("x", 5000) + `; node f.js)"`: "f.js",
		echoes(200) + "<!(node last.js)":                                "last.js",
		"<!(node open.js":                                               "open.js",
		`{'variables': {'a': '<(module_root_dir)/x.js'}}`:               "",
	} {
		var got []string
		for _, f := range expand("", []byte(gyp)) {
			got = append(got, f.path)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%.60s: runs %q, want %q", gyp, got, want)
		}
	}
}

func echoes(n int) (all string) {
	for i := range n {
		all += fmt.Sprintf("<!(echo %d)", i)
	}
	return all
}
