package house

import (
	"go/ast"
	"go/token"
	"regexp/syntax"
	"strconv"
	"testing"
)

// maxCompiled is how many instructions of a pattern may be compiled at every
// start, needed or not: a counted repetition of some hundred letters took 10 ms.
const maxCompiled = 200

// A pattern with a large count stands beside a check of the length, or is
// compiled where it is first used.
func TestNoLargePatternIsCompiledAtStart(t *testing.T) {
	patterns := 0
	for _, s := range sources(t) {
		if s.inTest() {
			continue
		}
		for _, declaration := range s.syntax.Decls {
			if d, ok := declaration.(*ast.GenDecl); !ok || d.Tok != token.VAR {
				continue
			}
			ast.Inspect(declaration, func(n ast.Node) bool {
				if _, later := n.(*ast.FuncLit); later {
					return false
				}
				text, ok := n.(*ast.BasicLit)
				if !ok || text.Kind != token.STRING {
					return true
				}
				if size, ok := instructions(text.Value); ok && size > maxCompiled {
					t.Errorf("%s compiles %.80s… at start: %d instructions, more than %d", s.path, text.Value, size, maxCompiled)
				}
				patterns++
				return true
			})
		}
	}
	if patterns < 100 {
		t.Errorf("only %d texts were looked at", patterns)
	}
	if size, ok := instructions("`^[a-z]{1,300}$`"); !ok || size <= maxCompiled {
		t.Errorf("a large count is %d instructions, %v", size, ok)
	}
}

// instructions counts what a text compiles to where it is a pattern, as all of
// ours are from the text's start; false where it is none.
func instructions(quoted string) (int, bool) {
	text, err := strconv.Unquote(quoted)
	if err != nil || len(text) == 0 || text[0] != '^' {
		return 0, false
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return 0, false
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return 0, false
	}
	return len(program.Inst), true
}
