package gate

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// refusing is a network that nobody may use.
type refusing struct{ t *testing.T }

func (r refusing) RoundTrip(q *http.Request) (*http.Response, error) {
	r.t.Errorf("a replay asked %s", q.URL)
	return nil, http.ErrServerClosed
}

// A replay opens no connection and gives the bytes of the run that was
// recorded, whenever it is made and whatever time that run judged as of.
func TestAReplayGivesTheSameBytes(t *testing.T) {
	demo := filepath.Join("..", "..", "testdata", "demo")
	world := hosts{&worldtest.World{Files: os.DirFS(filepath.Join(demo, "registry"))}}
	for name, now := range map[string]time.Time{"the clock's": {}, "another": demoTime.AddDate(0, 1, 0)} {
		t.Run(name, func(t *testing.T) {
			bundle := filepath.Join(t.TempDir(), "evidence.zip")
			base, head := filepath.Join(demo, "base"), filepath.Join(demo, "head")
			recorded := rendered(t, check(t, base, head, Options{Now: now, Record: bundle, Network: Network{Transport: world}}))
			nextYear := func() time.Time { return demoTime.AddDate(1, 0, 0) }
			replayed := rendered(t, check(t, base, head, Options{Replay: bundle, Clock: nextYear, Network: Network{Transport: refusing{t}}}))
			if !bytes.Equal(recorded, replayed) {
				t.Errorf("recorded:\n%s\nreplayed:\n%s", recorded, replayed)
			}
		})
	}
}

func rendered(t *testing.T, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.JSON(&b, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
