package tree

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
)

// folder is a [Tree] of the file system. All access goes through an [os.Root],
// so that nothing outside is reached even if the folder changes meanwhile.
type folder struct {
	root *os.Root
	ref  Ref
	// checkout tells that the folder is a repository's working tree: a
	// repository within it is then a submodule, as it is in a commit.
	checkout bool
}

// Dir gives the tree of a plain folder, which may itself be named by a link.
func Dir(dir string) (Tree, error) {
	return openFolder(dir, Ref{Name: dir}, false)
}

func openFolder(dir string, ref Ref, checkout bool) (Tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, &Error{Subject: "folder " + dir, Doing: "opening", Err: cause(err)}
	}
	return &folder{root: root, ref: ref, checkout: checkout}, nil
}

func (f *folder) Ref() Ref { return f.ref }

func (f *folder) Files(ctx context.Context, keep func(string) bool) ([]File, error) {
	w := folderWalk{folder: f, keep: keep, pending: []string{""}}
	for len(w.pending) > 0 {
		dir := w.pending[len(w.pending)-1]
		w.pending = w.pending[:len(w.pending)-1]
		if err := w.list(ctx, dir); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(w.files, byPath)
	return w.files, nil
}

func byPath(a, b File) int { return cmp.Compare(a.Path, b.Path) }

// folderWalk is one listing under way, with the folders that it still has to
// enter.
type folderWalk struct {
	*folder
	bounds
	keep    func(string) bool
	pending []string
	files   []File
}

// list looks at the entries of one folder, some at a time.
func (w *folderWalk) list(ctx context.Context, dir string) error {
	handle, err := w.open(cmp.Or(dir, "."))
	if err != nil {
		return w.trouble(dir, err)
	}
	defer handle.Close()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		entries, err := handle.ReadDir(1024)
		for _, e := range entries {
			if err := w.visit(below(dir, e.Name()), e); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return w.trouble(dir, err)
		}
	}
}

func (w *folderWalk) visit(file string, e fs.DirEntry) error {
	if err := w.admit(file); err != nil {
		return err
	}
	if e.Name() == repositoryFolder || e.Name() == dependencyFolder && e.IsDir() {
		return nil
	}
	enter := e.IsDir() && !w.isSubmodule(file)
	if enter {
		w.pending = append(w.pending, file)
	}
	if !w.keep(file) {
		return nil
	}
	info, err := w.root.Lstat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // gone since it was listed
	}
	if err != nil {
		return w.trouble(file, err)
	}
	found := File{Path: file, Kind: kindOf(info.Mode()), Size: -1}
	switch {
	case found.Kind == Regular:
		found.Size = info.Size()
	case found.Kind == Folder && !enter:
		found.Kind = Submodule
	}
	w.files = append(w.files, found)
	return nil
}

func (f *folder) isSubmodule(dir string) bool {
	if !f.checkout {
		return false
	}
	_, err := f.root.Lstat(path.Join(dir, repositoryFolder))
	return err == nil
}

func (f *folder) trouble(file string, err error) error {
	return &Error{
		Subject: fmt.Sprintf("folder %s: %q", f.root.Name(), cmp.Or(file, ".")),
		Doing:   "reading",
		Err:     cause(err),
		Advice:  "make it readable, or compare commits (--base REV --head REV), which need no folder",
	}
}

func (f *folder) Read(ctx context.Context, file string, limit int64) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !isSource(file) {
		return nil, notExist(file)
	}
	seen, err := f.lstat(file)
	if err != nil {
		return nil, err
	}
	return f.readSeen(file, seen, limit)
}

// readSeen reads the very file that was looked at: one that was swapped for a
// link or a pipe since is another.
func (f *folder) readSeen(file string, seen fs.FileInfo, limit int64) ([]byte, error) {
	handle, err := f.open(file)
	if err != nil {
		return nil, f.trouble(file, err)
	}
	defer handle.Close()
	info, err := handle.Stat()
	if err != nil {
		return nil, f.trouble(file, err)
	}
	if !os.SameFile(seen, info) {
		return nil, f.trouble(file, errors.New("was replaced while it was read"))
	}
	if info.Size() > limit {
		return nil, &TooLarge{Path: file, Size: info.Size(), Limit: limit}
	}
	data := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	if _, err := data.ReadFrom(io.LimitReader(handle, limit+1)); err != nil {
		return nil, f.trouble(file, err)
	}
	if int64(data.Len()) > limit {
		return nil, &TooLarge{Path: file, Size: int64(data.Len()), Limit: limit}
	}
	return data.Bytes(), nil
}

// lstat looks at a file that must be regular, and at each folder on the way to
// it: an [os.Root] follows links that stay inside, which would let one path of
// a pull request stand for another.
func (f *folder) lstat(file string) (fs.FileInfo, error) {
	for end := 0; ; end++ {
		next := strings.IndexByte(file[end:], '/')
		last := next < 0
		if last {
			end = len(file)
		} else {
			end += next
		}
		info, err := f.root.Lstat(file[:end])
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			return nil, notExist(file)
		}
		if err != nil {
			return nil, f.trouble(file, err)
		}
		kind := kindOf(info.Mode())
		switch {
		case last && kind == Regular:
			return info, nil
		case last || kind == Symlink:
			return nil, &NotRegular{Path: file[:end], Kind: kind}
		}
	}
}

// open never waits for a pipe's other end.
func (f *folder) open(file string) (*os.File, error) {
	return f.root.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

func kindOf(mode fs.FileMode) Kind {
	switch mode.Type() {
	case 0:
		return Regular
	case fs.ModeDir:
		return Folder
	case fs.ModeSymlink:
		return Symlink
	}
	return Other
}

// isSource reports whether a path may be read at all: paths come from
// lockfiles too, and git's own files are none of the project's. Unlike
// [fs.ValidPath] it takes names that are not UTF-8, as git does.
func isSource(file string) bool {
	if len(file) > maxPath {
		return false
	}
	for name := range strings.SplitSeq(file, "/") {
		if name == "" || name == "." || name == ".." || strings.EqualFold(name, repositoryFolder) {
			return false
		}
	}
	return true
}

func notExist(file string) error {
	return &fs.PathError{Op: "open", Path: file, Err: fs.ErrNotExist}
}

// cause drops the operation and the path that the errors of package os carry,
// where the message names them already.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
