// Package tree gives a read-only view of the files of a repository at a
// revision, or of a plain folder.
//
// It takes a repository and a revision ([Git]), or a folder ([Dir]), and gives
// a [Tree]. It promises: no link is ever followed, git's filters, hooks,
// attributes and configured programs are never run, and the working tree and
// the index are never read when a commit was asked for.
//
// What a repository's objects and a folder's entries say is hostile: names,
// sizes, depths and numbers are bounded, and a bound that is hit is an error,
// never a shorter list. What git itself writes around them (the layout of .git,
// packs and their indexes) is only expected to be broken, not to be an attack.
package tree

import (
	"context"
	"fmt"
	"strings"
)

// Kind is what a path of a tree is.
type Kind uint8

// A regular file is the only kind that is ever read.
const (
	Regular Kind = iota
	Folder       // a folder where a file was expected
	Symlink
	Submodule
	Other // a device, a pipe, a socket
)

func (k Kind) String() string {
	names := [...]string{"regular file", "folder", "symbolic link", "submodule", "special file"}
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// File is one path of a tree.
type File struct {
	Path string // slash-separated, relative to the root
	Kind Kind
	Size int64  // in bytes; -1 if not known without reading
	ID   string // equal IDs mean equal bytes; "" if not known without reading
}

// Ref names what a tree shows.
type Ref struct {
	Name   string // as the user wrote it, or "working tree"
	Commit string // the full hash; "" for a folder
}

// Tree is a read-only view. Its methods may be called concurrently.
type Tree interface {
	// Ref says what the tree shows.
	Ref() Ref
	// Files lists every path for which keep answers true, sorted by its
	// bytes. Folders that hold no sources of the project (.git, and
	// node_modules: lockfiles in there are those of its dependencies) are not
	// entered. Keep is asked for the node_modules of a commit, which somebody
	// committed, and not for those of a plain folder, where any install leaves
	// some. The error is an [*OverLimit],
	// a [*Missing] or one of the storage's own.
	Files(ctx context.Context, keep func(path string) bool) ([]File, error)
	// Read gives the bytes of a regular file of at most limit bytes. The
	// error is fs.ErrNotExist, a [*NotRegular] (also for a link on the way to
	// the file), a [*TooLarge], a [*Missing] or one of the storage's own.
	Read(ctx context.Context, path string, limit int64) ([]byte, error)
}

// The bounds of a listing. Linux stops at a path of 4096 bytes and git at a
// depth of 2048; the largest public repositories have half a million files, with
// paths of 60 bytes on average.
const (
	maxEntries   = 2_000_000
	maxDepth     = 256
	maxPath      = 4096
	maxPathBytes = 256 << 20 // of all paths together
)

// bounds counts what a listing has seen.
type bounds struct {
	entries int
	bytes   int
}

// admit counts one more path and checks it.
func (b *bounds) admit(path string) error {
	b.entries++
	b.bytes += len(path)
	switch {
	case b.entries > maxEntries:
		return &OverLimit{What: "files and folders", Limit: maxEntries}
	case b.bytes > maxPathBytes:
		return &OverLimit{What: "bytes of paths", Limit: maxPathBytes}
	case len(path) > maxPath:
		return &OverLimit{Path: path[:80] + "…", What: "bytes of path", Limit: maxPath}
	case strings.Count(path, "/") >= maxDepth:
		return &OverLimit{Path: path[:80] + "…", What: "folders deep", Limit: maxDepth}
	}
	return nil
}

const (
	repositoryFolder = ".git"
	dependencyFolder = "node_modules"
)

// below gives the path of a name in a folder; the root is "".
func below(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}
