package gate

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/manifest"
)

// The package that an override is about, in the notations of npm, pnpm and yarn.
func TestTargets(t *testing.T) {
	for name, want := range map[string]string{
		"a":         "a",
		"@s/a":      "@s/a",
		"a@^1":      "a",
		"@s/a@^1":   "@s/a",
		"x>a":       "a",
		"x@1>@s/a":  "@s/a",
		"x/a":       "a",
		"x/**/a":    "a",
		"**/@s/a":   "@s/a",
		"@x/y/@s/a": "@s/a",
		"@x/y/a":    "a",
		"":          "",
	} {
		got := slices.Collect(maps.Keys(targets([]manifest.Request{{Name: name}})))
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", name, diff)
		}
	}
}
