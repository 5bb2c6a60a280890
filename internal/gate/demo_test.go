package gate

import (
	"bytes"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

var update = flag.Bool("update", false, "rewrite expected output")

// demoTime is an hour after the attack that the demo retells, and two hours
// before any advisory named it.
var demoTime = time.Date(2026, 3, 31, 1, 30, 0, 0, time.UTC)

// hosts answers for the hosts of the demo from its folder, with no connection.
type hosts struct{ world *worldtest.World }

func (h hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	prefix := "/npm"
	if strings.HasPrefix(registry.PublicOSV, "https://"+r.URL.Host) {
		prefix = "/osv"
	}
	inner := r.Clone(r.Context())
	inner.URL.Path = prefix + r.URL.Path
	if r.URL.RawPath != "" {
		inner.URL.RawPath = prefix + r.URL.RawPath
	}
	answer := httptest.NewRecorder()
	h.world.ServeHTTP(answer, inner)
	return answer.Result(), nil
}

// The demo's bundle is what its registry folder answers.
func TestDemoBundle(t *testing.T) {
	demo := filepath.Join("..", "..", "testdata", "demo")
	bundle := filepath.Join(demo, "evidence.zip")
	fresh := filepath.Join(t.TempDir(), "evidence.zip")
	check(t, filepath.Join(demo, "base"), filepath.Join(demo, "head"), Options{
		Record:  fresh,
		Now:     demoTime,
		Network: Network{Transport: hosts{&worldtest.World{Files: os.DirFS(filepath.Join(demo, "registry"))}}},
	})
	got, err := os.ReadFile(fresh)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(bundle, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("testdata/demo/evidence.zip is not what testdata/demo/registry answers; run the test with -update")
	}
}
