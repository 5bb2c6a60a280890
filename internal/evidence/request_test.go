package evidence

import (
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

func TestRequestFits(t *testing.T) {
	tests := []struct {
		name          string
		asked         string
		specs         []string
		real, version string
		source        lockfile.Source
		other, fits   bool
	}{
		{"in range", "a", []string{"^1.2.0"}, "a", "1.9.0", lockfile.Registry, false, true},
		{"outside", "a", []string{"^1.2.0"}, "a", "2.0.0", lockfile.Registry, false, false},
		{"below", "a", []string{"^1.2.0"}, "a", "1.1.9", lockfile.Registry, false, false},
		{"a prerelease that nobody asked for", "a", []string{"^1.2.0"}, "a", "1.3.0-rc.1", lockfile.Registry, false, false},
		{"any", "a", []string{"*"}, "a", "9.0.0", lockfile.Registry, false, true},
		{"empty", "a", []string{""}, "a", "9.0.0", lockfile.Registry, false, true},
		{"a tag", "a", []string{"latest"}, "a", "9.0.0", lockfile.Registry, false, true},
		{"one of two lists", "a", []string{"^1.0.0", "^2.0.0"}, "a", "2.1.0", lockfile.Registry, false, true},
		{"none of two lists", "a", []string{"^1.0.0", "^2.0.0"}, "a", "3.0.0", lockfile.Registry, false, false},
		{"an alias", "a", []string{"npm:b@^1.0.0"}, "b", "1.1.0", lockfile.Registry, false, true},
		{"an alias with a scope", "a", []string{"npm:@s/b@^1.0.0"}, "@s/b", "1.1.0", lockfile.Registry, false, true},
		{"an alias without a range", "a", []string{"npm:@s/b"}, "@s/b", "1.1.0", lockfile.Registry, false, true},
		{"an alias, outside", "a", []string{"npm:b@^1.0.0"}, "b", "2.0.0", lockfile.Registry, false, false},
		{"an alias of another package", "a", []string{"npm:b@^1.0.0"}, "c", "1.1.0", lockfile.Registry, true, false},
		{"another package", "a", []string{"^1.0.0"}, "evil", "1.1.0", lockfile.Registry, true, false},
		{"yarn's protocol", "a", []string{"npm:^1.0.0"}, "a", "1.1.0", lockfile.Registry, false, true},
		{"yarn's protocol, outside", "a", []string{"npm:^1.0.0"}, "a", "2.0.0", lockfile.Registry, false, false},
		{"a workspace", "a", []string{"workspace:^"}, "a", "2.0.0", lockfile.Registry, false, true},
		{"a repository", "a", []string{"github:o/r"}, "a", "2.0.0", lockfile.Registry, false, true},
		{"from elsewhere", "a", []string{"^1.0.0"}, "a", "2.0.0", lockfile.Git, false, true},
		{"no version", "a", []string{"^1.0.0"}, "a", "what", lockfile.Registry, false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := &lockfile.Entry{Name: test.real, Version: test.version, Source: test.source}
			other, fits := Request{Name: test.asked, Specs: test.specs}.fits("npm", e)
			if other != test.other || fits != test.fits {
				t.Errorf("other %v, fits %v; want %v, %v", other, fits, test.other, test.fits)
			}
		})
	}
}
