package tree

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
)

// deflate packs what a loose object's file is to hold.
func deflate(t testing.TB, parts ...io.Reader) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	if _, err := io.Copy(w, io.MultiReader(parts...)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// zeros is an endless file that packs very well.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestDamagedLooseObjects(t *testing.T) {
	const content = `{"lockfileVersion":3}`
	text := func(s string) io.Reader { return strings.NewReader(s) }
	whole := deflate(t, text("blob 21\x00"+content))
	for name, c := range map[string]struct {
		file []byte
		text string
	}{
		"empty":            {nil, "EOF"},
		"no zlib":          {[]byte("{}"), "zlib"},
		"cut":              {whole[:len(whole)/2], "EOF"},
		"no checksum":      {whole[:len(whole)-4], "EOF"},
		"other content":    {deflate(t, text("blob 21\x00"+strings.Replace(content, "3", "2", 1))), "its content does not match its name"},
		"other kind":       {deflate(t, text("tree 21\x00"+content)), "is a tree"},
		"unknown kind":     {deflate(t, text("evil 21\x00"+content)), "header: "},
		"no size":          {deflate(t, text("blob\x00"+content)), "header: size"},
		"odd size":         {deflate(t, text("blob 0x15\x00"+content)), "header: size"},
		"negative size":    {deflate(t, text("blob -1\x00"+content)), "size -1"},
		"size too small":   {deflate(t, text("blob 5\x00"+content)), "has more than the 5 bytes"},
		"size too large":   {deflate(t, text("blob 22\x00"+content)), "EOF"},
		"bomb":             {deflate(t, text("blob 21\x00"), io.LimitReader(zeros{}, 32<<20)), "has more than the 21 bytes"},
		"header is a bomb": {deflate(t, text("blob 1"), text(strings.Repeat("1", 16<<20))), "header: "},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.main(f.files("package-lock.json", content))
			file := f.loose(f.blob(content))
			f.must(os.Chmod(file, 0o644))
			f.must(os.WriteFile(file, c.file, 0o644))
			tr := f.openCommit("HEAD")
			before := allocated()
			data, err := tr.Read(context.Background(), "package-lock.json", 1<<20)
			if data != nil {
				t.Errorf("read %.40q", data)
			}
			if used := allocated() - before; used > 4<<20 {
				t.Errorf("%d bytes allocated for a small file", used)
			}
			wantError(t, err, c.text, "git fsck")
			wantError(t, err, fmt.Sprintf("blob %s: reading: ", f.blob(content)), "")
		})
	}
}

func TestDamagedCommitsTagsAndTrees(t *testing.T) {
	f := newFixture(t)
	for name, c := range map[string]struct {
		kind          plumbing.ObjectType
		content, text string
	}{
		"commit without tree": {plumbing.CommitObject, "author A <a@example.com> 1 +0000\n\nm\n", "malformed commit"},
		"commit of nothing":   {plumbing.CommitObject, "", "malformed commit"},
		"commit of no tree":   {plumbing.CommitObject, fmt.Sprintf("tree %s\nauthor A <a@example.com> 1 +0000\ncommitter A <a@example.com> 1 +0000\n\nm\n", f.blob("x")), "is a blob"},
		"tag of nothing":      {plumbing.TagObject, "", "tag"},
	} {
		t.Run(name, func(t *testing.T) {
			tr, err := f.open().Commit(f.object(c.kind, c.content).String())
			if err == nil {
				_, err = tr.Files(context.Background(), everything)
			}
			wantError(t, err, c.text, "")
		})
	}
}

// Whatever is wrong with a pack or its index, a file is read as it was
// committed or not at all.
func TestDamagedPacks(t *testing.T) {
	f := newFixture(t)
	long := strings.Repeat(`"left-pad": "1.3.0",`, 2000)
	one := f.main(f.files("a/package-lock.json", long, "package.json", "{}"))
	f.main(f.files("a/package-lock.json", long+"more", "package.json", "{}"), one)
	f.pack()
	packs, err := filepath.Glob(filepath.Join(f.git, "objects/pack/pack-*"))
	f.must(err)

	random := rand.New(rand.NewPCG(1, 2))
	for _, file := range packs {
		whole, err := os.ReadFile(file)
		f.must(err)
		f.must(os.Chmod(file, 0o644))
		tries := 400
		for i := range tries {
			damaged := bytes.Clone(whole)
			if i%8 == 0 {
				damaged = damaged[:random.IntN(len(damaged))]
			} else {
				damaged[random.IntN(len(damaged))] ^= byte(1 + random.IntN(255))
			}
			f.must(os.WriteFile(file, damaged, 0o644))
			r, err := Git(f.dir)
			if err != nil {
				continue
			}
			tr, err := r.Commit("HEAD")
			if err != nil {
				continue
			}
			data, err := tr.Read(context.Background(), "a/package-lock.json", 1<<20)
			if err == nil && string(data) != long+"more" {
				t.Fatalf("%s: read %.60q", filepath.Base(file), data)
			}
		}
		f.must(os.WriteFile(file, whole, 0o644))
	}
	wantContent(t, f.openCommit("HEAD"), "a/package-lock.json", long+"more")
}

func FuzzTree(f *testing.F) {
	id := strings.Repeat("\x01", 20)
	for _, seed := range []string{"", "100644 a\x00" + id, "40000 ..\x00" + id, "100644 a\x00" + id + "100644 a\x00" + id, "1 \x00", "160000 .git\x00" + id} {
		f.Add([]byte(seed))
	}
	fixed := newFixture(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		fixed.t = t
		root := fixed.object(plumbing.TreeObject, string(raw))
		tr := fixed.openCommit(fixed.commit(root).String())
		files, err := tr.Files(context.Background(), everything)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, file := range files {
			if seen[file.Path] || !isSource(file.Path) {
				t.Errorf("listed %q", file.Path)
			}
			seen[file.Path] = true
		}
	})
}
