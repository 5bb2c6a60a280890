package lockfile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHashes(t *testing.T) {
	const (
		sum1   = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
		sum256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	)
	for _, test := range []struct {
		name  string
		entry Entry
		want  []string
	}{
		{"as written", Entry{Source: Registry, Integrity: []string{"sha512-YQ==", "sha1-Yg=="}}, []string{"sha512-YQ==", "sha1-Yg=="}},
		{"options mean nothing", Entry{Source: Registry, Integrity: []string{"sha512-YQ==?x"}}, []string{"sha512-YQ=="}},
		{"deno's bare sum", Entry{Source: Registry, Integrity: []string{sum256}}, []string{"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}},
		{"yarn's fragment", Entry{Source: Registry, Resolved: "https://npm.example.com/a.tgz#" + sum1}, []string{"sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="}},
		{"the fragment beside a hash", Entry{Source: Registry, Resolved: "https://npm.example.com/a.tgz#" + sum1, Integrity: []string{"sha512-YQ=="}}, []string{"sha512-YQ=="}},
		{"a commit is no hash of an archive", Entry{Source: Git, Resolved: "https://git.example.com/a.git#" + sum1}, nil},
		{"a fragment of another kind", Entry{Source: URL, Resolved: "https://git.example.com/a.tgz#" + sum1[:39] + "x"}, nil},
		{"berry's checksum", Entry{Source: Registry, Checksum: "10c0/abcd"}, []string{"yarn/10c0-abcd"}},
		{"none", Entry{Source: Registry}, nil},
	} {
		if diff := cmp.Diff(test.want, test.entry.Hashes()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// What berry's checksum protects is as strong as sha512: a repository that moves
// to or from berry loses nothing.
func TestStrongest(t *testing.T) {
	for want, hashes := range map[string][]string{
		"":          {"SHA512-YQ==", "x"},
		"sha1":      {"md5-YQ==", "sha1-YQ=="},
		"sha512":    {"sha1-YQ==", "sha512-YQ==", "sha384-YQ=="},
		"yarn/10c0": {"sha1-YQ==", "yarn/10c0-ab"},
	} {
		if got := Strongest(hashes); got != want {
			t.Errorf("%v: %q, want %q", hashes, got, want)
		}
	}
	if got := Strongest([]string{"yarn/8~-ab", "sha1-YQ=="}); got != "sha1" {
		t.Errorf("a checksum that yarn doesn't insist on counts more than %s", got)
	}
	if Strength("yarn/8") != Strength("sha512") {
		t.Error("yarn's checksum is weaker or stronger than sha512")
	}
}

func TestOwn(t *testing.T) {
	for _, test := range []struct {
		source   Source
		resolved string
		want     bool
	}{
		{Workspace, "", true},
		{Link, "packages/a", true},
		{File, "packages/a", true},
		{File, "file:./packages/a::locator=root", true},
		{File, "file:./a-1.0.0.tgz", false},
		{File, "file:./a.tar.gz#sha1::locator=root", false},
		{File, "", false},
		{Registry, "", false},
		{URL, "packages/a", false},
	} {
		if got := (&Entry{Source: test.source, Resolved: test.resolved}).Own(); got != test.want {
			t.Errorf("%s %q: %v, want %v", test.source, test.resolved, got, test.want)
		}
	}
}
