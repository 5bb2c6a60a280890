package signal

import (
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

func TestRelocked(t *testing.T) {
	integrity := func(before, after []string) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) {
			base(d).Integrity, head(d).Integrity = before, after
			d.Package, d.Release = nil, nil
		}
	}
	const (
		otherHash = "always: left-pad 1.3.1 has another content hash than in the base: sha512-ZXZpbCBieXRlc…, where the base has sha512-bmV3IGJ5dGVz."
		fromEvil  = "always: left-pad 1.3.1 is the version that the base has, from another source: the registry at evil.invalid, where the base has the registry at npm.example.com."
	)
	runCases(t, "relocked", []testCase{
		{name: "other hash", start: samePinned, edit: integrity([]string{newHash}, []string{evilHash}), want: []string{otherHash}},
		{name: "the base's hash beside another that fits other bytes", start: samePinned,
			edit: integrity([]string{newHash}, []string{newHash, evilHash}), want: []string{otherHash}},
		{name: "same weak hash beside another strong one", start: samePinned,
			edit: integrity([]string{newHash, newSHA1}, []string{evilHash, newSHA1}), want: []string{otherHash}},
		{name: "other hash in the second place only", start: samePinned, edit: func(d *evidence.Dossier) {
			second := place(90, "left-pad", "1.3.1", evilHash)
			d.Change.Head = append(d.Change.Head, second)
		}, want: []string{otherHash}},
		{name: "a strong hash instead of the weak one", start: samePinned, edit: integrity([]string{newSHA1}, []string{newHash})},
		{name: "a strong hash beside the weak one", start: samePinned, edit: integrity([]string{newSHA1}, []string{newSHA1, newHash})},
		{name: "options after the hash", start: samePinned, edit: integrity([]string{newHash}, []string{newHash + "?size=3"})},
		{name: "hash lost", start: samePinned, edit: integrity([]string{newHash}, nil)},

		{name: "the registry's hash, where a lockfile of tests has made one up", start: samePinned, edit: func(d *evidence.Dossier) {
			d.Change.Base[0].Lockfile, base(d).Integrity = "testdata/"+lockName, []string{evilHash}
		}},
		{name: "the registry's hash, where the same lockfile had another", start: samePinned, edit: func(d *evidence.Dossier) {
			base(d).Integrity = []string{evilHash}
		}, want: []string{"always: left-pad 1.3.1 has another content hash than in the base: sha512-bmV3IGJ5dGVz, where the base has sha512-ZXZpbCBieXRlc…."}},
		{name: "another hash than a lockfile of tests has, and no word of the registry's", start: samePinned, edit: func(d *evidence.Dossier) {
			d.Change.Base[0].Lockfile, base(d).Integrity = "testdata/"+lockName, []string{evilHash}
			d.Package, d.Release = nil, nil
		}, want: []string{"always: left-pad 1.3.1 has another content hash than in the base: sha512-bmV3IGJ5dGVz, where the base has sha512-ZXZpbCBieXRlc…."}},
		{name: "neither the registry's hash nor that of a lockfile of tests", start: samePinned, edit: func(d *evidence.Dossier) {
			d.Change.Base[0].Lockfile = "testdata/" + lockName
			head(d).Integrity = []string{evilHash}
		}, want: []string{otherHash}},

		{name: "a mirror of the same bytes", start: samePinned, edit: func(d *evidence.Dossier) {
			head(d).Resolved = "https://new-mirror.example/left-pad/-/left-pad-1.3.1.tgz"
		}},
		{name: "a mirror that the base uses, without a hash", start: samePinned, edit: func(d *evidence.Dossier) {
			head(d).Resolved, head(d).Integrity = mirror+"left-pad/-/left-pad-1.3.1.tgz", nil
		}},
		{name: "an unknown host, and no hash", start: samePinned, edit: func(d *evidence.Dossier) {
			head(d).Resolved, head(d).Integrity = evil+"left-pad/-/left-pad-1.3.1.tgz", nil
		}, want: []string{fromEvil}},
		{name: "an unknown host, and the base's sha1 beside an unknown sha512", start: samePinned, edit: func(d *evidence.Dossier) {
			base(d).Integrity = []string{newSHA1}
			head(d).Resolved, head(d).Integrity = evil+"left-pad/-/left-pad-1.3.1.tgz", []string{newSHA1, evilHash}
			d.Package, d.Release = nil, nil
		}, want: []string{fromEvil}},

		{name: "registry to git", start: samePinned, edit: func(d *evidence.Dossier) { fromGit(head(d), "github.com/evil/left-pad") },
			want: []string{"always: left-pad 1.3.1 is the version that the base has, from another source: " +
				"the git repository github.com/evil/left-pad, where the base has the registry at npm.example.com."}},
		{name: "registry to an address", start: samePinned, edit: func(d *evidence.Dossier) {
			head(d).Source, head(d).Resolved, head(d).Integrity = lockfile.URL, evil+"x.tgz", nil
		}, want: []string{"always: left-pad 1.3.1 is the version that the base has, from another source: " +
			"the address https://evil.invalid/x.tgz, where the base has the registry at npm.example.com."}},
		{name: "registry to a file", start: samePinned, edit: func(d *evidence.Dossier) {
			head(d).Source, head(d).Resolved, head(d).Integrity = lockfile.File, "file:vendor/left-pad.tgz", []string{evilHash}
		}, want: []string{"always: left-pad 1.3.1 is the version that the base has, from another source: " +
			"a file of the repository, where the base has the registry at npm.example.com."}},
		{name: "git to git, another owner", start: samePinned, edit: func(d *evidence.Dossier) {
			fromGit(base(d), "github.com/owner/left-pad")
			fromGit(head(d), "github.com/evil/left-pad")
		}, want: []string{"always: left-pad 1.3.1 is the version that the base has, from another source: " +
			"the git repository github.com/evil/left-pad, where the base has the git repository github.com/owner/left-pad."}},
		{name: "git to git, another commit", start: samePinned, edit: func(d *evidence.Dossier) {
			fromGit(base(d), "github.com/owner/left-pad")
			fromGit(head(d), "github.com/owner/left-pad")
			head(d).Resolved = "github:owner/left-pad#0123456789"
		}},
		{name: "git back to the registry", start: samePinned, edit: func(d *evidence.Dossier) {
			fromGit(base(d), "github.com/owner/left-pad")
		}},
		{name: "a file that is built anew", start: samePinned, edit: func(d *evidence.Dossier) {
			base(d).Source, base(d).Resolved, base(d).Integrity = lockfile.File, "file:x.tgz", []string{oldHash}
			head(d).Source, head(d).Resolved, head(d).Integrity = lockfile.File, "file:x.tgz", []string{newHash}
		}},
		{name: "what comes inside its parent", start: samePinned, edit: func(d *evidence.Dossier) {
			head(d).Bundled, head(d).Integrity = true, []string{evilHash}
			d.Package, d.Release = nil, nil
		}},
		{name: "another version", edit: func(d *evidence.Dossier) {}},
		{name: "nothing in the base to compare with", start: samePinned, edit: func(d *evidence.Dossier) { d.Change.Base = nil }},
		{name: "no registry is known", start: samePinned, edit: func(d *evidence.Dossier) {
			head(d).Resolved, head(d).Integrity = evil+"left-pad/-/left-pad-1.3.1.tgz", nil
			d.Registries = evidence.Registries{}
		}},
	})
}

func TestIntegrityMismatch(t *testing.T) {
	const mismatch = "always: The lockfile pins left-pad 1.3.1 by the hash sha512-ZXZpbCBieXRlc…; the registry gives sha512-bmV3IGJ5dGVz."
	pinnedBy := func(hashes ...string) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) { head(d).Integrity = hashes }
	}
	runCases(t, "integrity-mismatch", []testCase{
		{name: "other hash", edit: pinnedBy(evilHash), want: []string{mismatch}},
		{name: "the right hash beside another", edit: pinnedBy(newHash, evilHash), want: []string{mismatch}},
		{name: "a wrong sha1 beside the right sha512", edit: pinnedBy(newHash, oldSHA1), want: []string{
			"always: The lockfile pins left-pad 1.3.1 by the hash sha1-b2xkIHNoYTE=; the registry gives sha1-bmV3IHNoYTE=."}},
		{name: "the same wrong hash twice", edit: func(d *evidence.Dossier) {
			head(d).Integrity = []string{evilHash}
			d.Change.Head = append(d.Change.Head, place(90, "left-pad", "1.3.1", evilHash))
		}, want: []string{mismatch}},
		{name: "wrong in the second place only", edit: func(d *evidence.Dossier) {
			d.Change.Head = append(d.Change.Head, place(90, "left-pad", "1.3.1", evilHash))
		}, want: []string{mismatch}},
		{name: "in a new package", start: addition, edit: pinnedBy(evilHash), want: []string{mismatch}},

		{name: "sha1 only, and right", edit: pinnedBy(newSHA1)},
		{name: "an algorithm that the registry lacks", edit: pinnedBy("sha384-AAAA")},
		{name: "no hash", edit: pinnedBy()},
		{name: "the registry states no hashes", edit: func(d *evidence.Dossier) {
			head(d).Integrity, d.Package.Has.Hashes = []string{evilHash}, false
		}},
		{name: "the registry has none for this release", edit: func(d *evidence.Dossier) {
			head(d).Integrity, d.Release.Integrity = []string{evilHash}, nil
		}},
		{name: "from an address", edit: func(d *evidence.Dossier) {
			head(d).Integrity, head(d).Source = []string{evilHash}, lockfile.URL
		}},
	})
}

// A hostile lockfile can hold thousands of places of one package.
func TestFindingsOfOnePackageAreBounded(t *testing.T) {
	d := ordinary()
	d.Change.Head = nil
	for i := range 1000 {
		p := place(i, "left-pad", "1.3.1", "sha512-"+string(rune('a'+i%26))+string(rune('a'+i/26)))
		p.Entry.Resolved = "https://h" + string(rune('a'+i%26)) + string(rune('a'+i/26)) + ".invalid/evil/-/evil-1.3.1.tgz"
		d.Change.Head = append(d.Change.Head, p)
	}
	counts := make(map[string]int)
	for _, f := range Run(d, judged()) {
		counts[f.Signal]++
	}
	for _, id := range []string{"integrity-mismatch", "source-mismatch", "off-registry-source"} {
		if counts[id] != maxPlaces {
			t.Errorf("%s: %d findings, want %d", id, counts[id], maxPlaces)
		}
	}
}
