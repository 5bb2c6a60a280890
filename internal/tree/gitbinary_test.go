package tree

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The tests of this file compare with what git itself makes and says. The
// program is started by tests alone.

// binary runs git in a folder, away from the user's own settings.
type binary struct {
	t   testing.TB
	dir string
}

func newBinary(t testing.TB) binary {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: what it makes itself is not tested")
	}
	return binary{t, t.TempDir()}
}

func (b binary) in(dir string) binary { return binary{b.t, filepath.Join(b.dir, dir)} }

func (b binary) run(args ...string) string {
	b.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "protocol.file.allow=always"}, args...)...)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(),
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.com")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		b.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

func (b binary) write(file, content string) {
	b.t.Helper()
	file = filepath.Join(b.dir, file)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// upstream makes, in the folder "upstream", a repository of three commits on
// main and the merge of a pull request, as refs/pull/1/merge.
func (b binary) upstream() binary {
	b.t.Helper()
	b.run("init", "-q", "-b", "main", "upstream")
	up := b.in("upstream")
	up.run("config", "uploadpack.allowFilter", "true")
	up.run("config", "uploadpack.allowAnySHA1InWant", "true")
	for i := range 3 {
		up.write("app/package-lock.json", fmt.Sprintf("lock %d\n", i)+strings.Repeat("the same\n", 5000))
		up.write("package.json", "{}")
		up.run("add", "-A")
		up.run("commit", "-q", "-m", fmt.Sprint(i))
		up.run("tag", "-a", "-m", "m", fmt.Sprintf("v%d", i))
	}
	up.run("checkout", "-q", "-b", "feature", "HEAD~1")
	up.write("new/package-lock.json", "new\n")
	up.run("add", "-A")
	up.run("commit", "-q", "-m", "feature")
	up.run("checkout", "-q", "--detach", "main")
	up.run("merge", "-q", "--no-ff", "-m", "merge", "feature")
	up.run("update-ref", "refs/pull/1/merge", "HEAD")
	up.run("checkout", "-q", "main")
	return up
}

// sameAsGit compares a commit's listing with git's own.
func (b binary) sameAsGit(revs ...string) {
	b.t.Helper()
	r, err := Git(b.dir)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, rev := range revs {
		want := strings.Split(b.run("ls-tree", "-r", "--format=%(path) %(objectname)", rev), "\n")
		slices.Sort(want)
		tr, err := r.Commit(rev)
		if err != nil {
			b.t.Error(err)
			continue
		}
		files, err := tr.Files(context.Background(), everything)
		if err != nil {
			b.t.Error(err)
		}
		var got []string
		for _, f := range files {
			if f.Kind == Regular {
				got = append(got, f.Path+" "+f.ID)
			}
		}
		if !slices.Equal(got, want) {
			b.t.Errorf("%s: %v, want %v", rev, got, want)
		}
		if id := b.run("rev-parse", rev+"^{commit}"); tr.Ref().Commit != id {
			b.t.Errorf("%s: is %s, want %s", rev, tr.Ref().Commit, id)
		}
	}
}

func (b binary) clone(args ...string) binary {
	b.t.Helper()
	b.run(slices.Concat([]string{"clone", "-q"}, args, []string{"file://" + filepath.Join(b.dir, "upstream"), "clone"})...)
	return b.in("clone")
}

func TestSameAsGit(t *testing.T) {
	revs := []string{"HEAD", "main", "main~1", "v0", "v1^0", "v2~2", "@~"}
	for name, prepare := range map[string]func(b binary) binary{
		"loose":  func(b binary) binary { return b.in("upstream") },
		"packed": func(b binary) binary { b.in("upstream").run("gc", "-q"); return b.in("upstream") },
		"multi-pack": func(b binary) binary {
			b.in("upstream").run("repack", "-adbq", "--write-midx")
			return b.in("upstream")
		},
		"clone":       func(b binary) binary { return b.clone() },
		"bare":        func(b binary) binary { return b.clone("--bare") },
		"mirror":      func(b binary) binary { return b.clone("--mirror") },
		"no checkout": func(b binary) binary { return b.clone("--no-checkout") },
		"shared": func(b binary) binary {
			b.run("clone", "-q", "--shared", "upstream", "clone")
			return b.in("clone")
		},
		"worktree": func(b binary) binary {
			b.in("upstream").run("worktree", "add", "-q", "--detach", "../linked", "main")
			return b.in("linked")
		},
		"submodule": func(b binary) binary {
			b.run("init", "-q", "super")
			b.in("super").run("submodule", "--quiet", "add", filepath.Join(b.dir, "upstream"), "sub")
			return b.in("super/sub")
		},
		"sparse, cone": func(b binary) binary {
			c := b.clone()
			c.run("sparse-checkout", "set", "--cone", "new")
			return c
		},
		"sparse, no cone": func(b binary) binary {
			c := b.clone()
			c.run("sparse-checkout", "set", "--no-cone", "/package.json")
			return c
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBinary(t)
			b.upstream()
			prepare(b).sameAsGit(revs...)
		})
	}
}

// What actions/checkout leaves on pull_request, with its default depth and
// with the one that is asked for.
func TestCheckoutOfAMerge(t *testing.T) {
	for _, depth := range []string{"1", "2"} {
		t.Run("fetch-depth "+depth, func(t *testing.T) {
			b := newBinary(t)
			up := b.upstream()
			b.run("init", "-q", "clone")
			c := b.in("clone")
			c.run("remote", "add", "origin", "file://"+up.dir)
			c.run("fetch", "-q", "--no-tags", "--prune", "--depth="+depth, "origin", "+refs/pull/1/merge:refs/remotes/pull/1/merge")
			c.run("checkout", "-q", "--force", "refs/remotes/pull/1/merge")
			r := openGit(t, c.dir)
			parents, err := r.Parents("HEAD")
			if want := strings.Fields(up.run("log", "-1", "--format=%P", "refs/pull/1/merge")); err != nil || !slices.Equal(parents, want) {
				t.Fatalf("%v, %v; want %v", parents, err, want)
			}
			if depth == "2" {
				c.sameAsGit("HEAD", "HEAD^1", "HEAD^2")
				_, err = r.MergeBase(context.Background(), "HEAD^1", "HEAD^2")
				wantError(t, err, "no commit in common", "fetch-depth: 0")
				return
			}
			_, err = r.Resolve("HEAD^1")
			wantError(t, err, parents[0]+" is not in this clone", "fetch-depth: 0")
			c.run("fetch", "-q", "--depth=1", "origin", parents[0]) // as the hint says
			if _, err := openGit(t, c.dir).Commit("HEAD^1"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPartialCloneMadeByGit(t *testing.T) {
	b := newBinary(t)
	b.upstream()
	c := b.clone("--filter=blob:none")
	c.sameAsGit("HEAD", "v0")
	tr, err := openGit(t, c.dir).Commit("v0")
	if err != nil {
		t.Fatal(err)
	}
	_, err = tr.Read(context.Background(), "app/package-lock.json", 1<<20)
	m := wantIs[*Missing](t, err)
	wantError(t, err, "blob "+m.ID+" is not in this clone", "git cat-file -e "+m.ID)
	c.run("cat-file", "-e", m.ID) // as the hint says
	tr, err = openGit(t, c.dir).Commit("v0")
	if err != nil {
		t.Fatal(err)
	}
	wantContent(t, tr, "app/package-lock.json", "lock 0\n"+strings.Repeat("the same\n", 5000))
}

func TestFormatsOfGitThatAreNotRead(t *testing.T) {
	b := newBinary(t)
	b.run("init", "-q", "--object-format=sha256", "new")
	_, err := Git(b.in("new").dir)
	wantError(t, err, "its objects are named by sha256", "--base DIR")
}

func TestMergeBaseIsGits(t *testing.T) {
	b := newBinary(t)
	up := b.upstream()
	r := openGit(t, up.dir)
	for _, pair := range [][2]string{{"main", "feature"}, {"refs/pull/1/merge", "feature"}, {"v0", "main"}, {"v1", "v2"}} {
		got, err := r.MergeBase(context.Background(), pair[0], pair[1])
		if want := up.run("merge-base", pair[0], pair[1]); err != nil || got != want {
			t.Errorf("%v: %s, %v; want %s", pair, got, err, want)
		}
	}
}
