package tree

import (
	"context"
	"fmt"
	"path"
	"strings"
	"testing"
)

// large commits 3,000 files in 470 folders twice, with ten files changed, and
// packs the whole.
func large(b *testing.B) *fixture {
	f := newFixture(b)
	content := func(i int, changed bool) string {
		return fmt.Sprintf("%d %v\n", i, changed) + strings.Repeat("some line of a file\n", i%50)
	}
	side := func(changed bool) []string {
		var pairs []string
		for i := range 3000 {
			pairs = append(pairs, fmt.Sprintf("d%02d/e%03d/f%04d.js", i/150, i/7, i), content(i, changed && i%300 == 0))
		}
		return pairs
	}
	one := f.main(f.files(side(false)...))
	f.main(f.files(side(true)...), one)
	f.pack()
	return f
}

func isLockfile(p string) bool { return path.Base(p) == "package-lock.json" }

// BenchmarkListTwoCommits opens a repository and lists two of its commits, as
// every check does.
func BenchmarkListTwoCommits(b *testing.B) {
	f := large(b)
	for b.Loop() {
		r := f.open()
		for _, rev := range []string{"HEAD^", "HEAD"} {
			tr, err := r.Commit(rev)
			f.must(err)
			_, err = tr.Files(context.Background(), isLockfile)
			f.must(err)
		}
	}
}

func BenchmarkListFolder(b *testing.B) {
	f := newFixture(b)
	for i := range 3000 {
		f.write(fmt.Sprintf("d%02d/e%03d/f%04d.js", i/150, i/7, i), "x")
	}
	tr, err := Dir(f.dir)
	f.must(err)
	for b.Loop() {
		_, err := tr.Files(context.Background(), isLockfile)
		f.must(err)
	}
}

// BenchmarkReadLockfile reads a lockfile of 3 MB from a pack.
func BenchmarkReadLockfile(b *testing.B) {
	f := newFixture(b)
	var lock strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&lock, "    \"node_modules/p%d\": {\n      \"version\": \"%d.0.0\",\n      \"integrity\": \"sha512-%0*d\"\n    },\n", i, i%90, 88, i*i)
	}
	f.main(f.files("package-lock.json", lock.String()))
	f.pack()
	b.SetBytes(int64(lock.Len()))
	for b.Loop() {
		_, err := f.openCommit("HEAD").Read(context.Background(), "package-lock.json", 64<<20)
		f.must(err)
	}
}
