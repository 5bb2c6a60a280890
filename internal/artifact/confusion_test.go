package artifact

import (
	"fmt"
	"testing"
)

func TestConfusion(t *testing.T) {
	type words = map[string]string
	manifest := Manifest{Name: "x", Version: "1.0.0", Scripts: words{"install": "node a", "test": "t"}, Dependencies: words{"a": "^1"}}
	claims := Claims{Name: "x", Version: "1.0.0", Scripts: words{"install": "node a"}, Dependencies: words{"a": "^1"}}
	for _, c := range []struct {
		name string
		edit func(m *Manifest, c *Claims)
		want string
	}{
		{"the same", func(*Manifest, *Claims) {}, "[]"},
		{"another name", func(m *Manifest, c *Claims) { m.Name = "y" }, "[{name y x}]"},
		{"another version", func(m *Manifest, c *Claims) { m.Version = "0.9.0" }, "[{version 0.9.0 1.0.0}]"},
		{"a version that is cleaned", func(m *Manifest, c *Claims) { m.Version = " =v1.0.0+build" }, "[]"},
		{"a hidden script", func(m *Manifest, c *Claims) { m.Scripts = words{"install": "node a", "postinstall": "node evil"} }, "[{scripts.postinstall node evil }]"},
		{"another script", func(m *Manifest, c *Claims) { m.Scripts = words{"install": "node b"} }, "[{scripts.install node b node a}]"},
		{"a script that is only listed", func(m *Manifest, c *Claims) { m.Scripts = nil }, "[{scripts.install  node a}]"},
		{"a script without a command", func(m *Manifest, c *Claims) { m.Scripts, c.Scripts = words{"install": " "}, nil }, "[]"},
		{"a build that npm fills in", func(m *Manifest, c *Claims) { m.Scripts, c.Scripts = nil, words{"install": "node-gyp rebuild"} }, "[]"},
		{"a script that no install runs", func(m *Manifest, c *Claims) { c.Scripts = words{"install": "node a", "test": "u"} }, "[]"},
		{"a hidden dependency", func(m *Manifest, c *Claims) { m.Dependencies = words{"a": "^1", "evil": ""} }, "[{dependencies.evil * }]"},
		{"a dependency that is only listed", func(m *Manifest, c *Claims) { m.Dependencies = nil }, "[{dependencies.a  ^1}]"},
		{"another range", func(m *Manifest, c *Claims) { m.Dependencies = words{"a": "^2"} }, "[{dependencies.a ^2 ^1}]"},
		{"spaces in a range", func(m *Manifest, c *Claims) { m.Dependencies = words{"a": " ^1 "} }, "[]"},
		{"any range", func(m *Manifest, c *Claims) { m.Dependencies, c.Dependencies = words{"a": ""}, words{"a": "*"} }, "[]"},
		{"a repository by its short name", func(m *Manifest, c *Claims) {
			m.Dependencies, c.Dependencies = words{"a": "u/a#c"}, words{"a": "git+https://github.com/u/a.git#c"}
		}, "[]"},
		{"another repository", func(m *Manifest, c *Claims) {
			m.Dependencies, c.Dependencies = words{"a": "u/a"}, words{"a": "github:v/a"}
		}, "[{dependencies.a u/a github:v/a}]"},
	} {
		m, listed := manifest, claims
		c.edit(&m, &listed)
		p := &Profile{Manifest: &m, Files: []File{{Path: "a"}, {Path: gypFile}, {Path: "c"}}}
		if got := fmt.Sprint(Confusion(p, listed)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	built := Claims{Name: "x", Version: "1.0.0", Scripts: words{"install": "node-gyp rebuild"}}
	p := &Profile{Manifest: &Manifest{Name: "x", Version: "1.0.0"}}
	if got := fmt.Sprint(Confusion(p, built)); got != "[{scripts.install  node-gyp rebuild}]" {
		t.Errorf("a build of nothing: %s", got)
	}
	if Confusion(&Profile{}, built) != nil {
		t.Error("a manifest that could not be read was held against the registry's")
	}
}
