package policy

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the .want files")

// TestGolden reads testdata/NAME.yml and compares the policy, or the whole
// text of the error, with NAME.want. A name that begins with bad- is an error.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yml")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p, err := Parse(Path, data)
			if bad := strings.HasPrefix(name, "bad-"); bad != (err != nil) {
				t.Fatalf("error is %v, want one: %v", err, bad)
			}
			compare(t, strings.TrimSuffix(file, ".yml")+".want", dump(t, p, err))
		})
	}
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func dump(t *testing.T, p *Policy, err error) string {
	t.Helper()
	if broken := new(Broken); errors.As(err, &broken) {
		return broken.Error() + "\n"
	}
	if err != nil {
		t.Fatalf("not a *Broken: %v", err)
	}
	type shown struct {
		*Policy
		Cooldown string
	}
	data, err := json.MarshalIndent(shown{p, p.Cooldown.String()}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data) + "\n"
}
