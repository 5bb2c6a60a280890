package attestation

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/theupdateframework/go-tuf/v2/metadata"

	"github.com/lockkeeper/lockkeeper/internal/corpustest"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
)

const (
	realFile = "provenance-npm-test-cli-v1-prega.tgz.json"
	tufURL   = "https://tuf.example/"
)

// Date is what it says, so that nobody replaces the root and forgets it.
func TestDateIsOfTheEmbeddedRoot(t *testing.T) {
	type valid struct{ ValidFor struct{ Start time.Time } }
	var document struct {
		TLogs, CTLogs                                []struct{ PublicKey valid }
		CertificateAuthorities, TimestampAuthorities []valid
	}
	if err := json.Unmarshal(trustedRoot, &document); err != nil {
		t.Fatal(err)
	}
	all := append(document.CertificateAuthorities, document.TimestampAuthorities...)
	for _, log := range append(document.TLogs, document.CTLogs...) {
		all = append(all, log.PublicKey)
	}
	var youngest time.Time
	for _, v := range all {
		if v.ValidFor.Start.After(youngest) {
			youngest = v.ValidFor.Start
		}
	}
	if got := youngest.Format(time.DateOnly); got != Date {
		t.Errorf("the youngest key is of %s, and Date says %s", got, Date)
	}
	if _, err := embedded(); err != nil {
		t.Error(err)
	}
}

// without gives the embedded root as it would be if it were too old to have a
// part of it.
func without(t *testing.T, part string) *material {
	t.Helper()
	var document map[string]json.RawMessage
	if err := json.Unmarshal(trustedRoot, &document); err != nil {
		t.Fatal(err)
	}
	if _, ok := document[part]; !ok {
		t.Fatalf("the root has no %s", part)
	}
	delete(document, part)
	data, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	m, err := readRoot("Sigstore's root of "+Date, data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// What the root doesn't know is told from what is wrong.
func TestOldRootIsNoFault(t *testing.T) {
	files := corpustest.Attestations(t)
	r := pinned(t, files, realFile, cli1)
	hashes, err := digests(r.Hashes)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ part, want string }{
		{"tlogs", "the publish attestation goes by a log that Sigstore's root of " + Date + " does not know"},
		{"certificateAuthorities", "the provenance goes by a certificate authority that Sigstore's root of " + Date + " does not know"},
		{"ctlogs", "the provenance goes by a log of certificates that Sigstore's root of " + Date + " does not know"},
		{"timestampAuthorities", ""}, // the log dates these
	}
	for _, test := range tests {
		t.Run(test.part, func(t *testing.T) {
			d, err := read(files[realFile])
			if err != nil {
				t.Fatal(err)
			}
			_, err = d.verify(without(t, test.part), r, hashes)
			if errorText(err) != test.want || (test.want != "") != isOutdated(err) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

// stale is a good document whose log nobody knows.
func stale(files map[string][]byte) []byte {
	const known, unknown = "wNI9atQGlz+VWfO6LRygH4QUfY/8W4RFwiT5i5WRgB0=", "AAAAatQGlz+VWfO6LRygH4QUfY/8W4RFwiT5i5WRgB0="
	return []byte(strings.ReplaceAll(string(files[realFile]), known, unknown))
}

// A newer root is asked for once, however many documents need it, and not at
// all for those that don't.
func TestRefresh(t *testing.T) {
	files := corpustest.Attestations(t)
	r := pinned(t, files, realFile, cli1)
	repository, anchor := newRepository(t, trustedRoot)
	v := &Verifier{Door: repository, TUF: tufURL, Now: repository.now, anchor: anchor}
	if _, err := v.Verify(t.Context(), files[realFile], r); err != nil || repository.asked.Load() != 0 {
		t.Fatalf("a document that the embedded root knows: error %v after %d requests", err, repository.asked.Load())
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			const want = "the publish attestation goes by a log that Sigstore's newest root does not know"
			if _, err := v.Verify(t.Context(), stale(files), r); errorText(err) != want {
				t.Errorf("error %v, want %q", err, want)
			}
		})
	}
	group.Wait()
	// The next root, which isn't there; timestamp, snapshot, targets and the target.
	if n := repository.asked.Load(); n != 5 {
		t.Errorf("%d requests, want 5", n)
	}
}

// What an old root doesn't know, the newer one verifies.
func TestRefreshVerifies(t *testing.T) {
	files := corpustest.Attestations(t)
	repository, anchor := newRepository(t, trustedRoot)
	v := &Verifier{Door: repository, TUF: tufURL, Now: repository.now, anchor: anchor, root: without(t, "certificateAuthorities")}
	got, err := v.Verify(t.Context(), files[realFile], pinned(t, files, realFile, cli1))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&bySigstore, got); diff != "" {
		t.Errorf("provenance (-want +got):\n%s", diff)
	}
}

// Whatever is wrong with the repository is a gap, and never a root.
func TestRefreshRefuses(t *testing.T) {
	files := corpustest.Attestations(t)
	tests := []struct {
		name string
		edit func(*Verifier, *repository)
		want string
	}{
		{"no repository", func(v *Verifier, _ *repository) { v.TUF = "" }, "no TUF repository is configured"},
		{"no network", func(_ *Verifier, r *repository) { r.failure = &fetch.Failure{URL: tufURL, Reason: fetch.Offline} }, "offline"},
		{"another's signature", func(v *Verifier, _ *repository) { _, v.anchor = newRepository(t, trustedRoot) }, "not enough signatures"},
		{"expired metadata", func(v *Verifier, r *repository) { v.Now = r.now.AddDate(1, 0, 0) }, "expired"},
		{"a target that was swapped", func(_ *Verifier, r *repository) { r.swap(targetName, []byte("{}")) }, "length"},
		{"no target", func(_ *Verifier, r *repository) { r.swap(targetName, nil) }, "404"},
		{"a root that can't be read", func(v *Verifier, r *repository) {
			*r, v.anchor = repositoryOf(t, []byte("[]"))
		}, "unexpected token"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			served, anchor := newRepository(t, trustedRoot)
			v := &Verifier{Door: served, TUF: tufURL, Now: served.now, anchor: anchor}
			test.edit(v, served)
			_, err := v.Verify(t.Context(), stale(files), pinned(t, files, realFile, cli1))
			var unverified *Unverified
			if !errors.As(err, &unverified) || !strings.Contains(err.Error(), test.want) ||
				!strings.Contains(err.Error(), "and a newer root could not be had: ") {
				t.Errorf("error %v, want a newer root that could not be had: %s", err, test.want)
			}
		})
	}
}

// repository is a TUF repository of the test, with one key for all roles.
type repository struct {
	files   map[string][]byte
	failure *fetch.Failure
	now     time.Time
	asked   *atomic.Int64
}

func newRepository(t *testing.T, target []byte) (*repository, string) {
	r, anchor := repositoryOf(t, target)
	return &r, anchor
}

func repositoryOf(t *testing.T, target []byte) (repository, string) {
	t.Helper()
	r := repository{files: make(map[string][]byte), now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), asked: new(atomic.Int64)}
	expires := r.now.AddDate(0, 1, 0)
	public, private, err := ed25519.GenerateKey(rand.Reader)
	check(t, err)
	key, err := metadata.KeyFromPublicKey(public)
	check(t, err)
	signer, err := signature.LoadSigner(private, 0)
	check(t, err)

	root, timestamp := metadata.Root(expires), metadata.Timestamp(expires)
	snapshot, targets := metadata.Snapshot(expires), metadata.Targets(expires)
	for _, role := range []string{metadata.ROOT, metadata.TIMESTAMP, metadata.SNAPSHOT, metadata.TARGETS} {
		check(t, root.Signed.AddKey(key, role))
	}
	info, err := metadata.TargetFile().FromBytes(targetName, target, "sha256")
	check(t, err)
	targets.Signed.Targets[targetName] = info
	for _, sign := range []func(signature.Signer) (*metadata.Signature, error){root.Sign, timestamp.Sign, snapshot.Sign, targets.Sign} {
		_, err := sign(signer)
		check(t, err)
	}
	for name, write := range map[string]func(bool) ([]byte, error){
		"timestamp.json": timestamp.ToBytes, "1.snapshot.json": snapshot.ToBytes, "1.targets.json": targets.ToBytes,
	} {
		r.files[tufURL+name], err = write(false)
		check(t, err)
	}
	r.files[tufURL+"targets/"+info.Hashes["sha256"].String()+"."+targetName] = target
	anchor, err := root.ToBytes(false)
	check(t, err)
	return r, string(anchor)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// swap replaces the file whose name ends so.
func (r *repository) swap(name string, data []byte) {
	for url := range r.files {
		if !strings.HasSuffix(url, name) {
			continue
		}
		if r.files[url] = data; data == nil {
			delete(r.files, url)
		}
	}
}

// Fetch implements [fetch.Getter].
func (r *repository) Fetch(_ context.Context, q fetch.Request) (io.ReadCloser, error) {
	r.asked.Add(1)
	data, ok := r.files[q.URL]
	switch {
	case r.failure != nil:
		return nil, r.failure
	case !ok:
		return nil, &fetch.Failure{URL: q.URL, Reason: fetch.NotFound, Status: 404}
	}
	return io.NopCloser(io.LimitReader(strings.NewReader(string(data)), q.Limit)), nil
}
