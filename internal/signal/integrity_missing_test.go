package signal

import (
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

func TestIntegrityMissing(t *testing.T) {
	integrity := func(before, after []string) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) { base(d).Integrity, head(d).Integrity = before, after }
	}
	without := func(edit func(*lockfile.Entry)) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) {
			head(d).Integrity = nil
			edit(head(d))
		}
	}
	const (
		lost  = "40: left-pad 1.3.1 has no content hash; the base pins left-pad by sha512."
		never = "40: left-pad 1.3.1 has an address and no content hash, so that the installer takes whatever is served there."
	)
	runCases(t, "integrity-missing", []testCase{
		{name: "lost in an update", edit: integrity([]string{oldHash}, nil), want: []string{lost}},
		{name: "lost at the same version", start: samePinned, edit: integrity([]string{newHash}, nil), want: []string{lost}},
		{name: "weaker", edit: integrity([]string{oldHash}, []string{newSHA1}),
			want: []string{"40: left-pad 1.3.1 is pinned by sha1 only; the base pins left-pad by sha512."}},
		{name: "an algorithm that no installer checks", edit: integrity([]string{oldHash}, []string{"SHA512-bmV3IGJ5dGVz"}), want: []string{lost}},
		{name: "lost in one of two places", edit: func(d *evidence.Dossier) {
			for _, line := range []int{50, 51} {
				p := place(line, "left-pad", "1.3.0", oldHash)
				p.Entry.Key = "node_modules/a/node_modules/left-pad"
				if line == 51 {
					p.Entry.Version, p.Entry.Integrity = "1.3.1", nil
					d.Change.Head = append(d.Change.Head, p)
					continue
				}
				d.Change.Base = append(d.Change.Base, p)
			}
		}, want: []string{lost}},
		{name: "a new lockfile without hashes", edit: func(d *evidence.Dossier) {
			p := place(5, "left-pad", "1.3.1")
			p.Lockfile = "other/package-lock.json"
			d.Change.Head = append(d.Change.Head, p)
		}, want: []string{lost}},
		{name: "a version that the registry no longer serves", edit: func(d *evidence.Dossier) {
			head(d).Integrity, d.Release.Integrity, d.Release.Removed = nil, nil, true
		}, want: []string{lost}},
		{name: "never there in a new entry", start: addition, edit: without(func(*lockfile.Entry) {}), want: []string{never}},
		{name: "never there in a new entry of a shrinkwrap", start: addition, edit: func(d *evidence.Dossier) {
			head(d).Integrity, d.Change.Head[0].Format = nil, "npm-shrinkwrap-v2"
		}, want: []string{never}},
		{name: "never there in a new entry with an address of its own", start: addition,
			edit: without(func(e *lockfile.Entry) { e.Source = lockfile.URL }), want: []string{never}},
		{name: "git to the registry, without a hash", edit: func(d *evidence.Dossier) {
			fromGit(base(d), "github.com/owner/left-pad")
			head(d).Integrity = nil
		}, want: []string{never}},

		{name: "an optional package that yarn did not fetch", edit: func(d *evidence.Dossier) {
			base(d).Integrity, base(d).Checksum = nil, "10c0/ab"
			head(d).Integrity, head(d).Optional, d.Change.Head[0].Format = nil, true, "yarn-berry-v8"
		}},
		{name: "same strength", edit: integrity([]string{oldSHA1}, []string{newSHA1})},
		{name: "stronger", edit: integrity([]string{oldSHA1}, []string{newHash})},
		{name: "nothing to lose", edit: integrity(nil, nil)},
		{name: "an entry whose hash was lost long ago, in a lockfile with hashes", edit: func(d *evidence.Dossier) {
			base(d).Integrity, head(d).Integrity = nil, nil
			p := place(50, "left-pad", "1.3.0", oldHash)
			p.Entry.Key = "node_modules/a/node_modules/left-pad"
			d.Change.Base = append(d.Change.Base, p)
		}},
		{name: "an old version of which the registry has a sha1 sum only", edit: func(d *evidence.Dossier) {
			head(d).Integrity, d.Release.Integrity = []string{newSHA1}, []string{newSHA1}
		}},
		{name: "a registry without a hash for it", start: addition, edit: func(d *evidence.Dossier) {
			head(d).Integrity, d.Release.Integrity = nil, nil
		}},
		{name: "bundled", edit: without(func(e *lockfile.Entry) { e.Bundled = true })},
		{name: "git", start: addition, edit: without(func(e *lockfile.Entry) { fromGit(e, "github.com/owner/left-pad") })},
		{name: "file", edit: without(func(e *lockfile.Entry) { e.Source = lockfile.File })},
		{name: "link", edit: without(func(e *lockfile.Entry) { e.Source = lockfile.Link })},
		{name: "new without an address", start: addition, edit: without(func(e *lockfile.Entry) { e.Resolved = "" })},
		{name: "new in a format that does without hashes", start: addition, edit: func(d *evidence.Dossier) {
			head(d).Integrity, d.Change.Head[0].Format = nil, "npm-lock-v1"
		}},
	})
}
