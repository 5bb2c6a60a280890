package signal

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

func TestManifestMismatch(t *testing.T) {
	asked := evidence.Request{Path: "app/package.json", Line: 7, Name: "left-pad", Specs: []string{"~1.3.0", "1.2.x"}}
	tests := []struct {
		name  string
		other []bool
		want  []string
	}{
		{"as asked", nil, nil},
		{"another version", []bool{false}, []string{
			lockName + ":12 40: app/package.json asks for left-pad ~1.3.0 or 1.2.x (line 7); the lockfile answers with the version 1.3.1.",
		}},
		{"another package", []bool{true}, []string{
			lockName + ":12 40: app/package.json asks for left-pad ~1.3.0 or 1.2.x (line 7); the lockfile answers with left-pad 1.3.1, another package.",
		}},
		{"twice, and the points once", []bool{false, false}, []string{
			lockName + ":12 40: app/package.json asks for left-pad ~1.3.0 or 1.2.x (line 7); the lockfile answers with the version 1.3.1.",
			lockName + ":12 0: app/package.json asks for left-pad ~1.3.0 or 1.2.x (line 7); the lockfile answers with the version 1.3.1.",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := ordinary()
			for _, other := range test.other {
				d.Unasked = append(d.Unasked, evidence.Unasked{Request: asked, Place: d.Change.Head[0], Other: other})
			}
			if diff := cmp.Diff(test.want, located(Run(d, judged()))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
