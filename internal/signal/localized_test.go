package signal

import (
	"fmt"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

// Folders in the place of packages are told with the points of one, and a flood
// of them is counted.
func TestLocalized(t *testing.T) {
	r := &evidence.Repository{Localized: []change.Local{
		{Name: "odd", Spec: "^1.0.0", By: "even", Lockfile: "pnpm-lock.yaml", Line: 7, Target: "x"},
		{Name: "a", Spec: "1", Lockfile: "bun.lock", Line: 3},
	}}
	found := RunRepository(r, Context{})
	if len(found) != 2 || found[0].Path != "bun.lock" || found[0].Points != 40 || found[1].Points != 0 ||
		found[1].Message != "even asks for odd ^1.0.0, and a folder of the repository answers, where a package did in the base." {
		t.Errorf("%+v", found)
	}
	for i := range 1000 {
		r.Localized = append(r.Localized, change.Local{Name: fmt.Sprintf("p%d\n::error::", i), Lockfile: "bun.lock"})
	}
	if found = RunRepository(r, Context{}); len(found) != maxLocalized+1 {
		t.Errorf("%d findings", len(found))
	}
}
