package evidence

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/attestation"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// attesting is a registry of the test that attests, and a verifier of what it
// gives: each document is "name@version".
type attesting struct {
	*npm
	missing map[string]error // documents that can't be had
	faults  map[string]error // and that don't verify
	keysErr error

	mu    sync.Mutex
	asked []string
	held  []string // release and hashes that were verified
}

func (r *attesting) Keys(context.Context, string) ([]registry.Key, error) {
	return []registry.Key{{ID: "k"}}, r.keysErr
}

func (r *attesting) Attestations(_ context.Context, name, version string) ([]byte, error) {
	key := name + "@" + version
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, key)
	return []byte(key), r.missing[key]
}

func (r *attesting) Verify(_ context.Context, document []byte, of attestation.Release) (*attestation.Provenance, error) {
	key := of.Name + "@" + of.Version
	if string(document) != key || len(of.Keys) != 1 || of.Keys[0].ID != "k" {
		return nil, errors.New("asked to verify another document, or without its keys")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held = append(r.held, key+" "+strings.Join(of.Hashes, " "))
	if err := r.faults[key]; err != nil {
		return nil, err
	}
	return &attestation.Provenance{Commit: key}, nil
}

func TestAttestations(t *testing.T) {
	missing := &fetch.Failure{URL: "https://npm.example.com/x", Reason: fetch.NotFound, Status: 404}
	fault := &attestation.Fault{Kind: attestation.OtherDigest, What: "provenance", Cause: "is over other bytes"}
	tests := []struct {
		name       string
		base, head []string
		edit       func(*attesting, *lockfile.Entry)
		asked      []string
		held       []string
		now        string // the commits that are known at the end
		before     string
		faulty     bool
		gaps       []string
	}{
		{name: "compared with the base's version", base: []string{"a@1.0.0"}, head: []string{"a@1.2.0"},
			asked: []string{"a@1.0.0", "a@1.2.0"}, held: []string{"a@1.0.0 sha512-1.0.0", "a@1.2.0 sha512-1.2.0"}, now: "a@1.2.0", before: "a@1.0.0"},
		{name: "compared within the line, if the base is of another", base: []string{"a@1.2.0"}, head: []string{"a@2.1.0"},
			asked: []string{"a@2.0.0", "a@2.1.0"}, held: []string{"a@2.0.0 sha512-2.0.0", "a@2.1.0 sha512-2.1.0"}, now: "a@2.1.0", before: "a@2.0.0"},
		{name: "the first of a line, compared with the base's", base: []string{"a@1.2.0"}, head: []string{"a@2.0.0"},
			asked: []string{"a@1.2.0", "a@2.0.0"}, held: []string{"a@1.2.0 sha512-1.2.0", "a@2.0.0 sha512-2.0.0"}, now: "a@2.0.0", before: "a@1.2.0"},
		{name: "a downgrade, compared with what came before", base: []string{"a@1.2.0"}, head: []string{"a@1.1.0"},
			asked: []string{"a@1.0.0", "a@1.1.0"}, held: []string{"a@1.0.0 sha512-1.0.0", "a@1.1.0 sha512-1.1.0"}, now: "a@1.1.0", before: "a@1.0.0"},
		{name: "nothing before it", head: []string{"a@1.0.0"}, asked: []string{"a@1.0.0"}, held: []string{"a@1.0.0 sha512-1.0.0"}, now: "a@1.0.0"},
		{name: "the release before claims nothing", head: []string{"late@1.1.0"}, asked: []string{"late@1.1.0"}, held: []string{"late@1.1.0 sha512-1.1.0"}, now: "late@1.1.0"},
		{name: "the release claims nothing", head: []string{"plain@1.0.0"}},
		{name: "two changes, each document once", base: []string{"a@1.0.0"}, head: []string{"a@1.1.0", "a@1.2.0"},
			asked: []string{"a@1.0.0", "a@1.1.0", "a@1.2.0"}, now: "a@1.1.0 a@1.2.0", before: "a@1.0.0 a@1.0.0",
			held: []string{"a@1.0.0 sha512-1.0.0", "a@1.0.0 sha512-1.0.0", "a@1.1.0 sha512-1.1.0", "a@1.2.0 sha512-1.2.0"}},

		{name: "held against the lockfile's hash", head: []string{"a@1.0.0"}, asked: []string{"a@1.0.0"}, now: "a@1.0.0",
			edit: func(_ *attesting, e *lockfile.Entry) { e.Integrity = []string{"sha1-x", "sha512-evil", "sha512-1.0.0"} },
			held: []string{"a@1.0.0 sha512-evil sha512-1.0.0"}},
		{name: "a lockfile without SHA-512 has the registry's", head: []string{"a@1.0.0"}, asked: []string{"a@1.0.0"}, now: "a@1.0.0",
			edit: func(_ *attesting, e *lockfile.Entry) { e.Integrity = []string{"sha1-x"} }, held: []string{"a@1.0.0 sha512-1.0.0"}},

		{name: "does not hold", base: []string{"a@1.0.0"}, head: []string{"a@1.1.0"}, asked: []string{"a@1.0.0", "a@1.1.0"}, held: []string{"a@1.1.0 sha512-1.1.0"}, faulty: true,
			edit: func(r *attesting, _ *lockfile.Entry) { r.faults = map[string]error{"a@1.1.0": fault} }},
		{name: "the one before does not hold", base: []string{"a@1.0.0"}, head: []string{"a@1.1.0"}, asked: []string{"a@1.0.0", "a@1.1.0"},
			held: []string{"a@1.0.0 sha512-1.0.0", "a@1.1.0 sha512-1.1.0"}, now: "a@1.1.0",
			edit: func(r *attesting, _ *lockfile.Entry) { r.faults = map[string]error{"a@1.0.0": fault} },
			gaps: []string{"the attestations of 1.0.0, which it is compared with, could not be verified: the provenance is over other bytes"}},
		{name: "no document", head: []string{"a@1.0.0"}, asked: []string{"a@1.0.0"},
			edit: func(r *attesting, _ *lockfile.Entry) { r.missing = map[string]error{"a@1.0.0": missing} },
			gaps: []string{"its attestations could not be verified: npm.example.com: not found (HTTP 404)"}},
		{name: "an old root", head: []string{"a@1.0.0"}, asked: []string{"a@1.0.0"}, held: []string{"a@1.0.0 sha512-1.0.0"},
			edit: func(r *attesting, _ *lockfile.Entry) {
				r.faults = map[string]error{"a@1.0.0": &attestation.Unverified{Reason: "the provenance goes by a log that nobody knows", Err: missing}}
			},
			gaps: []string{"its attestations could not be verified: the provenance goes by a log that nobody knows"}},
		{name: "no keys", head: []string{"a@1.0.0"}, asked: []string{"a@1.0.0"}, edit: func(r *attesting, _ *lockfile.Entry) { r.keysErr = missing },
			gaps: []string{"its attestations could not be verified: npm.example.com: not found (HTTP 404)"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := packageOf("a", "1.0.0", "1.1.0", "1.2.0", "2.0.0", "2.1.0")
			for i := range a.Releases {
				a.Releases[i].Provenance = true
			}
			late := packageOf("late", "1.0.0", "1.1.0")
			late.Releases[1].Provenance = true
			world := &attesting{npm: &npm{packages: map[string]*registry.Package{"a": a, "late": late, "plain": packageOf("plain", "1.0.0")}}}
			head := tree(test.head...)
			if test.edit != nil {
				test.edit(world, &head[0].Entries[0])
			}
			base := tree(test.base...)
			g := Gatherer{
				Histories:  map[string]Historian{"npm": world},
				Addresses:  map[string]registry.Addresses{"npm": {URL: "https://npm.example.com/"}},
				Advisories: advisories{},
				Verifier:   world,
				Now:        t0,
			}
			dossiers, err := g.Gather(t.Context(), change.Between(base, head), base, head)
			if err != nil {
				t.Fatal(err)
			}
			var now, before, gaps []string
			faulty := false
			for _, d := range dossiers {
				if d.Attested != nil {
					now = append(now, d.Attested.Commit)
				}
				if d.AttestedBefore != nil {
					before = append(before, d.AttestedBefore.Commit)
				}
				faulty = faulty || d.Misattested != nil
				for _, gap := range d.Gaps {
					if gap.Check == Provenance {
						gaps = append(gaps, gap.Reason)
					}
				}
			}
			slices.Sort(world.asked)
			slices.Sort(world.held)
			type outcome struct {
				Asked, Held, Gaps []string
				Now, Before       string
				Faulty            bool
			}
			got := outcome{world.asked, world.held, gaps, strings.Join(now, " "), strings.Join(before, " "), faulty}
			want := outcome{test.asked, test.held, test.gaps, test.now, test.before, test.faulty}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
