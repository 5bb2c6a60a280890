package signal_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/signal"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares with a file, or rewrites it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), rewrite it with go test ./internal/signal -update:\n%s", path, diff)
	}
}

func TestExplain(t *testing.T) {
	for _, s := range signal.Table() {
		var b bytes.Buffer
		if err := signal.Explain(&b, s.ID); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(b.String(), "\n") {
			if utf8.RuneCountInString(line) > 80 || line != strings.TrimRight(line, " ") {
				t.Errorf("%s: line %q", s.ID, line)
			}
		}
		words := strings.Join(strings.Fields(b.String()), " ")
		for _, text := range []string{s.ID, s.Title, s.Meaning, s.Why, s.Remedy} {
			if !strings.Contains(words, text) {
				t.Errorf("%s: its explanation lacks %q", s.ID, text)
			}
		}
	}
}

// One signal of each kind shows the whole text.
func TestExplainGoldens(t *testing.T) {
	for _, id := range []string{"install-script-gained", "relocked", "policy-changed", "known-vulnerability", "lockfile-unread"} {
		var b bytes.Buffer
		if err := signal.Explain(&b, id); err != nil {
			t.Fatal(err)
		}
		golden(t, filepath.Join("testdata", "explain", id+".txt"), b.String())
	}
	var b bytes.Buffer
	if err := signal.ExplainAll(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, filepath.Join("testdata", "explain", "all.txt"), b.String())
}

func TestExplainUnknown(t *testing.T) {
	err := signal.Explain(&bytes.Buffer{}, "no\x1bsuch")
	want := `explain: no signal is called "no\x1bsuch": "lockkeeper explain" lists them all`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// broken is a pipe whose reader has gone.
type broken struct{}

var errGone = errors.New("gone")

func (broken) Write([]byte) (int, error) { return 0, errGone }

func TestExplainReportsWriteErrors(t *testing.T) {
	if err := signal.Explain(broken{}, "relocked"); !errors.Is(err, errGone) {
		t.Errorf("one: %v", err)
	}
	if err := signal.ExplainAll(broken{}); !errors.Is(err, errGone) {
		t.Errorf("all: %v", err)
	}
}
