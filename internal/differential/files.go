package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/npmtest"
)

// lock is a lockfile on disk, in a tree of lockfiles and manifests.
type lock struct {
	root string // the folder of the tree
	path string // of the lockfile, from there, with slashes
	name string // how a person finds it
}

// input gives what the gate gives its readers: manifests, and settings, from
// anywhere in the tree.
func (l lock) input() (lockfile.Input, error) {
	tree := os.DirFS(l.root)
	data, err := fs.ReadFile(tree, l.path)
	if err != nil {
		return lockfile.Input{}, err
	}
	in := lockfile.Input{
		Path: l.path,
		Data: data,
		Manifest: func(file string) ([]byte, bool) {
			data, err := fs.ReadFile(tree, file)
			return data, err == nil
		},
	}
	err = fs.WalkDir(tree, ".", func(file string, _ fs.DirEntry, err error) error {
		if path.Base(file) == "package.json" {
			in.Folders = append(in.Folders, strings.TrimPrefix(path.Dir(file), "."))
		}
		return err
	})
	slices.Sort(in.Folders)
	return in, err
}

// unpack writes the corpus into a folder: of each pair of commits, two trees.
func unpack(archive, into string) ([]lock, error) {
	if _, err := os.Stat(archive); errors.Is(err, fs.ErrNotExist) {
		return nil, npmtest.Skipped("the corpus of real lockfiles is not there: " + archive)
	}
	xz, err := exec.LookPath("xz")
	if err != nil {
		return nil, npmtest.Skipped("xz is not installed, and the corpus is compressed with it")
	}
	data, err := exec.Command(xz, "-dc", archive).Output()
	if err != nil {
		return nil, fmt.Errorf("%s: unpacking: %w", archive, err)
	}
	var locks []lock
	for r := tar.NewReader(bytes.NewReader(data)); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return locks, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: unpacking: %w", archive, err)
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if err := write(filepath.Join(into, filepath.FromSlash(header.Name)), r); err != nil {
			return nil, err
		}
		// pairs/NAME/SIDE/…
		parts := strings.SplitN(header.Name, "/", 4)
		if len(parts) == 4 && compared(header.Name) {
			root := path.Join(parts[:3]...)
			locks = append(locks, lock{root: filepath.Join(into, root), path: parts[3], name: header.Name})
		}
	}
}

// compared reports whether a file is a lockfile that others can read.
func compared(file string) bool {
	_, known := lockfile.Known(file)
	return known && path.Base(file) != "bun.lockb"
}

func write(file string, from io.Reader) error {
	data, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}

// names are the names of lockfiles by how the folders of their fixtures begin.
var names = []struct{ prefix, file string }{
	{"npm-lock-", "package-lock.json"},
	{"npm-shrinkwrap-", "npm-shrinkwrap.json"},
	{"yarn-", "yarn.lock"},
	{"pnpm-lock-", "pnpm-lock.yaml"},
	{"bun-lock-", "bun.lock"},
	{"deno-lock-", "deno.lock"},
}

// fixtures lays out the lockfiles that real package managers wrote, each in a
// tree of its own: FORMAT/real-NAME.in, and NAME.manifest if there is one.
func fixtures(from, into string) ([]lock, error) {
	files, err := filepath.Glob(filepath.Join(from, "*", "real-*.in"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("%s: no fixtures of real package managers: %v", from, err)
	}
	var locks []lock
	for _, file := range files {
		format := filepath.Base(filepath.Dir(file))
		base := strings.TrimSuffix(filepath.Base(file), ".in")
		l := lock{root: filepath.Join(into, format, base), name: path.Join("testdata/lockfile", format, base+".in")}
		for _, n := range names {
			if strings.HasPrefix(format, n.prefix) {
				l.path = n.file
			}
		}
		if l.path == "" {
			return nil, fmt.Errorf("%s: the format has no row in the table of names", l.name)
		}
		manifest := strings.TrimSuffix(file, ".in") + ".manifest"
		for name, source := range map[string]string{l.path: file, "package.json": manifest} {
			data, err := os.ReadFile(source)
			if errors.Is(err, fs.ErrNotExist) && source == manifest {
				continue
			}
			if err != nil {
				return nil, err
			}
			if err := write(filepath.Join(l.root, name), bytes.NewReader(data)); err != nil {
				return nil, err
			}
		}
		locks = append(locks, l)
	}
	return locks, nil
}
