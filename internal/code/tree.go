package code

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"
)

// maxTreeDepth is how deep a tree is walked. The parser refuses deeper brackets
// and blocks, but builds chains of members as deep as they are long, and a stack
// that overflows can't be recovered.
const maxTreeDepth = 3000

// tree reads the syntax tree of a file for what tokens can't tell: what the names
// of minified code stand for. It says why the file can't be parsed, or "".
func (c *collector) tree(src []byte) (unreadable string) {
	// The parser is other people's code on hostile input: its panics are its own.
	defer func() {
		if cause := recover(); cause != nil {
			unreadable = clip(fmt.Sprintf("its parser broke off: %v", cause), maxNamed)
		}
	}()
	input := c.parsable(src)
	ast, err := js.Parse(parse.NewInputBytes(input), js.Options{})
	if err != nil && strings.Contains(err.Error(), "return") { // a CommonJS file may return at its top
		input = c.parsable(src)
		ast, err = js.Parse(parse.NewInputBytes(input), js.Options{Inline: true})
	}
	if err != nil {
		reason, _, _ := strings.Cut(err.Error(), "\n")
		return clip("can't be parsed: "+reason, maxNamed)
	}
	w := &walker{c: c, input: input, source: reflect.ValueOf(input).Pointer(), values: map[*js.Var]value{}, budget: maxDecoded * 8, scope: &ast.BlockStmt.Scope}
	js.Walk(w, ast)
	c.again = true
	for _, n := range w.nodes {
		w.record(n)
	}
	if w.cut {
		return fmt.Sprintf("nests deeper than %d, or folds more than %d bytes of text", maxTreeDepth, 8*maxDecoded)
	}
	return ""
}

// span is a run of bytes.
type span struct{ begin, end int }

// parsable gives a copy of the source that the parser knows all of: it doesn't
// know the attributes of imports, nor #! in a file that returns at its top. It
// writes behind the end of what it is given, if there is room.
func (c *collector) parsable(src []byte) []byte {
	input := append(make([]byte, 0, len(src)+1), src...)
	if bytes.HasPrefix(input, []byte("#!")) {
		copy(input, "//")
	}
	for _, s := range c.blank {
		for i := s.begin; i < s.end; i++ {
			if input[i] != '\n' {
				input[i] = ' '
			}
		}
	}
	return input
}

// walker walks a tree for what names stand for, and keeps the nodes that may be
// uses: what they give is known only when all names are.
type walker struct {
	c      *collector
	input  []byte
	source uintptr // address of the input, from which places are reckoned
	values map[*js.Var]value
	scope  *js.Scope // of the file
	nodes  []js.INode
	inner  js.IExpr // the beginning of a path that is recorded
	depth  int
	budget int  // bytes of text that may still be folded
	cut    bool // a bound was met
}

// Enter implements js.IVisitor.
func (w *walker) Enter(n js.INode) js.IVisitor {
	if w.depth >= maxTreeDepth {
		w.cut = true
		return nil
	}
	switch n := n.(type) {
	case *js.Var, *js.LiteralExpr, js.LiteralExpr:
		return nil // nothing is in them
	case *js.CallExpr, *js.NewExpr, *js.DotExpr, *js.IndexExpr:
		w.nodes = append(w.nodes, n)
	case *js.BindingElement:
		w.assign(n.Binding, n.Default)
	case *js.BinaryExpr:
		if n.Op == js.EqToken {
			w.assign(n.X, n.Y)
		}
	case *js.ImportStmt:
		w.imports(n)
	}
	w.depth++
	return w
}

// Exit implements js.IVisitor.
func (w *walker) Exit(js.INode) { w.depth-- }

// assign remembers what a name stands for. Where it gets a second value it
// stands for neither text; a module stays, since a name that ever was one may be.
func (w *walker) assign(to any, from js.IExpr) {
	if from == nil || to == nil {
		return
	}
	switch to := to.(type) {
	case *js.Var:
		w.set(to, w.resolve(from, 0))
	case *js.BindingObject:
		v := w.resolve(from, 0)
		for _, item := range to.List {
			local, ok := item.Value.Binding.(*js.Var)
			if !ok || len(v.path) == 0 {
				continue
			}
			key := string(local.Data)
			if item.Key != nil && !item.Key.IsComputed() {
				key = literalText(item.Key.Literal)
			}
			w.set(local, v.member(key))
		}
	}
}

func (w *walker) set(local *js.Var, v value) {
	local = root(local)
	old, known := w.values[local]
	if known && (old.path != nil || v.path == nil) {
		if old.path == nil {
			w.values[local] = value{}
		}
		return
	}
	if v.path != nil || v.known {
		w.values[local] = v
	}
}

// root gives the variable that a use of a name belongs to. Links are as many as
// there are scopes between.
func root(v *js.Var) *js.Var {
	for v.Link != nil {
		v = v.Link
	}
	return v
}

func (w *walker) imports(n *js.ImportStmt) {
	module := moduleName(string(literalBody(n.Module)))
	if _, ok := modulePowers[module]; !ok {
		return
	}
	bind := func(local []byte, path ...string) {
		for _, v := range w.scope.Undeclared { // the parser declares no imported names
			if len(local) > 0 && string(v.Data) == string(local) {
				w.set(v, value{path: usualPath(path)})
			}
		}
	}
	bind(n.Default, module)
	for _, a := range n.List {
		switch {
		case string(a.Name) == "*":
			bind(a.Binding, module)
		case len(a.Name) > 0:
			bind(a.Binding, module, string(a.Name))
		default:
			bind(a.Binding, module, string(a.Binding))
		}
	}
}

// record records what a node of the tree gives.
func (w *walker) record(n js.INode) {
	switch n := n.(type) {
	case *js.CallExpr:
		w.call(n.X, n.Args.List)
	case *js.NewExpr:
		if n.Args != nil {
			w.call(n.X, n.Args.List)
		}
	case *js.DotExpr:
		w.member(n, n.X, n.Y)
	case *js.IndexExpr:
		w.member(n, n.X, n.Y)
	}
}

// member records a path at its last member: process.env.HOME is no use of
// process.env as a whole.
func (w *walker) member(n, x, y js.IExpr) {
	inner := w.inner == n
	w.inner = nil
	v := w.resolve(n, 0)
	if len(v.path) > 0 || inner {
		w.inner = x
	}
	if !inner {
		w.path(v, y, false)
	}
}

func (w *walker) call(f js.IExpr, args []js.Arg) {
	v := w.resolve(f, 0)
	if v.loader && len(args) > 0 {
		if m := w.resolve(args[0].Value, 0); m.known {
			w.load(m, args[0].Value)
		}
		return
	}
	at := f
	switch f := f.(type) {
	case *js.DotExpr:
		at = f.Y
	case *js.IndexExpr:
		at = f.Y
	case *js.Var:
		if _, ok := w.values[root(f)]; !ok {
			return // the tokens see the names of the language
		}
		if offset, ok := w.before(f.Data, args); ok && len(v.path) > 0 {
			w.pathAt(v, offset, true)
			return
		}
	}
	w.path(v, at, true)
	w.commanded(v, args)
}

// load records a module whose name had to be worked out.
func (w *walker) load(m value, at js.IExpr) {
	if lit, ok := at.(*js.LiteralExpr); ok && lit.TokenType == js.StringToken {
		return // the tokens saw it
	}
	offset, ok := w.offset(at)
	if !ok {
		return
	}
	w.c.module(m.text, offset)
	usual := moduleName(m.text)
	if power := modulePowers[usual]; power != "" {
		w.c.use(power, usual, offset, noContext)
	}
}

func noContext() uint64 { return 0 }

// path records what an expression stands for, if it is a path that gives
// something. Its place is that of its last name.
func (w *walker) path(v value, at js.IExpr, called bool) {
	if len(v.path) == 0 {
		return
	}
	if offset, ok := w.offset(at); ok {
		w.pathAt(v, offset, called)
	}
}

func (w *walker) pathAt(v value, offset int, called bool) {
	if capability, what := given(v.path, called); capability != "" {
		w.c.use(capability, what, offset, noContext)
	}
}

// before gives the place of a name that is called, from that of its first
// argument: the tree keeps only the place of its declaration.
func (w *walker) before(called []byte, args []js.Arg) (offset int, ok bool) {
	if len(args) == 0 {
		return 0, false
	}
	end, ok := w.offset(args[0].Value)
	if !ok {
		return 0, false
	}
	head := bytes.TrimRight(w.input[max(0, end-maxNamed):end], " \t\r\n")
	head, ok = bytes.CutSuffix(head, []byte("("))
	if !ok || !bytes.HasSuffix(head, called) {
		return 0, false
	}
	return max(0, end-maxNamed) + len(head) - len(called), true
}
