package github

import (
	"cmp"
	"context"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// The bounds of a listing. The largest public repositories have half a million
// files, with paths of 60 bytes on average.
const (
	maxEntries   = 1_000_000
	maxDepth     = 256
	maxPath      = 4096
	maxPathBytes = 128 << 20 // of all paths together
	// maxRequests is a fifth of what a job's token may ask in an hour, and
	// lists millions of files unless they are spread unusually.
	maxRequests = 200
)

// kinds are the modes of tree entries; any other is a [tree.Other].
//
// https://docs.github.com/rest/git/trees
var kinds = map[string]tree.Kind{
	"100644": tree.Regular,
	"100755": tree.Regular,
	"100664": tree.Regular, // which git wrote until 2005
	"040000": tree.Folder,
	"120000": tree.Symlink,
	"160000": tree.Submodule,
}

// folder is a tree object at its path; the root's is "".
type folder struct {
	path string
	object
}

// walker is one listing under way, with the folders that it still has to ask
// for.
type walker struct {
	client   *Client
	pending  []folder
	requests int
	bytes    int // of paths
	files    []tree.File
}

// walk lists what is below a tree, sorted by path: with one request, or, if
// GitHub gives only a part of it, folder by folder.
func walk(ctx context.Context, c *Client, root object) ([]tree.File, error) {
	w := walker{client: c, pending: []folder{{"", root}}}
	for len(w.pending) > 0 {
		dir := w.pending[len(w.pending)-1]
		w.pending = w.pending[:len(w.pending)-1]
		if err := w.list(ctx, dir); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(w.files, func(a, b tree.File) int { return cmp.Compare(a.Path, b.Path) })
	if err := checkPlaces(root, w.files); err != nil {
		return nil, err
	}
	return w.files, nil
}

func (w *walker) list(ctx context.Context, dir folder) error {
	all, err := w.ask(ctx, dir, true)
	if err != nil {
		return err
	}
	if !all.GetTruncated() {
		return w.take(dir, all.Entries, false)
	}
	level, err := w.ask(ctx, dir, false)
	if err != nil {
		return err
	}
	if level.GetTruncated() {
		return w.tooMuch(&tree.OverLimit{Path: dir.path, What: "entries in one folder", Limit: int64(len(level.Entries))})
	}
	return w.take(dir, level.Entries, true)
}

func (w *walker) ask(ctx context.Context, dir folder, recursive bool) (*gh.Tree, error) {
	if w.requests++; w.requests > maxRequests {
		return nil, w.tooMuch(&tree.OverLimit{What: "requests", Limit: maxRequests})
	}
	return w.client.tree(ctx, dir.object, recursive)
}

// tooMuch is for what the API can't list within its bounds and a checkout can.
func (w *walker) tooMuch(over *tree.OverLimit) error {
	return &tree.Error{
		Subject: "repository " + w.client.owner + "/" + w.client.name, Doing: "asking GitHub", Err: over,
		Advice: "let actions/checkout bring the commits: fetch-depth: 2 on pull_request, else 0",
	}
}

// take adds entries, and marks the folders among them to be entered.
func (w *walker) take(dir folder, entries []*gh.TreeEntry, enter bool) error {
	for _, e := range entries {
		name := e.GetPath()
		if !isProper(name) || !objectName.MatchString(e.GetSHA()) || e.GetSize() < 0 {
			return dir.broken("has an entry %.80q (hash %.50q, %d bytes), which git makes none like", name, e.GetSHA(), e.GetSize())
		}
		file := tree.File{Path: name, Kind: tree.Other, Size: -1, ID: e.GetSHA()}
		if kind, ok := kinds[e.GetMode()]; ok {
			file.Kind = kind
		}
		if isDependency(name) {
			continue
		}
		if file.Kind == tree.Regular && e.Size != nil {
			file.Size = int64(*e.Size)
		}
		if dir.path != "" {
			file.Path = dir.path + "/" + name
		}
		if err := w.admit(file); err != nil {
			return err
		}
		if enter && file.Kind == tree.Folder && name != dependencies {
			w.pending = append(w.pending, folder{file.Path, object{"tree", file.ID}})
		}
	}
	return nil
}

func (w *walker) admit(file tree.File) error {
	w.bytes += len(file.Path)
	switch {
	case len(w.files) >= maxEntries:
		return &tree.OverLimit{What: "files and folders", Limit: maxEntries}
	case w.bytes > maxPathBytes:
		return &tree.OverLimit{What: "bytes of paths", Limit: maxPathBytes}
	case len(file.Path) > maxPath:
		return &tree.OverLimit{Path: file.Path[:80] + "…", What: "bytes of path", Limit: maxPath}
	case strings.Count(file.Path, "/") >= maxDepth:
		return &tree.OverLimit{Path: file.Path[:80] + "…", What: "folders deep", Limit: maxDepth}
	}
	w.files = append(w.files, file)
	return nil
}

// isProper reports whether a path has only names that git checks out: neither
// empty, which an absolute path begins with, nor a step, nor git's own folder.
//
// https://git-scm.com/docs/git-fsck#_fsck_messages
func isProper(path string) bool {
	for name := range strings.SplitSeq(path, "/") {
		if name == "" || name == "." || name == ".." || strings.EqualFold(name, ".git") {
			return false
		}
	}
	return !strings.Contains(path, "\x00")
}

// dependencies is the folder of installed packages, which hold no sources of the
// project.
const dependencies = "node_modules"

// isDependency reports whether a path is in such a folder.
func isDependency(path string) bool {
	return strings.HasPrefix(path, dependencies+"/") || strings.Contains(path, "/"+dependencies+"/")
}

// checkPlaces refuses a path that is there twice, and one that is in no folder:
// which file a checkout ends up with is for nobody to guess.
func checkPlaces(root object, files []tree.File) error {
	for i, f := range files {
		if i > 0 && files[i-1].Path == f.Path {
			return root.broken("has two entries named %.80q", f.Path)
		}
		slash := strings.LastIndexByte(f.Path, '/')
		if slash < 0 {
			continue
		}
		if parent, ok := find(files, f.Path[:slash]); !ok || parent.Kind != tree.Folder {
			return root.broken("has %.80q, which is in no folder", f.Path)
		}
	}
	return nil
}
