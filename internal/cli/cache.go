package cli

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// cacheDir gives the folder for immutable facts; "" if the user has none, for
// a run without a cache is slower and not wrong.
func cacheDir(env Environment, chosen string) string {
	if chosen != "" {
		return chosen
	}
	dir, err := env.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "lockkeeper")
}

// refusePlanted refuses a cache folder in the workspace in which the head has
// files of its own: a pull request could bring the registry's answers along.
func refusePlanted(ctx context.Context, workspace, dir string, head tree.Tree) error {
	if dir == "" || head.Ref().Commit == "" {
		return nil
	}
	root, err := filepath.Abs(workspace)
	if err != nil {
		return err
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(root, dir)
	}
	inside, err := filepath.Rel(root, dir)
	if err != nil || !filepath.IsLocal(inside) {
		return nil
	}
	inside = filepath.ToSlash(inside)
	files, err := head.Files(ctx, func(path string) bool {
		// The folder itself, a link on the way to it, or what is in it.
		return inside == "." || path == inside || strings.HasPrefix(path, inside+"/") || strings.HasPrefix(inside, path+"/")
	})
	if err != nil || len(files) == 0 {
		return err
	}
	return usagef("keep the cache outside of the repository's files, for example in RUNNER_TEMP",
		"cache folder %s: the head has %s there", inside, files[0].Path)
}
