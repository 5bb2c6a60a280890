package tree

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
)

// historyOf makes
//
//	one - two - merge   main
//	    \ side /        feature/x, origin/main
func historyOf(f *fixture) (one, two, side, merge plumbing.Hash) {
	one = f.main(f.files("n", "1"))
	two = f.main(f.files("n", "2"), one)
	side = f.commit(f.files("n", "side"), one)
	f.ref("refs/heads/feature/x", side)
	f.ref("refs/remotes/origin/main", side)
	f.write(".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/main\n")
	merge = f.main(f.files("n", "3"), two, side)
	return one, two, side, merge
}

func TestResolve(t *testing.T) {
	f := newFixture(t)
	one, two, side, merge := historyOf(f)
	f.tag("v1", plumbing.TagObject, f.tag("inner", plumbing.CommitObject, one))
	f.ref("refs/tags/light", two)
	r := f.open()
	for rev, want := range map[string]plumbing.Hash{
		"HEAD": merge, "@": merge, "main": merge, "heads/main": merge, "refs/heads/main": merge,
		"feature/x": side, "origin/main": side, "origin": side, "refs/remotes/origin/main": side,
		"v1": one, "tags/v1": one, "v1^0": one, "v1~0": one, "light": two, "light^": one,
		"HEAD^": two, "HEAD^1": two, "HEAD^2": side, "HEAD~": two, "HEAD~1": two, "HEAD~2": one, "@~2": one,
		"HEAD^^": one, "HEAD^2^": one, "HEAD^2~1": one, "HEAD~1^1": one, "HEAD^0^2": side,
		merge.String(): merge, strings.ToUpper(merge.String()): merge, merge.String()[:4]: merge, merge.String()[:9] + "^2": side,
		strings.ToUpper(side.String()[:12]): side,
	} {
		got, err := r.Resolve(rev)
		if err != nil || got != want.String() {
			t.Errorf("%s: %s, %v; want %s", rev, got, err, want)
		}
	}
}

func TestResolveFindsPackedReferences(t *testing.T) {
	f := newFixture(t)
	id := f.commit(f.files("n", "1"))
	tag := f.object(plumbing.TagObject, fmt.Sprintf("object %s\ntype commit\ntag v1\ntagger A <a@example.com> 1 +0000\n\nm\n", id))
	f.write(".git/packed-refs", fmt.Sprintf("# pack-refs with: peeled fully-peeled sorted \n%s refs/heads/main\n%s refs/tags/v1\n^%s\n", id, tag, id))
	for _, rev := range []string{"main", "HEAD", "v1"} {
		if got, err := f.open().Resolve(rev); err != nil || got != id.String() {
			t.Errorf("%s: %s, %v", rev, got, err)
		}
	}
}

func TestResolveRefuses(t *testing.T) {
	f := newFixture(t)
	one, _, _, merge := historyOf(f)
	blob := f.blob("content")
	f.ref("refs/tags/file", blob)
	f.write(".git/refs/heads/damaged", "not a hash\n")
	f.write(".git/refs/heads/loop", "ref: refs/heads/loop\n")
	tag := one
	for i := range maxTags + 1 {
		tag = f.tag(fmt.Sprintf("deep%d", i), plumbing.TagObject, tag)
	}
	r := f.open()
	unknown, spelling := "no branch, tag or commit has that name", "check the spelling"
	for rev, want := range map[string][2]string{
		"":                             {unknown, spelling},
		"develop":                      {unknown, "git fetch origin"},
		"deadbeef":                     {unknown, spelling},
		"dea":                          {unknown, spelling},
		"^main":                        {unknown, spelling},
		"main..x":                      {unknown, spelling},
		"main:n":                       {unknown, spelling},
		"@{u}":                         {unknown, spelling},
		"main^{/x}":                    {unknown, spelling},
		"main^x":                       {unknown, spelling},
		"main~-1":                      {unknown, spelling},
		"--help":                       {unknown, spelling},
		"../config":                    {unknown, spelling},
		"config":                       {unknown, spelling},
		"refs/../x":                    {unknown, spelling},
		"HEAD^3":                       {"has no parent 3: there are 2", ""},
		"HEAD~4":                       {"has no parent 1: there are 0", ""},
		"HEAD~9999999999999999999":     {"goes back more than 100000 commits", ""},
		"HEAD~99999~99999":             {"goes back more than 100000 commits", ""},
		"damaged":                      {"refs/heads/damaged: names no commit", ""},
		"loop":                         {"refs/heads/loop: ", ""},
		"file":                         {"is a blob, not a commit", ""},
		blob.String():                  {"is a blob, not a commit", ""},
		merge.String()[:3]:             {unknown, spelling},
		blob.String()[:8]:              {unknown, spelling},
		fmt.Sprintf("deep%d", maxTags): {"a tag of more than 32 tags", ""},
		strings.Repeat("1", 40):        {"commit or tag 1111111111111111111111111111111111111111 is not in this clone", "git fetch origin 1111"},
	} {
		got, err := r.Resolve(rev)
		if got != "" {
			t.Errorf("%s: resolved to %s", rev, got)
		}
		wantError(t, err, want[0], want[1])
		wantError(t, err, "revision "+rev+": resolving: ", "")
		if isUnknown := want[0] == unknown; errors.Is(err, ErrUnknownRevision) != isUnknown {
			t.Errorf("%s: is unknown: %v, want %v", rev, !isUnknown, isUnknown)
		}
	}
}

// Whoever may push a tag must not choose what is compared.
func TestResolveRefusesANameOfTwoCommits(t *testing.T) {
	f := newFixture(t)
	one, two, _, merge := historyOf(f)
	f.ref("refs/tags/main", one)
	f.ref("refs/tags/same", two)
	f.ref("refs/heads/same", two)
	f.ref("refs/heads/heads/main", one)
	r := f.open()
	_, err := r.Resolve("main")
	wantError(t, err, "is both refs/tags/main and refs/heads/main, which differ", "in full")
	for rev, want := range map[string]plumbing.Hash{"refs/heads/main": merge, "heads/main": merge, "tags/main": one, "same": two} {
		if got, err := r.Resolve(rev); err != nil || got != want.String() {
			t.Errorf("%s: %s, %v", rev, got, err)
		}
	}
}

func TestResolveRefusesAnAbbreviationOfTwoCommits(t *testing.T) {
	f := newFixture(t)
	tree := f.files("n", "1")
	byPrefix := map[string]plumbing.Hash{}
	for {
		id := f.commit(tree)
		prefix := id.String()[:minAbbreviation]
		if other, ok := byPrefix[prefix]; ok && other != id {
			f.pack()
			_, err := f.open().Resolve(prefix)
			wantError(t, err, "is the start of 2 commits' hashes", "more of the hash")
			return
		}
		byPrefix[prefix] = id
	}
}

func TestResolveBeforeTheFirstCommit(t *testing.T) {
	_, err := newFixture(t).open().Resolve("HEAD")
	wantError(t, err, "there is no commit yet", "")
}

func TestParents(t *testing.T) {
	f := newFixture(t)
	_, two, side, _ := historyOf(f)
	f.drop(side)
	got, err := f.open().Parents("HEAD")
	if err != nil || len(got) != 2 || got[0] != two.String() || got[1] != side.String() {
		t.Errorf("%v, %v; want %s and %s", got, err, two, side)
	}
}

func FuzzParseRevision(f *testing.F) {
	for _, seed := range []string{"HEAD", "v1^2~3", "main^^", "@", "~", "a^0~0", "x~100001", "0~~99999~", "x^{}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, rev string) {
		start, steps, err := parseRevision(rev)
		if err != nil {
			return
		}
		if start == "" || !strings.HasPrefix(rev, start) || strings.ContainsAny(start, "^~") {
			t.Errorf("%q starts at %q", rev, start)
		}
		if len(steps) > maxSteps {
			t.Errorf("%q takes %d steps", rev, len(steps))
		}
		for _, parent := range steps {
			if parent < 1 {
				t.Errorf("%q goes to parent %d", rev, parent)
			}
		}
	})
}
