package artifact

import "testing"

func TestOutlineKeepsWhatTheDeltaNames(t *testing.T) {
	was := mustOpen(t, pack(t, files("package.json", `{"main":"a.js"}`, "a.js", "fetch('https://a.invalid')", "b.js", "fetch('https://a.invalid')")...))
	now := mustOpen(t, pack(t, files("package.json", `{"main":"a.js"}`, "a.js", "fetch('https://a.invalid');exec('x')", "b.js", "fetch('https://a.invalid')")...))
	now.Files[0].Code.Shingles, now.Files[1].Code.Shingles = []uint64{1}, []uint64{1}
	o := now.Outline(Diff(was, now))
	for i, f := range o.Files {
		whole := &now.Files[i]
		switch {
		case f.Path == "a.js" && (len(f.Code.Uses) != len(whole.Code.Uses) || len(f.Excerpts) != len(whole.Excerpts) || f.Code.Shingles != nil):
			t.Errorf("%s has changed, and its outline is %+v", f.Path, f.Code)
		case f.Path == "b.js" && (f.Code != nil || f.Excerpts != nil):
			t.Errorf("%s has not changed, and its outline is %+v", f.Path, f.Code)
		case f.Hash != whole.Hash || f.Size != whole.Size:
			t.Errorf("%s is another file in the outline", f.Path)
		}
	}
	if now.Files[0].Code.Shingles == nil || now.Files[1].Code == nil {
		t.Error("the outline took something from the profile itself")
	}
}
