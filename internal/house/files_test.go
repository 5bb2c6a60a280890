package house

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// maxLines is the length that a file may have, tests included.
const maxLines = 400

// vague are names of packages that say nothing of what is in them.
var vague = []string{"api", "base", "common", "core", "data", "helper", "helpers", "lib", "misc", "model", "models", "shared", "types", "util", "utils"}

// mentions lists what a file selects from packages, as "os.Getenv".
func mentions(file *ast.File) []string {
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if from, ok := selector.X.(*ast.Ident); ok {
				found = append(found, from.Name+"."+selector.Sel.Name)
			}
		}
		return true
	})
	return found
}

func TestFilesAreShort(t *testing.T) {
	for _, s := range sources(t) {
		most := maxLines
		if s.path == "main.go" {
			most = 60
		}
		if s.lines > most {
			t.Errorf("%s has %d lines, more than %d; is it still one thing?", s.path, s.lines, most)
		}
	}
}

func TestPackagesAreNamedForWhatTheyHold(t *testing.T) {
	for _, s := range sources(t) {
		if name := s.syntax.Name.Name; slices.Contains(vague, strings.TrimSuffix(name, "_test")) {
			t.Errorf("%s: package %s could hold anything", s.path, name)
		}
	}
}

// A package says what it takes, gives and promises, once.
func TestPackagesSayWhatTheyAre(t *testing.T) {
	comments := map[string]int{}
	for _, s := range sources(t) {
		if strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		folder := s.folder()
		comments[folder] += 0
		if doc := s.syntax.Doc.Text(); doc != "" {
			comments[folder]++
			if s.syntax.Name.Name != "main" && !strings.HasPrefix(doc, "Package "+s.syntax.Name.Name+" ") {
				t.Errorf("%s: the package comment doesn't start with its name", s.path)
			}
		}
	}
	for folder, n := range comments {
		if n != 1 {
			t.Errorf("package %q has %d package comments, want 1", folder, n)
		}
	}
}
