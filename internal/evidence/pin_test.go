package evidence

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

func placed(entries ...lockfile.Entry) *Dossier {
	d := &Dossier{}
	for i := range entries {
		d.Change.Head = append(d.Change.Head, change.Place{Entry: &entries[i]})
	}
	return d
}

// Only what binds to one content is a pin: no weak hash, no branch, no file.
func TestPins(t *testing.T) {
	strong, stronger := "sha256-"+strings.Repeat("A", 43)+"=", "sha512-"+strings.Repeat("B", 86)+"=="
	commit, zip := strings.Repeat("c", 40), strings.Repeat("d", 128)
	git := func(at string) lockfile.Entry {
		return lockfile.Entry{Source: lockfile.Git, Resolved: "git+https://git.example/a.git#" + at}
	}
	for name, c := range map[string]struct {
		entries []lockfile.Entry
		want    []string
	}{
		"the strongest first": {[]lockfile.Entry{{Source: lockfile.Registry, Integrity: []string{strong, stronger}}, {Source: lockfile.Registry, Integrity: []string{stronger}}}, []string{stronger, strong}},
		"weak hashes":         {[]lockfile.Entry{{Source: lockfile.Registry, Integrity: []string{"md5-AAAA", "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="}}}, nil},
		"an old address":      {[]lockfile.Entry{{Source: lockfile.URL, Resolved: "https://registry.example/a.tgz#" + strings.Repeat("e", 40)}}, nil},
		"yarn's own":          {[]lockfile.Entry{{Source: lockfile.Registry, Checksum: "10c0/" + zip}}, []string{"yarn/10c0-" + zip}},
		"a commit":            {[]lockfile.Entry{git(commit)}, []string{commit}},
		"a branch":            {[]lockfile.Entry{git("main")}, nil},
		"half a commit":       {[]lockfile.Entry{git(commit[:12])}, nil},
		"markup":              {[]lockfile.Entry{{Source: lockfile.Registry, Integrity: []string{"sha512-`<b>", "sha512-A A", "sha512-A\n::error::x"}}}, nil},
		"none":                {[]lockfile.Entry{{Source: lockfile.File}}, nil},
	} {
		if diff := cmp.Diff(c.want, placed(c.entries...).Pins()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A version at thousands of places, each with a hash of its own, costs little.
func TestPinsAreBounded(t *testing.T) {
	var entries []lockfile.Entry
	for i := range 50_000 {
		entries = append(entries, lockfile.Entry{Source: lockfile.Registry, Integrity: []string{fmt.Sprintf("sha512-%d", i)}})
	}
	d := placed(entries...)
	begun := time.Now()
	pins := d.Pins()
	for _, pin := range pins {
		if d.Unbound(pin) == "" {
			t.Errorf("%s binds it", pin)
		}
	}
	if took := time.Since(begun); len(pins) > maxPins || took > time.Second {
		t.Errorf("%d pins after %s", len(pins), took)
	}
}
