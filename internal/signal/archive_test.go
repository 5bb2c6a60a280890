package signal

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

func TestSourceMismatch(t *testing.T) {
	tests := []struct {
		name          string // the entry's
		version       string
		address, want string
	}{
		// Registries below whatever prefix, and in every shape.
		{"lodash", "4.17.21", public + "lodash/-/lodash-4.17.21.tgz", ""},
		{"lodash", "4.17.21", "https://EXAMPLE.com:8443//artifactory/api/npm/npm/lodash/-/lodash-4.17.21.tgz", ""},
		{"lodash", "4.17.21", "https://example.com/My%20Project/_packaging/feed/npm/registry/lodash/-/lodash-4.17.21.tgz", ""},
		{"lodash", "4.17.21", public + "lodash/-/lodash-4.17.21.tgz?cache=0#f00d", ""},
		{"lodash", "4.17.21", "https://cnpm.example/lodash/download/lodash-4.17.21.tgz", ""},
		{"-", "0.0.1", public + "-/-/--0.0.1.tgz", ""},
		{"@s/n", "1.0.0", public + "@s/n/-/n-1.0.0.tgz", ""},
		{"@s/n", "1.0.0", public + "@s%2fn/-/n-1.0.0.tgz", ""},
		{"@s/n", "1.0.0", public + "%40s%2Fn/-/n-1.0.0.tgz", ""},
		{"@s/n", "1.0.0", "https://gitlab.example/api/v4/projects/1/packages/npm/@s/n/-/@s/n-1.0.0.tgz", ""},
		{"@s/n", "1.0.0", "https://gitlab.example/api/v4/projects/group%2Fproject/packages/npm/@s/n/-/@s/n-1.0.0.tgz", ""},
		{"@s/n", "1.0.0", "https://npm.pkg.example/download/@s/n/1.0.0/0123456789abcdef", ""},
		{"@s/n", "1.0.0", "https://npm.pkg.example/download/@s/n/1.0.0", ""},
		{"@s/n", "1.0.0", "https://cnpm.example/@s/n/download/@s/n-1.0.0.tgz", ""},
		{"@s/n", "5.1.0", "https://npm.example.org/@s/n/-/5.1.0/n-5.1.0.tgz", ""},
		{"@jsr/std__path", "1.0.8", "https://npm.jsr.example/~/11/@jsr/std__path/1.0.8.tgz", ""},
		{"bignumber.js", "1.0.0-rc.1", public + "bignumber.js/-/bignumber.js-1.0.0-rc.1.tgz", ""},
		{"a", "1.0.0+build.5", public + "a/-/a-1.0.0.tgz", ""},
		{"a", "v1.02.0", public + "a/-/a-1.2.0.tgz", ""},
		{"a", "", public + "a/-/a-1.2.0.tgz", ""},
		{"a", "1.0.0", "", ""},
		{"a", "1.0.0", "lib/a", ""},
		{"a", "1.0.0", public + "a.tgz", ""},

		// Another package.
		{"lodash", "4.17.21", public + "evil/-/evil-4.17.21.tgz", "serves evil, another package"},
		{"lodash", "4.17.21", public + "Lodash/-/Lodash-4.17.21.tgz", "serves Lodash, another package"},
		{"lodash", "4.17.21", public + "lodash/-/evil-1.0.0.tgz", "serves evil-1.0.0, another package"},
		{"lodash", "4.17.21", public + "@evil/lodash/-/lodash-4.17.21.tgz", "serves @evil/lodash, another package"},
		{"@s/n", "1.0.0", public + "n/-/n-1.0.0.tgz", "serves n, another package"},
		{"@s/n", "1.0.0", public + "@evil/n/-/n-1.0.0.tgz", "serves @evil/n, another package"},
		{"@s/n", "1.0.0", "https://gitlab.example/npm/@s/n/-/@evil/n-1.0.0.tgz", "serves @evil/n-1.0.0, another package"},
		{"@s/n", "1.0.0", "https://npm.pkg.example/download/@evil/n/1.0.0/0123", "serves @evil/n, another package"},
		{"@jsr/std__path", "1.0.8", "https://npm.jsr.example/~/11/@jsr/evil/1.0.8.tgz", "serves @jsr/evil, another package"},
		{"lodash", "4.17.21", public + "lodash-es/-/lodash-es-4.17.21.tgz", "serves lodash-es, another package"},

		// Another version.
		{"lodash", "4.17.21", public + "lodash/-/lodash-4.17.20.tgz", "serves version 4.17.20, another one"},
		{"lodash", "1.0.1", public + "lodash/-/lodash-1.0.0-1.tgz", "serves version 1.0.0-1, another one"},
		{"lodash", "4.17.21", public + "lodash/-/lodash-es-4.17.21.tgz", "serves version es-4.17.21, another one"},
		{"@s/n", "1.0.0", "https://npm.pkg.example/download/@s/n/0.9.0/0123", "serves version 0.9.0, another one"},

		// Two readings.
		{"lodash", "4.17.21", public + "lodash/../evil/-/evil-1.0.0.tgz", "can be read in two ways: its path climbs with dots"},
		{"lodash", "4.17.21", public + "lodash/%2e%2E/evil/-/evil-1.0.0.tgz", "can be read in two ways: its path climbs with dots"},
		{"lodash", "4.17.21", public + "lodash%2F..%2Fevil/-/evil-1.0.0.tgz", "can be read in two ways: its path climbs with dots"},
		{"lodash", "4.17.21", public + "evil/-/evil-1.0.0.tgz/../../../lodash/-/lodash-4.17.21.tgz", "can be read in two ways: its path climbs with dots"},
		{"lodash", "4.17.21", public + "lodash%252F..%252Fevil/-/evil-1.0.0.tgz", "can be read in two ways: its path is percent-encoded twice"},
		{"lodash", "4.17.21", public + `evil\..\lodash/-/lodash-4.17.21.tgz`, "can be read in two ways: it holds a backslash, which some take for a slash"},
		{"lodash", "4.17.21", `https://evil.invalid\@npm.example.com/lodash/-/lodash-4.17.21.tgz`, "can be read in two ways: it holds a backslash, which some take for a slash"},
		{"lodash", "4.17.21", public + "evil%5C..%5Clodash/-/lodash-4.17.21.tgz", "can be read in two ways: it holds a backslash, which some take for a slash"},
		{"lodash", "4.17.21", public + "lod\tash/-/lodash-4.17.21.tgz", "can be read in two ways: it holds control or space characters"},
		{"lodash", "4.17.21", " " + public + "lodash/-/lodash-4.17.21.tgz", "can be read in two ways: it holds control or space characters"},
		{"lodash", "4.17.21", public + "lodash%0d%0a/-/lodash-4.17.21.tgz", "can be read in two ways: it holds encoded control characters"},
		{"lodash", "4.17.21", public + "lodash%zz/-/lodash-4.17.21.tgz", "can be read in two ways: it is not a valid address"},
		{"lodash", "4.17.21", "HTTPS:lodash/-/lodash-4.17.21.tgz", "can be read in two ways: it is not a valid address"},
		{"lodash", "4.17.21", "https://npm.example.com@evil.invalid/lodash/-/lodash-4.17.21.tgz", "can be misread: what stands before the @ is not the host"},
	}
	for _, test := range tests {
		d := addition()
		d.Change.Name, d.Change.To, d.Release = test.name, test.version, nil
		d.Change.Head = []change.Place{place(12, test.name, test.version, newHash)}
		head(d).Resolved = test.address
		var want []string
		if test.want != "" {
			want = []string{"always: The address of " + label(d) + " " + test.want + "."}
		}
		for _, source := range []lockfile.Source{lockfile.Registry, lockfile.URL} {
			head(d).Source = source
			got := said(Run(d, judged()), "source-mismatch")
			if source == lockfile.URL && read(test.address).archive == (archive{}) {
				continue // no registry's business
			}
			if len(got) != len(want) || len(got) == 1 && got[0] != want[0] {
				t.Errorf("%s %s from %s (%s): %q, want %q", test.name, test.version, test.address, source, got, want)
			}
		}
	}
}

func TestSourceMismatchLeavesOtherSourcesAlone(t *testing.T) {
	runCases(t, "source-mismatch", []testCase{
		{name: "an archive that no registry serves", start: addition, edit: func(d *evidence.Dossier) {
			head(d).Source, head(d).Resolved = lockfile.URL, "https://codeload.example/owner/name/../name/tar.gz/v1"
		}},
		{name: "a forge's archive", start: addition, edit: func(d *evidence.Dossier) {
			head(d).Source, head(d).Resolved = lockfile.URL, "https://gitlab.example/group/name/-/archive/v1.3.1/name-v1.3.1.tar.gz"
		}},
		{name: "git", start: addition, edit: func(d *evidence.Dossier) { fromGit(head(d), "github.com/../evil") }},
		{name: "the registry's own odd address", start: addition, edit: func(d *evidence.Dossier) {
			head(d).Resolved = public + "left-pad/-/left-pad-1.3.1rc.tgz"
			d.Release.Archive = head(d).Resolved
		}},
		{name: "credentials for a host that the base uses", start: addition, edit: func(d *evidence.Dossier) {
			head(d).Resolved = "https://user:secret@mirror.example/left-pad/-/left-pad-1.3.1.tgz"
			d.Registries.Established = func(address string) bool { return hostOf(address) == "mirror.example" }
		}},
		{name: "the same address twice", start: addition, edit: func(d *evidence.Dossier) {
			head(d).Resolved = public + "evil/-/evil-1.3.1.tgz"
			d.Change.Head = append(d.Change.Head, d.Change.Head[0])
		}, want: []string{"always: The address of left-pad 1.3.1 serves evil, another package."}},
	})
}

// Whatever an address holds, a reading names a package only as parts of the
// path do, and never one with dots.
func TestReadNeverPanicsNorClimbs(t *testing.T) {
	part := rapid.SampledFrom([]string{"..", ".", "-", "@s", "n", "download", "~", "", "%2e%2e", "%2F", `\`, "n-1.0.0.tgz", "@", "%", "1.0.0", " ", "\x00"})
	rapid.Check(t, func(t *rapid.T) {
		address := "https://host.example"
		for _, p := range rapid.SliceOf(part).Draw(t, "parts") {
			address += "/" + p
		}
		r := read(address)
		for _, name := range []string{r.archive.name, r.archive.version} {
			if name == ".." || name == "." {
				t.Fatalf("%q reads as %+v", address, r)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add(public + "lodash/-/lodash-4.17.21.tgz")
	f.Add("https://npm.pkg.example/download/@s/n/1.0.0/0123")
	f.Add(`https:\\user@host/%2e%2e/@s%2fn/-/@s/n-1.tgz`)
	f.Fuzz(func(t *testing.T, address string) {
		if r := read(address); r.doubt == "" && r.archive.name == ".." {
			t.Errorf("%q reads as %+v", address, r)
		}
		_ = lockfile.GitRepository(address)
		_ = folder(&lockfile.Entry{Resolved: address, Version: "1.2.3"})
	})
}
