package tree

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/config"
)

// layout says where the parts of a repository are.
//
// https://git-scm.com/docs/gitrepository-layout
type layout struct {
	worktree string // the root of the working tree; "" for a bare repository
	git      string // HEAD and what belongs to this working tree alone
	common   string // objects, refs and config; the same as git but in a linked worktree
}

const (
	maxPointer    = 64 << 10 // a file that holds one path
	maxAlternates = 64 << 10
	maxConfig     = 8 << 20
	// alternateDepth is how far git follows alternates of alternates.
	alternateDepth = 5
)

// locate finds the repository that a folder is in, as git does: at the folder
// itself, which may be a bare repository, or at the nearest one above it.
// Who owns the files does not matter: nothing that they configure is ever run.
func locate(dir string) (layout, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return layout{}, err
	}
	if info, err := os.Stat(start); err != nil {
		return layout{}, cause(err)
	} else if !info.IsDir() {
		return layout{}, errors.New("is not a folder")
	}
	for at := start; ; at = filepath.Dir(at) {
		git, err := gitFolder(filepath.Join(at, repositoryFolder))
		if err != nil {
			return layout{}, err
		}
		if git != "" {
			return linked(layout{worktree: at, git: git})
		}
		if at == start && isGitFolder(at) {
			return linked(layout{git: at})
		}
		if at == filepath.Dir(at) {
			return layout{}, ErrNoRepository
		}
	}
}

// gitFolder gives the folder that a .git is or points to (as it does in linked
// worktrees and submodules); "" if there is none.
func gitFolder(dotGit string) (string, error) {
	info, err := os.Stat(dotGit)
	switch {
	case err != nil:
		return "", nil
	case info.IsDir() && isGitFolder(dotGit):
		return dotGit, nil
	case !info.Mode().IsRegular():
		return "", nil
	}
	text, err := readSmall(dotGit, maxPointer)
	if err != nil {
		return "", err
	}
	target, ok := strings.CutPrefix(text, "gitdir: ")
	if !ok {
		return "", fmt.Errorf("%s: does not say where the repository is", dotGit)
	}
	git := resolve(filepath.Dir(dotGit), target)
	if !isGitFolder(git) {
		return "", fmt.Errorf("%s: points to %s, which is not a repository", dotGit, git)
	}
	return git, nil
}

func isGitFolder(dir string) bool {
	isThere := func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name))
		return err == nil
	}
	return isThere("HEAD") && (isThere("commondir") || isThere("objects") && isThere("refs"))
}

// linked adds the folder that a linked worktree shares with the others.
func linked(l layout) (layout, error) {
	text, err := readSmall(filepath.Join(l.git, "commondir"), maxPointer)
	if errors.Is(err, os.ErrNotExist) {
		l.common = l.git
		return l, nil
	}
	if err != nil {
		return layout{}, err
	}
	l.common = resolve(l.git, text)
	if !isGitFolder(l.common) {
		return layout{}, fmt.Errorf("%s: its main repository %s is not there", l.git, l.common)
	}
	return l, nil
}

// resolve reads a path of git's own files relative to the folder it is meant
// from.
func resolve(from, path string) string {
	path = filepath.FromSlash(strings.TrimSpace(path))
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(from, path)
}

// settings are the few lines of a repository's configuration that decide
// whether and how it is read. No other is looked at, and none is obeyed.
type settings struct {
	objectFormat string // "" is sha1
	refStorage   string // "" is files
	partial      bool
}

// readSettings is lenient: a configuration that git reads and this parser does
// not only costs a clearer message later.
func readSettings(common string) settings {
	f, err := os.Open(filepath.Join(common, "config"))
	if err != nil {
		return settings{}
	}
	defer f.Close()
	parsed := config.New()
	_ = config.NewDecoder(io.LimitReader(f, maxConfig)).Decode(parsed)

	extensions := parsed.Section("extensions")
	s := settings{
		objectFormat: strings.ToLower(extensions.Option("objectformat")),
		refStorage:   strings.ToLower(extensions.Option("refstorage")),
		partial:      extensions.HasOption("partialclone"),
	}
	for _, remote := range parsed.Section("remote").Subsections {
		s.partial = s.partial || strings.EqualFold(remote.Option("promisor"), "true")
	}
	return s
}

// alternates lists the object folders that a repository borrows from, its own
// first, each once. One that is gone holds nothing.
func alternates(objects string) []string {
	all := []string{objects}
	seen := map[string]bool{objects: true}
	level := all
	for range alternateDepth {
		var next []string
		for _, from := range level {
			text, err := readSmall(filepath.Join(from, "info", "alternates"), maxAlternates)
			if err != nil {
				continue
			}
			for line := range strings.Lines(text) {
				borrowed := resolve(from, line)
				if strings.HasPrefix(line, "#") || filepath.Base(borrowed) != "objects" || seen[borrowed] {
					continue // go-git finds objects under that name only
				}
				seen[borrowed] = true
				next = append(next, borrowed)
			}
		}
		all = append(all, next...)
		level = next
	}
	return all
}

// readSmall reads a file of at most limit bytes.
func readSmall(file string, limit int64) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return "", err
	}
	if int64(len(data)) > limit {
		return "", fmt.Errorf("%s: more than %d bytes", file, limit)
	}
	return string(data), nil
}
