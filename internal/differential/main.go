// Differential compares Lockkeeper's readers of lockfiles with independent
// ones, the package managers' own where there are some: on the corpus of real
// lockfiles, and on the fixtures that real package managers wrote. It prints a
// table of files, entries and differences. It fails if a difference is not
// explained in explained.txt, or if there are more or fewer of a kind than that
// says.
//
// It needs node and npm, which installs the other readers in a temporary folder
// from package-lock.json:
//
//	go run ./internal/differential [-corpus FILE] [-v] [-mutants COUNT] [-seed NUMBER]
//
// With -mutants it reads damaged copies of each fixture, too, and fails if the
// other reader finds a package in one that ours neither finds nor doubts.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lockkeeper/lockkeeper/internal/npmtest"
)

func main() {
	corpus := flag.String("corpus", "", "the archive of real lockfiles (default: shared/corpus/lockfiles.tar.xz beside the repository)")
	verbose := flag.Bool("v", false, "list every difference, the explained ones, too")
	mutants := flag.Int("mutants", 0, "how many damaged copies of each fixture to read beside it")
	seed := flag.Uint64("seed", 1, "the number of the first of them")
	flag.Parse()
	if err := run(*corpus, *verbose, *mutants, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "differential:", err)
		os.Exit(1)
	}
}

func run(archive string, verbose bool, mutants int, seed uint64) error {
	root, err := repository()
	if err != nil {
		return err
	}
	if archive == "" {
		archive = filepath.Join(root, "..", "shared", "corpus", "lockfiles.tar.xz")
	}
	classes, err := parseExplained(explained)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "lockkeeper-differential-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	others, err := install(filepath.Join(dir, "readers"))
	if err != nil {
		return npmtest.Skip("differential", err)
	}
	defer others.close()

	r := report{classes: classes, verbose: verbose}
	for _, set := range []struct {
		name  string
		files func(from, into string) ([]lock, error)
		from  string
	}{
		{"fixtures", fixtures, filepath.Join(root, "testdata", "lockfile")},
		{"corpus", unpack, archive},
	} {
		locks, err := set.files(set.from, filepath.Join(dir, set.name))
		if err != nil {
			if err = npmtest.Skip("differential", err); err != nil {
				return err
			}
			continue
		}
		r.begin(set.name)
		for _, l := range locks {
			answer, err := others.read(l)
			if err != nil {
				return err
			}
			r.add(l, answer)
		}
		r.end()
		if set.name == "fixtures" && mutants > 0 {
			if err := others.hunt(locks, mutants, seed); err != nil {
				return err
			}
		}
	}
	return r.print(os.Stdout)
}

// repository gives the folder of go.mod, at or above the working folder.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod at or above the working folder: run it inside the repository")
		}
		dir = filepath.Dir(dir)
	}
}
