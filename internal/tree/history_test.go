package tree

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"pgregory.net/rapid"
)

func TestMergeBase(t *testing.T) {
	f := newFixture(t)
	one, two, side, merge := historyOf(f)
	later := f.commit(f.files("n", "later"), side)
	unrelated := f.commit(f.files("n", "unrelated"))
	r := f.open()
	for _, c := range []struct{ a, b, want plumbing.Hash }{
		{merge, merge, merge},
		{two, side, one},
		{merge, side, side},
		{merge, two, two},
		{merge, later, side},
		{two, later, one},
	} {
		for _, pair := range [][2]string{{c.a.String(), c.b.String()}, {c.b.String(), c.a.String()}} {
			got, err := r.MergeBase(context.Background(), pair[0], pair[1])
			if err != nil || got != c.want.String() {
				t.Errorf("%v: %s, %v; want %s", pair, got, err, c.want)
			}
		}
	}
	_, err := r.MergeBase(context.Background(), "HEAD", unrelated.String())
	wantError(t, err, "merge base of HEAD and "+unrelated.String()+": searching: their histories have no commit in common", "--base REV")
	_, err = r.MergeBase(context.Background(), "HEAD", "nowhere")
	wantError(t, err, "revision nowhere: resolving: ", "check the spelling")

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.MergeBase(ctx, two.String(), side.String()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Commit dates are the author's to choose.
func TestMergeBaseWithLyingClocks(t *testing.T) {
	f := newFixture(t)
	tree := f.files("n", "1")
	root := f.commit(tree)
	fork := f.commit(tree, root)
	f.clock = 10
	past := f.commit(tree, fork)
	f.clock = 4_000_000_000
	future := f.commit(tree, past)
	f.clock = 20
	other := f.commit(tree, fork)
	got, err := f.open().MergeBase(context.Background(), future.String(), other.String())
	if err != nil || got != fork.String() {
		t.Errorf("%s, %v; want %s", got, err, fork)
	}
}

// An ancestor of the merge base that is reached first, as it is dated after it,
// is not taken for it.
func TestMergeBaseWithAnAncestorFromTheFuture(t *testing.T) {
	f := newFixture(t)
	tree := f.files("n", "1")
	f.clock = 4_000_000_000
	ancestor := f.commit(tree)
	f.clock = 10
	best := f.commit(tree, ancestor)
	left, right := f.commit(tree, best, ancestor), f.commit(tree, best, ancestor, best)
	got, err := f.open().MergeBase(context.Background(), left.String(), right.String())
	if err != nil || got != best.String() {
		t.Errorf("%s, %v; want %s", got, err, best)
	}
}

// In any history the merge base is a common ancestor; and no other common
// ancestor descends from it, unless the clocks lie.
func TestMergeBaseOfAnyHistory(t *testing.T) {
	f := newFixture(t)
	tree := f.files("n", "1")
	rapid.Check(t, func(t *rapid.T) {
		lying := rapid.Bool().Draw(t, "lying clocks")
		size := rapid.IntRange(2, 14).Draw(t, "commits")
		ids := make([]plumbing.Hash, size)
		ancestors := make([]map[plumbing.Hash]bool, size) // each with itself
		for i := range size {
			parents := map[int]bool{}
			if i > 0 {
				for _, p := range rapid.SliceOfN(rapid.IntRange(0, i-1), 1, 3).Draw(t, "parents") {
					parents[p] = true
				}
			}
			ancestors[i] = map[plumbing.Hash]bool{}
			var hashes []plumbing.Hash
			for p := range size {
				if parents[p] {
					hashes = append(hashes, ids[p])
					for id := range ancestors[p] {
						ancestors[i][id] = true
					}
				}
			}
			if lying {
				f.clock = rapid.Int64Range(0, 50).Draw(t, "clock")
			}
			ids[i] = f.commit(tree, hashes...)
			ancestors[i][ids[i]] = true
		}
		a, b := rapid.IntRange(0, size-1).Draw(t, "a"), rapid.IntRange(0, size-1).Draw(t, "b")
		got, err := f.open().MergeBase(context.Background(), ids[a].String(), ids[b].String())
		if err != nil {
			t.Fatal(err)
		}
		base := plumbing.NewHash(got)
		if !ancestors[a][base] || !ancestors[b][base] {
			t.Fatalf("%s is no common ancestor", base)
		}
		for i, id := range ids {
			if !lying && id != base && ancestors[a][id] && ancestors[b][id] && ancestors[i][base] {
				t.Fatalf("%s is better than %s", id, base)
			}
		}
	})
}

func TestDefaultBranch(t *testing.T) {
	order := []string{"refs/remotes/origin/main", "refs/remotes/origin/master", "refs/heads/main", "refs/heads/master"}
	for i, want := range order {
		f := newFixture(t)
		id := f.commit(f.files("n", "1"))
		for _, name := range order[i:] {
			f.ref(name, id)
		}
		if got, err := f.open().DefaultBranch(); err != nil || got != want {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
		f.ref("refs/remotes/origin/trunk", id)
		f.write(".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/trunk\n")
		if got, err := f.open().DefaultBranch(); err != nil || got != "refs/remotes/origin/trunk" {
			t.Errorf("%s, %v; want what origin/HEAD points to", got, err)
		}
		f.write(".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/gone\n")
		if got, err := f.open().DefaultBranch(); err != nil || got != want {
			t.Errorf("%s, %v; want %s where origin/HEAD dangles", got, err, want)
		}
	}
	f := newFixture(t)
	f.ref("refs/heads/trunk", f.commit(f.files("n", "1")))
	_, err := f.open().DefaultBranch()
	wantError(t, err, "looking for the default branch: there is no origin/HEAD", "--base REV")
}

func TestHistoryOfAShallowClone(t *testing.T) {
	f := newFixture(t)
	_, two, side, merge := historyOf(f)
	f.drop(two, side)
	f.write(".git/shallow", merge.String()+"\n")
	r := f.open()

	_, err := r.Resolve("HEAD^1")
	if m := wantIs[*Missing](t, err); m.ID != two.String() {
		t.Errorf("%+v", m)
	}
	wantError(t, err, "is not in this clone", "fetch-depth: 0 in actions/checkout, or run git fetch origin "+two.String())

	stray := f.commit(f.files("n", "stray"))
	_, err = r.MergeBase(context.Background(), "HEAD", stray.String())
	wantError(t, err, "no commit in common", "git fetch --unshallow")
}

func TestHistoryThatIsCutWithoutSayingSo(t *testing.T) {
	f := newFixture(t)
	one, two, side, _ := historyOf(f)
	f.drop(one)
	_, err := f.open().MergeBase(context.Background(), two.String(), side.String())
	wantError(t, err, fmt.Sprintf("commit or tag %s is not in this clone", one), "git fetch origin "+one.String())
}
