package signal

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// located shows findings as "path:line points: message".
func located(findings []Finding) []string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, fmt.Sprintf("%s:%d %d: %s", f.Path, f.Line, f.Points, f.Message))
	}
	return lines
}

func inventory(path string, doubts ...lockfile.Doubt) *lockfile.Inventory {
	return &lockfile.Inventory{Path: path, Ecosystem: "npm", Format: lockV3, Doubts: doubts}
}

func TestAmbiguousLockfile(t *testing.T) {
	twin := lockfile.Doubt{Line: 7, Key: "node_modules/a", Message: "the key is there twice", Packages: true}
	marker := lockfile.Doubt{Line: 3, Message: "conflict markers"}
	tests := []struct {
		name string
		r    evidence.Repository
		want []string
	}{
		{"none", evidence.Repository{Head: []*lockfile.Inventory{inventory("a.json"), nil}}, nil},
		{"two kinds, the worse first", evidence.Repository{Head: []*lockfile.Inventory{inventory("a.json", marker, twin)}}, []string{
			"a.json:7 60: the key is there twice.",
			"a.json:3 0: conflict markers.",
		}},
		{"one that the base had", evidence.Repository{
			Head:       []*lockfile.Inventory{inventory("a.json", marker, twin)},
			BaseDoubts: map[string]bool{"a.json\x00conflict markers": true},
		}, []string{"a.json:7 60: the key is there twice."}},
		{"the same in another file", evidence.Repository{
			Head:       []*lockfile.Inventory{inventory("b.json", marker)},
			BaseDoubts: map[string]bool{"a.json\x00conflict markers": true},
		}, []string{"b.json:3 40: conflict markers."}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, located(RunRepository(&test.r, judged()))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// A flood of doubts is counted, and hides no doubt that matters more.
func TestDoubtsOfOneFileAreBounded(t *testing.T) {
	var doubts []lockfile.Doubt
	for i := range 500 {
		doubts = append(doubts, lockfile.Doubt{Line: i + 1, Message: fmt.Sprintf("doubt %d", i)})
	}
	doubts[499].Packages = true
	r := &evidence.Repository{Head: []*lockfile.Inventory{inventory("a.json", doubts...)}}
	got := RunRepository(r, judged())
	if len(got) != maxDoubts+1 || got[0].Points != 60 || got[0].Line != 500 {
		t.Fatalf("%d findings, the first: %+v", len(got), got[0])
	}
	if last := got[maxDoubts]; last.Message != "The file can be read two ways in 490 places more." || last.Points != 0 {
		t.Errorf("last: %+v", last)
	}
}

func TestPolicyChanged(t *testing.T) {
	r := &evidence.Repository{Edited: []evidence.Edit{
		{Path: ".github/workflows/gate.yml", Kind: "workflow", Change: "removed"},
		{Path: ".github/lockkeeper.yml", Kind: "policy", Change: "edited", Line: 4},
	}}
	want := []string{
		".github/lockkeeper.yml:4 30: The head edits .github/lockkeeper.yml, the policy that pull requests are judged by. It does not judge this one; once merged, it judges all others.",
		".github/workflows/gate.yml:0 0: The head removes .github/workflows/gate.yml, a workflow that runs Lockkeeper. On pull requests the forge may run the head's own version of it.",
	}
	if diff := cmp.Diff(want, located(RunRepository(r, judged()))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if got := RunRepository(&evidence.Repository{PolicyPath: ".github/lockkeeper.yml"}, judged()); got != nil {
		t.Errorf("an untouched policy: %q", located(got))
	}
}

func TestLockfileRemoved(t *testing.T) {
	r := &evidence.Repository{Removed: []string{"web/package-lock.json", "api/package-lock.json"}}
	want := []string{
		"api/package-lock.json:0 40: api/package-lock.json goes away and its manifest stays, so that nothing pins what is installed.",
		"web/package-lock.json:0 40: web/package-lock.json goes away and its manifest stays, so that nothing pins what is installed.",
	}
	if diff := cmp.Diff(want, located(RunRepository(r, judged()))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestRepositoryOrderDoesNotMatter(t *testing.T) {
	r := &evidence.Repository{
		Edited:  []evidence.Edit{{Path: "b", Kind: "policy"}, {Path: "a", Kind: "workflow"}},
		Removed: []string{"y", "x"},
		Head: []*lockfile.Inventory{
			inventory("n", lockfile.Doubt{Line: 2, Message: "m"}, lockfile.Doubt{Line: 1, Message: "m"}),
			inventory("m", lockfile.Doubt{Line: 1, Message: "m"}),
		},
	}
	want := located(RunRepository(r, judged()))
	slices.Reverse(r.Edited)
	slices.Reverse(r.Removed)
	slices.Reverse(r.Head)
	slices.Reverse(r.Head[1].Doubts)
	if diff := cmp.Diff(want, located(RunRepository(r, judged()))); diff != "" {
		t.Errorf("findings in another order (-want +got):\n%s", diff)
	}
}
