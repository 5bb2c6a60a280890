package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/npmtest"
)

func TestTheEmulatorIsPinned(t *testing.T) { npmtest.Pinned(t, pinned) }

// What stands before the emulator changes a blob that is asked for by its bytes,
// and nothing else.
func TestABlobIsGivenByItsBytes(t *testing.T) {
	const blob = `{"encoding":"base64","content":"aGVs\nbG8="}`
	emulator := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, blob) }))
	defer emulator.Close()
	front := httptest.NewServer(truer(emulator.URL))
	defer front.Close()
	for _, c := range []struct{ path, accept, want string }{
		{"/repos/gate/web/git/blobs/0123", "application/vnd.github.v3.raw", "hello"},
		{"/repos/gate/web/git/blobs/0123", "application/json", blob},
		{"/repos/gate/web/git/trees/0123", "application/vnd.github.v3.raw", blob},
		{"/advisories", "application/json", "[]"},
	} {
		r, err := http.NewRequest(http.MethodGet, front.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", c.accept)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || string(got) != c.want {
			t.Errorf("%s, %s: %q, %v", c.path, c.accept, got, err)
		}
	}
}
