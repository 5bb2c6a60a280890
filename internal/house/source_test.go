package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/lockkeeper/lockkeeper/"

// root is the repository, in slashes.
var root = os.DirFS(filepath.Join("..", ".."))

// source is one Go file of the module.
type source struct {
	path   string // from the root, with slashes
	lines  int
	syntax *ast.File
}

// inTest reports whether the product can do without the file: it is a test, or
// its package serves tests or measures.
func (s source) inTest() bool {
	return strings.HasSuffix(s.path, "_test.go") || isTestPackage(s.folder())
}

func isTestPackage(folder string) bool {
	for _, end := range []string{"test", "benchmark", "browser", "differential", "emulator", "standin"} {
		if strings.HasSuffix(folder, end) {
			return true
		}
	}
	return false
}

func (s source) folder() string {
	folder, _ := cutLast(s.path)
	return folder
}

// room is the folder below internal that the file lies in, "main" for the
// program itself.
func (s source) room() string {
	inside, ok := strings.CutPrefix(s.path, "internal/")
	if !ok {
		return "main"
	}
	room, _, _ := strings.Cut(inside, "/")
	return room
}

func (s source) imports() []string {
	var paths []string
	for _, i := range s.syntax.Imports {
		if path, err := strconv.Unquote(i.Path.Value); err == nil {
			paths = append(paths, path)
		}
	}
	return paths
}

func cutLast(path string) (folder, name string) {
	i := strings.LastIndexByte(path, '/')
	return path[:max(i, 0)], path[i+1:]
}

// parsed is every Go file of the module, comments and all.
var parsed = sync.OnceValues(func() (all []source, err error) {
	err = files(func(path string, data []byte) error {
		if !strings.HasSuffix(path, ".go") || strings.Contains(path, "testdata/") || strings.HasPrefix(path, "tools/") {
			return nil
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), path, data, parser.ParseComments|parser.SkipObjectResolution)
		all = append(all, source{path: path, lines: bytes.Count(data, []byte("\n")), syntax: syntax})
		return err
	})
	return all, err
})

func sources(t *testing.T) []source {
	t.Helper()
	all, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Fatalf("found %d Go files; the rules would hold for nothing", len(all))
	}
	return all
}

// files calls visit for every file of the repository that is text.
func files(visit func(path string, data []byte) error) error {
	return fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == ".cache") {
			return fs.SkipDir
		}
		if !d.Type().IsRegular() {
			return nil
		}
		data, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		if bytes.Contains(data[:min(len(data), 8000)], []byte{0}) { // git's own test for what is no text
			return nil
		}
		return visit(path, data)
	})
}

// document reads one file of the repository.
func document(t *testing.T, path string) string {
	t.Helper()
	data, err := fs.ReadFile(root, path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
